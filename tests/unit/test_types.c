/*
 * Each reference type of spec/ledger.md 1.5 in its right form and in wrong
 * ones.  The table below was written from the specification, not from
 * types.def; a wrong form must also change nothing.
 */
#include "tap.h"

#include "ledger/own.h"
#include "ledger/type.h"
#include "post.h"

#define NODE "node-1"

/*
 * from, to: n ode, M INT, V AULT, E scrow, B ounty.  ref: N the node's name,
 * G iven, F ree.  The id, with R for ref, H(x) written as one letter: n of
 * the node's name, x of anything, o of "account LF unit", # a number, * any.
 */
static const struct flow {
	const char *word, *from, *to, *id;
	char ref;
	bool many, hand;
	const char *unit;
} flows[] = {
	{ "REGISTRATION_CREDIT", "M", "n", "reg:n", 'N', 0, 0, NULL },
	{ "GENESIS_BONUS", "M", "n", "genesis:n", 'N', 0, 0, NULL },
	{ "VERIFIER_PIONEER_BONUS", "V", "n", "pioneer:n", 'G', 0, 0, NULL },
	{ "LISTING_FEE", "n", "V", "R:listing", 'G', 0, 0, NULL },
	{ "ESCROW_LOCK", "n", "E", "R:lock", 'G', 0, 0, NULL },
	{ "ESCROW_SETTLE", "E", "n", "R:close", 'G', 1, 0, NULL },
	{ "ESCROW_REFUND", "E", "n", "R:close", 'G', 0, 0, NULL },
	{ "DISPUTE_RELEASE", "E", "n", "R:close", 'G', 0, 0, NULL },
	{ "DISPUTE_REFUND", "E", "n", "R:close", 'G', 0, 0, NULL },
	{ "BOUNTY_HOLD", "n", "B", "R:hold", 'G', 0, 0, NULL },
	{ "BOUNTY_RELEASE", "B", "n", "R:close", 'G', 0, 0, NULL },
	{ "BOUNTY_REFUND", "B", "n", "R:close", 'G', 0, 0, NULL },
	{ "PROTOCOL_TAX", "EB", "V", "R:tax", 'G', 0, 0, NULL },
	{ "CONFISCATION", "n", "V", "*", 'N', 0, 0, NULL },
	{ "FIAT_PURCHASE", "M", "n", "R:paid", 'G', 0, 1, NULL },
	{ "CHARGEBACK_CLAWBACK", "n", "V", "R:chargeback", 'G', 0, 1, NULL },
	{ "REFUND_CLAWBACK", "n", "V", "R:refund", 'G', 0, 1, NULL },
	{ "CREDIT_ISSUE", "M", "n", "*", 'F', 0, 1, NULL },
	{ "CREDIT_DEDUCT", "n", "V", "*", 'F', 0, 1, NULL },
	{ "CHAIN_DEPOSIT", "M", "n", "chain:x", 'G', 0, 1, NULL },
	{ "CHAIN_PAYOUT", "n", "M", "*", 'G', 0, 1, NULL },
	{ "REWARD", "MV", "n", "reward:R:#", 'G', 1, 1, NULL },
	{ "OPENING", "M", "nV", "open:o", 'G', 0, 1, NULL },
	{ "SANDBOX_EXPIRY", "n", "M", "expiry:n", 'N', 0, 0, "SBX" },
	{ "TRANSFER", "n", "n", "*", 'F', 1, 1, NULL },
};
#define FLOWS (sizeof(flows) / sizeof(*flows))

static const char classes[] = "nMVEB";
static int tried, wrong;

static void
sha(char out[33], const char *text)
{
	char hex[HASH_HEX];
	struct hash h;

	hash_of(&h, text, strlen(text));
	hash_hex(hex, &h);
	snprintf(out, 33, "%.32s", hex);
}

/* Another node where there are two. */
static const char *
account(char class, const char *ref, bool other)
{
	static char escrow[LEAF_ACCOUNT], bounty[LEAF_ACCOUNT];

	switch (class) {
	case 'M':
		return "MINT";
	case 'V':
		return "VAULT";
	case 'E':
		snprintf(escrow, LEAF_ACCOUNT, "ESCROW:%s", ref);
		return escrow;
	case 'B':
		snprintf(bounty, LEAF_ACCOUNT, "ESCROW:BOUNTY:%s", ref);
		return bounty;
	default:
		return other ? "node-2" : NODE;
	}
}

