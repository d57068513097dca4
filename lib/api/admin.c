/* What the operator asks of the grid: spec/vmp.md 2.14. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/books.h"
#include "base/clock.h"
#include "base/mem.h"
#include "census/census.h"
#include "escrow/said.h"
#include "gate/books.h"
#include "ledger/moves.h"

#define EXPORT_ROWS 20000

static int
do_stats(struct call *c, struct err *e)
{
	return census_stats_write(&c->out, c->store,
	    call_str(&c->query, "period", "24h"), c->params, c->now_ms, e);
}

static int
do_metrics(struct call *c, struct err *e)
{
	struct census n;

	if (census_take(c->store, c->params, c->now_ms, &n, e))
		return -1;
	census_write(&c->out, &n, c->now_ms);
	json_close(&c->out, '}');
	return 0;
}

static int
do_analytics(struct call *c, struct err *e)
{
	return census_analytics_write(&c->out, c->store,
	    call_str(&c->query, "period", "30d"), c->params, c->now_ms, e);
}

/* Kept for scripts: everything is computed when it is asked for. */
static int
do_snapshot(struct call *c, struct err *e)
{
	struct census_day day[CENSUS_DAYS];
	char text[CLOCK_TEXT];
	int n;

	n = census_days(c->store, c->now_ms - c->now_ms % CLOCK_DAY_MS,
	    c->now_ms, day, e);
	if (n < 0)
		return -1;
	clock_text(c->now_ms, text);
	json_open(&c->out, NULL, '{');
	json_strn(&c->out, "date", text, 10);
	json_int(&c->out, "rows", n);
	json_close(&c->out, '}');
	return 0;
}

/* "17-1": of entry 17 the second leg. */
static int
read_before(struct call *c, struct moves_filter *f, struct err *e)
{
	const char *text = call_str(&c->query, "before", NULL);
	long long seq;
	int leg, n = 0;

	if (!text)
		return 0;
	if (sscanf(text, "%lld-%d%n", &seq, &leg, &n) != 2 || text[n] ||
	    seq < 0 || seq >= INT64_MAX - 1 || leg < 0)
		return call_fault(c, "before", "must be an id of a list", e);
	f->before_seq = seq;
	f->before_leg = leg;
	if (!seq)			/* nothing is before the first entry */
		f->before_leg = 0;
	return 0;
}

struct list {
	struct buf *out;
	int64_t n;
};

static int
put_move(void *arg, const struct move_told *t, struct err *e)
{
	const struct entry *x = t->entry;
	const struct leg *leg = &x->legs[t->leg];
	struct buf text = BUF_INIT(512);
	struct list *l = arg;

	(void)e;
	l->n++;
	json_open(l->out, NULL, '{');
	buf_addf(&text, "%lld-%zu", (long long)x->seq, t->leg);
	json_str(l->out, "id", text.data);
	json_str(l->out, "entry_id", x->id);
	json_int(l->out, "seq", x->seq);
	json_time(l->out, "timestamp", x->at_ms);
	json_str(l->out, "account", leg->account);
	json_str(l->out, "type", leg->minor < 0 ? "DEBIT" : "CREDIT");
	json_amount(l->out, "amount", (struct amount){
	    leg->minor < 0 ? -leg->minor : leg->minor, leg->unit });
	json_str(l->out, "unit", leg->unit->code);
	json_amount(l->out, "balance_after",
	    (struct amount){ t->balance, leg->unit });
	json_str_or_null(l->out, "reference_type", x->kind == ENTRY_REVERSAL ?
	    "REVERSAL" : x->type);
	json_str_or_null(l->out, "reference_id", x->kind == ENTRY_REVERSAL ?
	    x->reverses : x->ref);
	json_str_or_null(l->out, "counterparty", x->n_legs == 2 ?
	    x->legs[!t->leg].account : NULL);
	json_str_or_null(l->out, "note", t->memo);
	buf_reset(&text);
	moves_narrate(&text, t);
	json_str(l->out, "narrative", text.data);
	json_close(l->out, '}');
	buf_release(&text);
	return 0;
}

