/* The A2A bridge: spec/vmp.md 2.6, spec/protocols.md 2.6. */
#include <stdlib.h>
#include <string.h>

#include "api/page.h"
#include "api/trade.h"
#include "base/mem.h"
#include "cri/cri.h"
#include "hook/hook.h"
#include "market/market.h"

#define CARD_SKILLS 200
#define LIMIT 50

/* A member of the metadata, if it is of its kind; else what is usual. */
static void
put_schema(struct buf *out, const char *key, const struct json *metadata,
    const char *member)
{
	struct json v;

	if (json_find(&v, metadata, member) && json_kind(&v) == JSON_OBJECT) {
		json_copy(out, key, &v);
		return;
	}
	json_open(out, key, '{');
	json_str(out, "type", "object");
	json_close(out, '}');
}

static int
put_skill(struct buf *out, const struct listing *l, bool discover,
    struct err *e)
{
	const struct skill *k = &l->skill;
	struct json metadata = { 0 };

	if (json_parse(&metadata, k->metadata, strlen(k->metadata), e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "id", k->id);
	json_str(out, "name", k->label);
	json_amount(out, "price_tck", k->price);
	if (discover) {
		cri_score_write(out, "seller_cri", l->tenths);
		json_str(out, "category", k->category ? k->category :
		    "general");
		json_str(out, "description", call_str(&metadata,
		    "description", ""));
	}
	put_schema(out, "inputSchema", &metadata, "input_schema");
	put_schema(out, "outputSchema", &metadata, "output_schema");
	json_close(out, '}');
	json_release(&metadata);
	return 0;
}

static int
put_skills(struct call *c, const struct market_filter *f, bool discover,
    struct err *e)
{
	struct market_list skills;
	struct listing l;
	int got;

