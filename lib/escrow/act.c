/* One event on one task: judged, logged, paid and stored together. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "escrow/impl.h"
#include "ledger/ledger.h"

#define REASON_MAX 2000		/* characters */

static int
wrong_state(const struct act *a, const struct task *t, struct err *e)
{
	if (a->event == ESCROW_CLAIM)
		return err_set(e, E_already_claimed, "task '%s' is %s", t->id,
		    escrow_task_word(t->state));
	return err_set(e, E_wrong_state, "task '%s' is %s, its escrow %s",
	    t->id, escrow_task_word(t->state), escrow_state_word(t->escrow));
}

/*
 * Seller and buyer act for themselves, and either may set the timer off; what
 * the operator decides is no node's to do.
 */
static bool
is_theirs(const struct act *a, const struct task *t)
{
	bool buyer = !strcmp(a->node_id, t->buyer_id);
	bool seller = !strcmp(a->node_id, t->seller_id);

	switch (a->event) {
	case ESCROW_CLAIM:
	case ESCROW_COMPLETE:
		return seller;
	case ESCROW_DISPUTE:
		return buyer;
	case ESCROW_TIMEOUT:
	case ESCROW_SETTLE:
	case ESCROW_FAIL:
		return buyer || seller;
	case ESCROW_RELEASE:
	case ESCROW_RETURN:
	case ESCROW__EVENTS:
		break;
	}
	return false;
}

static int
check_party(const struct act *a, const struct task *t, struct err *e)
{
	if (!a->node_id || is_theirs(a, t))
		return 0;
	if (a->event == ESCROW_DISPUTE)
		return err_set(e, E_not_your_task, "'%.80s' is not the buyer "
		    "of task '%s'", a->node_id, t->id);
	if (a->event == ESCROW_CLAIM || a->event == ESCROW_COMPLETE)
		return err_set(e, E_not_your_task, "'%.80s' is not the seller "
		    "of task '%s'", a->node_id, t->id);
	return err_set(e, E_not_your_task, "'%.80s' may not do this to task "
	    "'%s'", a->node_id, t->id);
}

/* A recorded verdict that fails refunds, and nothing else does by time. */
static bool
verdict_allows(enum escrow_event event, const struct task *t)
{
	if (event == ESCROW_FAIL)
		return t->verdict;
	return event != ESCROW_SETTLE || !t->verdict;
}

static int
check_time(enum escrow_when when, const struct task *t, int64_t now_ms,
    struct err *e)
{
	bool refund = when == WHEN_BEFORE_REFUND || when == WHEN_REFUND_DUE;
	bool before = when == WHEN_BEFORE_REFUND ||
	    when == WHEN_BEFORE_SETTLE;
	int64_t deadline_ms = refund ? t->refund_ms : t->settle_ms;
	char at[CLOCK_TEXT];

	if (when == WHEN_ANY || before == (now_ms < deadline_ms))
		return 0;
	clock_text(deadline_ms, at);
	if (before)
		return err_set(e, E_window_closed, refund ?
		    "the delivery deadline passed at %s" :
		    "the dispute window closed at %s", at);
	return err_set(e, E_window_open, "nothing is due until %s", at);
}

/* The output, and the first rule it breaks: PROOF_MISSING if it is empty. */
static int
take_output(const struct json *output, struct task *t, struct err *e)
{
	char hex[HASH_HEX];

	if (escrow_take_json(output, &t->output, hex, e))
		return -1;
	t->output_sha256 = mem_text(hex);
	if (!json_count(output))
		t->verdict = mem_text("PROOF_MISSING");
	return 0;
}

/* Was this very output delivered before?  1, 0, -1. */
static int
delivered(const struct act *a, const struct task *t, struct err *e)
{
	struct task again = { 0 };
	int same;

	if (a->event != ESCROW_COMPLETE || !t->output_sha256)
		return 0;
	if (take_output(a->output, &again, e))
		return -1;
	same = !strcmp(again.output_sha256, t->output_sha256);
	escrow_task_release(&again);
	return same;
}

