/* What trades say of nodes: spec/vmp.md 2.7, 2.8. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/show.h"
#include "base/mem.h"
#include "bounty/bounty.h"
#include "cri/cri.h"
#include "escrow/count.h"
#include "gate/gate.h"
#include "market/market.h"
#include "node/node.h"
#include "strike/strike.h"

static int
do_cri(struct call *c, struct err *e)
{
	struct cri cri;

	if (cri_score(c->store, c->param[0], c->now_ms, c->params, &cri, e))
		return -1;
	cri_write(&c->out, c->param[0], &cri, c->now_ms);
	json_close(&c->out, '}');
	return 0;
}

/* What its level lets a node do, were levels enforced. */
static void
put_capabilities(struct call *c, const struct node *n,
    const struct cri_level *l)
{
	static const struct { const char *key; enum gate_act act; } acts[] = {
		{ "can_post_bounty", GATE_BOUNTY },
		{ "can_submit_bounty", GATE_SUBMIT },
		{ "can_create_escrow", GATE_DIRECT },
		{ "can_publish_skill", GATE_PUBLISH },
		{ "can_subscribe_webhooks", GATE_LISTEN },
	};
	size_t i;

	json_open(&c->out, "capabilities", '{');
	for (i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		json_bool(&c->out, acts[i].key, node_acts(n, c->now_ms) &&
		    l->id >= gate_level(acts[i].act, c->params));
	json_close(&c->out, '}');
}

static int
do_level(struct call *c, struct err *e)
{
	struct cri_level l;
	struct node n;

	if (node_get(c->store, c->param[0], &n, e) ||
	    cri_level(c->store, n.id, c->now_ms, c->params, &l, e))
		return -1;
	cri_level_write(&c->out, n.id, &l);
	if (!cri_rung(l.id + 1))
		json_null(&c->out, "progress");
	put_capabilities(c, &n, &l);
	json_close(&c->out, '}');
	return 0;
}

/* How often each was bought. */
struct hired {
	char id[ID_TEXT];
	int64_t times;
};

static int
read_hired(struct call *c, struct hired **out, size_t *n, struct err *e)
{
	struct escrow_hired h;
	size_t cap = 0;
	struct query q;
	int got;

	escrow_hired_open(&q, c->store, c->node.id);
	while ((got = escrow_hired_next(&q, &h, e)) > 0) {
		if (*n == cap) {
			cap = 2 * cap + 16;
			*out = mem_grow(*out, cap, sizeof(**out));
		}
		snprintf((*out)[*n].id, ID_TEXT, "%s", h.skill_id);
		(*out)[(*n)++].times = h.times;
	}
	query_close(&q);
	return got;
}

static int64_t
times_of(const struct hired *h, size_t n, const char *skill_id)
{
	for (; n; n--, h++)
		if (!strcmp(h->id, skill_id))
			return h->times;
	return 0;
}

static int
put_hired(struct call *c, struct err *e)
{
	struct hired *hired = NULL;
	struct skill k;
	struct query q;
	size_t n = 0;
	int got = read_hired(c, &hired, &n, e);

	json_open(&c->out, "skills_published", '[');
	market_of_open(&q, c->store, c->node.id);
	while (!got && (got = market_of_next(&q, &k, e)) > 0) {
		json_open(&c->out, NULL, '{');
		json_str(&c->out, "id", k.id);
		json_str(&c->out, "label", k.label);
		json_amount(&c->out, "price_tck", k.price);
		json_int(&c->out, "times_hired",
		    times_of(hired, n, k.id));
		json_close(&c->out, '}');
		market_skill_release(&k);
		got = 0;
	}
	query_close(&q);
	json_close(&c->out, ']');
	free(hired);
	return got;
}

static void
put_cri(struct call *c, const struct cri *cri)
{
	const struct cri_facts *f = &cri->facts;

	json_open(&c->out, "cri", '{');
	cri_score_write(&c->out, "score", cri->tenths);
	json_int(&c->out, "settled_transactions", f->sold + f->bought);
	json_int(&c->out, "unique_counterparties", f->partners);
	json_int(&c->out, "disputes", f->failed);
	json_int(&c->out, "strikes", f->strikes);
	json_bool(&c->out, "has_genesis_badge", f->badge);
	json_close(&c->out, '}');
}

static void
put_evolution(struct call *c, const struct cri_level *l)
{
	const struct cri_rung *rung = cri_rung(l->id);

	json_open(&c->out, "evolution", '{');
	json_int(&c->out, "level_id", l->id);
	json_str(&c->out, "level_name", rung->name);
	json_str(&c->out, "emoji", rung->emoji);
	show_number(&c->out, "tck_spent", l->spent_minor, 2);
	if (cri_rung(l->id + 1))
		cri_progress_write(&c->out, l);
	else
		json_null(&c->out, "progress");
	json_close(&c->out, '}');
}

static int
do_stats(struct call *c, struct err *e)
{
	const struct unit *unit = node_unit(&c->node);
	struct amount earned = { 0, unit };
	const struct cri_facts *f;
	struct cri_level level;
	struct cri cri;
	int64_t won;

	if (cri_score(c->store, c->node.id, c->now_ms, c->params, &cri, e) ||
	    cri_level(c->store, c->node.id, c->now_ms, c->params, &level,
	    e) || escrow_earned(c->store, c->node.id, &earned.minor, e) ||
	    bounty_won(c->store, c->node.id, unit, &won, e))
		return -1;
	f = &cri.facts;
	earned.minor += won;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", c->node.id);
	if (put_hired(c, e))
		return -1;
	json_amount(&c->out, "total_tck_earned", earned);
	show_number(&c->out, "dispute_rate", f->delivered ?
	    cri_round((double)f->failed / (double)f->delivered, 10000) : 0,
	    4);
	put_cri(c, &cri);
	put_evolution(c, &level);
	json_close(&c->out, '}');
	return 0;
}

static int
do_leaderboard(struct call *c, struct err *e)
{
	int64_t limit = call_int(&c->query, "limit", 20);
	int64_t offset = call_int(&c->query, "offset", 0);
	struct cri_place place;
	struct query q;
	int64_t total;
	int got;

	if (cri_board_total(c->store, &total, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "leaderboard", '[');
	cri_board_open(&q, c->store, limit, offset);
	while ((got = cri_board_next(&q, &place, e)) > 0) {
		cri_place_write(&c->out, &place);
		json_close(&c->out, '}');
	}
	query_close(&q);
	json_close(&c->out, ']');
	json_int(&c->out, "total", total);
	json_int(&c->out, "limit", limit);
	json_int(&c->out, "offset", offset);
	json_close(&c->out, '}');
	return got;
}

/* What early access knows of people is in no reply, so there is no name. */
static int
do_genesis(struct call *c, struct err *e)
{
	struct cri_award a = { 0 };
	int got;

	json_open(&c->out, NULL, '[');
	while ((got = cri_award_next(c->store, &a, e)) > 0) {
		cri_award_write(&c->out, &a);
		json_null(&c->out, "name");
		json_close(&c->out, '}');
	}
	json_close(&c->out, ']');
	return got;
}

static int
put_badges(struct call *c, int64_t *filled, struct err *e)
{
	struct cri_award a = { 0 };
	struct cri cri;
	int got;

	while ((got = cri_award_next(c->store, &a, e)) > 0) {
		if (cri_score(c->store, a.node_id, c->now_ms, c->params, &cri,
		    e))
			return -1;
		cri_award_write(&c->out, &a);
		cri_score_write(&c->out, "cri_score", cri.tenths);
		json_int(&c->out, "trades_completed",
		    cri.facts.sold + cri.facts.bought);
		json_close(&c->out, '}');
		(*filled)++;
	}
	return got;
}

static int
do_badges(struct call *c, struct err *e)
{
	int64_t filled = 0;
	int rc;

	json_open(&c->out, NULL, '{');
	json_open(&c->out, "genesis_nodes", '[');
	rc = put_badges(c, &filled, e);
	json_close(&c->out, ']');
	json_int(&c->out, "slots_total", c->params->value[PARAM_genesis_max]);
	json_int(&c->out, "slots_filled", filled);
	json_close(&c->out, '}');
	return rc;
}

static int
do_pioneers(struct call *c, struct err *e)
{
	const int64_t *value = c->params->value;
	int64_t most = value[PARAM_pioneer_max], filled = 0;
	struct cri_pioneer p = { 0 };
	int got;

	json_open(&c->out, NULL, '{');
	json_str(&c->out, "program", "Verifier Pioneer");
	json_open(&c->out, "pioneers", '[');
	for (; (got = cri_pioneer_next(c->store, &p, e)) > 0; filled++) {
		cri_pioneer_write(&c->out, &p);
		json_close(&c->out, '}');
	}
	json_close(&c->out, ']');
	json_int(&c->out, "slots_total", most);
	json_int(&c->out, "slots_filled", filled);
	json_int(&c->out, "slots_remaining", filled < most ? most - filled :
	    0);
	json_amount(&c->out, "bonus_tck", (struct amount){
		value[PARAM_pioneer_bonus], unit_named("TCK") });
	json_int(&c->out, "threshold_verifications",
	    value[PARAM_pioneer_threshold]);
	json_close(&c->out, '}');
	return got;
}

static int
do_report(struct call *c, struct err *e)
{
	const struct report r = {
		.target_id = call_str(&c->query, "node_id", ""),
		.reporter_id = c->node.id,
		.reason = call_str(&c->body, "reason", NULL),
		.task_id = call_str(&c->body, "task_id", NULL),
	};
	struct struck s;

	if (strike_report_in(c->ledger, &r, c->params, c->chance, &s, e))
		return e->code == E_bad_id ? show_fault(c, "task_id", e) :
		    show_refused(c, e);
	strike_write(&c->out, &s);
	return 0;
}

#define LIMIT_IS "\"limit\":{\"type\":\"integer\",\"minimum\":1," \
    "\"maximum\":100},\"offset\":{\"type\":\"integer\",\"minimum\":0," \
    "\"maximum\":1000000000}"

#define TAG .tag = "reputation"
const struct route routes_cri[] = {
	{ "POST", "/v1/report/malfeasance", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .rate = RATE_malfeasance, .act = do_report,
	    TAG, .summary = "Report a node that deceives",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"node_id\":{\"type\":\"string\",\"minLength\":1}},"
		"\"required\":[\"node_id\"]}",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"reason\":{\"type\":\"string\",\"maxLength\":2000},"
		"\"task_id\":{\"type\":\"string\",\"maxLength\":100}}}",
	    .codes = "self_report node_missing realm already_banned "
		"report_not_eligible",
	    .reply = "{ report_id, node_id, "
		"status: 'STRIKE_LOGGED'|'REPORT_LOGGED'|'BANNED', "
		"current_strikes: int, counted: bool, event: text?, "
		"confiscated_balance: money? }" },
	{ "GET", "/v1/nodes/{node_id}/cri", .act = do_cri, TAG,
	    .summary = "The score of a node, part by part",
	    .codes = "node_missing",
	    .reply = "{ node_id, cri_score: number, computed_at: time, "
		"factors: { base: Term, transaction_score: Term & { raw: int "
		"}, diversity_score: Term & { raw_unique: int, raw_total: int "
		"}, volume_score: Term & { raw_tck: money }, age_score: Term "
		"& { raw_days: int }, buyer_activity: Term & { raw_buys: int "
		"}, genesis_bonus: Term & { has_badge: bool } }, penalties: { "
		"dispute_penalty: Term & { disputed: int, total_tasks: int }, "
		"concentration_penalty: Term & { ratio: number }, "
		"strike_penalty: { value: number, per_strike: int, "
		"strikes: int, description } }, adjustments: { "
		"decay_factor: number, genesis_floor: bool }, formula }" },
	{ "GET", "/v1/nodes/{node_id}/level", .act = do_level, TAG,
	    .summary = "What a node has grown to", .codes = "node_missing",
	    .reply = "Reputation & { node_id, cri: number, capabilities: { "
		"can_post_bounty: bool, can_submit_bounty: bool, "
		"can_create_escrow: bool, can_publish_skill: bool, "
		"can_subscribe_webhooks: bool } }" },
	{ "GET", "/v1/seller/stats", .auth = AUTH_NODE, .class = ROUTE_SLOW,
	    .act = do_stats, TAG, .summary = "What a node has sold",
	    .reply = "{ node_id, skills_published: [Offer & { "
		"times_hired: int }], total_tck_earned: money, "
		"dispute_rate: number, cri: { score: number, "
		"settled_transactions: int, unique_counterparties: int, "
		"disputes: int, strikes: int, has_genesis_badge: bool }, "
		"evolution: Reputation }" },
	{ "GET", "/v1/leaderboard", .class = ROUTE_SLOW,
	    .act = do_leaderboard, TAG, .summary = "Nodes by their scores",
	    .query = "{\"type\":\"object\",\"properties\":{" LIMIT_IS "}}",
	    .reply = "{ leaderboard: [{ node_id, level_id: int, level_name, "
		"emoji, tck_spent: number, cri: number, "
		"has_genesis_badge: bool }], total: int, limit: int, "
		"offset: int }" },
	{ "GET", "/v1/genesis", .act = do_genesis, TAG,
	    .summary = "The badges of the first that sold",
	    .reply = "[{ rank: int, node_id, name: text|null, "
		"awarded_at: time }]" },
	{ "GET", "/v1/genesis/leaderboard", .act = do_badges, TAG,
	    .summary = "The same, with scores",
	    .reply = "{ genesis_nodes: [{ rank: int, node_id, "
		"cri_score: number, trades_completed: int, awarded_at: time "
		"}], slots_total: int, slots_filled: int }" },
	{ "GET", "/v1/verifier-pioneers", .act = do_pioneers, TAG,
	    .summary = "The first that judged the work of others",
	    .reply = "{ program: 'Verifier Pioneer', slots_total: int, "
		"slots_filled: int, slots_remaining: int, bonus_tck: money, "
		"threshold_verifications: int, pioneers: [{ rank: int, "
		"node_id, skill_id, verifications: int, "
		"awarded_at: time }] }" },
	{ 0 }
};
