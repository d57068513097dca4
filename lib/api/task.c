/* Tasks, from the purchase to the delivery: spec/vmp.md 2.4. */
#include <string.h>

#include "api/trade.h"
#include "escrow/said.h"
#include "ledger/ledger.h"

#define MINE 1000

/* What the body orders; input is where its member is kept. */
static void
read_order(struct call *c, struct order *o, struct json *input)
{
	struct json list, it = { 0 };

	*o = (struct order){
		.buyer_id = c->node.id, .input = input,
		.skill_id = call_str(&c->body, "skill_id", NULL),
		.quote_id = call_str(&c->body, "quote_id", NULL),
		.protocol = call_str(&c->body, "protocol", NULL),
	};
	(void)json_find(input, &c->body, "input_data");
	if (!json_has(&c->body, "validator_ids") ||
	    !json_find(&list, &c->body, "validator_ids"))
		return;
	while (o->n_custom < ESCROW_CUSTOMS && json_next(&it, &list))
		o->custom[o->n_custom++] = json_string(&it);
}

static int
put_balance(struct call *c, struct err *e)
{
	const struct unit *unit = node_unit(&c->node);
	struct balance have;

	if (ledger_balance_in(c->ledger, c->node.id, unit, &have, e))
		return -1;
	json_amount(&c->out, "remaining_balance",
	    (struct amount){ have.minor, unit });
	return 0;
}

static int
do_create(struct call *c, struct err *e)
{
	bool shadow = call_bool(&c->body, "is_shadow", false);
	struct amount asked = { 0 }, none;
	struct json input;
	struct order o;
	struct task t;
	int rc;

	read_order(c, &o, &input);
	o.asked = &asked;
	if (shadow) {
		o.protocol = NULL;
		rc = escrow_shadow_in(c->ledger, &o, c->params, c->chance, &t,
		    e);
	} else {
		rc = escrow_lock_in(c->ledger, &o, c->params, c->chance, &t,
		    e);
	}
	if (rc)
		return trade_capped(c, asked, e);
	none = (struct amount){ 0, t.amount.unit };
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "task_id", t.id);
	trade_text(&c->out, "escrow_id", shadow ? NULL : t.escrow_id);
	json_str(&c->out, "status", escrow_task_word(t.state));
	json_amount(&c->out, "amount_locked", shadow ? none : t.amount);
	rc = put_balance(c, e);
	json_time(&c->out, "auto_refund_at", t.refund_ms);
	if (shadow)
		json_bool(&c->out, "shadow", true);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return rc;
}

static void
put_data(struct buf *out, const char *key, const char *json)
{
	if (json)
		json_raw(out, key, json, strlen(json));
	else
		json_raw(out, key, "null", 4);
}

/* As lists have it; the object stays open. */
static void
put_task(struct buf *out, const struct task *t)
{
	json_open(out, NULL, '{');
	json_str(out, "task_id", t->id);
	json_str(out, "skill_id", t->skill_id);
	json_str(out, "skill_label", t->label);
	json_str(out, "buyer_id", t->buyer_id);
	json_str(out, "seller_id", t->seller_id);
	put_data(out, "input_data", t->input);
	put_data(out, "output_data", t->output);
	trade_text(out, "escrow_id", *t->escrow_id ? t->escrow_id : NULL);
	json_str(out, "status", escrow_task_word(t->state));
	json_time(out, "created_at", t->made_ms);
	json_str(out, "protocol", t->protocol);
	json_bool(out, "is_shadow", t->kind == TRADE_SHADOW);
	escrow_customs_write(out, t);
	json_time(out, "auto_refund_at", t->refund_ms);
}

/* As many as fit: how many, or -1. */
static int64_t
put_tasks(struct call *c, const struct escrow_mine *m, struct err *e)
{
	size_t most = (size_t)c->params->value[PARAM_list_max_bytes], had;
	struct buf *out = &c->out;
	struct task t;
	struct query q;
	int64_t n = 0;
	int got;

	escrow_mine_open(&q, c->store, m);
	while ((got = escrow_list_next(&q, &t, e)) > 0) {
		had = out->len;
		put_task(out, &t);
		json_close(out, '}');
		escrow_task_release(&t);
		if (out->len > most) {
			buf_cut(out, had);
			break;
		}
		n++;
	}
	query_close(&q);
	return got < 0 ? -1 : n;
}