static void
form_id(char out[LEAF_ID], const struct flow *f, const char *ref,
    const char *node, const char *to, const char *unit)
{
	const char *tail = strchr(f->id, '\0') - 1;
	char digits[33], of[128];

	snprintf(of, sizeof(of), "%s\n%s", to, unit);
	sha(digits, *tail == 'o' ? of : node);
	if (*f->id == '*')
		snprintf(out, LEAF_ID, "any");
	else if (*f->id == 'R')
		snprintf(out, LEAF_ID, "%.50s%s", ref, f->id + 1);
	else if (*tail == '#')
		snprintf(out, LEAF_ID, "reward:%.40s:12", ref);
	else
		snprintf(out, LEAF_ID, "%.*s%s", (int)(tail - f->id), f->id,
		    digits);
}

/* The code of posting under a mark, which is taken back. */
static enum err_code
try_it(struct ledger *l, const struct pay *p)
{
	enum err_code code;

	home_mark(l);
	code = pay(l, p);
	home_undo(l);
	tried++;
	return code;
}

static void
must(const struct flow *f, const char *what, enum err_code is,
    enum err_code due)
{
	/* Which leg is judged first is left to the implementation. */
	if (is == due || (due == E_flow_refused && is == E_reserved_account))
		return;
	wrong++;
	printf("# %s, %s: %s, not %s\n", f->word, what, err_word(is),
	    err_word(due));
}

/* Every class on either side: right if the row has it, else refused. */
static void
sides(struct ledger *l, const struct flow *f, const char *ref)
{
	const char *from, *to, *node, *unit = f->unit ? f->unit : "TCK";
	struct pay p = { .type = f->word, .minor = 5, .unit = unit };
	char id[LEAF_ID];
	bool right;

	for (from = classes; *from; from++)
	for (to = classes; *to; to++) {
		right = strchr(f->from, *from) && strchr(f->to, *to);
		if (*from == *to && *from != 'n')
			continue;	/* is no entry at all */
		p.from = account(*from, ref, false);
		p.to = account(*to, ref, *to == *from);
		node = *from == 'n' ? p.from : p.to;
		p.ref = f->ref == 'N' ? node : ref;
		form_id(id, f, ref, node, p.to, unit);
		p.id = id;
		must(f, right ? "a right form" : "wrong classes",
		    try_it(l, &p), right ? E_ok : E_flow_refused);
	}
}

/* It takes back what was bought, in that unit, and no more. */
static bool
claws(const struct flow *f)
{
	return strstr(f->word, "CLAWBACK");
}

static void
details(struct ledger *l, const struct flow *f, const char *ref)
{
	static const char *const bad_names[] = {
		"ESCROW", "ESCROWS", "ESCROW:other", "ESCROW:BOUNTY:other",
		"ESCROW-1",
	};
	const char *unit = f->unit ? f->unit : "TCK";
	struct pay p = { .type = f->word, .minor = 5, .unit = unit }, q;
	char id[LEAF_ID], longest[64];
	size_t i;

	p.from = account(*f->from, ref, false);
	p.to = account(*f->to, ref, *f->to == *f->from);
	p.ref = f->ref == 'N' ? NODE : ref;
	form_id(id, f, ref, NODE, p.to, unit);
	p.id = id;
	must(f, "the right form", try_it(l, &p), E_ok);
	q = p, q.id = "something:else";
	must(f, "another id", try_it(l, &q), *f->id == '*' ? E_ok : E_bad_id);
	q = p, q.ref = NULL;
	must(f, "no ref", try_it(l, &q), f->ref == 'F' ? E_ok :
	    E_flow_refused);
	q = p, q.ref = "another";
	must(f, "another ref", try_it(l, &q), f->ref == 'N' ||
	    strpbrk(f->from, "EB") || strpbrk(f->to, "EB") ?
	    E_flow_refused : strchr(f->id, 'R') ? E_bad_id : E_ok);
	q = p, q.unit = f->unit ? "TCK" : "DZIT";
	must(f, "another unit", try_it(l, &q), f->unit || claws(f) ?
	    E_flow_refused :
	    !strcmp(f->id, "open:o") ? E_bad_id : strchr("MnV", *f->from) ?
	    E_ok : E_insufficient_funds);
	q = p, q.minor = 1000000;
	must(f, "too much", try_it(l, &q), *f->from == 'M' ? E_ok :
	    claws(f) ? E_flow_refused : E_insufficient_funds);
	for (i = 0; i < sizeof(bad_names) / sizeof(*bad_names); i++) {
		q = p, q.from = bad_names[i];
		must(f, bad_names[i], try_it(l, &q), E_reserved_account);
		q = p, q.to = bad_names[i];
		must(f, bad_names[i], try_it(l, &q), E_reserved_account);
	}
	if (*f->id != 'R')
		return;
	/* A ref too long for the form of the id must not relax the form. */
	memset(longest, 'r', 60);
	memcpy(longest + 60, ":12", 4);
	memcpy(id, longest, 64);
	longest[60] = '\0';
	q = p, q.ref = longest;
	q.from = account(*f->from, longest, false);
	q.to = account(*f->to, longest, false);
	must(f, "a long ref and a number", try_it(l, &q), E_bad_id);
}

