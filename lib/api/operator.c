/*
 * What the operator of a node sees: spec/node.md 14, but for credit, which is
 * dzit.c.  A node is online if probes say so; one that nobody probes is as
 * long as it says so itself often enough.
 */
#include <string.h>

#include "api/probed.h"
#include "api/show.h"
#include "base/clock.h"
#include "card/peer.h"
#include "registry/registry.h"
#include "trust/trust.h"

#define ONLINE_MS INT64_C(600000)	/* since it was last seen */
#define MONTH_MS (30 * CLOCK_DAY_MS)

struct listing {
	struct call *c;
	struct health_calendar calendar;
};

static int
do_status(struct call *c, struct err *e)
{
	int64_t up_ms = c->now_ms - api_started_ms(c->api), nodes;
	bool reads = !registry_total(c->store, &nodes, e);
	bool writes = api_writes(c->api);

	*e = (struct err){ 0 };
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", reads && writes ? "ok" : "degraded");
	json_str(&c->out, "version", api_version(c->api));
	show_number(&c->out, "uptime_hours", up_ms / 36000, 2);
	json_int(&c->out, "nodes_registered", reads ? nodes : 0);
	json_bool(&c->out, "db_connected", reads);
	json_bool(&c->out, "stripe_connected", false);
	json_close(&c->out, '}');
	return 0;
}

static const char *
name_of(const struct registry_view *v)
{
	return v->known && *v->peer.name ? v->peer.name : NULL;
}

static void
put_node(struct buf *out, const struct registry_view *v)
{
	const struct registry_node *r = &v->node;

	json_open(out, NULL, '{');
	json_field_or_null(out, "node_id", r->node_id);
	json_str_or_null(out, "name", name_of(v));
	json_field_or_null(out, "endpoint", v->endpoint);
	json_str(out, "node_hash", r->node_hash);
	json_field_or_null(out, "wallet", r->wallet);
	json_field_or_null(out, "dns_name", r->dns_name);
	json_str(out, "tier", trust_tier_word(v->score.tier));
	trust_points_write(out, "trust_score", v->score.hundredths);
	json_time(out, "registered_at", r->made_ms);
	json_bool(out, "active", v->active);
}

static int
put_listed(void *listing, const struct registry_node *r, struct err *e)
{
	struct call *c = ((struct listing *)listing)->c;
	struct registry_view v;

	if (registry_look(c->store, r, c->now_ms, c->params, &v, e))
		return -1;
	put_node(&c->out, &v);
	json_close(&c->out, '}');
	registry_view_release(&v);
	return 0;
}

