/* Escrows between two nodes, without a skill: spec/vmp.md 2.3. */
#include <string.h>

#include "api/trade.h"
#include "settle/settle.h"

static int
do_init(struct call *c, struct err *e)
{
	char amount[AMOUNT_TEXT] = "";
	const struct direct d = {
		.buyer_id = c->node.id, .amount = amount,
		.seller_id = call_str(&c->body, "seller_id", ""),
	};
	struct amount asked = { 0, node_unit(&c->node) };
	struct task t;

	(void)call_money_text(&c->body, "amount", amount);
	(void)call_money(&c->body, "amount", &asked.minor);
	if (escrow_direct_in(c->ledger, &d, c->params, c->chance, &t, e))
		return trade_capped(c, asked, e);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "escrow_id", t.escrow_id);
	json_str(&c->out, "status", "FUNDS_LOCKED");
	json_amount(&c->out, "amount", t.amount);
	json_time(&c->out, "auto_refund_at", t.refund_ms);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

/*
 * That it is of a task, whose seller delivers an output, is told after who may
 * ask: lib/escrow knows only what is delivered.
 */
static int
check_direct(struct call *c, struct task *t, const char *party,
    struct err *e)
{
	bool other = strcmp(c->node.id, party);

	if (t->kind == TRADE_DIRECT && !other)
		return 0;
	if (other)
		err_set_(e, E_not_escrow_party, "'%.80s' may not do this to "
		    "escrow '%s'", c->node.id, t->escrow_id);
	else
		err_set_(e, E_has_task, "escrow '%s' is of task '%s'",
		    t->escrow_id, t->id);
	escrow_task_release(t);
	return -1;
}

static int
do_complete(struct call *c, struct err *e)
{
	struct json output;
	bool with = json_has(&c->body, "output_data") &&
	    json_find(&output, &c->body, "output_data");
	const struct act a = {
		.event = ESCROW_COMPLETE, .node_id = c->node.id,
		.task_id = call_str(&c->body, "escrow_id", ""),
		.output = with ? &output : NULL,
		.proof_hash = call_str(&c->body, "proof_hash", NULL),
	};
	struct task t;

	return trade_escrow(c, a.task_id, &t, e) ||
	    check_direct(c, &t, t.seller_id, e) ? -1 :
	    trade_complete(c, &a, &t, true, e);
}

static int
do_dispute(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "escrow_id", "");
	struct task t;

	return trade_escrow(c, id, &t, e) ||
	    check_direct(c, &t, t.buyer_id, e) ? -1 :
	    trade_dispute(c, id, &t, true, e);
}

static int
do_settle(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "escrow_id", "");
	const struct settle_claim claim = {
		.id = id, .node_id = c->node.id,
		.proof_hash = call_str(&c->body, "proof_hash", NULL),
	};
	struct task t;

	if (trade_own_escrow(c, id, &t, e))
		return -1;
	escrow_task_release(&t);
	if (settle_one_in(c->ledger, &claim, c->params, &t, e))
		return trade_refused(c, ESCROW_SETTLE, id, true, e);
	trade_closed_write(&c->out, &t, NULL);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

static int
do_show(struct call *c, struct err *e)
{
	struct buf *out = &c->out;
	struct task t;

	if (trade_own_escrow(c, c->param[0], &t, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "escrow_id", t.escrow_id);
	json_str(out, "status", escrow_state_word(t.escrow));
	json_amount(out, "amount", t.amount);
	json_str(out, "kind", t.kind == TRADE_DIRECT ? "direct" : "task");
	json_field_or_null(out, "task_id", t.id);
	json_str(out, "buyer_id", t.buyer_id);
	json_str(out, "seller_id", t.seller_id);
	json_str_or_null(out, "dispute_reason", t.reason);
	json_str_or_null(out, "proof_hash", t.proof_hash);
	json_str_or_null(out, "settle_proof_hash", t.settle_proof_hash);
	json_str_or_null(out, "output_hash", t.output_sha256);
	json_time(out, "created_at", t.made_ms);
	json_time_or_null(out, "completed_at", t.completed_ms);
	json_time_or_null(out, "auto_settle_at", t.settle_ms);
	json_time(out, "auto_refund_at", t.refund_ms);
	json_time_or_null(out, "disputed_at", t.disputed_ms);
	json_time_or_null(out, "closed_at", t.closed_ms);
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

#define TAG .tag = "escrow"
#define ID_IS "{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}"
#define PROOF_IS "{\"type\":\"string\",\"minLength\":1,\"maxLength\":256}"
const struct route routes_direct[] = {
	{ "POST", "/v1/trade/escrow/init", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .rate = RATE_escrow_init, .act = do_init,
	    TAG, .summary = "Lock an amount for a seller",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"seller_id\":{\"type\":\"string\",\"minLength\":3,"
		"\"maxLength\":100},"
		"\"amount\":{\"format\":\"money\",\"x-least\":\"0.01\","
		"\"x-most\":\"100000\"}},"
		"\"required\":[\"seller_id\",\"amount\"]}",
	    .codes = "seller_missing self_trade realm seller_inactive "
		"level_gate policy_denied cap_exceeded insufficient_funds "
		"cap_exposure ledger_invalid",
	    .reply = "{ escrow_id, status: 'FUNDS_LOCKED', amount: money, "
		"auto_refund_at: time }" },
	{ "POST", "/v1/trade/escrow/complete", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .flags = ROUTE_EXEMPT,
	    .body_max = ROUTE_BODY_L, .act = do_complete, TAG,
	    .summary = "Deliver", .body = "{\"type\":\"object\","
		"\"properties\":{\"escrow_id\":" ID_IS ","
		"\"proof_hash\":" PROOF_IS ","
		"\"output_data\":{\"type\":\"object\"}},"
		"\"required\":[\"escrow_id\",\"proof_hash\"]}",
	    .codes = "escrow_missing not_escrow_party has_task wrong_state "
		"window_closed",
	    .reply = "Delivered & { escrow_id, escrow_status }" },
	{ "POST", "/v1/trade/escrow/dispute", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .flags = ROUTE_EXEMPT, .act = do_dispute,
	    TAG, .summary = "Object to what was delivered",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"escrow_id\":" ID_IS ","
		"\"reason\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":2000},"
		"\"verification_evidence\":{\"type\":\"object\"}},"
		"\"required\":[\"escrow_id\",\"reason\"]}",
	    .codes = "escrow_missing not_escrow_party has_task wrong_state "
		"window_closed",
	    .reply = "Disputed" },
	{ "POST", "/v1/trade/escrow/settle", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .rate = RATE_escrow_settle,
	    .act = do_settle, TAG,
	    .summary = "Have it paid, once the dispute window is over",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"escrow_id\":" ID_IS ",\"proof_hash\":" PROOF_IS "},"
		"\"required\":[\"escrow_id\",\"proof_hash\"]}",
	    .codes = "escrow_missing not_escrow_party wrong_state "
		"window_open",
	    .reply = "Settled|Refunded & { reason }" },
	{ "GET", "/v1/trade/escrow/{escrow_id}", .auth = AUTH_NODE,
	    .act = do_show, TAG, .summary = "An escrow of one's own",
	    .codes = "escrow_missing not_escrow_party",
	    .reply = "Hold & { task_id: text|null, buyer_id, seller_id, "
		"proof_hash: text|null, settle_proof_hash: text|null, "
		"output_hash: hash|null, completed_at: time|null, "
		"disputed_at: time|null }" },
	{ 0 }
};
