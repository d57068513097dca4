/* What the operator does: sweeps, and disputes resolved (spec/vmp.md 2.14). */
#include <string.h>

#include "api/trade.h"
#include "settle/settle.h"

/* What a sweep did, in the words of its route. */
struct swept {
	struct call *call;
	struct buf details;		/* members of a list */
	bool cut;			/* of which there were too many */
	int64_t settled, refunded, expired, failed;
	int64_t tax_minor;		/* of TCK, and of SBX, which VAULTs of
					   their own hold, together */
};

static int
put_trade(struct swept *w, const char *id, struct err *e)
{
	struct amount payout, tax;
	struct task t;

	if (escrow_task(w->call->store, id, &t, e))
		return -1;
	escrow_split(&t, &payout, &tax);
	if (t.escrow == ESCROW_SETTLED) {
		w->settled++;
		w->tax_minor += tax.minor;
	} else {
		w->refunded++;
	}
	w->cut = w->details.len > (size_t)
	    w->call->params->value[PARAM_list_max_bytes];
	if (w->cut) {
		escrow_task_release(&t);
		return 0;
	}
	json_open(&w->details, NULL, '{');
	json_str(&w->details, "escrow_id", t.escrow_id);
	if (t.escrow == ESCROW_SETTLED) {
		json_amount(&w->details, "seller_payout", payout);
		json_amount(&w->details, "protocol_tax", tax);
		json_str(&w->details, "seller_id", t.seller_id);
	} else {
		json_amount(&w->details, "amount", t.amount);
		json_str(&w->details, "buyer_id", t.buyer_id);
	}
	json_close(&w->details, '}');
	escrow_task_release(&t);
	return 0;
}

static int
told(void *arg, const struct settled *s, struct err *e)
{
	struct swept *w = arg;

	if (s->why) {
		w->failed++;
		return 0;
	}
	if (s->phase == SETTLE_PAY || s->phase == SETTLE_REFUND)
		return put_trade(w, s->id, e);
	w->expired += s->phase == SETTLE_BOUNTY;
	return 0;
}

static int
sweep(struct call *c, enum settle_phase phase, struct swept *w,
    struct err *e)
{
	const struct settle s = {
		.now_ms = c->now_ms, .params = c->params, .told = told,
		.phases = 1u << phase, .arg = w,
		.sane = call_clock_sane(c),
	};

	*w = (struct swept){ .call = c, .details = BUF_INIT(16 << 20) };
	if (settle_sweep(c->store, call_ledger(c), &s, e))
		return -1;
	if (w->settled + w->refunded + w->expired)
		call_swept(c);
	return 0;
}

static void
put_details(struct call *c, struct swept *w)
{
	json_open(&c->out, "details", '[');
	buf_add(&c->out, w->details.data, w->details.len);
	json_close(&c->out, ']');
	if (w->cut)
		json_bool(&c->out, "details_cut", true);
	json_close(&c->out, '}');
}

static int
do_settle(struct call *c, struct err *e)
{
	struct swept w;
	int rc = sweep(c, SETTLE_PAY, &w, e);

	if (!rc) {
		json_open(&c->out, NULL, '{');
		json_str(&c->out, "status", "OK");
		json_int(&c->out, "settled", w.settled);
		json_int(&c->out, "auto_refunded", w.refunded);
		json_int(&c->out, "failed", w.failed);
		json_amount(&c->out, "tax_routed_to_vault", (struct amount){
		    w.tax_minor, unit_named("TCK") });
		json_time(&c->out, "timestamp", c->now_ms);
		put_details(c, &w);
	}
	buf_release(&w.details);
	return rc;
}

static int
do_refund(struct call *c, struct err *e)
{
	struct swept w;
	int rc = sweep(c, SETTLE_REFUND, &w, e);

	if (!rc) {
		json_open(&c->out, NULL, '{');
		json_str(&c->out, "status", "OK");
		json_int(&c->out, "refunded", w.refunded);
		json_int(&c->out, "failed", w.failed);
		json_time(&c->out, "timestamp", c->now_ms);
		put_details(c, &w);
	}
	buf_release(&w.details);
	return rc;
}

static int
do_expire(struct call *c, struct err *e)
{
	struct swept w;
	int rc = sweep(c, SETTLE_BOUNTY, &w, e);

	if (!rc) {
		json_open(&c->out, NULL, '{');
		json_str(&c->out, "status", "OK");
		json_int(&c->out, "expired", w.expired);
		json_int(&c->out, "failed", w.failed);
		json_time(&c->out, "timestamp", c->now_ms);
		json_close(&c->out, '}');
	}
	buf_release(&w.details);
	return rc;
}

