/* What is on offer: spec/vmp.md 2.2. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "cri/cri.h"
#include "market/market.h"
#include "market/stats.h"

#define LIMIT 50

static void
put_prices(struct buf *out, const struct stats *st)
{
	if (!st->skills) {
		json_null(out, "price_stats");
		return;
	}
	json_open(out, "price_stats", '{');
	stats_write(out, st);
	json_close(out, '}');
}

/*
 * How many there are, of which this page has n: the last page tells, and by
 * price they are counted anyway.  But not by text or category, and a sandbox
 * node may have expired and not been swept.
 */
static int
total(struct call *c, const struct market_filter *f, int64_t n,
    int64_t *out, struct err *e)
{
	if (n < f->limit && (n || !f->offset)) {
		*out = f->offset + n;
		return 0;
	}
	if (f->realm == MARKET_PRODUCTION && !f->text && !f->category)
		return stats_between(c->store, unit_named("TCK"), f->least,
		    f->most ? f->most : INT64_MAX, out, e);
	return market_total(c->store, f, out, e);
}

static int
put_listing(struct buf *out, const struct listing *l, struct err *e)
{
	const struct skill *k = &l->skill;

	json_open(out, NULL, '{');
	json_str(out, "id", k->id);
	json_str(out, "provider_id", k->node_id);
	json_str(out, "label", k->label);
	json_amount(out, "price_tck", k->price);
	json_str(out, "type", k->type);
	json_raw(out, "metadata", k->metadata, strlen(k->metadata));
	if (market_promises_write(out, k, e))
		return -1;
	cri_score_write(out, "seller_cri", l->tenths);
	json_str(out, "availability", "unknown");	/* nobody was pinged */
	if (l->verified)
		json_raw(out, "verified", l->verified, strlen(l->verified));
	json_bool(out, "sandbox", !strcmp(k->price.unit->code, "SBX"));
	json_time(out, "created_at", k->made_ms);
	json_close(out, '}');
	return 0;
}

static int
put_listings(struct call *c, const struct market_filter *f, struct buf *out,
    int64_t *n, struct err *e)
{
	struct market_list skills;
	struct listing l;
	int got;

	*n = 0;
	json_open(out, NULL, '[');
	market_list_open(&skills, c->store, f);
	while ((got = market_list_next(&skills, &l, e)) > 0) {
		if (put_listing(out, &l, e))
			got = -1;
		market_listing_release(&l);
		if (got < 0)
			break;
		++*n;
	}
	market_list_close(&skills);
	json_close(out, ']');
	return got;
}

static void
read_filter(struct call *c, struct market_filter *f)
{
	const char *realm = call_str(&c->query, "realm", call_realm(c));

	*f = (struct market_filter){
		.params = c->params, .now_ms = c->now_ms,
		.text = call_str(&c->query, "q", NULL),
		.category = call_str(&c->query, "category", NULL),
		.limit = call_int(&c->query, "limit", LIMIT),
		.offset = call_int(&c->query, "offset", 0),
	};
	(void)market_realm_named(realm, &f->realm);	/* by the schema */
	(void)call_money(&c->query, "min_price", &f->least);
	if (call_money(&c->query, "max_price", &f->most) && !f->most)
		f->most = -1;		/* nothing is free; 0 asks for all */
}

/* All that stands behind the timestamp. */
static int
put_market(struct call *c, const struct market_filter *f, struct err *e)
{
	struct buf listings = BUF_INIT(c->out.max);
	struct stats st;
	int64_t n, all;
	int rc = -1;

	if (stats_prices(c->store, unit_named(market_realm_unit(f->realm)),
	    &st, e) || put_listings(c, f, &listings, &n, e) ||
	    total(c, f, n, &all, e))
		goto out;
	json_str(&c->out, "market_status", "HIGH_LIQUIDITY");
	json_int(&c->out, "total", all);
	json_int(&c->out, "limit", f->limit);
	json_int(&c->out, "offset", f->offset);
	put_prices(&c->out, &st);
	json_raw(&c->out, "listings", listings.data, listings.len);
	json_close(&c->out, '}');
	c->out.full = c->out.full || listings.full;
	rc = 0;
out:
	buf_release(&listings);
	return rc;
}

