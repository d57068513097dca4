/*
 * The census: what it counts of a small grid whose history is known, the
 * edges of its periods, and its tables line by line.
 */
#include "tap.h"

#include "actors.h"

#include "base/clock.h"
#include "base/param.h"
#include "census/census.h"
#include "settle/settle.h"

#define NOON (HOME_MS - HOME_MS % CLOCK_DAY_MS + CLOCK_DAY_MS / 2)

static struct store *store;
static struct ledger *ledger;
static struct params params;
static struct chance chance;
static struct err e;

static void
periods(void)
{
	int64_t from = -5;

	OK(census_period("today", NOON, &from) &&
	    from == NOON - CLOCK_DAY_MS / 2);
	OK(census_period("today", from, &from) &&
	    from % CLOCK_DAY_MS == 0);
	OK(census_period("24h", NOON, &from) && from == NOON - CLOCK_DAY_MS);
	OK(census_period("7d", NOON, &from) &&
	    from == NOON - 7 * CLOCK_DAY_MS);
	OK(census_period("30d", NOON, &from) &&
	    from == NOON - 30 * CLOCK_DAY_MS);
	OK(census_period("quarter", NOON, &from) &&
	    from == NOON - 90 * CLOCK_DAY_MS);
	OK(census_period("year", NOON, &from) &&
	    from == NOON - 365 * CLOCK_DAY_MS);
	OK(census_period("all", NOON, &from) && from == 0);
	OK(!census_period("", NOON, &from) &&
	    !census_period("24H", NOON, &from) &&
	    !census_period("week", NOON, &from));
}

static void
shares(void)
{
	OK(census_share(0, 0) == 0 && census_share(5, 0) == 0);
	OK(census_share(1, 8) == 125 && census_share(8, 8) == 1000);
	OK(census_share(1, 3) == 333 && census_share(2, 3) == 667);
	/* A half rounds up. */
	OK(census_share(1, 2000) == 1 && census_share(1, 2001) == 0);
}

static void
act(enum escrow_event event, const char *task, const char *node)
{
	struct json output = { 0 };
	const struct act a = {
		.output = event == ESCROW_COMPLETE ? &output : NULL,
		.event = event, .task_id = task, .node_id = node,
		.chance = &chance,
		.proof_hash = event == ESCROW_COMPLETE ? "done" : NULL,
		.reason = event == ESCROW_COMPLETE ? NULL : "so",
	};
	struct task t = { 0 };

	if (json_parse(&output, "{\"n\":1}", 7, &e) ||
	    escrow_act_in(ledger, &a, &params, &t, &e))
		home_die("escrow_act_in", &e);
	json_release(&output);
	escrow_task_release(&t);
}

/*
 * Three purchases of ten: one is paid a day later, one disputed, one left
 * open; the last is due for its refund after three days.
 */
static void
history(void)
{
	struct settle_claim claim = { 0 };
	char skill[ID_TEXT];
	struct task t[3], done;
	int i;

	home_begin(store, &ledger, HOME_MS);
	actor_join(ledger, "ann", &params, &chance);
	actor_join(ledger, "bob", &params, &chance);
	actor_offer(ledger, "bob", 1000, &params, &chance, skill);
	for (i = 0; i < 3; i++)
		actor_lock(ledger, "ann", skill, &params, &chance, &t[i]);
	act(ESCROW_COMPLETE, t[0].id, "bob");
	act(ESCROW_COMPLETE, t[1].id, "bob");
	act(ESCROW_DISPUTE, t[1].id, "ann");
	home_commit(ledger);
	home_begin(store, &ledger, HOME_MS + DAY_MS + HOUR_MS);
	claim.id = t[0].id;
	if (settle_one_in(ledger, &claim, &params, &done, &e))
		home_die("settle_one_in", &e);
	home_commit(ledger);
	escrow_task_release(&done);
	for (i = 0; i < 3; i++)
		escrow_task_release(&t[i]);
}

