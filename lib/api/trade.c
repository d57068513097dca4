/* What the routes of trades have in common. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/trade.h"
#include "base/clock.h"
#include "bounty/bounty.h"
#include "escrow/said.h"
#include "ledger/ledger.h"
#include "node/caps.h"
#include "suite/suite.h"

#define RETRY_MOST_MS 3600000

void
trade_validators(const struct call *c, struct order *o)
{
	struct json list, it = { 0 };

	if (!json_has(&c->body, "validator_ids") ||
	    !json_find(&list, &c->body, "validator_ids"))
		return;
	while (o->n_custom < ESCROW_CUSTOMS && json_next(&it, &list))
		o->custom[o->n_custom++] = json_string(&it);
}

void
trade_order(struct call *c, struct order *o, struct json *input)
{
	*o = (struct order){
		.buyer_id = c->node.id, .input = input,
		.skill_id = call_str(&c->body, "skill_id", NULL),
		.quote_id = call_str(&c->body, "quote_id", NULL),
		.protocol = call_str(&c->body, "protocol", NULL),
	};
	(void)json_find(input, &c->body, "input_data");
	trade_validators(c, o);
}

/* When the first lock of the caller's can close: 1 to 3600 seconds. */
static int
put_retry(struct call *c, struct err *e)
{
	int64_t by_ms = c->now_ms + RETRY_MOST_MS, wait_s;
	char text[32];

	if (escrow_first_close(c->store, c->node.id, by_ms, &by_ms, e) ||
	    bounty_first_close(c->store, c->node.id, by_ms, &by_ms, e))
		return -1;
	wait_s = (by_ms - c->now_ms + 999) / 1000;
	snprintf(text, sizeof(text), "%" PRId64, wait_s < 1 ? 1 : wait_s);
	call_header(c, "Retry-After", text);
	return 0;
}

static void
put_day(struct buf *out, const struct node *n, const struct caps_now *now)
{
	const struct unit *unit = node_unit(n);
	int64_t left = n->per_day_minor - now->spent_minor;

	json_amount(out, "spent_today",
	    (struct amount){ now->spent_minor, unit });
	json_amount(out, "remaining_today",
	    (struct amount){ left > 0 ? left : 0, unit });
	json_time(out, "resets_at", now->resets_ms);
}

/* The gate looks at the cap for one task first. */
static int
put_caps(struct call *c, struct amount asked, enum err_code code,
    struct err *e)
{
	const struct unit *unit = node_unit(&c->node);
	const struct node *n = &c->node;
	struct amount limit = { n->per_task_minor, unit };
	const char *type = "per_task";
	struct balance have;
	struct caps_now now;

	if (ledger_balance_in(c->ledger, n->id, unit, &have, e) ||
	    caps_now(c->store, n, have.minor, c->now_ms, c->params, &now, e))
		return -1;
	if (code == E_cap_exposure) {
		type = "exposure";
		limit.minor = now.limit_minor;
	} else if (!n->per_task_minor || asked.minor <= n->per_task_minor) {
		type = "daily";
		limit.minor = n->per_day_minor;
	}
	json_str(&c->more, "cap_type", type);
	json_amount(&c->more, "requested",
	    (struct amount){ asked.minor, unit });
	json_amount(&c->more, "limit", limit);
	if (*type == 'd')
		put_day(&c->more, n, &now);
	return code == E_cap_exposure ? put_retry(c, e) : 0;
}

int
trade_capped(struct call *c, struct amount asked, struct err *e)
{
	struct err why = { 0 };

	if ((e->code != E_cap_exceeded && e->code != E_cap_exposure) ||
	    c->who != CALLER_NODE || !c->ledger)
		return -1;
	json_str(&c->more, "error", "canary_cap_exceeded");
	json_str(&c->more, "message", e->msg);
	if (put_caps(c, asked, e->code, &why))
		*e = why;
	return -1;
}

