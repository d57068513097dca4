/* Receipts of trades: the golden core, and stories of the log (vmp 8.1). */
#include <stdio.h>

#include "tap.h"

#include "base/enc.h"
#include "base/jcs.h"
#include "key/domain.h"
#include "receipt/core.h"
#include "receipt/exam.h"
#include "receipt/story.h"

#define E "0195a8f0-0000-7000-8000-000000000002"
#define T "0195a8f0-0000-7000-8000-000000000001"

/* vmp 12.7, joined as it says: 897 bytes. */
static const char golden[] =
    "{\"amount\":\"10.00\",\"buyer_id\":\"buyer-1\","
    "\"completed_at\":\"2026-03-18T12:01:00.000Z\","
    "\"created_at\":\"2026-03-18T12:00:00.000Z\",\"dispute_engine\":[],"
    "\"escrow_id\":\"" E "\","
    "\"escrow_lifecycle\":[{\"at\":\"2026-03-18T12:00:00.000Z\","
    "\"state\":\"PENDING\"}],\"ledger_entries\":[{\"account\":\"buyer-1\","
    "\"amount\":\"10.00\",\"counterparty\":\"ESCROW:" E "\","
    "\"entry_id\":\"" E ":lock\",\"reference_type\":\"ESCROW_LOCK\","
    "\"timestamp\":\"2026-03-18T12:00:00.000Z\",\"type\":\"DEBIT\"}],"
    "\"output_hash\":\"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060"
    "f61caaff8a\",\"payout\":\"9.70\",\"proof_hash\":\"hash123\","
    "\"receipt_id\":\"rcpt_" T "\",\"seller_id\":\"seller-1\","
    "\"settled_at\":\"2026-03-19T12:01:00.000Z\",\"skill_id\":null,"
    "\"status\":\"SETTLED\",\"task_id\":\"" T "\",\"tax\":\"0.30\","
    "\"unit\":\"TCK\",\"validator_results\":[]}";

static struct err e;

static void
test_golden(void)
{
	static const uint8_t seed_of[SIGN_SEED] = {
		0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84,
		0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69,
		0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae,
		0x7f, 0x60,
	};
	struct buf jcs = BUF_INIT(CORE_MAX);
	struct json core = { 0 };
	struct sign_key key = { 0 };
	struct secret seed = { 0 };
	char hex[HASH_HEX], sig[DOMAIN_SIG];
	const char *const *k;
	struct hash h;
	struct json v;

	OK(sizeof(golden) - 1 == 897);
	OK(!json_parse(&core, golden, sizeof(golden) - 1, &e));
	OK(!jcs_write(&jcs, &core, &e) && !strcmp(jcs.data, golden));
	OK(!json_only(&core, core_members, &e));
	for (k = core_members; *k; k++)
		OK(json_find(&v, &core, *k));
	OK(core_is_final(&core));
	hash_of(&h, golden, sizeof(golden) - 1);
	hash_hex(hex, &h);
	IS(hex, "1f4344d77e9487f7189d174bbefdb149c27c840c9f0f16d838b0e5e4c634"
	    "64b2");
	secret_init(&seed, SIGN_SEED);
	memcpy(seed.data, seed_of, SIGN_SEED);
	seed.len = SIGN_SEED;
	sign_key_of(&key, &seed);
	enc_hex(hex, key.pub.b, sizeof(key.pub.b));
	IS(hex, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707"
	    "511a");
	OK(!domain_sign(sig, DOMAIN_vmp_receipt, &core, &key, &e));
	IS(sig, "FiGdGlZnYeyGRsNg0Oqkoena0QuHsO9jk+/lUDxnw/QIbYtZsA8/rOev5vqQ"
	    "XAIvPjf3iOVTON53UC2mhnf9Dw==");
	secret_release(&seed);
	sign_key_release(&key);
	json_release(&core);
	buf_release(&jcs);
}

#define LEAF(seq, word, rest) \
	"{\"at_ms\":" seq "000,\"id\":\"" E ":" word "\",\"ref\":\"" E "\"," \
	"\"seq\":" seq ",\"v\":1," rest "}"
#define LEGS(a, x, b, y) \
	"\"legs\":[{\"account\":\"" a "\",\"amount\":\"" x "\",\"unit\":" \
	"\"TCK\"},{\"account\":\"" b "\",\"amount\":\"" y "\",\"unit\":" \
	"\"TCK\"}]"
