/*
 * V11: what is computed from the leaves can be dropped, and made anew, and is
 * then what it was; whatever was wrong with it before.
 *
 * BZN_LEAVES	how many there are: 2000; from 65536 on tiles have two levels
 */
#include "tap.h"

#include "base/chance.h"
#include "ledger/own.h"
#include "ledger/rebuild.h"
#include "post.h"

#define LEAVES 2000

static void
run_sql(struct store *s, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(s->db, sql, NULL, NULL, &why) != SQLITE_OK)
		printf("Bail out! %s: %s\n", sql, why);
}

/* One of each kind of entry that changes more than a balance. */
static void
post_kinds(struct store *s)
{
	const struct limit limits[] = {
		{ "alice", "EUR", "-50.00", "100.00", false },
		{ "late", "TCK", NULL, "7.00", false },
		{ "gone", "TCK", NULL, NULL, true },
	};
	const struct reverse back = { .id = "back", .target = "t5" };
	struct chance chance = { 0 };
	struct posted p[LEAF_GROUP];
	struct ledger *l = NULL;
	struct err e = { 0 };
	size_t n;

	home_begin(s, &l, HOME_MS + 1);
	OK(move(l, "m1", "MINT", "alice", 1000000) == E_ok);
	OK(move(l, "t5", "alice", "bob", 500) == E_ok);
	OK(!ledger_unit_in(l, "eur", "EUR", 2, p, &e));
	home_commit(l);
	home_begin(s, &l, HOME_MS + 2);
	OK(!ledger_limit_in(l, "l0", &limits[0], p, &e));
	OK(!ledger_limit_in(l, "l1", &limits[1], p, &e));
	OK(!ledger_limit_in(l, "l2", &limits[2], p, &e));
	OK(move(l, "t6", "alice", "late", 700) == E_ok);
	OK(!ledger_reverse_in(l, &back, &chance, p, &n, &e) && n == 1);
	home_commit(l);
	ledger_free(l);
}

static void
post_many(struct store *s)
{
	struct ledger *l = NULL;
	const char *want = getenv("BZN_LEAVES");
	int i, most = want ? (int)strtol(want, NULL, 10) : LEAVES;
	char id[32], name[16];

	for (i = 0; i < most; i++) {
		if (i % 5000 == 0) {
			if (l)
				home_commit(l);
			home_begin(s, &l, HOME_MS + 10 + i);
		}
		snprintf(id, sizeof(id), "n%d", i);
		snprintf(name, sizeof(name), "a%d", i % 977);
		if (move(l, id, "alice", name, 1 + i % 3) != E_ok)
			printf("Bail out! %s\n", id);
	}
	home_commit(l);
	ledger_free(l);
}

/* Damage, the rebuilding, and everything is as before. */
static void
after(struct store *s, const char *damage, const struct hash *want)
{
	struct rebuilt made = { 0 };
	struct err e = { 0 };
	struct hash got;

	run_sql(s, damage);
	OK(!ledger_rebuild(s, &made, &e));
	if (e.kind)
		printf("# %s: %s\n", damage, e.msg);
	OK(made.same == !strncmp(damage, "SELECT", 6));
	home_hash(s, &got);
	OK(!memcmp(&got, want, sizeof(got)));
}

static void
rebuilds(struct store *s)
{
	static const char *const damages[] = {
		"SELECT 1",
		"UPDATE ledger_account SET cr = cr + 1 WHERE name = 'bob'",
		"DELETE FROM ledger_account WHERE name = 'a7'",
		"UPDATE ledger_account SET hi = NULL",
		"UPDATE ledger_account SET closed = 1 WHERE name = 'bob'",
		"UPDATE ledger_posting SET balance = 5 WHERE seq = 77",
		"DELETE FROM ledger_posting",
		"INSERT INTO ledger_posting VALUES (1, 1, 1, 1)",
		"DELETE FROM ledger_reversal",
		"UPDATE ledger_reversal SET target = target + 1",
		"UPDATE ledger_unit SET scale = 3 WHERE code = 'EUR'",
		"DELETE FROM ledger_tile WHERE pos > 2",
		"UPDATE ledger_tile SET root = zeroblob(32)",
		"UPDATE ledger_head SET edge = zeroblob(32)",
		"UPDATE ledger_head SET size = 5, posted = 5",
		"DELETE FROM ledger_head",
	};
	struct hash want;
	size_t i;

	home_hash(s, &want);
	for (i = 0; i < sizeof(damages) / sizeof(*damages); i++)
		after(s, damages[i], &want);
	OK(!home_verify(s));
	/* Posting goes on, where it was. */
	post_kinds(s);
}

/* What the leaves themselves do not bear is left as it was. */
static void
refuses(struct store *s)
{
	struct rebuilt made;
	struct err e = { 0 };
	struct hash before, now;

	run_sql(s, "DROP TRIGGER ledger_entry_no_delete");
	run_sql(s, "DELETE FROM ledger_entry WHERE seq = 4");
	home_hash(s, &before);
	OK(ledger_rebuild(s, &made, &e) && e.code == E_seq_gap);
	OK(strstr(e.msg, "nothing was changed: entry 4") != NULL);
	home_hash(s, &now);
	OK(!memcmp(&before, &now, sizeof(now)));
	run_sql(s, "DELETE FROM ledger_entry");
	OK(ledger_rebuild(s, &made, &e) && e.code == E_no_ledger);
}

static void
rehearses(void)
{
	struct store *s;
	struct rebuilt made;
	struct err e = { 0 };
	struct hash before, now;

	s = home_open("home-rebuild", STORE_DRY);
	run_sql(s, "UPDATE ledger_account SET cr = cr + 1 WHERE name = 'bob'");
	home_hash(s, &before);
	OK(!ledger_rebuild(s, &made, &e) && !made.same);
	home_hash(s, &now);
	OK(!memcmp(&before, &now, sizeof(now)));
	run_sql(s, "UPDATE ledger_account SET cr = cr - 1 WHERE name = 'bob'");
	store_close(s);
}

int
main(void)
{
	struct store *s = home_new("home-rebuild");

	post_kinds(s);
	post_many(s);
	rebuilds(s);
	store_close(s);
	rehearses();
	s = home_open("home-rebuild", STORE_WRITE);
	refuses(s);
	store_close(s);
	return DONE();
}