/* Nothing of production goes by the clock; nodes of the sandbox expire. */
static int
do_list(struct call *c, struct err *e)
{
	struct buf key = BUF_INIT(ROUTE_BODY_S);
	struct market_filter f;
	size_t from;
	int rc = 0;

	read_filter(c, &f);
	if (f.realm == MARKET_PRODUCTION) {
		buf_adds(&key, "market ");
		if (c->query.node)
			json_copy(&key, NULL, &c->query);
	}
	json_open(&c->out, NULL, '{');
	json_int(&c->out, "timestamp", c->now_ms / 1000);
	from = c->out.len;
	if (!call_recall(c, key.data)) {
		rc = put_market(c, &f, e);
		if (!rc)
			call_remember(c, key.data, from);
	}
	buf_release(&key);
	return rc;
}

/* What is wrong with the metadata is wrong with the body: 422. */
static int
refuse(struct call *c, const struct buf *path, struct err *e)
{
	if (e->code == E_insufficient_funds)
		c->detail = "Insufficient funds for publishing fee";
	if (e->kind != ERR_INPUT)
		return -1;
	return call_fault_at(c, path->len ? path->data : "[\"metadata\"]",
	    e->msg, e);
}

static int
do_publish(struct call *c, struct err *e)
{
	struct buf warning = BUF_INIT(1024), path = BUF_INIT(4096);
	char price[AMOUNT_TEXT] = "";
	struct json metadata;
	struct offer o = {
		.node_id = c->node.id, .price = price,
		.type = call_str(&c->body, "type", NULL),
		.label = call_str(&c->body, "label", NULL),
		.language = api_language(c->api), .warning = &warning,
		.path = &path,
	};
	struct skill k;
	int rc = -1;

	(void)call_money_text(&c->body, "price_tck", price);
	if (json_find(&metadata, &c->body, "metadata"))
		o.metadata = &metadata;
	if (market_publish_in(c->ledger, &o, c->params, c->chance, &k, e)) {
		refuse(c, &path, e);
		goto out;
	}
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "PUBLISHED");
	json_str(&c->out, "skill_id", k.id);
	json_amount(&c->out, "fee_deducted", (struct amount){
	    c->params->value[PARAM_listing_fee], k.price.unit });
	json_open(&c->out, "warnings", '[');
	if (warning.len)
		json_str(&c->out, NULL, warning.data);
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	market_skill_release(&k);
	rc = 0;
out:
	buf_release(&warning);
	buf_release(&path);
	return rc;
}

#define TAG .tag = "market"
const struct route routes_market[] = {
	{ "GET", "/v1/marketplace", .flags = ROUTE_KNOWS | ROUTE_DEMO,
	    .act = do_list, TAG, .summary = "What is on offer",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"q\":{\"type\":\"string\",\"maxLength\":200},"
		"\"min_price\":{\"format\":\"money\"},"
		"\"max_price\":{\"format\":\"money\"},"
		"\"category\":{\"type\":\"string\",\"maxLength\":50},"
		"\"realm\":{\"type\":\"string\",\"enum\":[\"production\","
		"\"sandbox\",\"all\"]},"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":200},"
		"\"offset\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":1000000000}}}",
	    .reply = "{ timestamp: int, market_status: 'HIGH_LIQUIDITY', "
		"total: int, limit: int, offset: int, price_stats: { "
		"min: money, max: money, average: money, median: money "
		"}|null, listings: [Offer & { provider_id, "
		"type: 'SKILL_OFFER'|'TASK_BOUNTY', metadata: object, "
		"seller_cri: number, availability: 'up'|'down'|'unknown', "
		"sandbox: bool, created_at: time, validators: [text]?, "
		"recommended_verifiers: [text]?, verified: [text]? }] }" },
	{ "POST", "/v1/marketplace/publish", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .rate = RATE_publish, .act = do_publish,
	    TAG, .summary = "Offer a skill",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"type\":{\"type\":\"string\",\"enum\":[\"SKILL_OFFER\","
		"\"TASK_BOUNTY\"]},"
		"\"label\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":200,"
		"\"pattern\":\"^[^\\\\x00-\\\\x1f\\\\x7f]*$\"},"
		"\"price_tck\":{\"format\":\"money\",\"x-least\":\"0.01\","
		"\"x-most\":\"10000\"},"
		"\"metadata\":{\"type\":\"object\",\"x-null\":false}},"
		"\"required\":[\"type\",\"label\",\"price_tck\"]}",
	    .codes = "level_gate policy_denied insufficient_funds",
	    .reply = "{ status: 'PUBLISHED', skill_id, fee_deducted: money, "
		"warnings: [text] }" },
	{ 0 }
};