static enum escrow_role
role_of(const char *word)
{
	return !strcmp(word, "buyer") ? ROLE_BUYER :
	    !strcmp(word, "any") ? ROLE_ANY : ROLE_SELLER;
}

/* Counted only where the list does not tell. */
static int
total(struct call *c, const struct escrow_mine *m, int64_t n, int64_t *out,
    struct err *e)
{
	*out = m->offset + n;
	if (n ? n < m->limit && c->out.len <
	    (size_t)c->params->value[PARAM_list_max_bytes] / 2 : !m->offset)
		return 0;
	return escrow_mine_total(c->store, m, out, e);
}

static int
do_mine(struct call *c, struct err *e)
{
	const char *status = call_str(&c->query, "status", "OPEN");
	const char *role = call_str(&c->query, "role", "seller");
	const struct escrow_mine m = {
		.node_id = c->node.id, .role = role_of(role),
		.state = strcmp(status, "ALL") ? status : NULL,
		.limit = call_int(&c->query, "limit", MINE),
		.offset = call_int(&c->query, "offset", 0),
	};
	int64_t n, all;

	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", c->node.id);
	json_str(&c->out, "role", role);
	json_str(&c->out, "status_filter", status);
	json_int(&c->out, "limit", m.limit);
	json_int(&c->out, "offset", m.offset);
	json_open(&c->out, "tasks", '[');
	n = put_tasks(c, &m, e);
	json_close(&c->out, ']');
	if (n < 0 || total(c, &m, n, &all, e))
		return -1;
	json_int(&c->out, "count", n);
	json_int(&c->out, "total", all);
	json_close(&c->out, '}');
	return 0;
}

