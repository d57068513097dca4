/*
 * Policies: which files are one, and when a quorum is met, against counting
 * by hand over every set of signers; proofs of growth as files; how long a
 * receipt is at 10^9 entries.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/buf.h"
#include "tlog/growth.h"
#include "tlog/policy.h"
#include "tlog/receipt.h"
#include "tlog/tlog.h"

#define LOG "ledger.example/demo+7b8488d1+" \
	"AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define NEXT "ledger.example/demo+3943ab50+" \
	"ARdFU7RW3d/GkI7KscEB/mqyHiuqBhd5W31DpjSCmT/V"
#define WITNESS "witness.example/w1+b72bab2e+" \
	"BCVDuS/xCVURR2rcg2nbbdyTNmWhGXjdoUBO4QZsqVWd"
#define TEN "ledger.example/demo\n10\n" \
	"bmekEsTGmwuge27a+xcfnKTGrH/j5KwhZ10laALCFn0=\n"

static struct policy p;

static int
reads(const char *text)
{
	struct err e = { 0 };

	if (!policy_read(&p, text, strlen(text), "p", &e))
		return 1;
	if (e.code != E_bad_policy)
		printf("# %s (%s)\n", e.msg, err_word(e.code));
	return e.code == E_bad_policy ? 0 : -1;
}

static void
files(void)
{
	static const char *const good[] = {
		"quorum none", "quorum none\n",
		"# all\n\n\tquorum  none # x\r\n",
		"log " LOG "\nquorum none\n",
		"log " LOG " https://a.example/\nlog " NEXT "\nquorum none\n",
		"witness a " WITNESS "\nquorum a\n",
		"witness a " WITNESS " https://b\ngroup g all a\nquorum g",
		"witness a " WITNESS "\ngroup g 1 a\ngroup h any g\nquorum h",
		"quorum none\nwitness late " WITNESS "\n",
	};
	static const char *const bad[] = {
		"", "\n", "quorum", "quorum none\nquorum none", "quorum a",
		"quorum none none", "log\nquorum none", "log x\nquorum none",
		"log " WITNESS "\nquorum none",
		"log " LOG "\nlog " LOG "\nquorum none",
		"log " LOG " a b\nquorum none", "lag " LOG "\nquorum none",
		"witness a " LOG "\nquorum none",
		"witness none " WITNESS "\nquorum none",
		"witness a\nquorum none", "witness a b\nquorum none",
		"witness a " WITNESS "\nwitness b " WITNESS "\nquorum none",
		"witness a " WITNESS "\ngroup a 1 a\nquorum a",
		"group g any a\nwitness a " WITNESS "\nquorum g",
		"witness a " WITNESS "\ngroup g any\nquorum g",
		"witness a " WITNESS "\ngroup g 0 a\nquorum g",
		"witness a " WITNESS "\ngroup g 2 a\nquorum g",
		"witness a " WITNESS "\ngroup g 01 a\nquorum g",
		"witness a " WITNESS "\ngroup g -1 a\nquorum g",
		"witness a " WITNESS "\ngroup g 99999999999999999999 a\n"
		    "quorum g",
		"witness a " WITNESS "\ngroup g some a\nquorum g",
		"witness a " WITNESS "\ngroup g any a a\nquorum g",
		"witness a " WITNESS "\ngroup g any g\nquorum g",
		"witness a " WITNESS "\ngroup g any a\ngroup h any a\nquorum h",
		"witness a " WITNESS "\nquorum a\nquorum none",
		"quorum g\nwitness g " WITNESS,
	};
	size_t i;
	struct err e = { 0 };

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		OK(reads(good[i]) == 1);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(reads(bad[i]) == 0);
	OK(policy_read(&p, "quorum none\0", 12, "p", &e) &&
	    e.code == E_bad_policy);
	OK(policy_read(&p, "\n\nx", 3, "p", &e) &&
	    strncmp(e.msg, "p:3: ", 5) == 0);
}

#define MANY 32

static struct sign_key secret[MANY];
static struct note_key key[MANY];

static void
make_keys(void)
{
	char name[32];
	struct err e = { 0 };
	int i, bad = 0;

	for (i = 0; i < MANY; i++) {
		sign_key_new(&secret[i]);
		snprintf(name, sizeof(name), "w.example/%d", i);
		bad += note_key_of(&key[i], name, NOTE_COSIGNED,
		    &secret[i].pub, &e) != 0;
	}
	OK(!bad);
}

/* The note of 5.5, cosigned by those whose bit is set. */
static enum err_code
opened(uint64_t signers)
{
	struct buf note = BUF_INIT(NOTE_MAX);
	struct checkpoint at;
	struct note parsed;
	struct err e = { 0 };
	int i;

	buf_adds(&note, TEN "\n\xe2\x80\x94 ledger.example/demo e4SI0X5JdPjnc"
	    "yMb2ZxWbIWRLtuYtgbvW4SJXAurjy1SJhz0m4hNos1INavD8HX2nUVmnsjLmCG4"
	    "mCxWVhL1Igiqzg0=\n");
	for (i = 0; i < MANY; i++)
		if (signers >> i & 1)
			note_cosign(&note, &key[i], &secret[i], 1 + i, TEN,
			    strlen(TEN));
	if (!policy_open(&p, note.data, note.len, &at, &parsed, &e))
		OK(at.size == 10 && parsed.n ==
		    1 + (size_t)__builtin_popcountll(signers));
	buf_release(&note);
	return e.code;
}

