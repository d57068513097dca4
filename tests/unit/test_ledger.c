/*
 * The writer in a real store: transactions, marks, groups, replays, limits.
 * Where something must leave no trace, a twin store that never saw it has to
 * hold the same rows (V6, V13 of spec/ledger.md 8).
 */
#include "tap.h"

#include "ledger/read.h"
#include "post.h"

static bool
hash_is(struct store *s, const struct hash *want)
{
	struct hash is;

	home_hash(s, &is);
	return !memcmp(&is, want, sizeof(is));
}

static bool
twins(struct store *a, struct store *b)
{
	struct hash h;

	home_hash(a, &h);
	return hash_is(b, &h);
}

static int64_t
rows(struct store *s)
{
	return home_number(s, "SELECT count(*) FROM ledger_entry");
}

static void
life(void)
{
	const struct store_how how = { "home-none", STORE_CREATE, 1000, "t" };
	struct store *s = home_new("home-none");
	struct ledger *l = NULL, *other = NULL;
	struct ledger_head head;
	struct posted posted;
	struct err e = { 0 };

	store_close(s);
	(void)unlink("home-none/node.db");
	(void)unlink("home-none/node.db-wal");
	(void)unlink("home-none/node.db-shm");
	OK(!store_open(&s, &how, &e));
	OK(ledger_begin(s, &l, HOME_MS, true, &e) && e.code == E_no_ledger);
	OK(l && !ledger_writing(l));
	OK(ledger_head(s, &head, &e) && e.code == E_no_ledger);
	OK(ledger_init(s, "two words", "key", HOME_MS, &posted, &e) &&
	    e.code == E_bad_origin);
	OK(ledger_init(s, "a+b", "key", HOME_MS, &posted, &e) &&
	    e.code == E_bad_origin);
	OK(ledger_init(s, "", "key", HOME_MS, &posted, &e) &&
	    e.code == E_bad_origin);
	OK(!ledger_init(s, "a.example/b", "key", HOME_MS, &posted, &e) &&
	    !posted.existed && posted.seq == 0 && posted.at_ms == HOME_MS);
	OK(!ledger_init(s, "a.example/b", "key", HOME_MS + 5, &posted, &e) &&
	    posted.existed && posted.seq == 0 && posted.at_ms == HOME_MS);
	OK(ledger_init(s, "a.example/c", "key", HOME_MS, &posted, &e) &&
	    e.code == E_id_conflict);
	OK(ledger_init(s, "a.example/b", "yek", HOME_MS, &posted, &e) &&
	    e.code == E_id_conflict);
	/* The same handle goes on where it failed for want of a ledger. */
	home_begin(s, &l, HOME_MS);
	OK(ledger_writing(l) && ledger_store(l) == s);
	OK(move(l, "p1", "MINT", "alice", 100) == E_ok);
	ledger_rollback(l);
	ledger_rollback(l);
	OK(!ledger_writing(l));
	OK(rows(s) == 1);
	home_begin(s, &l, HOME_MS);
	OK(home_balance(l, "alice", "TCK") == 0);
	OK(move(l, "p1", "MINT", "alice", 70) == E_ok);
	home_commit(l);
	/* An open transaction ends with its ledger; the lock is free again. */
	home_begin(s, &l, HOME_MS);
	OK(move(l, "p2", "MINT", "alice", 1) == E_ok);
	ledger_free(l);
	ledger_free(NULL);
	home_begin(s, &other, HOME_MS);
	OK(home_balance(other, "alice", "TCK") == 70);
	home_commit(other);
	OK(!ledger_head(s, &head, &e) && head.size == 2);
	OK(home_verify(s) == 0);
	ledger_free(other);
	store_close(s);
}