#define LOCK LEAF("3", "lock", "\"data\":{\"seller\":\"bob\",\"task\":\"" T \
	"\",\"skill\":\"s\"},\"type\":\"ESCROW_LOCK\"," \
	LEGS("ESCROW:" E, "10.00", "alice", "-10.00"))
#define DONE_ LEAF("5", "completed", "\"data\":{\"output_sha256\":\"ab\"}," \
	"\"type\":\"task.completed\"")
#define DISPUTED LEAF("6", "disputed", "\"data\":{\"reason\":\"x\"}," \
	"\"type\":\"escrow.disputed\"")
#define PAID(type, amount) LEAF("7", "close", "\"type\":\"" type "\"," \
	LEGS("ESCROW:" E, "-" amount, "bob", amount))
#define CLOSE(type) PAID(type, "9.70")
#define BACK(type, reason) LEAF("7", "close", "\"data\":{\"reason\":\"" \
	reason "\"},\"type\":\"" type "\"," \
	LEGS("ESCROW:" E, "-10.00", "alice", "10.00"))
#define TAX LEAF("8", "tax", "\"type\":\"PROTOCOL_TAX\"," \
	LEGS("ESCROW:" E, "-0.30", "VAULT", "0.30"))

/* The story of these leaves; the last one may be refused. */
static int
tell(struct story *s, const char *const *leaves)
{
	int rc = 0;

	*s = (struct story){ 0 };
	for (; *leaves && !rc; leaves++)
		rc = story_add(s, *leaves, strlen(*leaves), &e);
	return rc;
}

static void
test_story(void)
{
	struct buf out = BUF_INIT(CORE_MAX);
	struct story s;

	OK(!tell(&s, (const char *const []){ LOCK, DONE_,
	    CLOSE("ESCROW_SETTLE"), TAX, NULL }));
	OK(story_over(&s) && !story_end(&s, &e));
	IS(s.status, "SETTLED");
	IS(s.payout, "9.70");
	IS(s.tax, "0.30");
	IS(s.buyer_id, "alice");
	json_open(&out, NULL, '{');
	story_write(&out, &s);
	json_close(&out, '}');
	OK(strstr(out.data, "\"escrow_lifecycle\":["
	    "{\"at\":\"1970-01-01T00:00:03.000Z\",\"state\":\"PENDING\"},"
	    "{\"at\":\"1970-01-01T00:00:05.000Z\","
	    "\"state\":\"AWAITING_SETTLEMENT\"},"
	    "{\"at\":\"1970-01-01T00:00:07.000Z\","
	    "\"state\":\"SETTLED\"}]") != NULL);
	OK(strstr(out.data, "{\"account\":\"ESCROW:" E "\","
	    "\"amount\":\"9.70\",\"counterparty\":\"bob\",\"entry_id\":\"" E
	    ":close\",\"reference_type\":\"ESCROW_SETTLE\","
	    "\"timestamp\":\"1970-01-01T00:00:07.000Z\",\"type\":\"DEBIT\"},"
	    "{\"account\":\"bob\",\"amount\":\"9.70\",") != NULL);
	story_release(&s);
	/* Without a tax: it is nothing, with as many decimals. */
	OK(!tell(&s, (const char *const []){ LOCK, DONE_, DISPUTED,
	    PAID("DISPUTE_RELEASE", "10.00"), NULL }));
	IS(s.tax, "0.00");
	OK(!story_end(&s, &e));
	story_release(&s);
	OK(!tell(&s, (const char *const []){ LOCK,
	    BACK("ESCROW_REFUND", "MANUAL"), NULL }) && !story_end(&s, &e));
	IS(s.status, "REFUNDED");
	OK(!s.tax && !s.payout);
	story_release(&s);
	buf_release(&out);
}

/* What was left out is missed by what follows from it. */
static void
test_gaps(void)
{
	static const char *const rows[][4] = {
		{ LOCK, CLOSE("ESCROW_SETTLE") },
		{ LOCK, CLOSE("DISPUTE_RELEASE") },
		{ LOCK, DONE_, CLOSE("DISPUTE_RELEASE") },
		{ LOCK, DONE_, DISPUTED, CLOSE("ESCROW_SETTLE") },
		{ LOCK, DISPUTED },
		{ LOCK, DONE_, BACK("DISPUTE_REFUND", "MANUAL") },
		{ LOCK, DONE_, DISPUTED, BACK("ESCROW_REFUND", "MANUAL") },
		{ LOCK, BACK("ESCROW_REFUND", "PROOF_MISSING") },
		{ LOCK, DONE_, LEAF("6", "completed", "\"type\":"
		    "\"task.completed\"") },
	};
	struct story s;
	size_t i, n;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (n = 0; n < 4 && rows[i][n]; n++)
			;
		e = (struct err){ 0 };
		OK(tell(&s, rows[i]) && s.n == n - 1 &&
		    e.code == E_escrow_broken);
		story_release(&s);
	}
	OK(!tell(&s, (const char *const []){ LOCK, DONE_,
	    CLOSE("ESCROW_SETTLE"), NULL }));
	e = (struct err){ 0 };
	OK(story_end(&s, &e) && e.code == E_escrow_broken);
	story_release(&s);
}