/* log, n witnesses, and what follows. */
static void
set(int n, const char *groups)
{
	struct buf text = BUF_INIT(POLICY_MAX);
	int i;

	buf_adds(&text, "log " LOG "\n");
	for (i = 0; i < n; i++) {
		buf_addf(&text, "witness %d ", i);
		note_key_write(&text, &key[i]);
		buf_addc(&text, '\n');
	}
	buf_adds(&text, groups);
	OK(reads(text.data) == 1);
	buf_release(&text);
}

/* Two of the first three, and one of the last two. */
static void
quorums(void)
{
	uint64_t signers;
	int wrong = 0, want;

	set(5, "group a 2 0 1 2\ngroup b any 3 4\ngroup c all a b\n"
	    "quorum c\n");
	for (signers = 0; signers < 32; signers++) {
		want = __builtin_popcountll(signers & 7) >= 2 && signers >> 3;
		wrong += opened(signers) != (want ? E_ok : E_witness_missing);
	}
	OK(!wrong);
	set(5, "quorum 3\n");
	for (signers = 0; signers < 32; signers++)
		wrong += opened(signers) != (signers >> 3 & 1 ? E_ok :
		    E_witness_missing);
	OK(!wrong);
	set(5, "quorum none\n");
	OK(opened(0) == E_ok && opened(31) == E_ok);
}

/* As many as must fit, in a chain of as many groups. */
static void
at_least_32(void)
{
	struct buf groups = BUF_INIT(POLICY_MAX);
	int i;

	for (i = 0; i < MANY; i++)
		if (i)
			buf_addf(&groups, "group g%d all g%d %d\n", i,
			    i - 1, i);
		else
			buf_adds(&groups, "group g0 any 0\n");
	buf_addf(&groups, "quorum g%d\n", MANY - 1);
	set(MANY, groups.data);
	OK(opened(UINT32_MAX) == E_ok);
	OK(opened(UINT32_MAX - 1) == E_witness_missing);
	OK(opened(UINT32_MAX >> 1) == E_witness_missing);
	buf_release(&groups);
}