static int
put_health(void *listing, const struct registry_node *r, struct err *e)
{
	const struct listing *l = listing;
	struct call *c = l->c;
	struct registry_view v;
	struct sighted p;
	int rc;

	if (probed_look(c, r->node_id, &p, e) ||
	    registry_look(c->store, r, c->now_ms, c->params, &v, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_field_or_null(&c->out, "node_id", r->node_id);
	json_str_or_null(&c->out, "name", name_of(&v));
	json_str(&c->out, "status", (p.known ? p.up :
	    c->now_ms - r->seen_ms <= ONLINE_MS) ? "online" : "offline");
	if (p.us < 0)
		json_null(&c->out, "latency_ms");
	else
		json_int(&c->out, "latency_ms", p.us / 1000);
	rc = probed_uptime_write(c, &l->calendar, &p, "uptime_pct", MONTH_MS,
	    e);
	json_time(&c->out, "last_seen", p.good_ms > r->seen_ms ? p.good_ms :
	    r->seen_ms);
	json_close(&c->out, '}');
	registry_view_release(&v);
	return rc;
}

static int
list(struct call *c, registry_told *told, struct err *e)
{
	struct listing l = { .c = c };
	int64_t total;
	int rc;

	if (registry_total(c->store, &total, e) ||
	    health_calendar(c->store, &l.calendar, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "nodes", '[');
	rc = registry_list(c->store, false,
	    call_int(&c->query, "limit", 200),
	    call_int(&c->query, "offset", 0), told, &l, e);
	health_calendar_release(&l.calendar);
	json_close(&c->out, ']');
	json_int(&c->out, "total", total);
	json_close(&c->out, '}');
	return rc;
}

static int
do_nodes(struct call *c, struct err *e)
{
	return list(c, put_listed, e);
}

static int
do_health(struct call *c, struct err *e)
{
	return list(c, put_health, e);
}

static int
find(struct call *c, struct registry_view *out, struct err *e)
{
	struct registry_node r;

	return registry_meant(c->store, c->param[0], &r, e) ||
	    registry_look(c->store, &r, c->now_ms, c->params, out, e) ? -1 : 0;
}

static int
do_node(struct call *c, struct err *e)
{
	struct registry_view v;
	struct sighted p;
	int rc;

	if (find(c, &v, e))
		return -1;
	put_node(&c->out, &v);
	json_time(&c->out, "last_seen", v.node.seen_ms);
	json_raw_or_null(&c->out, "card", v.known ? v.peer.card : NULL);
	rc = probed_look(c, v.node.node_id, &p, e) ||
	    probed_windows_write(c, &p, e) ? -1 : 0;
	json_close(&c->out, '}');
	registry_view_release(&v);
	return rc;
}

static int
do_downtime(struct call *c, struct err *e)
{
	struct registry_view v;
	struct sighted p;
	int rc;

	if (find(c, &v, e))
		return -1;
	json_open(&c->out, NULL, '{');
	rc = probed_look(c, v.node.node_id, &p, e) ||
	    probed_downtime_write(c, &p, e) ? -1 : 0;
	json_close(&c->out, '}');
	registry_view_release(&v);
	return rc;
}

static int
no_payments(struct call *c, struct err *e)
{
	(void)c;
	return err_set(e, E_payment_unconfigured, "payments are not "
	    "configured");
}

static int
no_chain(struct call *c, struct err *e)
{
	(void)c;
	return err_set(e, E_chain_unconfigured, "there is no chain to ask");
}

#define QUERY(members) "{\"type\":\"object\",\"properties\":{" members "}}"
#define TEXT(name) "\"" name "\":{\"type\":\"string\",\"maxLength\":100}"
#define LIMIT "\"limit\":{\"type\":\"integer\",\"minimum\":1," \
    "\"maximum\":1000}"
#define PAGE LIMIT ",\"offset\":{\"type\":\"integer\",\"minimum\":0," \
    "\"maximum\":1000000000}"

#define ROW .auth = AUTH_ADMIN, .flags = ROUTE_FORBIDS, \
    .dialect = DIALECT_ERROR, .tag = "operator"
#define PAYS .act = no_payments, ROW, .codes = "payment_unconfigured"
#define CHAIN .act = no_chain, ROW, .codes = "chain_unconfigured"
const struct route routes_operator[] = {
	{ "GET", "/api/admin/status", .act = do_status, ROW,
	    .summary = "How this node is",
	    .reply = "{ status: 'ok'|'degraded', version, "
		"uptime_hours: number, nodes_registered: int, "
		"db_connected: bool, stripe_connected: bool }" },
	{ "GET", "/api/admin/nodes", .act = do_nodes, ROW,
	    .class = ROUTE_SLOW, .query = QUERY(PAGE),
	    .summary = "The nodes of the registry",
	    .reply = "{ nodes: [RegisteredNode], total: int }" },
	{ "GET", "/api/admin/nodes/health", .act = do_health, ROW,
	    .class = ROUTE_SLOW, .query = QUERY(PAGE),
	    .summary = "Which of them are there",
	    .reply = "{ nodes: [{ node_id: hash|null, name: text|null, "
		"status: 'online'|'offline', latency_ms: int|null, "
		"uptime_pct: number|null, last_seen: time }], total: int }" },
	{ "GET", "/api/admin/nodes/{node_id}", .act = do_node, ROW,
	    .summary = "One of them", .codes = "node_missing ambiguous",
	    .reply = "RegisteredNode & { last_seen: time, card: Card|null, "
		"uptime: { 24h: Uptime, 7d: Uptime, 30d: Uptime }, "
		"latency_ms: { p50: number|null, p95: number|null, "
		"p99: number|null } }" },
	{ "GET", "/api/admin/nodes/{node_id}/downtime", .act = do_downtime,
	    ROW, .summary = "When it was not there",
	    .codes = "node_missing ambiguous",
	    .reply = "{ windows: [{ start: time, end: time|null, "
		"seconds: int, reason }], sla_pct: number|null }" },
	{ "GET", "/api/admin/payments", PAYS, .summary = "Payments",
	    .query = QUERY(TEXT("category") "," TEXT("status") "," PAGE),
	    .reply = "{ payments: [Payment], total: int }" },
	{ "GET", "/api/admin/payments/stats", PAYS,
	    .summary = "Sums of payments",
	    .query = QUERY(TEXT("from") "," TEXT("to")),
	    .reply = "{ total_count: int, total_amount: money, "
		"by_category: { DZITPACKAGE: int, TOPUP: int, BOOKS: int }, "
		"by_status: { completed: int, pending: int, failed: int, "
		"refunded: int }, last_payment_at: time|null }" },
	{ "GET", "/api/admin/payments/{id}", PAYS,
	    .summary = "One payment",
	    .reply = "Payment & { steps: [{ step, at: time, ok: bool, "
		"detail: text|null }], txids: [text] }" },
	{ "GET", "/api/admin/stripe-links", PAYS,
	    .summary = "Where to pay",
	    .reply = "{ links: [{ id, url, product, category, amount: money, "
		"currency, active: bool }] }" },
	{ "GET", "/api/admin/wallet/balance", CHAIN,
	    .summary = "What a wallet has on chain",
	    .query = QUERY(TEXT("address")),
	    .reply = "{ address, chain_id: int, native_wei, tokens: [{ "
		"symbol, contract, decimals: int, raw, display }], block: int "
		"}" },
	{ "GET", "/api/admin/wallet/transactions", CHAIN,
	    .summary = "What a wallet did on chain", .query = QUERY(LIMIT),
	    .reply = "{ transactions: [{ hash, block: int|null, from, "
		"to: text|null, value, token: text|null, direction, status, "
		"confirmations: int, at: time|null }] }" },
	{ "POST", "/api/admin/wallet/verify", CHAIN,
	    .summary = "Is a transaction what it is said to be?",
	    .body = "{\"type\":\"object\",\"properties\":{" TEXT("tx_hash")
		"," TEXT("to") "," TEXT("token") "," TEXT("amount")
		"},\"required\":[\"tx_hash\"]}",
	    .reply = "{ found: bool, status, confirmations: int, matches: { "
		"to: bool, token: bool, amount: bool }, block_hash: text|null "
		"}" },
	{ "GET", "/api/admin/wallet/audit", CHAIN,
	    .summary = "The chain against the ledger",
	    .reply = "{ onchain_raw, ledger_raw, difference, "
		"unmatched_settlements: [any] }" },
	{ 0 }
};