/* What does not belong: each is refused by its last leaf. */
static void
test_broken(void)
{
	static const char *const rows[][4] = {
		{ DONE_ },				/* no lock */
		{ LOCK, LOCK },
		{ LOCK, CLOSE("TRANSFER") },
		{ LOCK, DONE_, CLOSE("ESCROW_SETTLE"), DISPUTED },
		{ LOCK, DONE_, CLOSE("ESCROW_SETTLE"), LEAF("9", "close",
		    "\"type\":\"ESCROW_REFUND\"") },	/* twice */
		{ LOCK, TAX },				/* of nothing */
		{ LOCK, LEAF("2", "claimed", "\"type\":\"task.claimed\"") },
		{ LOCK, LEAF("5", "claimed", "\"type\":\"x.y\","
		    LEGS("a", "-1.00", "b", "1.00")) },
		{ LOCK, "{\"at_ms\":9,\"id\":\"other:close\",\"seq\":9,"
		    "\"type\":\"ESCROW_REFUND\"}" },
		{ LOCK, DONE_, LEAF("7", "close", "\"type\":"
		    "\"ESCROW_SETTLE\","
		    LEGS("ESCROW:" E, "-9.70", "eve", "9.70")) },
		{ LOCK, "[]" }, { LOCK, "{" }, { "{}" },
		{ LEAF("3", "lock", "\"type\":\"ESCROW_LOCK\"") },
		{ LEAF("3", "lock", "\"type\":\"ESCROW_LOCK\",\"legs\":7") },
		{ LEAF("3", "lock", "\"type\":\"ESCROW_LOCK\",\"data\":"
		    "{\"seller\":\"b\",\"task\":\"t\"},\"legs\":[7,8]") },
	};
	struct story s;
	size_t i, n;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (n = 0; n < 4 && rows[i][n]; n++)
			;
		OK(tell(&s, rows[i]) && s.n == n - 1);
		story_release(&s);
	}
}

/* What is no receipt at all: malformed, not false. */
static void
test_form(void)
{
	static const char *const rows[] = {
		"", "[]", "{}", "{\"receipt_id\":\"x\"}",
		"{\"receipt_id\":\"x\",\"receipt_hash\":\"y\",\"core\":{},"
		    "\"signatures\":{}}",
		"{\"receipt_id\":\"x\",\"receipt_hash\":\"y\",\"core\":[],"
		    "\"signatures\":{}}",
		"{\"receipt_id\":\"x\",\"receipt_hash\":\"y\",\"core\":"
		    "{\"amount\":\"1\",\"more\":1},\"signatures\":{}}",
	};
	const struct exam_trust nobody = { 0 };
	struct buf text = BUF_INIT(CORE_MAX);
	struct exam x;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		e = (struct err){ 0 };
		OK(exam_receipt(&x, rows[i], strlen(rows[i]), &nobody, &e) &&
		    e.kind == ERR_INPUT);
		exam_release(&x);
	}
	/* The bare golden core: its hash holds, and nobody vouches for it. */
	buf_addf(&text, "{\"receipt_id\":\"rcpt_" T "\",\"receipt_hash\":"
	    "\"1f4344d77e9487f7189d174bbefdb149c27c840c9f0f16d838b0e5e4c63464"
	    "b2\",\"signatures\":{},\"core\":%s}", golden);
	OK(!exam_receipt(&x, text.data, text.len, &nobody, &e));
	OK(x.part[EXAM_HASH] == EXAM_TRUE && x.part[EXAM_CORE] == EXAM_FALSE);
	OK(x.why.code == E_receipt_core);
	exam_release(&x);
	buf_release(&text);
}

int
main(void)
{
	test_golden();
	test_story();
	test_gaps();
	test_broken();
	test_form();
	return DONE();
}