static int
do_show(struct call *c, struct err *e)
{
	struct buf *out = &c->out;
	struct task t;

	if (trade_own_task(c, c->param[0], &t, e))
		return -1;
	put_task(out, &t);
	trade_time(out, "completed_at", t.completed_ms);
	trade_time(out, "disputed_at", t.disputed_ms);
	trade_time(out, "closed_at", t.closed_ms);
	trade_text(out, "proof_hash", t.proof_hash);
	trade_text(out, "output_hash", t.output_sha256);
	trade_text(out, "proof_match", t.proof_match);
	trade_text(out, "verdict", t.verdict);
	trade_escrow_write(out, "escrow", &t);
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

static int
do_claim(struct call *c, struct err *e)
{
	const struct act a = {
		.event = ESCROW_CLAIM, .task_id = c->param[0],
		.node_id = c->node.id,
	};
	struct task t;

	if (trade_task(c, c->param[0], &t, e))
		return -1;
	if (escrow_act_on_in(c->ledger, &a, c->params, &t, e))
		return trade_refused(c, ESCROW_CLAIM, c->param[0], false, e);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", escrow_task_word(t.state));
	json_str(&c->out, "task_id", t.id);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

static int
do_complete(struct call *c, struct err *e)
{
	struct json output;
	const struct act a = {
		.event = ESCROW_COMPLETE, .node_id = c->node.id,
		.task_id = call_str(&c->body, "task_id", ""),
		.output = &output, .language = api_language(c->api),
		.proof_hash = call_str(&c->body, "proof_hash", NULL),
		.llm_provider = call_str(&c->body, "llm_provider_used", NULL),
	};
	struct task t;

	(void)json_find(&output, &c->body, "output_data");
	return trade_task(c, a.task_id, &t, e) ? -1 :
	    trade_complete(c, &a, &t, false, e);
}

static int
do_dispute(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "task_id", "");
	struct task t;

	return trade_task(c, id, &t, e) ? -1 :
	    trade_dispute(c, id, &t, false, e);
}

static int
do_validations(struct call *c, struct err *e)
{
	struct escrow_check check;
	struct buf *out = &c->out;
	struct query q;
	struct task t;
	int got;

	if (trade_own_task(c, c->param[0], &t, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "task_id", t.id);
	trade_text(out, "verdict", t.verdict);
	json_open(out, "results", '[');
	escrow_checks_open(&q, c->store, t.id);
	while ((got = escrow_checks_next(&q, &check, e)) > 0)
		escrow_check_write(out, &check);
	query_close(&q);
	json_close(out, ']');
	json_close(out, '}');
	escrow_task_release(&t);
	return got;
}

#define TAG .tag = "tasks"
#define ID_IS "{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}"
#define DATA_IS "{\"type\":\"object\"}"
#define ORDER_IS "{\"type\":\"object\",\"properties\":{" \
    "\"skill_id\":" ID_IS ",\"input_data\":" DATA_IS "," \
    "\"is_shadow\":{\"type\":\"boolean\"}," \
    "\"validator_ids\":{\"type\":\"array\",\"maxItems\":20," \
    "\"items\":{\"type\":\"string\"}}," \
    "\"quote_id\":{\"type\":\"string\",\"maxLength\":100}," \
    "\"protocol\":{\"type\":\"string\",\"enum\":[\"api\",\"sdk\"]}}," \
    "\"required\":[\"skill_id\",\"input_data\"]}"
#define GATE "skill_missing quote_missing self_trade realm seller_inactive " \
    "skill_retired quote_expired level_gate policy_denied validator_missing "
#define PURSE "cap_exceeded insufficient_funds cap_exposure ledger_invalid"

const struct route routes_task[] = {
	{ "POST", "/v1/tasks/create", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .rate = RATE_tasks, .flags = ROUTE_DEMO,
	    .body = ORDER_IS, .body_max = ROUTE_BODY_L, .act = do_create, TAG,
	    .summary = "Buy a skill", .codes = GATE PURSE },
	{ "GET", "/v1/tasks/mine", .auth = AUTH_NODE, .act = do_mine, TAG,
	    .summary = "What one has to do, or has bought",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"status\":{\"type\":\"string\",\"maxLength\":40},"
		"\"role\":{\"type\":\"string\",\"enum\":[\"seller\","
		"\"buyer\",\"any\"]},"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":1000},"
		"\"offset\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":1000000000}}}" },
	{ "GET", "/v1/tasks/{task_id}", .auth = AUTH_NODE, .act = do_show,
	    TAG, .summary = "A task of one's own",
	    .codes = "task_missing not_task_party" },
	{ "GET", "/v1/tasks/{task_id}/validations", .auth = AUTH_NODE,
	    .act = do_validations, TAG,
	    .summary = "What each validator said of the delivery",
	    .codes = "task_missing not_task_party" },
	{ "POST", "/v1/tasks/{task_id}/claim", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_claim, TAG,
	    .summary = "Begin with a task",
	    .codes = "task_missing not_your_task already_claimed "
		"window_closed" },
	{ "POST", "/v1/tasks/complete", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .flags = ROUTE_EXEMPT,
	    .body_max = ROUTE_BODY_L, .act = do_complete, TAG,
	    .summary = "Deliver", .body = "{\"type\":\"object\","
		"\"properties\":{\"task_id\":" ID_IS ","
		"\"output_data\":" DATA_IS ","
		"\"proof_hash\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":256},"
		"\"llm_provider_used\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":20}},"
		"\"required\":[\"task_id\",\"output_data\",\"proof_hash\"]}",
	    .codes = "task_missing not_your_task wrong_state window_closed" },
	{ "POST", "/v1/tasks/dispute", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .flags = ROUTE_EXEMPT, .act = do_dispute,
	    TAG, .summary = "Object to what was delivered",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"task_id\":" ID_IS ","
		"\"reason\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":2000},"
		"\"verification_evidence\":" DATA_IS "},"
		"\"required\":[\"task_id\",\"reason\"]}",
	    .codes = "task_missing not_your_task wrong_state window_closed" },
	{ 0 }
};