/* What was undone never happened: not even to the ids of accounts. */
static void
marks(void)
{
	struct store *a = home_new("home-a"), *b = home_new("home-b");
	struct ledger *la = NULL, *lb = NULL;
	struct hash before;
	int i;

	home_begin(a, &la, HOME_MS);
	home_begin(b, &lb, HOME_MS);
	for (i = 0; i < 2; i++)
		OK(move(i ? la : lb, "m1", "MINT", "alice", 500) == E_ok);
	home_mark(la);
	OK(move(la, "u1", "alice", "ghost", 100) == E_ok);
	OK(move(la, "u2", "MINT", "alice", 9) == E_ok);
	OK(move(la, "u3", "ghost", "ghost2", 50) == E_ok);
	OK(home_balance(la, "ghost", "TCK") == 50);
	home_undo(la);
	OK(home_balance(la, "alice", "TCK") == 500);
	OK(home_balance(la, "ghost", "TCK") == 0);
	for (i = 0; i < 2; i++)		/* an id that was undone is free */
		OK(move(i ? la : lb, "u1", "alice", "bob", 7) == E_ok);
	home_mark(la);
	OK(move(la, "k1", "bob", "carol", 2) == E_ok);
	home_keep(la);
	OK(move(lb, "k1", "bob", "carol", 2) == E_ok);
	home_mark(la);
	OK(move(la, "u4", "carol", "dora", 2) == E_ok);
	home_undo(la);
	home_commit(la);
	home_commit(lb);
	OK(twins(a, b));
	/* A whole transaction taken back, after a mark that was kept. */
	home_hash(a, &before);
	home_begin(a, &la, HOME_MS + 1);
	home_mark(la);
	OK(move(la, "r1", "alice", "eve", 3) == E_ok);
	home_keep(la);
	ledger_rollback(la);
	OK(hash_is(a, &before));
	/* A mark left open by a rollback is gone as well. */
	home_begin(a, &la, HOME_MS + 1);
	home_mark(la);
	OK(move(la, "r1", "alice", "eve", 3) == E_ok);
	ledger_rollback(la);
	home_begin(a, &la, HOME_MS + 1);
	home_mark(la);
	home_undo(la);
	home_commit(la);
	OK(hash_is(a, &before));
	for (i = 0; i < 2; i++) {
		home_begin(i ? a : b, i ? &la : &lb, HOME_MS + 2);
		OK(move(i ? la : lb, "n1", "alice", "eve", 1) == E_ok);
		home_commit(i ? la : lb);
	}
	OK(twins(a, b));
	OK(home_verify(a) == 0);
	ledger_free(la);
	ledger_free(lb);
	store_close(a);
	store_close(b);
}

static struct pay
give(const char *id, const char *from, const char *to, int64_t minor)
{
	return (struct pay){ "TRANSFER", id, NULL, from, to, "TCK", minor,
	    NULL };
}

static void
groups(void)
{
	struct store *s = home_new("home-a");
	struct ledger *l = NULL;
	struct posted out[LEAF_GROUP + 1];
	struct pay g[LEAF_GROUP + 1];
	char ids[LEAF_GROUP + 1][LEAF_ID];
	struct hash before;
	struct err e;
	int i;

	home_begin(s, &l, HOME_MS);
	OK(move(l, "m1", "MINT", "alice", 1000) == E_ok);
	home_commit(l);
	home_hash(s, &before);
	home_begin(s, &l, HOME_MS);
	g[0] = give("a", "alice", "bob", 10);
	g[1] = give("b", "carol", "bob", 10);
	OK(pay_all(l, g, 2, out, &e) == E_insufficient_funds);
	g[1] = give("a", "alice", "bob", 10);
	OK(pay_all(l, g, 2, out, &e) == E_id_conflict);
	g[1] = give("b c", "alice", "bob", 10);
	OK(pay_all(l, g, 2, out, &e) == E_bad_id);
	g[1] = give("b", "alice", "VAULT", 10);
	OK(pay_all(l, g, 2, out, &e) == E_reserved_account);
	/* Each prefix must hold: bob has nothing until alice has paid. */
	g[0] = give("b", "bob", "carol", 10);
	g[1] = give("a", "alice", "bob", 10);
	OK(pay_all(l, g, 2, out, &e) == E_insufficient_funds);
	OK(pay_all(l, g, 0, out, &e) == E_group_size);
	for (i = 0; i <= LEAF_GROUP; i++) {
		snprintf(ids[i], LEAF_ID, "g-%03d", i);
		g[i] = give(ids[i], "alice", "bob", 1);
	}
	OK(pay_all(l, g, LEAF_GROUP + 1, out, &e) == E_group_size);
	g[255].minor = 1000;
	OK(pay_all(l, g, LEAF_GROUP, out, &e) == E_insufficient_funds);
	OK(home_balance(l, "bob", "TCK") == 0);
	home_commit(l);
	OK(hash_is(s, &before) && rows(s) == 2);
	/* The largest group, and one of two that needs its order. */
	home_begin(s, &l, HOME_MS + 1);
	g[255].minor = 1;
	OK(pay_all(l, g, LEAF_GROUP, out, &e) == E_ok);
	OK(!out[0].existed && out[0].seq == 2 && out[255].seq == 257);
	g[0] = give("a", "alice", "dora", 10);
	g[1] = give("b", "dora", "carol", 10);
	OK(pay_all(l, g, 2, out, &e) == E_ok && out[1].seq == 259);
	home_commit(l);
	OK(rows(s) == 260 && home_verify(s) == 0);
	home_hash(s, &before);
	home_begin(s, &l, HOME_MS + 2);
	OK(pay_all(l, g, 2, out, &e) == E_ok && out[0].existed &&
	    out[0].seq == 258 && out[1].at_ms == HOME_MS + 1);
	g[2] = give("c", "alice", "bob", 1);
	OK(pay_all(l, g, 3, out, &e) == E_group_partial);
	g[1].minor = 11;
	OK(pay_all(l, g, 2, out, &e) == E_id_conflict);
	/* The same within the transaction: it is as known as on the disk. */
	OK(pay_all(l, &g[2], 1, out, &e) == E_ok && !out[0].existed);
	OK(pay_all(l, &g[2], 1, out, &e) == E_ok && out[0].existed &&
	    out[0].seq == 260 && out[0].at_ms == HOME_MS + 2);
	g[1] = give("d", "alice", "bob", 1);
	OK(pay_all(l, &g[1], 2, out, &e) == E_group_partial);
	ledger_rollback(l);
	OK(hash_is(s, &before));
	ledger_free(l);
	store_close(s);
}