	json_open(&c->out, "skills", '[');
	market_list_open(&skills, c->store, f);
	while ((got = market_list_next(&skills, &l, e)) > 0) {
		if (put_skill(&c->out, &l, discover, e))
			got = -1;
		market_listing_release(&l);
		if (got < 0)
			break;
	}
	market_list_close(&skills);
	json_close(&c->out, ']');
	return got;
}

static void
put_modes(struct buf *out, const char *key)
{
	json_open(out, key, '[');
	json_str(out, NULL, "application/json");
	json_close(out, ']');
}

static int
do_card(struct call *c, struct err *e)
{
	const struct market_filter f = {
		.params = c->params, .now_ms = c->now_ms,
		.limit = CARD_SKILLS, .realm = MARKET_PRODUCTION,
	};
	struct buf *out = &c->out, name = BUF_INIT(1024);

	page_site(c, &name);
	json_open(out, NULL, '{');
	json_strn(out, "name", name.data, name.len);
	buf_release(&name);
	json_str(out, "description", "A grid of agents that sell their skills "
	    "to each other, through escrow");
	json_str(out, "url", c->base_url);
	json_str(out, "version", "1.0.0");
	json_str(out, "protocol", "a2a");
	json_open(out, "capabilities", '{');
	json_bool(out, "streaming", false);
	json_bool(out, "pushNotifications", true);
	json_bool(out, "stateTransitionHistory", true);
	json_close(out, '}');
	json_open(out, "authentication", '{');
	json_open(out, "schemes", '[');
	json_str(out, NULL, "apiKey");
	json_close(out, ']');
	json_open(out, "apiKey", '{');
	json_str(out, "headerName", "X-API-KEY");
	json_close(out, '}');
	json_close(out, '}');
	put_modes(out, "defaultInputModes");
	put_modes(out, "defaultOutputModes");
	if (put_skills(c, &f, false, e))
		return -1;
	json_close(out, '}');
	call_document(c);
	return 0;
}

/* Where the events of the task go to, judged before the transaction. */
static int
find_callback(struct call *c, struct err *e)
{
	const char *url = call_str(&c->body, "callback_url", NULL);
	struct hook_target *target = mem_zero(1, sizeof(*target));
	int rc;

	c->found = target;
	c->let_go = free;
	rc = call_target(c, url, target, e);
	return rc && e->kind == ERR_REFUSED ?
	    call_fault_at(c, "[\"callback_url\"]", e->msg, e) : rc;
}

static int
do_send(struct call *c, struct err *e)
{
	struct amount asked = { 0 };
	struct json input;
	const struct order o = {
		.buyer_id = c->node.id, .input = &input, .asked = &asked,
		.skill_id = call_str(&c->body, "skill_id", ""),
		.protocol = "a2a", .integration = "a2a",
		.callback = c->found,
	};
	struct task t;

	(void)json_find(&input, &c->body, "input");
	if (escrow_lock_in(c->ledger, &o, c->params, c->chance, &t, e)) {
		if (e->code == E_insufficient_funds)
			c->detail = "Insufficient TCK balance";
		return trade_capped(c, asked, e);
	}
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "task_id", t.id);
	json_str(&c->out, "status", "submitted");
	json_str(&c->out, "escrow_id", t.escrow_id);
	json_amount(&c->out, "price_tck", t.amount);
	json_str(&c->out, "protocol", t.protocol);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

static const char *
status_of(const struct task *t)
{
	switch (t->state) {
	case TASK_OPEN:
		return "submitted";
	case TASK_IN_PROGRESS:
		return "working";
	case TASK_COMPLETED:
		return "completed";
	case TASK_DISPUTED:
		return "input-required";
	case TASK_REFUNDED:
		return "canceled";
	case TASK_NONE:
	case TASK__STATES:
		break;
	}
	return "unknown";
}

static int
do_show(struct call *c, struct err *e)
{
	struct buf *out = &c->out;
	struct cri cri;
	struct task t;
	int rc;

	if (trade_own_task(c, c->param[0], &t, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "task_id", t.id);
	json_str(out, "status", status_of(&t));
	json_str(out, "botnode_status", escrow_task_word(t.state));
	json_field_or_null(out, "escrow_id", t.escrow_id);
	json_str(out, "protocol", t.protocol);
	json_time(out, "created_at", t.made_ms);
	if (t.output)
		json_raw(out, "output", t.output, strlen(t.output));
	rc = cri_score(c->store, t.seller_id, c->now_ms, c->params, &cri, e);
	if (!rc)
		cri_score_write(out, "seller_cri", cri.tenths);
	json_close(out, '}');
	escrow_task_release(&t);
	return rc;
}

static int
do_discover(struct call *c, struct err *e)
{
	const char *realm = call_str(&c->query, "realm", call_realm(c));
	struct market_filter f = {
		.params = c->params, .now_ms = c->now_ms,
		.category = call_str(&c->query, "category", NULL),
		.limit = call_int(&c->query, "limit", LIMIT),
	};
	int64_t total, hundredths;

	(void)market_realm_named(realm, &f.realm);	/* by the schema */
	if ((call_money(&c->query, "max_price_tck", &f.most) ||
	    call_money(&c->query, "max_price", &f.most)) && !f.most)
		f.most = -1;		/* nothing is free; 0 asks for all */
	if (call_money(&c->query, "min_seller_cri", &hundredths))
		f.tenths = (hundredths + 9) / 10;
	if (market_total(c->store, &f, &total, e))
		return -1;
	json_open(&c->out, NULL, '{');
	if (put_skills(c, &f, true, e))
		return -1;
	json_int(&c->out, "total", total);
	json_str(&c->out, "protocol", "a2a");
	json_close(&c->out, '}');
	return 0;
}

#define TAG .tag = "a2a"
const struct route routes_a2a[] = {
	{ "GET", "/.well-known/agent.json", .act = do_card, TAG,
	    .summary = "What this grid is, for agents",
	    .reply = "{ name, description, url, version, protocol: 'a2a', "
		"capabilities: { streaming: bool, pushNotifications: bool, "
		"stateTransitionHistory: bool }, authentication: { "
		"schemes: [text], apiKey: { headerName } }, "
		"defaultInputModes: [text], defaultOutputModes: [text], "
		"skills: [{ id, name, price_tck: money, inputSchema: any, "
		"outputSchema: any }] }" },
	{ "POST", "/v1/a2a/tasks/send", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .rate = RATE_a2a_send,
	    .body_max = ROUTE_BODY_L, .before = find_callback,
	    .before_if = "callback_url", .act = do_send, TAG,
	    .summary = "Buy a skill",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"skill_id\":{\"type\":\"string\",\"maxLength\":100},"
		"\"input\":{\"type\":\"object\"},"
		"\"callback_url\":{\"type\":\"string\","
		"\"maxLength\":500}},"
		"\"required\":[\"skill_id\",\"input\"]}",
	    .codes = "skill_missing self_trade realm seller_inactive "
		"skill_retired level_gate policy_denied cap_exceeded "
		"insufficient_funds cap_exposure ledger_invalid",
	    .reply = "{ task_id, status: 'submitted', escrow_id, "
		"price_tck: money, protocol: 'a2a' }" },
	{ "GET", "/v1/a2a/tasks/{task_id}", .auth = AUTH_NODE,
	    .act = do_show, TAG, .summary = "What has become of a task",
	    .codes = "task_missing not_task_party",
	    .reply = "{ task_id, "
		"status: 'submitted'|'working'|'completed'|"
		"'input-required'|'canceled', "
		"botnode_status, escrow_id: text|null, protocol, "
		"created_at: time, seller_cri: number?, output: object? }" },
	{ "GET", "/v1/a2a/discover", .flags = ROUTE_KNOWS,
	    .act = do_discover, TAG, .summary = "Skills on offer",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"category\":{\"type\":\"string\",\"maxLength\":50},"
		"\"max_price_tck\":{\"format\":\"money\"},"
		"\"max_price\":{\"format\":\"money\"},"
		"\"min_seller_cri\":{\"format\":\"money\","
		"\"x-least\":\"0\",\"x-most\":\"100\"},"
		"\"realm\":{\"type\":\"string\",\"enum\":["
		"\"production\",\"sandbox\",\"all\"]},"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":200}}}",
	    .reply = "{ skills: [{ id, name, price_tck: money, "
		"seller_cri: number, category, description, inputSchema: any, "
		"outputSchema: any }], total: int, protocol: 'a2a' }" },
	{ 0 }
};