static void
legs(struct ledger *l, const struct flow *f, const char *ref)
{
	const struct unit *unit = unit_named(f->unit ? f->unit : "TCK");
	struct leg leg[3] = {
		{ account(*f->from, ref, false), unit, -5 },
		{ account(*f->to, ref, *f->from == *f->to), unit, 3 },
		{ "node-3", unit, 2 },
	};
	struct entry x = {
		.kind = ENTRY_TRANSFER, .type = f->word, .legs = leg,
		.n_legs = 3, .ref = f->ref == 'N' ? NODE : ref,
	};
	struct posted posted;
	struct err e = { 0 };
	char id[LEAF_ID];
	int rc;

	form_id(id, f, ref, NODE, leg[1].account, unit->code);
	x.id = id;
	home_mark(l);
	rc = ledger_post_in(l, &x, 1, &posted, &e);
	home_undo(l);
	must(f, "three legs", rc ? e.code : E_ok, f->many ? E_ok :
	    E_leg_count);
}

static void
by_hand(struct ledger *l, const struct flow *f, const char *ref)
{
	struct transfer t = {
		.from = account(*f->from, ref, false),
		.to = account(*f->to, ref, *f->from == *f->to),
		.amount = "0.05", .unit = f->unit ? f->unit : "TCK",
		.type = f->word, .ref = f->ref == 'N' ? NODE : ref,
	};
	struct chance chance = { 0 };
	char id[LEAF_ID], form[LEAF_ID];
	struct posted posted;
	struct err e = { 0 };
	int rc;

	/* What the type does not dictate, its caller has to say. */
	form_id(form, f, ref, NODE, t.to, t.unit);
	if (strpbrk(f->id, "#x") && *f->id != 'e')
		t.id = form;
	home_mark(l);
	rc = pay_by_hand(l, &t, &chance, id, &posted, &e);
	home_undo(l);
	must(f, "by hand", rc ? e.code : E_ok, f->hand ? E_ok :
	    E_flow_refused);
	if (!rc && *f->id != '*' && strcmp(id, form))
		must(f, "the id it dictates", E_bad_id, E_ok);
}

/* Forms of id that only one type has. */
static void
forms(struct ledger *l)
{
	static const struct {
		const char *type, *id;
		enum err_code due;
	} r[] = {
		{ "REWARD", "reward:e-1:0", E_ok },
		{ "REWARD", "reward:e-1:007", E_ok },
		{ "REWARD", "reward:e-1:", E_bad_id },
		{ "REWARD", "reward:e-1", E_bad_id },
		{ "REWARD", "reward:e-1:x", E_bad_id },
		{ "REWARD", "reward:e-1:1:2", E_bad_id },
		{ "REWARD", "reward:e-2:1", E_bad_id },
		{ "REWARD", "reward:e", E_bad_id },
		{ "CHAIN_DEPOSIT", "chain:0123456789abcdef0123456789abcdef",
		    E_ok },
		{ "CHAIN_DEPOSIT", "chain:0123456789abcdef0123456789abcde",
		    E_bad_id },
		{ "CHAIN_DEPOSIT", "chain:0123456789abcdef0123456789abcdef0",
		    E_bad_id },
		{ "CHAIN_DEPOSIT", "chain:0123456789ABCDEF0123456789ABCDEF",
		    E_bad_id },
		{ "NO_SUCH_TYPE", "x", E_bad_type },
		{ "transfer", "x", E_bad_type },
		{ "", "x", E_bad_type },
		{ "REVERSAL", "x", E_bad_type },
		{ "task.claimed", "x", E_bad_type },
	};
	struct pay p = {
		.from = "MINT", .to = NODE, .unit = "TCK", .minor = 1,
		.ref = "e-1",
	};
	size_t i;

	for (i = 0; i < sizeof(r) / sizeof(*r); i++) {
		p.type = r[i].type;
		p.id = r[i].id;
		OK(try_it(l, &p) == r[i].due);
	}
}