/* The code, with the field that it names. */
static bool
conflicts(struct ledger *l, const struct entry *x, const char *field)
{
	struct posted out;
	struct err e = { 0 };
	char want[80];

	snprintf(want, sizeof(want), "with other %s", field);
	return ledger_post_in(l, x, 1, &out, &e) &&
	    e.code == E_id_conflict && strstr(e.msg, want);
}

static void
replays(void)
{
	struct store *s = home_new("home-a");
	const struct unit *tck = unit_named("TCK"), *sbx = unit_named("SBX");
	int64_t when_ms = 5, later_ms = 6;
	struct leg legs[4] = {
		{ "alice", tck, -7 }, { "bob", tck, 3 }, { "carol", tck, 4 },
		{ "dora", tck, 1 },
	}, turned[3] = { legs[2], legs[0], legs[1] };
	struct entry x = {
		.kind = ENTRY_TRANSFER, .id = "r", .type = "TRANSFER",
		.ref = "order 1", .data = "{\"k\":1}", .legs = legs,
		.n_legs = 3, .effective_ms = &when_ms,
	}, y;
	struct entry ev = {
		.kind = ENTRY_EVENT, .id = "ev", .type = "note.made",
		.data = "{}",
	};
	struct ledger *l = NULL;
	struct posted out;
	struct err e = { 0 };
	struct hash before;

	home_begin(s, &l, HOME_MS);
	OK(move(l, "m1", "MINT", "alice", 7) == E_ok);
	OK(!ledger_post_in(l, &x, 1, &out, &e) && !out.existed &&
	    out.seq == 2 && out.at_ms == HOME_MS);
	OK(!ledger_post_in(l, &ev, 1, &out, &e) && out.seq == 3);
	home_commit(l);
	home_hash(s, &before);
	home_begin(s, &l, HOME_MS + DAY_MS);
	/* However poor alice is by now, and in whatever order. */
	y = x, y.legs = turned;
	OK(!ledger_post_in(l, &y, 1, &out, &e) && out.existed &&
	    out.seq == 2 && out.at_ms == HOME_MS);
	OK(!ledger_post_in(l, &ev, 1, &out, &e) && out.existed &&
	    out.seq == 3);
	y = x, y.type = "CREDIT_ISSUE";
	OK(conflicts(l, &y, "type"));
	y = ev, y.type = "note.other";
	OK(conflicts(l, &y, "type"));
	y = ev, y.id = "r";
	OK(conflicts(l, &y, "kind, type, legs, ref, data, effective_ms"));
	y = x, y.ref = NULL;
	OK(conflicts(l, &y, "ref"));
	y.ref = "order 2";
	OK(conflicts(l, &y, "ref"));
	y = x, y.data = NULL;
	OK(conflicts(l, &y, "data"));
	y.data = "{\"k\":2}";
	OK(conflicts(l, &y, "data"));
	y = x, y.effective_ms = NULL;
	OK(conflicts(l, &y, "effective_ms"));
	y.effective_ms = &later_ms;
	OK(conflicts(l, &y, "effective_ms"));
	y = x, y.n_legs = 4;
	legs[0].minor = -8;
	OK(conflicts(l, &y, "legs"));
	y.n_legs = 3, legs[1].minor = 4;
	OK(conflicts(l, &y, "legs"));
	legs[0].minor = -7, legs[1].minor = 3, legs[1].account = "bobby";
	OK(conflicts(l, &y, "legs"));
	legs[1].account = "bob";
	legs[0].unit = legs[1].unit = legs[2].unit = sbx;
	OK(conflicts(l, &y, "legs"));
	home_commit(l);
	OK(hash_is(s, &before));
	ledger_free(l);
	store_close(s);
}