static int
wrong_state(enum escrow_event event, const struct task *t, struct err *e)
{
	switch (event) {
	case ESCROW_COMPLETE:
		return err_set(e, E_wrong_state, t->escrow == ESCROW_REFUNDED ?
		    "Escrow is already refunded" :
		    "Task cannot be completed from current state");
	case ESCROW_DISPUTE:
		return err_set(e, E_wrong_state, t->kind != TRADE_DIRECT &&
		    t->state != TASK_COMPLETED ?
		    "Cannot dispute task from current state" :
		    "Cannot dispute: Task not completed or already settled");
	case ESCROW_SETTLE:
		return err_set(e, E_wrong_state,
		    "Escrow not ready for settlement");
	case ESCROW_CLAIM:
	case ESCROW_TIMEOUT:
	case ESCROW_FAIL:
	case ESCROW_RELEASE:
	case ESCROW_RETURN:
	case ESCROW_REFUND:
	case ESCROW__EVENTS:
		break;
	}
	return -1;
}

static int
wrong_time(enum escrow_event event, const struct task *t, struct err *e)
{
	char at[CLOCK_TEXT];

	clock_text(t->settle_ms, at);
	if (e->code == E_window_open)
		return err_set(e, E_window_open, "Dispute window open until "
		    "%s", at);
	if (event == ESCROW_DISPUTE)
		return err_set(e, E_window_closed, "Cannot dispute: Dispute "
		    "window closed at %s", at);
	return err_set(e, E_window_closed, "Delivery deadline has passed");
}

int
trade_refused(struct call *c, enum escrow_event event, const char *id,
    bool escrow, struct err *e)
{
	struct task t = { 0 };
	struct err why;

	if (e->code == E_task_missing && escrow)
		return err_set(e, E_escrow_missing, "Escrow not found");
	if ((e->code != E_wrong_state && e->code != E_window_closed &&
	    e->code != E_window_open) || escrow_task(c->store, id, &t, &why))
		return -1;
	if (e->code == E_wrong_state)
		wrong_state(event, &t, e);
	else
		wrong_time(event, &t, e);
	escrow_task_release(&t);
	return -1;
}

int
trade_task(struct call *c, const char *id, struct task *out, struct err *e)
{
	if (escrow_task(c->store, id, out, e))
		return -1;
	if (!strcmp(out->id, id))
		return 0;
	escrow_task_release(out);
	return err_set(e, E_task_missing, "no task '%.80s'", id);
}

int
trade_escrow(struct call *c, const char *id, struct task *out, struct err *e)
{
	if (escrow_task(c->store, id, out, e)) {
		if (e->code == E_task_missing)
			e->code = E_escrow_missing;
		return -1;
	}
	if (!strcmp(out->escrow_id, id))
		return 0;
	escrow_task_release(out);
	return err_set(e, E_escrow_missing, "no escrow '%.80s'", id);
}

static int
own(struct call *c, struct task *t, enum err_code code, struct err *e)
{
	if (c->who == CALLER_ADMIN || call_is(c, t->buyer_id) ||
	    call_is(c, t->seller_id))
		return 0;
	err_set_(e, code, "'%.80s' is no party of '%s'", c->node.id,
	    escrow_name(t));
	escrow_task_release(t);
	return -1;
}

int
trade_own_task(struct call *c, const char *id, struct task *out,
    struct err *e)
{
	return trade_task(c, id, out, e) ? -1 :
	    own(c, out, E_not_task_party, e);
}

int
trade_own_escrow(struct call *c, const char *id, struct task *out,
    struct err *e)
{
	return trade_escrow(c, id, out, e) ? -1 :
	    own(c, out, E_not_escrow_party, e);
}

void
trade_escrow_write(struct buf *out, const char *key, const struct task *t)
{
	if (t->kind == TRADE_SHADOW) {
		json_null(out, key);
		return;
	}
	json_open(out, key, '{');
	json_str(out, "escrow_id", t->escrow_id);
	json_str(out, "status", escrow_state_word(t->escrow));
	json_amount(out, "amount", t->amount);
	json_str(out, "kind", t->kind == TRADE_DIRECT ? "direct" : "task");
	json_str_or_null(out, "dispute_reason", t->reason);
	json_time(out, "created_at", t->made_ms);
	json_time_or_null(out, "auto_settle_at", t->settle_ms);
	json_time(out, "auto_refund_at", t->refund_ms);
	json_time_or_null(out, "closed_at", t->closed_ms);
	json_close(out, '}');
}

