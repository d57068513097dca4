/*
 * What an entry does to the state, in a store and in a fold that follows it:
 * reversals, units, limits, closing, assertions, memos.  A refused entry
 * leaves every row as it was (V6).
 */
#include "tap.h"

#include "ledger/own.h"
#include "ledger/read.h"
#include "post.h"

#define NONE "none"

static struct chance dice = { .seeded = true, .state = 7 };
static int64_t at_ms = HOME_MS;

static enum err_code
limit(struct ledger *l, const char *id, struct limit want)
{
	struct posted out;
	struct err e = { 0 };

	return ledger_limit_in(l, id, &want, &out, &e) ? e.code : E_ok;
}

static enum err_code
unit(struct ledger *l, const char *id, const char *code, int64_t scale)
{
	struct posted out;
	struct err e = { 0 };

	return ledger_unit_in(l, id, code, scale, &out, &e) ? e.code : E_ok;
}

static enum err_code
reverse(struct ledger *l, const char *id, const char *target, size_t n)
{
	const struct reverse r = { id, target, NULL };
	struct posted out[LEAF_GROUP];
	struct err e = { 0 };
	size_t is = 0;

	if (ledger_reverse_in(l, &r, &dice, out, &is, &e))
		return e.code;
	OK(is == n);
	return E_ok;
}

static void
expect(enum err_code is, enum err_code due)
{
	if (is != due)
		printf("# %s, not %s\n", err_word(is), err_word(due));
	OK(is == due);
}