static void
counts(void)
{
	const int64_t later = HOME_MS + DAY_MS + 2 * HOUR_MS;
	struct census c;
	int64_t minor, settle, refund;

	OK(!census_take(store, &params, later, &c, &e));
	OK(c.tasks == 3 && c.tasks_today == 0 && c.tasks_7d == 3 &&
	    c.tasks_30d == 3);
	OK(c.settled == 1 && c.refunded == 0 && c.disputed == 1);
	OK(c.gmv == 1000 && c.gmv_7d == 1000 && c.gmv_30d == 1000);
	OK(c.pending == 1 && c.awaiting == 0 && c.in_dispute == 1);
	OK(c.nodes == 2 && c.nodes_active == 2 && c.active_7d == 2);
	OK(c.skills == 1 && c.skills_offered == 1);
	OK(c.bounties == 0 && c.awarded == 0 && c.bounties_open == 0);
	OK(c.parked == 0 && c.stale == 0 && c.first_ms == HOME_MS);
	OK(c.overdue_settle == 0 && c.overdue_refund == 0);
	OK(!census_take(store, &params, HOME_MS, &c, &e) &&
	    c.tasks_today == 3);
	/* A week and a month on it is all over, but for what is for good. */
	OK(!census_take(store, &params, later + 8 * DAY_MS, &c, &e));
	OK(c.tasks == 3 && c.tasks_7d == 0 && c.tasks_30d == 3 &&
	    c.gmv == 1000 && c.gmv_7d == 0 && c.gmv_30d == 1000);
	OK(!census_overdue(store, &params, HOME_MS + 4 * DAY_MS, &settle,
	    &refund, &e) && settle == 0 && refund == 1);
	/* Tax is what came at the settlement, and the fee is none. */
	OK(!census_tax(store, 0, &minor, &e) && minor == 30);
	OK(!census_tax(store, HOME_MS + DAY_MS, &minor, &e) && minor == 30);
	OK(!census_tax(store, later, &minor, &e) && minor == 0);
}

static void
days(void)
{
	static struct census_day day[CENSUS_DAYS];
	const int64_t first = HOME_MS / CLOCK_DAY_MS;

	OK(census_days(store, 0, HOME_MS + 2 * DAY_MS, day, &e) == 2);
	OK(day[0].day == first && day[0].joined == 2 &&
	    day[0].bought == 3 && day[0].settled == 0);
	OK(day[1].day == first + 1 && day[1].bought == 0 &&
	    day[1].settled == 1 && day[1].minor == 1000);
	OK(census_days(store, HOME_MS + 2 * DAY_MS, HOME_MS + 3 * DAY_MS, day,
	    &e) == 0);
}

static size_t
lines(const struct buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->len; i++)
		n += b->data[i] == '\n';
	return n;
}

static int64_t
export(struct buf *out, const char *table, int64_t limit, int64_t offset,
    bool csv)
{
	const struct census_page page = { 0, limit, offset, csv };

	buf_reset(out);
	return census_export(out, store, table, &page, &e);
}

static void
tables(void)
{
	static const struct { const char *name; int64_t rows; } all[] = {
		{ "daily_active", 1 }, { "tasks", 3 }, { "escrows", 3 },
		{ "nodes", 2 }, { "cri", 2 },
	};
	struct buf out = BUF_INIT(1 << 20);
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		OK(export(&out, all[i].name, 100, 0, false) == all[i].rows);
		OK(export(&out, all[i].name, 1, 0, false) == 1);
		OK(export(&out, all[i].name, 100, all[i].rows, false) == 0);
		OK(export(&out, all[i].name, 100, 0, true) == all[i].rows &&
		    lines(&out) == (size_t)all[i].rows + 1);
	}
	OK(export(&out, "escrows", 1, 0, true) == 1 &&
	    !strncmp(out.data, "escrow_id,kind,buyer_id,", 24) &&
	    strstr(out.data, ",10.00,"));
	OK(export(&out, "node_node", 1, 0, false) == -1 &&
	    e.code == E_no_table);
	OK(export(&out, "", 1, 0, true) == -1 && e.code == E_no_table);
	buf_release(&out);
}

/* Records are JSON, and say the same. */
static void
records(void)
{
	const int64_t later = HOME_MS + DAY_MS + 2 * HOUR_MS;
	struct buf out = BUF_INIT(1 << 20);
	struct json root = { 0 }, v;
	struct census c;

	OK(!census_take(store, &params, later, &c, &e));
	census_write(&out, &c, later);
	json_close(&out, '}');
	OK(!json_parse(&root, out.data, out.len, &e) &&
	    json_find(&v, &root, "gmv"));
	OK(strstr(out.data, "\"settle_rate_pct\":100.0") &&
	    strstr(out.data, "\"dispute_rate_pct\":33.3") &&
	    strstr(out.data, "\"total_tck_transacted\":\"10.00\""));
	json_release(&root);
	buf_reset(&out);
	OK(!census_stats_write(&out, store, "24h", &params, later, &e));
	OK(!json_parse(&root, out.data, out.len, &e));
	json_release(&root);
	buf_reset(&out);
	OK(!census_analytics_write(&out, store, "7d", &params, later, &e));
	OK(!json_parse(&root, out.data, out.len, &e));
	json_release(&root);
	OK(census_stats_write(&out, store, "1h", &params, later, &e) &&
	    e.code == E_bad_time);
	buf_release(&out);
}

int
main(void)
{
	param_defaults(&params);
	chance_seed(&chance, 3);
	periods();
	shares();
	store = home_new("census.home");
	history();
	counts();
	days();
	tables();
	records();
	store_close(store);
	return DONE();
}
