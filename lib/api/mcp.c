/* The MCP bridge: spec/vmp.md 2.5. */
#include <string.h>

#include "api/trade.h"
#include "cri/cri.h"
#include "escrow/hire.h"
#include "node/purse.h"

/*
 * Refusals of these acts are told in the bridge's own words.  What failed
 * here is none of them.  Always -1.
 */
static int
refuse(struct call *c, struct err *e)
{
	bool in_sandbox = c->who == CALLER_NODE && node_in_sandbox(&c->node);
	struct hire_word word;

	if (e->kind == ERR_SYSTEM || e->kind == ERR_UNKNOWN)
		return -1;
	if (e->code == E_skill_missing)	/* no skill was named */
		e->code = E_not_offered;
	word = escrow_hire_word(e->code, in_sandbox);
	json_str(&c->more, "error_type", word.type);
	json_str(&c->more, "retry_hint", word.hint);
	return -1;
}

static int
do_hire(struct call *c, struct err *e)
{
	char most[AMOUNT_TEXT] = "1.00";
	struct amount asked = { 0 };
	struct json payload;
	const struct hire h = {
		.buyer_id = c->node.id, .most = most, .asked = &asked,
		.integration = call_str(&c->body, "integration", ""),
		.capability = call_str(&c->body, "capability", ""),
		.deadline_s = call_int(&c->body, "deadline_seconds", 30),
		.input = &payload,
	};
	int64_t seconds;
	struct task t;

	(void)json_find(&payload, &c->body, "payload");
	(void)call_money_text(&c->body, "max_price", most);
	if (escrow_hire_in(c->ledger, &h, c->params, c->chance, &t, &seconds,
	    e)) {
		trade_capped(c, asked, e);
		return refuse(c, e);
	}
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "QUEUED");
	json_str(&c->out, "task_id", t.id);
	json_str(&c->out, "escrow_id", t.escrow_id);
	json_amount(&c->out, "estimated_cost", t.amount);
	json_int(&c->out, "eta_seconds", seconds);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

static const char *
status_of(const struct task *t)
{
	switch (t->state) {
	case TASK_OPEN:
	case TASK_IN_PROGRESS:
		return "RUNNING";
	case TASK_COMPLETED:
		return "COMPLETED";
	case TASK_DISPUTED:
	case TASK_REFUNDED:
		return "FAILED";
	case TASK_NONE:
	case TASK__STATES:
		break;
	}
	return "QUEUED";
}

static void
put_failure(struct buf *out, const struct task *t)
{
	bool failed = t->state == TASK_DISPUTED || t->state == TASK_REFUNDED;
	struct hire_word word = escrow_hire_word(E_wrong_state, false);

	json_str_or_null(out, "error_type", failed ? word.type : NULL);
	json_str_or_null(out, "error_message", !failed ? NULL : t->reason ?
	    t->reason : t->state == TASK_DISPUTED ? "The task is disputed" :
	    "The task was refunded");
	json_str_or_null(out, "retry_hint", failed ? word.hint : NULL);
}

static int
do_show(struct call *c, struct err *e)
{
	struct buf *out = &c->out;
	struct task t;

	if (trade_own_task(c, c->param[0], &t, e))
		return e->code == E_task_missing ? refuse(c, e) : -1;
	json_open(out, NULL, '{');
	json_str(out, "status", status_of(&t));
	json_str(out, "task_id", t.id);
	json_field_or_null(out, "escrow_id", t.escrow_id);
	if (t.escrow == ESCROW_AWAITING || t.escrow == ESCROW_SETTLED)
		json_amount(out, "cost", t.amount);
	else
		json_null(out, "cost");
	if (t.state == TASK_COMPLETED && t.output)
		json_raw(out, "output", t.output, strlen(t.output));
	else
		json_null(out, "output");
	put_failure(out, &t);
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

static int
do_wallet(struct call *c, struct err *e)
{
	struct escrow_opens opens;
	struct amount have;
	struct cri cri;

	if (purse_balance(c->store, &c->node, &have, e) ||
	    cri_score(c->store, c->node.id, c->now_ms, c->params, &cri, e) ||
	    escrow_opens(c->store, c->node.id, &opens, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", c->node.id);
	json_amount(&c->out, "balance_tck", have);
	cri_score_write(&c->out, "cri_score", cri.tenths);
	json_int(&c->out, "pending_escrows", opens.escrows);
	json_int(&c->out, "open_tasks", opens.tasks);
	json_close(&c->out, '}');
	return 0;
}

#define TAG .tag = "mcp"
const struct route routes_mcp[] = {
	{ "POST", "/v1/mcp/hire", .auth = AUTH_NODE, .class = ROUTE_WRITE,
	    .rate = RATE_tasks, .body_max = ROUTE_BODY_L,
	    .dialect = DIALECT_MCP, .act = do_hire, TAG,
	    .summary = "Buy the cheapest skill that has a capability",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"integration\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":50},"
		"\"capability\":{\"type\":\"string\",\"maxLength\":100},"
		"\"payload\":{\"type\":\"object\"},"
		"\"max_price\":{\"format\":\"money\",\"x-least\":\"0.01\","
		"\"x-most\":\"10000\"},"
		"\"deadline_seconds\":{\"type\":\"integer\","
		"\"minimum\":1,\"maximum\":3600}},\"required\":["
		"\"integration\",\"capability\",\"payload\"]}",
	    .codes = "capability_unknown over_price realm self_trade "
		"not_offered level_gate policy_denied cap_exceeded "
		"insufficient_funds cap_exposure ledger_invalid",
	    .reply = "{ status: 'QUEUED', task_id, escrow_id, "
		"estimated_cost: money, eta_seconds: int }" },
	{ "GET", "/v1/mcp/tasks/{task_id}", .auth = AUTH_NODE,
	    .dialect = DIALECT_MCP, .act = do_show, TAG,
	    .summary = "What has become of a task",
	    .codes = "task_missing not_task_party",
	    .reply = "{ status: 'QUEUED'|'RUNNING'|'COMPLETED'|'FAILED', "
		"task_id, escrow_id: text|null, cost: money|null, "
		"output: object|null, error_type: text|null, "
		"error_message: text|null, retry_hint: text|null }" },
	{ "GET", "/v1/mcp/wallet", .auth = AUTH_NODE, .act = do_wallet, TAG,
	    .flags = ROUTE_DEMO, .dialect = DIALECT_MCP,
	    .summary = "What one has, and what is open",
	    .reply = "{ node_id, balance_tck: money, cri_score: number, "
		"pending_escrows: int, open_tasks: int }" },
	{ 0 }
};