/* A log's key is believed for its own name only. */
static void
logs(void)
{
	struct note_key log, next;
	struct err e = { 0 };

	set(1, "quorum none\n");
	OK(!note_key_read(&log, LOG, &e) && !note_key_read(&next, NEXT, &e));
	policy_drop_log(&p, &log);
	OK(opened(0) == E_unknown_signer);
	OK(opened(1) == E_unknown_signer);
	OK(!policy_add_log(&p, &next, &e) && opened(0) == E_unknown_signer);
	OK(!policy_add_log(&p, &log, &e) && opened(0) == E_ok);
	OK(!policy_add_log(&p, &log, &e) && p.keys == 4);
	while (!policy_add_log(&p, &log, &e) && p.keys < POLICY_KEYS) {
		next.pub.b[0]++;
		if (policy_add_log(&p, &next, &e))
			break;
	}
	next.pub.b[1]++;
	OK(policy_add_log(&p, &next, &e) && e.code == E_bad_policy);
}

static void
growths(void)
{
	static const char *const bad[] = {
		"", "\n", "old\n", "old \n", "old 01\n", "old -1\n", "new 1\n",
		"old 5", "old 5\nAAAA\n", "old 5\nnot base64\n",
		"old 5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
	};
	struct buf out = BUF_INIT(GROWTH_MAX);
	struct growth g = { .old = 5, .proof.n = GROWTH_HASHES }, back;
	struct err e = { 0 };
	size_t i;

	for (i = 0; i < g.proof.n; i++)
		memset(&g.proof.h[i], (int)i, HASH_BYTES);
	growth_write(&out, &g);
	OK(!growth_read(&back, out.data, out.len, &e) && back.old == 5 &&
	    back.proof.n == g.proof.n && !memcmp(back.proof.h, g.proof.h,
	    g.proof.n * sizeof(*g.proof.h)));
	buf_adds(&out, "a checkpoint\n");
	OK(!growth_read(&back, out.data, out.len, &e));
	g.proof.n++;
	buf_reset(&out);
	growth_write(&out, &g);
	OK(growth_read(&back, out.data, out.len, &e) && e.code == E_bad_note);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(growth_read(&back, bad[i], strlen(bad[i]), &e) &&
		    e.code == E_bad_note);
	OK(!growth_read(&back, "old 0\n", 6, &e) && !back.proof.n);
	buf_release(&out);
}

static int
any_hash(void *arg, unsigned level, uint64_t index, struct hash *out,
    struct err *e)
{
	(void)arg;
	(void)level;
	(void)e;
	memset(out, (int)index, sizeof(*out));
	return 0;
}

/* At 10^9 entries, a leaf of 500 bytes, a long origin, one witness. */
static void
three_kib(void)
{
	struct receipt r = RECEIPT_INIT;
	struct buf out = BUF_INIT(RECEIPT_MAX), note = BUF_INIT(NOTE_MAX);
	const uint64_t size = 1000000000;
	struct err e = { 0 };
	int i;

	for (i = 0; i < 500; i++)
		buf_addc(&r.leaf, 'x');
	for (r.index = size - 3; r.index < size; r.index++) {
		OK(!proof_leaf(&r.proof, r.index, size, any_hash, NULL, &e));
		OK(r.proof.n <= 30);
	}
	r.index = 1;
	OK(!proof_leaf(&r.proof, r.index, size, any_hash, NULL, &e));
	OK(r.proof.n == 30);
	buf_addf(&note, "%0100d/ledger\n1000000000\n%044d\n\n", 0, 0);
	for (i = 0; i < 2; i++)
		buf_addf(&note, "\xe2\x80\x94 %0100d/ledger %0104d\n", 0, 0);
	r.note = note.data;
	r.note_n = note.len;
	receipt_write(&out, &r);
	printf("# %zu bytes\n", out.len);
	OK(out.len <= 3 * 1024);
	receipt_release(&r);
	buf_release(&note);
	buf_release(&out);
}

int
main(void)
{
	int i;

	files();
	make_keys();
	quorums();
	at_least_32();
	logs();
	growths();
	three_kib();
	for (i = 0; i < MANY; i++)
		sign_key_release(&secret[i]);
	return DONE();
}