static int
do_transactions(struct call *c, struct err *e)
{
	struct moves_filter f = {
		.account = call_str(&c->query, "account", NULL),
		.type = call_str(&c->query, "reference_type", NULL),
		.unit = call_str(&c->query, "unit", NULL),
		.limit = call_int(&c->query, "limit", 50),
	};
	struct list l = { &c->out, 0 };
	bool none;

	if (read_before(c, &f, e))
		return -1;
	none = call_str(&c->query, "before", NULL) && !f.before_seq;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "entries", '[');
	if (!none && moves_read(c->store, &f, put_move, &l, e))
		return -1;
	json_close(&c->out, ']');
	json_int(&c->out, "count", l.n);
	json_close(&c->out, '}');
	return 0;
}

static int
do_disputes(struct call *c, struct err *e)
{
	const struct escrow_rule_filter f = {
		.rule = call_str(&c->query, "reason", NULL),
		.action = call_str(&c->query, "action", NULL),
		.escrow_status = call_str(&c->query, "escrow_status", NULL),
		.limit = call_int(&c->query, "limit", 50),
		.offset = call_int(&c->query, "offset", 0),
	};
	struct escrow_rule r;
	struct query q;
	int64_t total;
	int got;

	if (escrow_rules_total(c->store, &f, &total, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "disputes", '[');
	escrow_rules_list(&q, c->store, &f);
	while ((got = escrow_rules_next(&q, &r, e)) > 0) {
		json_open(&c->out, NULL, '{');
		json_int(&c->out, "id", r.id);
		json_str_or_null(&c->out, "task_id", r.task_id);
		json_str_or_null(&c->out, "escrow_id", r.escrow_id);
		json_str_or_null(&c->out, "escrow_status", r.escrow_status);
		json_str(&c->out, "rule_applied", r.rule);
		json_raw_or_null(&c->out, "rule_details", r.details);
		json_str(&c->out, "action_taken", r.action);
		json_time(&c->out, "created_at", r.made_ms);
		json_close(&c->out, '}');
	}
	query_close(&q);
	json_close(&c->out, ']');
	json_int(&c->out, "total", total);
	json_int(&c->out, "limit", f.limit);
	json_int(&c->out, "offset", f.offset);
	json_close(&c->out, '}');
	return got;
}

/* What before() found: is money to be locked? */
struct verdict { bool sound; };

static int
check_books(struct call *c, struct err *e)
{
	struct verdict *v = mem_zero(1, sizeof(*v));

	c->found = v;
	c->let_go = free;
	return books_write(c, &c->out, &v->sound, e);
}

/* New locks are refused from now on, or no longer (4.3). */
static int
do_reconcile(struct call *c, struct err *e)
{
	const struct verdict *v = c->found;
	int64_t since_ms;

	if (gate_books(c->store, &since_ms, e))
		return -1;
	return v->sound == !since_ms ? 0 :
	    gate_books_in(c->store, v->sound ? 0 : c->now_ms, e);
}

static int
export(struct call *c, bool csv, struct err *e)
{
	const char *period = call_str(&c->query, "period", "30d");
	struct census_page page = {
		.limit = call_int(&c->query, "limit", EXPORT_ROWS),
		.offset = call_int(&c->query, "offset", 0), .csv = csv,
	};
	struct buf rows = BUF_INIT(15 << 20);
	char name[96];
	int64_t n;

	(void)census_period(period, c->now_ms, &page.from_ms);
	n = census_export(&rows, c->store, c->param[0], &page, e);
	if (n >= 0 && csv) {
		c->type = "text/csv; charset=utf-8";
		snprintf(name, sizeof(name), "attachment; "
		    "filename=\"%.40s.csv\"", c->param[0]);
		call_header(c, "Content-Disposition", name);
		buf_add(&c->out, rows.data, rows.len);
	} else if (n >= 0) {
		json_open(&c->out, NULL, '{');
		json_str(&c->out, "table", c->param[0]);
		json_str(&c->out, "period", period);
		json_int(&c->out, "count", n);
		json_open(&c->out, "data", '[');
		buf_add(&c->out, rows.data, rows.len);
		json_close(&c->out, ']');
		json_close(&c->out, '}');
	}
	if (n >= 0 && rows.full)
		n = err_set(e, E_internal, "%lld rows are too much for one "
		    "reply", (long long)n);
	buf_release(&rows);
	return n < 0 ? -1 : 0;
}

static int
do_export(struct call *c, struct err *e)
{
	return export(c, false, e);
}

static int
do_export_csv(struct call *c, struct err *e)
{
	return export(c, true, e);
}

#define PERIOD(words) "\"period\":{\"type\":\"string\",\"enum\":[" words "]}"
#define PAGE(most) "\"limit\":{\"type\":\"integer\",\"minimum\":1," \
    "\"maximum\":" most "},\"offset\":{\"type\":\"integer\"," \
    "\"minimum\":0,\"maximum\":1000000000}"
#define QUERY(members) "{\"type\":\"object\",\"properties\":{" members "}}"
#define EXPORT QUERY(PERIOD("\"7d\",\"30d\",\"quarter\",\"year\",\"all\"") "," \
    PAGE("20000"))