/* A member of the body, else of the query. */
static const char *
say(const struct call *c, const char *key)
{
	return call_str(&c->body, key, call_str(&c->query, key, NULL));
}

static void
put_resolved(struct call *c, const struct task *t)
{
	char receipt[ESCROW_PAPER_ID];
	struct amount payout, tax;

	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", escrow_state_word(t->escrow));
	json_str(&c->out, "escrow_id", t->escrow_id);
	if (t->escrow == ESCROW_SETTLED) {
		escrow_split(t, &payout, &tax);
		json_amount(&c->out, "payout", payout);
		json_amount(&c->out, "tax", tax);
		json_str(&c->out, "to", t->seller_id);
	} else {
		json_amount(&c->out, "amount", t->amount);
		json_str(&c->out, "to", t->buyer_id);
	}
	json_str(&c->out, "receipt_id", escrow_receipt_id(t, receipt));
	json_close(&c->out, '}');
}

static int
do_resolve(struct call *c, struct err *e)
{
	const char *id = say(c, "escrow_id");
	const char *how = say(c, "resolution");
	struct act a = {
		.as = PARTY_OPERATOR, .reason = say(c, "reasoning"),
		.resolved_by = say(c, "resolved_by"), .task_id = id,
	};
	struct task t;

	if (!id)
		return call_fault(c, "escrow_id", "Field required", e);
	if (trade_escrow(c, id, &t, e))
		return -1;
	escrow_task_release(&t);
	if (how && !strcmp(how, "release_to_seller"))
		a.event = ESCROW_RELEASE;
	else if (how && !strcmp(how, "refund_buyer"))
		a.event = ESCROW_RETURN;
	else
		return err_set(e, E_bad_resolution, "not '%.40s'",
		    how ? how : "");
	if (escrow_act_in(c->ledger, &a, c->params, &t, e)) {
		if (e->code == E_wrong_state)
			c->detail = "Escrow is not in DISPUTED state";
		return -1;
	}
	put_resolved(c, &t);
	escrow_task_release(&t);
	return 0;
}

#define RESOLVE "{\"type\":\"object\",\"properties\":{" \
    "\"escrow_id\":{\"type\":\"string\",\"maxLength\":100}," \
    "\"resolution\":{\"type\":\"string\",\"maxLength\":100}," \
    "\"reasoning\":{\"type\":\"string\",\"maxLength\":2000}," \
    "\"resolved_by\":{\"type\":\"string\",\"enum\":[\"MANUAL_REVIEW\"," \
    "\"VERIFIER_EVIDENCE\"]}}}"

#define TAG .tag = "admin"
const struct route routes_operate[] = {
	{ "POST", "/v1/admin/escrows/auto-settle", .auth = AUTH_ADMIN,
	    .class = ROUTE_ALONE, .act = do_settle, TAG,
	    .summary = "Pay what is due",
	    .reply = "{ status: 'OK', settled: int, auto_refunded: int, "
		"failed: int, tax_routed_to_vault: money, timestamp: time, "
		"details: [{ escrow_id, seller_payout: money, "
		"protocol_tax: money, seller_id }] }" },
	{ "POST", "/v1/admin/escrows/auto-refund", .auth = AUTH_ADMIN,
	    .class = ROUTE_ALONE, .act = do_refund, TAG,
	    .summary = "Refund what was not delivered",
	    .reply = "{ status: 'OK', refunded: int, failed: int, "
		"timestamp: time, details: [{ escrow_id, amount: money, "
		"buyer_id }] }" },
	{ "POST", "/v1/admin/bounties/expire", .auth = AUTH_ADMIN,
	    .class = ROUTE_ALONE, .act = do_expire, TAG,
	    .summary = "End bounties whose deadline came",
	    .reply = "{ status: 'OK', expired: int, failed: int, "
		"timestamp: time }" },
	{ "POST", "/v1/admin/disputes/resolve", .auth = AUTH_ADMIN,
	    .class = ROUTE_WRITE, .act = do_resolve, TAG,
	    .summary = "Decide a dispute", .query = RESOLVE,
	    .body = RESOLVE,
	    .codes = "escrow_missing bad_resolution wrong_state",
	    .reply = "Settled & { to }|Refunded & { to }" },
	{ 0 }
};