/* Near 2^63: sums are refused before they wrap, and leave nothing. */
static void
extremes(void)
{
	struct store *s = home_new("home-a");
	const struct unit *tck = unit_named("TCK");
	struct leg legs[] = {
		{ "a", tck, INT64_MAX }, { "b", tck, INT64_MAX },
		{ "c", tck, -INT64_MAX }, { "d", tck, -INT64_MAX },
	};
	struct entry x = {
		.kind = ENTRY_TRANSFER, .id = "wide", .type = "TRANSFER",
		.legs = legs, .n_legs = 4,
	};
	struct ledger *l = NULL;
	struct posted out;
	struct err e = { 0 };
	struct pay g[2];

	home_begin(s, &l, HOME_MS);
	OK(move(l, "e1", "MINT", "a", INT64_MAX) == E_ok);
	OK(home_balance(l, "MINT", "TCK") == -INT64_MAX);
	OK(move(l, "e2", "MINT", "b", 1) == E_amount_overflow);
	OK(home_balance(l, "b", "TCK") == 0);
	OK(move(l, "e3", "a", "b", INT64_MAX) == E_ok);
	/* a and b are at their limits of counting, whatever they hold. */
	OK(move(l, "e4", "b", "a", 1) == E_amount_overflow);
	g[0] = give("e5", "b", "c", 5);
	g[1] = give("e6", "c", "a", 5);
	OK(pay_all(l, g, 2, &out, &e) == E_amount_overflow);
	OK(home_balance(l, "c", "TCK") == 0);
	OK(home_balance(l, "b", "TCK") == INT64_MAX);
	OK(move(l, "e7", "b", "c", INT64_MAX) == E_ok);
	OK(ledger_post_in(l, &x, 1, &out, &e) && e.code == E_amount_overflow);
	legs[0].minor = INT64_MIN;
	OK(ledger_post_in(l, &x, 1, &out, &e) &&
	    err_kind(e.code) == ERR_INPUT);
	OK(move(l, "e8", "c", "c", 5) == E_duplicate_leg);
	OK(move(l, "e9", "c", "d", 0) == E_amount_zero);
	legs[0].minor = 5;
	x.n_legs = 1;
	OK(ledger_post_in(l, &x, 1, &out, &e) && e.code == E_leg_count);
	x.n_legs = 2, legs[1].minor = 5;
	OK(ledger_post_in(l, &x, 1, &out, &e) &&
	    e.code == E_unbalanced_entry);
	home_commit(l);
	OK(rows(s) == 4 && home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
}

/* Limits that no verb sets yet are the writer's to keep all the same. */
static void
limits(void)
{
	struct store *s = home_new("home-a");
	struct ledger *l = NULL;

	home_begin(s, &l, HOME_MS);
	OK(move(l, "l1", "MINT", "low", 10) == E_ok);
	OK(move(l, "l2", "MINT", "high", 10) == E_ok);
	OK(move(l, "l3", "MINT", "shut", 10) == E_ok);
	home_commit(l);
	ledger_free(l);
	l = NULL;
	OK(!sqlite3_exec(s->db, "UPDATE ledger_account SET lo = -50 "
	    "WHERE name = 'low'; UPDATE ledger_account SET hi = 30 "
	    "WHERE name = 'high'; UPDATE ledger_account SET closed = 1 "
	    "WHERE name = 'shut'", NULL, NULL, NULL));
	home_begin(s, &l, HOME_MS);
	OK(move(l, "l4", "low", "x", 61) == E_limit_exceeded);
	OK(move(l, "l4", "low", "x", 60) == E_ok);
	OK(move(l, "l5", "low", "x", 1) == E_limit_exceeded);
	OK(move(l, "l6", "MINT", "high", 21) == E_limit_exceeded);
	OK(move(l, "l6", "MINT", "high", 20) == E_ok);
	OK(move(l, "l7", "shut", "x", 1) == E_account_closed);
	OK(move(l, "l7", "MINT", "shut", 1) == E_account_closed);
	OK(move(l, "l8", "x", "y", 61) == E_insufficient_funds);
	home_commit(l);
	home_begin(s, &l, HOME_MS);
	OK(home_balance(l, "low", "TCK") == -50);
	OK(home_balance(l, "high", "TCK") == 30);
	home_commit(l);
	/* Limits were kept where they stood when rows were written back. */
	OK(home_number(s, "SELECT count(*) FROM ledger_account WHERE "
	    "lo = -50 OR hi = 30 OR closed = 1") == 3);
	ledger_free(l);
	store_close(s);
}

int
main(void)
{
	life();
	marks();
	groups();
	replays();
	extremes();
	limits();
	return DONE();
}