#define TAG .tag = "admin"
const struct route routes_admin[] = {
	{ "GET", "/v1/admin/stats", .auth = AUTH_ADMIN, .class = ROUTE_SLOW,
	    .act = do_stats, TAG, .summary = "The grid in five numbers",
	    .query = QUERY(PERIOD("\"24h\",\"7d\",\"30d\",\"all\"")),
	    .reply = "{ period, metrics: { total_nodes: int, "
		"active_skills: int, tasks_processed: int, "
		"transaction_volume: money, genesis_vault: money }, "
		"timestamp: time }" },
	{ "GET", "/v1/admin/metrics", .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .act = do_metrics, TAG,
	    .summary = "Trades, nodes and what waits for somebody",
	    .reply = "{ tasks: { total: int, today: int, last_7_days: int, "
		"last_30_days: int }, settlements: { total_settled: int, "
		"total_refunded: int, total_disputed: int, "
		"settle_rate_pct: number, dispute_rate_pct: number, "
		"auto_disputes: int }, gmv: { total_tck_transacted: money, "
		"last_7_days_tck: money, last_30_days_tck: money, "
		"vault_balance: money }, nodes: { total_registered: int, "
		"active_last_7_days: int, genesis_filled: int, "
		"genesis_total: int }, skills: { total_published: int, "
		"offered: int }, bounties: { total_created: int, "
		"total_awarded: int, open: int }, operations: { "
		"overdue_settlements: int, overdue_refunds: int, "
		"stale_alert: bool, stale: int, parked: int, "
		"webhooks_pending: int, webhooks_exhausted: int }, "
		"generated_at: time }" },
	{ "GET", "/v1/admin/transactions", .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .act = do_transactions, TAG,
	    .summary = "What moved, the newest first",
	    .query = QUERY("\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":1000},"
		"\"before\":{\"type\":\"string\",\"maxLength\":40},"
		"\"account\":{\"type\":\"string\",\"maxLength\":100},"
		"\"reference_type\":{\"type\":\"string\","
		"\"maxLength\":64},"
		"\"unit\":{\"type\":\"string\",\"maxLength\":12}"),
	    .reply = "{ entries: [{ id, entry_id, seq: int, timestamp: time, "
		"account, type, amount: money, unit, balance_after: money, "
		"reference_type: text|null, reference_id: text|null, "
		"counterparty: text|null, note: text|null, narrative }], "
		"count: int }" },
	{ "GET", "/v1/admin/ledger/reconcile", .auth = AUTH_ADMIN,
	    .class = ROUTE_WRITE, .before = check_books,
	    .act = do_reconcile, TAG,
	    .summary = "Are the books true?",
	    .reply = "ReconciledUnit & { sandbox: ReconciledUnit|null, "
		"other_units: [ReconciledUnit], all_valid: bool, "
		"locks_refused: bool }" },
	{ "GET", "/v1/admin/disputes", .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .act = do_disputes, TAG,
	    .summary = "What rules and buyers have said of deliveries",
	    .query = QUERY("\"reason\":{\"type\":\"string\",\"enum\":["
		"\"PROOF_MISSING\",\"SCHEMA_MISMATCH\","
		"\"VALIDATOR_FAILED\",\"TIMEOUT_NON_DELIVERY\","
		"\"BUYER_DISPUTE\"]},"
		"\"escrow_status\":{\"type\":\"string\",\"enum\":["
		"\"PENDING\",\"AWAITING_SETTLEMENT\",\"DISPUTED\","
		"\"SETTLED\",\"REFUNDED\"]},"
		"\"action\":{\"type\":\"string\",\"enum\":["
		"\"FLAGGED_AUTO\",\"AUTO_REFUND\",\"AUTO_SETTLE\","
		"\"FLAGGED_MANUAL\"]}," PAGE("200")),
	    .reply = "{ disputes: [{ id: int, task_id: text|null, "
		"escrow_id: text|null, escrow_status: text|null, "
		"rule_applied, rule_details: any, action_taken, "
		"created_at: time }], total: int, limit: int, offset: int }" },
	{ "GET", "/v1/admin/analytics", .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .act = do_analytics, TAG,
	    .summary = "A period, and its days",
	    .query = QUERY(PERIOD("\"today\",\"7d\",\"30d\",\"quarter\","
		"\"year\",\"all\"")),
	    .reply = "{ period, range: { start: time, end: time }, nodes: { "
		"total: int, new: int, sandbox_total: int, sandbox_new: int, "
		"active_buyers: int, active_sellers: int, by_country: [any] "
		"}, tasks: { created: int, completed: int, "
		"completion_rate: number, by_protocol: { *: int }, "
		"by_provider: { *: int }, top_skills: [{ label, tasks: int, "
		"gmv_tck: money }] }, economy: { gmv_tck: money, "
		"tax_collected_tck: money, vault_balance_tck: money, "
		"settled: int, refunded: int, disputed: int, "
		"settle_rate: number }, skills: { total: int, "
		"published_in_period: int }, genesis: { filled: int, "
		"total_slots: int, fill_rate: number }, funnel: { "
		"signups: int, signups_linked: int, sandbox_trades: int, "
		"registrations: int, first_trades: int }, cri: { nodes: int, "
		"average: number, least: number, greatest: number, good: int, "
		"middle: int, low: int }, daily_trend: [{ date, "
		"nodes_new: int, tasks_created: int, settled: int, "
		"refunded: int, disputed: int, gmv_tck: money }] }" },
	{ "POST", "/v1/admin/analytics/snapshot", .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .act = do_snapshot, TAG,
	    .summary = "Kept for scripts: computes, stores nothing",
	    .reply = "{ date, rows: int }" },
	{ "GET", "/v1/admin/export/{table}", .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .act = do_export, TAG,
	    .summary = "A table for a spreadsheet", .query = EXPORT,
	    .codes = "no_table",
	    .reply = "{ table, period, count: int, data: [object] }" },
	{ "GET", "/v1/admin/export/{table}/csv", .auth = AUTH_ADMIN,
	    .class = ROUTE_SLOW, .act = do_export_csv, TAG,
	    .media = "text/csv",
	    .summary = "The same as CSV", .query = EXPORT,
	    .codes = "no_table" },
	{ 0 }
};