void
trade_closed_write(struct buf *out, const struct task *t, const char *reason)
{
	char receipt[ESCROW_PAPER_ID];
	struct amount tax, payout;

	json_open(out, NULL, '{');
	json_str(out, "status", escrow_state_word(t->escrow));
	json_str(out, "escrow_id", t->escrow_id);
	if (t->escrow == ESCROW_SETTLED) {
		escrow_split(t, &payout, &tax);
		json_amount(out, "payout", payout);
		json_amount(out, "tax", tax);
	} else {
		json_amount(out, "amount", t->amount);
		json_str_or_null(out, "reason", reason ? reason : t->reason);
	}
	json_str(out, "receipt_id", escrow_receipt_id(t, receipt));
}

static int
put_completed(struct call *c, const struct task *t, bool again,
    struct err *e)
{
	struct buf *out = &c->out;

	json_open(out, NULL, '{');
	json_str(out, "status", "COMPLETED");
	if (t->kind != TRADE_DIRECT)
		json_str(out, "task_id", t->id);
	if (*t->escrow_id)
		json_str(out, "escrow_id", t->escrow_id);
	if (t->kind == TRADE_DIRECT)
		json_str(out, "escrow_status", escrow_state_word(t->escrow));
	json_str(out, "settlement_status", t->kind == TRADE_SHADOW ?
	    "SHADOW_NO_ESCROW" : t->escrow == ESCROW_AWAITING ?
	    "PENDING_DISPUTE_WINDOW" : escrow_state_word(t->escrow));
	json_time_or_null(out, "eta_tck_release", t->settle_ms);
	if (t->kind != TRADE_DIRECT && escrow_rules_write(out, c->store, t, e))
		return -1;
	json_str(out, "proof_match", t->proof_match ? t->proof_match :
	    "none");
	if (t->kind == TRADE_SHADOW)
		json_bool(out, "shadow", true);
	if (again)
		json_bool(out, "idempotent", true);
	json_close(out, '}');
	return 0;
}

/* t, which was read, is released. */
int
trade_complete(struct call *c, const struct act *a, struct task *t,
    bool escrow, struct err *e)
{
	bool again = t->output_sha256 || t->completed_ms;
	int rc = -1;

	if (escrow_act_on_in(c->ledger, a, c->params, t, e))
		return trade_refused(c, ESCROW_COMPLETE, a->task_id, escrow,
		    e);
	if (!again && t->run_id && suite_close_in(c->ledger, t->run_id, e) < 0)
		goto out;
	rc = put_completed(c, t, again, e);
out:
	escrow_task_release(t);
	return rc;
}

int
trade_dispute(struct call *c, const char *id, struct task *t, bool escrow,
    struct err *e)
{
	struct json evidence;
	const bool more = json_has(&c->body, "verification_evidence") &&
	    json_find(&evidence, &c->body, "verification_evidence");
	const struct act a = {
		.event = ESCROW_DISPUTE, .task_id = id, .node_id = c->node.id,
		.chance = c->chance,
		.reason = call_str(&c->body, "reason", NULL),
		.evidence = more ? &evidence : NULL,
	};
	struct buf *out = &c->out;
	int rc;

	if (escrow_act_on_in(c->ledger, &a, c->params, t, e))
		return trade_refused(c, ESCROW_DISPUTE, id, escrow, e);
	json_open(out, NULL, '{');
	json_str(out, "status", "DISPUTE_OPEN");
	json_str(out, "message", "The dispute is open: the escrow is held "
	    "until it is resolved");
	if (t->kind != TRADE_DIRECT)
		json_str(out, "task_id", t->id);
	json_str(out, "escrow_id", t->escrow_id);
	rc = escrow_disputed_write(out, c->store, t, a.evidence, e);
	json_str(out, "escrow_status", escrow_state_word(t->escrow));
	json_close(out, '}');
	escrow_task_release(t);
	return rc;
}