/* What the sides need to be able to pay. */
static void
fund(struct ledger *l)
{
	static const char *const units[] = { "TCK", "SBX", "DZIT", "BZEUSD" };
	char id[LEAF_ID];
	size_t i;

	for (i = 0; i < 4; i++) {
		snprintf(id, sizeof(id), "fund-%zu", i);
		OK(pay(l, &(struct pay){ "CREDIT_ISSUE", id, NULL, "MINT",
		    NODE, units[i], 1000, NULL }) == E_ok);
		snprintf(id, sizeof(id), "fee-%zu", i);
		OK(pay(l, &(struct pay){ "CREDIT_DEDUCT", id, NULL, NODE,
		    "VAULT", units[i], 100, NULL }) == E_ok);
	}
	OK(pay(l, &(struct pay){ "FIAT_PURCHASE", "e-3:paid", "e-3", "MINT",
	    NODE, "TCK", 1000, NULL }) == E_ok);
	for (i = 0; i < 2; i++) {
		OK(pay(l, &(struct pay){ "ESCROW_LOCK", "e-1:lock", "e-1",
		    NODE, "ESCROW:e-1", "TCK", 50, "{\"auto_refund_ms\":1,"
		    "\"seller\":\"s\",\"task\":\"t\",\"tax_bp\":300}" }) ==
		    E_ok);
		OK(pay(l, &(struct pay){ "BOUNTY_HOLD", "e-1:hold", "e-1",
		    NODE, "ESCROW:BOUNTY:e-1", "TCK", 50,
		    "{\"deadline_ms\":1,\"tax_bp\":300}" }) == E_ok);
	}
}

/* A checkpoint of one entry of a log "o", with a signature of zeros. */
#define PRIOR \
	"bwoxCkFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB" \
	"QUE9CgrigJQgbyBBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB" \
	"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB" \
	"QUFBQUFBQUFBQUFBPQo="
#define CONTINUES(note, origin, more) "{\"prior_note\":\"" note \
	"\",\"prior_origin\":\"" origin "\",\"prior_size\":" more "}"

/* What a log says that it continues is what the note says. */
static void
strays(struct ledger *l)
{
	static const char *const bad[] = {
		"{}", CONTINUES(PRIOR, "o", "2"), CONTINUES(PRIOR, "p", "1"),
		CONTINUES("", "o", "1"), CONTINUES("AAAA", "o", "1"),
		CONTINUES("A" PRIOR, "o", "1"), CONTINUES(PRIOR, "o", "-1"),
		CONTINUES(PRIOR, "o", "\"1\""),
		CONTINUES(PRIOR, "o", "1,\"x\":1"),
	};
	struct entry x = {
		.kind = ENTRY_EVENT, .id = "next", .type = "log.succession",
	};
	struct posted posted;
	struct err e = { 0 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		x.data = bad[i];
		OK(ledger_own_in(l, &x, &posted, &e) &&
		    err_kind(e.code) == ERR_INPUT);
	}
	x.type = "ledger.account";
	x.data = "{\"account\":\"a\",\"closed\":false,\"unit\":\"TCK\"}";
	OK(ledger_own_in(l, &x, &posted, &e) && e.code == E_bad_json);
}

int
main(void)
{
	static const struct entry succession = {
		.kind = ENTRY_EVENT, .id = "next", .type = "log.succession",
		.data = CONTINUES(PRIOR, "o", "1"),
	}, again = {
		.kind = ENTRY_EVENT, .id = "next2", .type = "log.succession",
		.data = CONTINUES(PRIOR, "o", "1"),
	};
	/* SHA-256 of "node-1 LF TCK" begins so. */
	static const struct pay opening = {
		"OPENING", "open:162e9b99488ccf4e3311cbb516af0cba", "o",
		"MINT", NODE, "TCK", 1, NULL
	};
	struct posted posted;
	struct err e = { 0 };
	struct store *s = home_new("home-types");
	struct hash before, after;
	struct ledger *l = NULL;
	const char *ref;
	enum type t;
	size_t i;

	OK(FLOWS == TYPE__COUNT);
	home_begin(s, &l, HOME_MS);
	/* OPENING is of a log that continues another, and of no other. */
	OK(pay(l, &opening) == E_flow_refused);
	strays(l);
	OK(!ledger_own_in(l, &succession, &posted, &e) && posted.seq == 1);
	OK(ledger_own_in(l, &again, &posted, &e) && e.code == E_wrong_state);
	fund(l);
	home_commit(l);
	home_hash(s, &before);
	home_begin(s, &l, HOME_MS);
	for (i = 0; i < FLOWS; i++) {
		OK(type_named(flows[i].word, &t) &&
		    !strcmp(type_word(t), flows[i].word));
		OK(type_by_hand(t) == flows[i].hand);
		/* e-1 is locked; to lock needs one that is not yet. */
		ref = strpbrk(flows[i].to, "EB") ? "e-2" : "e-1";
		if (claws(&flows[i]))
			ref = "e-3";
		sides(l, &flows[i], ref);
		details(l, &flows[i], ref);
		legs(l, &flows[i], ref);
		by_hand(l, &flows[i], ref);
	}
	forms(l);
	home_commit(l);
	printf("# %d entries tried\n", tried);
	OK(tried > 900 && wrong == 0);
	home_hash(s, &after);
	OK(!memcmp(&before, &after, sizeof(before)));
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
	return DONE();
}