static void
reversals(void)
{
	struct store *s = home_new("home-a");
	struct ledger *l = NULL;
	struct pay group[3] = {
		{ "TRANSFER", "g0", NULL, "alice", "bob", "TCK", 5, NULL },
		{ "TRANSFER", "g1", NULL, "bob", "carol", "TCK", 5, NULL },
		{ "TRANSFER", "g2", NULL, "carol", "dora", "TCK", 5, NULL },
	};
	const struct entry lone = {
		.kind = ENTRY_REVERSAL, .id = "x", .type = "REVERSAL",
		.reverses = "g1",
	}, pair[2] = {
		{ .kind = ENTRY_REVERSAL, .id = "x0", .type = "REVERSAL",
		    .reverses = "g1" },
		{ .kind = ENTRY_REVERSAL, .id = "x1", .type = "REVERSAL",
		    .reverses = "g0" },
	};
	struct posted out[3];
	struct err e;

	home_begin(s, &l, at_ms);
	OK(move(l, "m1", "MINT", "alice", 100) == E_ok);
	OK(move(l, "t1", "alice", "bob", 10) == E_ok);
	OK(pay(l, &(struct pay){ "ESCROW_LOCK", "e:lock", "e", "alice",
	    "ESCROW:e", "TCK", 5, "{\"auto_refund_ms\":1,\"seller\":\"bob\","
	    "\"task\":\"t\",\"tax_bp\":300}" }) == E_ok);
	OK(pay_all(l, group, 3, out, &e) == E_ok);
	/* As a caller sees them: a reversal has its own function. */
	expect(reverse(l, "r0", "none", 0), E_no_entry);
	expect(reverse(l, "r0", "genesis", 0), E_not_reversible);
	expect(reverse(l, "r0", "e:lock", 0), E_not_reversible);
	expect(reverse(l, "r 0", "t1", 0), E_bad_id);
	OK(ledger_post_in(l, &lone, 1, out, &e) && e.code == E_not_reversible);
	OK(ledger_post_in(l, pair, 2, out, &e) && e.code == E_not_reversible);
	expect(reverse(l, "r1", "t1", 1), E_ok);
	OK(home_balance(l, "bob", "TCK") == 0);
	OK(home_balance(l, "alice", "TCK") == 90);
	expect(reverse(l, "r1", "t1", 1), E_ok);	/* exists */
	expect(reverse(l, "r2", "t1", 0), E_already_reversed);
	expect(reverse(l, "r2", "r1", 0), E_not_reversible);
	expect(reverse(l, "m1", "t1", 0), E_id_conflict);
	/* What has gone on cannot be fetched back: limits hold. */
	OK(move(l, "t2", "dora", "eve", 1) == E_ok);
	expect(reverse(l, "r3", "g2", 0), E_insufficient_funds);
	OK(move(l, "t3", "eve", "dora", 1) == E_ok);
	home_commit(l);
	home_begin(s, &l, at_ms);
	expect(reverse(l, "r2", "t1", 0), E_already_reversed);
	/* In the order of the group: bob has nothing to give back yet. */
	expect(reverse(l, "r3", "g1", 0), E_insufficient_funds);
	OK(move(l, "t4", "alice", "bob", 5) == E_ok);
	OK(move(l, "t5", "alice", "carol", 5) == E_ok);
	expect(reverse(l, "r3", "g1", 3), E_ok);
	expect(reverse(l, "r4", "g2", 0), E_already_reversed);
	home_commit(l);
	OK(home_number(s, "SELECT count(*) FROM ledger_reversal") == 4);
	OK(home_number(s, "SELECT min(seq - target) FROM ledger_reversal "
	    "WHERE target > 3") == home_number(s, "SELECT max(seq - target) "
	    "FROM ledger_reversal WHERE target > 3"));
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

static void
units(void)
{
	static const char *const bad[] = {
		"", "E", "eur", "1EU", "EURO_", "ABCDEFGHIJKLM", "E R",
	};
	struct store *s = home_new("home-a");
	struct ledger *l = NULL;
	struct hash before, after;
	const struct unit *eur;
	struct leg legs[2];
	struct entry x = {
		.kind = ENTRY_TRANSFER, .id = "t", .type = "TRANSFER",
		.legs = legs, .n_legs = 2,
	};
	struct posted out;
	struct err e;
	size_t i;

	home_hash(s, &before);
	home_begin(s, &l, at_ms);
	for (i = 0; i < 7; i++)
		OK(unit(l, "u", bad[i], 2) == E_bad_json);
	OK(unit(l, "u", "EUR", -1) == E_bad_json);
	OK(unit(l, "u", "EUR", 19) == E_bad_json);
	OK(unit(l, "u", "TCK", 2) == E_wrong_state);
	OK(unit(l, "u", "TCK", 3) == E_wrong_state);
	/* A unit that was taken back is not met under its old address. */
	home_mark(l);
	OK(unit(l, "u", "EUR", 2) == E_ok);
	OK(limit(l, "a", (struct limit){ "bank", "EUR", NONE, NULL, 0 }) ==
	    E_ok);
	home_undo(l);
	OK(!units_find(ledger_units(l), "EUR"));
	home_commit(l);
	home_hash(s, &after);
	OK(!memcmp(&before, &after, sizeof(after)));
	home_begin(s, &l, at_ms);
	OK(unit(l, "u", "EUR", 3) == E_ok);
	OK(unit(l, "u", "EUR", 3) == E_ok);
	OK(unit(l, "u", "EUR", 2) == E_id_conflict);
	OK(unit(l, "u2", "EUR", 3) == E_wrong_state);
	eur = units_find(ledger_units(l), "EUR");
	OK(eur && eur->scale == 3);
	legs[0] = (struct leg){ "bank", eur, -1500 };
	legs[1] = (struct leg){ "till", eur, 1500 };
	OK(ledger_post_in(l, &x, 1, &out, &e) &&
	    e.code == E_insufficient_funds);
	OK(limit(l, "a", (struct limit){ "bank", "EUR", "-1.6", NULL, 0 }) ==
	    E_ok);
	OK(!ledger_post_in(l, &x, 1, &out, &e));
	OK(limit(l, "b", (struct limit){ "bank", "EUR", "-1.4", NULL, 0 }) ==
	    E_limit_exceeded);
	OK(limit(l, "b", (struct limit){ "till", "EUR", NONE, "2", 0 }) ==
	    E_ok);
	home_commit(l);
	OK(home_number(s, "SELECT scale FROM ledger_unit WHERE id = 5 AND "
	    "code = 'EUR'") == 3);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

static void
limits(void)
{
	struct store *s = home_new("home-a");
	struct ledger *l = NULL;
	struct hash before, after;

	home_begin(s, &l, at_ms);
	OK(move(l, "m", "MINT", "alice", 100) == E_ok);
	home_commit(l);
	home_hash(s, &before);
	home_begin(s, &l, at_ms);
	OK(limit(l, "a", (struct limit){ "alice", "TCK", "-0.01", NULL, 0 }) ==
	    E_flow_refused);
	OK(limit(l, "a", (struct limit){ "alice", "TCK", NONE, NULL, 0 }) ==
	    E_flow_refused);
	OK(limit(l, "a", (struct limit){ "alice", "TCK", "1.01", NULL, 0 }) ==
	    E_limit_exceeded);
	OK(limit(l, "a", (struct limit){ "alice", "TCK", NULL, "0.99", 0 }) ==
	    E_limit_exceeded);
	OK(limit(l, "a", (struct limit){ "alice", "TCK", NULL, NULL, 1 }) ==
	    E_account_not_empty);
	OK(limit(l, "a", (struct limit){ "alice", "TCK", "x", NULL, 0 }) ==
	    E_bad_amount);
	OK(limit(l, "a", (struct limit){ "alice", "TCK", "1.000", NULL, 0 }) ==
	    E_amount_scale);
	OK(limit(l, "a", (struct limit){ "alice", "ABC", "1", NULL, 0 }) ==
	    E_no_unit);
	OK(limit(l, "a", (struct limit){ "a b", "TCK", "1", NULL, 0 }) ==
	    E_bad_account);
	OK(limit(l, "a", (struct limit){ "MINT", "TCK", NULL, "1", 0 }) ==
	    E_reserved_account);
	OK(limit(l, "a", (struct limit){ "ESCROW:x", "TCK", NULL, "1", 0 }) ==
	    E_reserved_account);
	home_commit(l);
	home_hash(s, &after);
	OK(!memcmp(&before, &after, sizeof(after)));
	home_begin(s, &l, at_ms);
	OK(limit(l, "a", (struct limit){ "alice", "TCK", "0.4", "1.5", 0 }) ==
	    E_ok);
	OK(move(l, "t1", "alice", "bob", 61) == E_limit_exceeded);
	OK(move(l, "t2", "MINT", "alice", 51) == E_limit_exceeded);
	OK(move(l, "t3", "MINT", "alice", 50) == E_ok);
	home_commit(l);
	home_begin(s, &l, at_ms);
	OK(move(l, "t4", "MINT", "alice", 1) == E_limit_exceeded);
	OK(limit(l, "b", (struct limit){ "alice", "TCK", "0", NONE, 0 }) ==
	    E_ok);
	OK(move(l, "t5", "alice", "bob", 150) == E_ok);
	OK(limit(l, "c", (struct limit){ "alice", "TCK", NULL, NULL, 1 }) ==
	    E_ok);
	OK(limit(l, "c", (struct limit){ "alice", "TCK", NULL, NULL, 1 }) ==
	    E_ok);
	OK(limit(l, "d", (struct limit){ "alice", "TCK", NULL, NULL, 1 }) ==
	    E_account_closed);
	OK(move(l, "t6", "bob", "alice", 1) == E_account_closed);
	/* What was opened and has no leg yet can be closed as well. */
	OK(limit(l, "e", (struct limit){ "zoe", "TCK", NULL, NULL, 0 }) ==
	    E_ok);
	OK(limit(l, "f", (struct limit){ "zoe", "TCK", NULL, NULL, 1 }) ==
	    E_ok);
	home_commit(l);
	OK(home_number(s, "SELECT count(*) FROM ledger_account "
	    "WHERE closed = 1 AND hi IS NULL AND lo = 0") == 2);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

static enum err_code
claim(struct ledger *l, const char *id, struct cond c, int64_t want)
{
	struct posted out;
	struct err e = { 0 };
	int64_t is;
	int rc = ledger_assert_in(l, id, &c, -1, &is, &out, &e);

	OK(is == want);
	return rc ? e.code : E_ok;
}

static void
assertions(void)
{
	static const struct {
		enum cond_op op;
		bool less, same, more;
	} r[] = {
		{ COND_EQ, 0, 1, 0 }, { COND_LT, 1, 0, 0 },
		{ COND_LE, 1, 1, 0 }, { COND_GT, 0, 0, 1 },
		{ COND_GE, 0, 1, 1 },
	};
	const struct unit *tck = unit_named("TCK");
	struct store *s = home_new("home-a");
	struct cond c = { "alice", tck, COND_EQ, 0, 0 };
	struct ledger *l = NULL;
	char text[] = " alice:x  >= -1.5\tTCK --subtree ";
	char bad[] = "alice >= 1";
	enum cond_op op;
	struct err e;
	size_t i;

	for (i = 0; i < 5; i++) {
		c.op = r[i].op;
		c.minor = 0;
		OK(cond_holds(&c, -1) == r[i].less);
		OK(cond_holds(&c, 0) == r[i].same);
		OK(cond_holds(&c, 1) == r[i].more);
		OK(cond_op_named(cond_op_word(c.op), &op) && op == c.op);
	}
	OK(!cond_op_named("==", &op) && !cond_op_named("", &op));
	home_begin(s, &l, at_ms);
	OK(!cond_line(&c, text, ledger_units(l), &e) && c.subtree &&
	    c.op == COND_GE && c.minor == -150 &&
	    !strcmp(c.account, "alice:x"));
	OK(cond_line(&c, bad, ledger_units(l), &e) && e.code == E_bad_json);
	OK(move(l, "m1", "MINT", "alice", 1) == E_ok);
	OK(move(l, "m2", "MINT", "alice:x", 20) == E_ok);
	home_commit(l);
	home_begin(s, &l, at_ms);
	/* Not in memory, in memory and not stored yet, beside it. */
	OK(move(l, "m3", "MINT", "alice:y:z", 300) == E_ok);
	OK(move(l, "m4", "MINT", "alice-x", 4000) == E_ok);
	OK(move(l, "m5", "MINT", "alicia", 4000) == E_ok);
	c = (struct cond){ "alice", tck, COND_EQ, 321, 1 };
	expect(claim(l, "c1", c, 321), E_ok);
	c.subtree = false;
	expect(claim(l, "c2", c, 1), E_assertion_failed);
	c.minor = 1;
	expect(claim(l, "c2", c, 1), E_ok);
	OK(move(l, "m6", "MINT", "alice", 1) == E_ok);
	expect(claim(l, "c2", c, 2), E_ok);	/* exists */
	c.account = "ESCROW";
	c.subtree = true;
	c.minor = 0;
	expect(claim(l, "c3", c, 0), E_ok);
	home_commit(l);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

static void
memos(void)
{
	static const uint8_t salt[MEMO_SALT] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	};
	struct store *s = home_new("home-a");
	struct leg legs[2] = {
		{ "MINT", unit_named("TCK"), -5 },
		{ "alice", unit_named("TCK"), 5 },
	};
	struct entry x = {
		.kind = ENTRY_TRANSFER, .id = "t", .type = "CREDIT_ISSUE",
		.legs = legs, .n_legs = 2,
	};
	struct terms t = { .memo = "Invoice 42" }, other = t;
	const struct reverse r = { "r", "t", "wrong" };
	struct buf text = BUF_INIT(2048);
	char hex[HASH_HEX], long_memo[MEMO_MAX + 2];
	struct ledger *l = NULL;
	struct posted out[2];
	struct refused why;
	struct err e;
	size_t n;

	post_memo_hash("Invoice 42", salt, hex);	/* 2.5 */
	OK(!strcmp(hex, "003dc545dda630b9491461359256e20e"
	    "9ca211bb1fb022c1b6cf4a2159fe5cdd"));
	memset(long_memo, 'm', sizeof(long_memo));
	long_memo[MEMO_MAX + 1] = '\0';
	OK(post_check_memo("", &e) && post_check_memo(long_memo, &e));
	OK(!post_check_memo(long_memo + 1, &e));
	OK(post_check_memo("\xff", &e) && !post_check_memo("\xc3\xa9", &e));
	post_salt(&t, &dice);
	post_salt(&other, &dice);
	home_begin(s, &l, at_ms);
	OK(!ledger_post_with_in(l, &x, &t, 1, out, &why, &e));
	/* Another salt, the same text: the same entry. */
	OK(!ledger_post_with_in(l, &x, &other, 1, out, &why, &e) &&
	    out[0].existed);
	other.memo = "Invoice 43";
	OK(ledger_post_with_in(l, &x, &other, 1, out, &why, &e) &&
	    e.code == E_id_conflict && why.fields == POST_MEMO);
	OK(ledger_post_in(l, &x, 1, out, &e) && e.code == E_id_conflict);
	OK(!ledger_reverse_in(l, &r, &dice, out, &n, &e) && n == 1);
	OK(!ledger_reverse_in(l, &r, &dice, out, &n, &e) && out[0].existed);
	OK(ledger_memo(s, out[0].seq, &text, &e) == 1 &&
	    !strcmp(text.data, "wrong"));
	buf_reset(&text);
	OK(ledger_memo(s, 1, &text, &e) == 1 &&
	    !strcmp(text.data, "Invoice 42"));
	OK(ledger_memo_erase_in(l, "x", "no", out, &e) &&
	    e.code == E_no_entry);
	OK(ledger_memo_erase_in(l, "x", "genesis", out, &e) &&
	    e.code == E_no_entry);
	OK(!ledger_memo_erase_in(l, "x", "t", out, &e) && !out[0].existed);
	OK(!ledger_memo_erase_in(l, "x", "t", out, &e) && out[0].existed);
	OK(ledger_memo_erase_in(l, "y", "t", out, &e) &&
	    e.code == E_no_entry);
	OK(ledger_memo(s, 1, &text, &e) == 0);
	/* An erased memo is not compared. */
	OK(!ledger_post_with_in(l, &x, &other, 1, out, &why, &e) &&
	    out[0].existed);
	home_commit(l);
	OK(home_number(s, "SELECT count(*) FROM ledger_memo") == 1);
	OK(home_verify(s) == 0);
	buf_release(&text);
	ledger_free(l);
	store_close(s);
}

/* Large transactions put history off: readers and verify do without it. */
static void
histories(void)
{
	struct store *s = home_new("home-a");
	struct ledger *l = NULL;
	struct account a;
	struct err e = { 0 };
	struct query q;
	char id[16], to[16];
	int64_t sum;
	int i, round;

	home_begin(s, &l, at_ms);
	OK(move(l, "m1", "MINT", "alice", 100000) == E_ok);
	home_commit(l);
	for (round = 0; round < 2; round++) {
		home_begin(s, &l, at_ms);
		for (i = 0; i < 2100; i++) {
			snprintf(id, sizeof(id), "t%d-%d", round, i);
			snprintf(to, sizeof(to), "n%d", i % 37);
			if (move(l, id, "alice", to, 1 + i % 3))
				OK(false);
		}
		home_commit(l);
		OK(home_number(s, "SELECT posted FROM ledger_head") == 2);
		OK(home_number(s, "SELECT count(*) FROM ledger_posting") == 2);
		OK(home_verify(s) == 0);
	}
	ledger_accounts_open(&q, s, "alice");
	OK(ledger_accounts_next(&q, &a, &e) == 1);
	query_close(&q);
	OK(!ledger_account_sum(s, &a, &sum, &e) && sum == a.balance.minor);
	/* Of what others have put off a small one takes some along. */
	ledger_free(l);
	l = NULL;
	home_begin(s, &l, at_ms);
	OK(move(l, "s1", "alice", "bob", 1) == E_ok);
	home_commit(l);
	OK(home_number(s, "SELECT posted FROM ledger_head") == 4098);
	OK(home_verify(s) == 0);
	home_begin(s, &l, at_ms);
	OK(move(l, "s2", "alice", "bob", 1) == E_ok);
	home_commit(l);
	OK(home_number(s, "SELECT size - posted FROM ledger_head") == 0);
	OK(home_number(s, "SELECT count(*) FROM ledger_posting") == 2 * 4203);
	OK(home_verify(s) == 0);
	home_begin(s, &l, at_ms);
	for (i = 0; i < 2100; i++) {
		snprintf(id, sizeof(id), "u%d", i);
		if (move(l, id, "alice", i % 2 ? "bob" : "x", 1))
			OK(false);
	}
	home_commit(l);
	OK(!ledger_project(s, &l, &e));
	OK(!ledger_project(s, &l, &e));
	OK(home_number(s, "SELECT size - posted FROM ledger_head") == 0);
	OK(home_number(s, "SELECT at_ms FROM ledger_head") == at_ms);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

/* The log's own events are nobody else's to write. */
static void
owners(void)
{
	static const char *const own[] = {
		"log.genesis", "log.key", "ledger.unit", "ledger.account",
		"ledger.x", "memo.erased", "log.x",
	};
	struct store *s = home_new("home-a");
	struct ledger *l = NULL;
	struct entry x = { .kind = ENTRY_EVENT, .id = "x", .data = "{}" };
	struct posted out;
	struct err e;
	size_t i;

	home_begin(s, &l, at_ms);
	for (i = 0; i < 7; i++) {
		x.type = own[i];
		OK(ledger_post_in(l, &x, 1, &out, &e) &&
		    e.code == E_bad_type);
	}
	x.type = "log.genesis";
	x.data = "{\"units\":[]}";
	OK(ledger_own_in(l, &x, &out, &e) && e.code == E_wrong_state);
	x.type = "logs.x";
	OK(!ledger_post_in(l, &x, 1, &out, &e));
	home_commit(l);
	ledger_free(l);
	store_close(s);
}

int
main(void)
{
	reversals();
	units();
	limits();
	assertions();
	memos();
	histories();
	owners();
	return DONE();
}
