/* A trade without money: spec/vmp.md 8.4. */
#include <string.h>

#include "api/trade.h"
#include "escrow/simulate.h"

static int
do_create(struct call *c, struct err *e)
{
	struct amount payout, tax;
	struct json input;
	struct order o;
	struct task t;

	trade_order(c, &o, &input);
	o.protocol = NULL;
	if (escrow_shadow_in(c->ledger, &o, c->params, c->chance, &t, e))
		return -1;
	escrow_split(&t, &payout, &tax);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "task_id", t.id);
	json_null(&c->out, "escrow_id");
	json_str(&c->out, "status", "SHADOW_QUEUED");
	json_bool(&c->out, "shadow", true);
	json_amount(&c->out, "simulated_cost", t.amount);
	json_amount(&c->out, "simulated_tax", tax);
	json_amount(&c->out, "simulated_payout", payout);
	json_time(&c->out, "auto_refund_at", t.refund_ms);
	json_str(&c->out, "note", "Nothing was locked, and nothing will be "
	    "paid.");
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

static int
do_simulate(struct call *c, struct err *e)
{
	struct task t;
	int rc;

	if (trade_own_task(c, c->param[0], &t, e))
		return -1;
	rc = escrow_simulate_write(&c->out, c->store, &t, c->params,
	    c->now_ms, e);
	escrow_task_release(&t);
	return rc;
}

#define TAG .tag = "shadow"
const struct route routes_shadow[] = {
	{ "POST", "/v1/shadow/tasks/create", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .rate = RATE_tasks, .body = TRADE_ORDER,
	    .body_max = ROUTE_BODY_L, .act = do_create, TAG,
	    .summary = "Buy a skill without money", .codes = TRADE_GATE,
	    .reply = "{ task_id, escrow_id: null, status: 'SHADOW_QUEUED', "
		"shadow: bool, simulated_cost: money, simulated_tax: money, "
		"simulated_payout: money, auto_refund_at: time, note }" },
	{ "GET", "/v1/shadow/simulate/{task_id}", .auth = AUTH_NODE,
	    .act = do_simulate, TAG,
	    .summary = "How a trade would end as it stands",
	    .codes = "task_missing not_task_party",
	    .reply = "{ task_id, shadow: bool, state, simulation: { "
		"outcome: 'SETTLED'|'AUTO_REFUND', dispute_engine: { "
		"triggered: bool, reason: text|null, details: any }, "
		"financial_impact: { buyer, seller, vault }, cri_impact: { "
		"buyer, seller } }, note }" },
	{ 0 }
};