static int
check_reason(const struct act *a, struct err *e)
{
	size_t n = 0;
	const char *p;

	if (!a->reason)
		return a->event != ESCROW_DISPUTE ? 0 : err_set(e, E_bad_json,
		    "a dispute needs a reason");
	for (p = a->reason; *p; p++)
		n += (*p & 0xc0) != 0x80;
	return n && n <= REASON_MAX ? 0 : err_set(e, E_bad_json,
	    "the reason is not 1 to %d characters", REASON_MAX);
}

/* What becomes of the task itself, beside its states. */
static int
change(const struct act *a, struct task *t, int64_t now_ms,
    const struct params *p, struct err *e)
{
	switch (a->event) {
	case ESCROW_CLAIM:
		t->claimed_ms = now_ms;
		return 0;
	case ESCROW_COMPLETE:
		t->completed_ms = now_ms;
		t->settle_ms = now_ms + p->value[PARAM_dispute_window];
		return take_output(a->output, t, e);
	case ESCROW_DISPUTE:
		t->disputed_ms = now_ms;
		t->reason = mem_text(a->reason);
		return 0;
	case ESCROW_TIMEOUT:
		t->reason = mem_text("TIMEOUT_NON_DELIVERY");
		break;
	case ESCROW_FAIL:
		if (!t->reason)		/* else it was disputed as well */
			t->reason = mem_text(t->verdict);
		break;
	case ESCROW_RELEASE:
	case ESCROW_RETURN:
		t->reasoning = a->reason ? mem_text(a->reason) : NULL;
		break;
	case ESCROW_SETTLE:
	case ESCROW__EVENTS:
		break;
	}
	t->closed_ms = now_ms;
	return 0;
}

/* Guarded by the state that was judged: no row changed means a bug. */
static int
move(struct query *q, struct err *e)
{
	int got = query_run(q, NULL, e);

	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "a row changed under the lock");
}

static void
bind_time(struct query *q, int64_t ms)
{
	if (ms)
		query_int(q, ms);
	else
		query_null(q);
}

static int
store_task(struct store *s, const struct task *was, const struct task *t,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_MOVE);
	query_text(&q, t->escrow_id);
	query_text(&q, escrow_state_word(was->escrow));
	query_text(&q, escrow_state_word(t->escrow));
	query_text(&q, t->verdict);
	query_text(&q, t->reason);
	bind_time(&q, t->settle_ms);
	bind_time(&q, t->disputed_ms);
	bind_time(&q, t->closed_ms);
	query_text(&q, t->reasoning);
	if (move(&q, e))
		return -1;
	query_open(&q, s, SQL_ESCROW_TASK_MOVE);
	query_text(&q, t->id);
	query_text(&q, escrow_task_word(was->state));
	query_text(&q, escrow_task_word(t->state));
	query_text(&q, t->output);
	query_text(&q, t->output_sha256);
	bind_time(&q, t->claimed_ms);
	bind_time(&q, t->completed_ms);
	return move(&q, e);
}

/* Leaves and rows of a step that was judged good. */
static int
perform(struct ledger *l, const struct act *a, const struct escrow_step *step,
    const struct params *p, struct task *t, struct err *e)
{
	const struct task was = { .escrow = t->escrow, .state = t->state };

	if (change(a, t, ledger_now(l), p, e) ||
	    escrow_post_event(l, t, a->event, a->reason, e) ||
	    escrow_post_close(l, t, a->event, e))
		return -1;
	t->escrow = step->to;
	t->state = step->task;
	return store_task(ledger_store(l), &was, t, e);
}

int
escrow_act_in(struct ledger *l, const struct act *a, const struct params *p,
    struct task *out, struct err *e)
{
	const struct escrow_step *step;
	int same, rc = -1;

	assert(ledger_writing(l) && a->event < ESCROW__EVENTS);
	*out = (struct task){ 0 };
	if (check_reason(a, e) ||
	    escrow_task(ledger_store(l), a->task_id, out, e) ||
	    check_party(a, out, e))
		goto out;
	same = delivered(a, out, e);
	if (same) {
		rc = same < 0 ? -1 : 0;
		goto out;
	}
	step = escrow_step(a->event, out->escrow, out->state);
	if (!step || !verdict_allows(a->event, out)) {
		wrong_state(a, out, e);
		goto out;
	}
	if (check_time(step->when, out, ledger_now(l), e))
		goto out;
	rc = perform(l, a, step, p, out, e);
out:
	if (rc)
		escrow_task_release(out);
	return rc;
}
