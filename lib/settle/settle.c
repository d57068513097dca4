#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/clearing.h"
#include "ledger/ledger.h"
#include "settle/impl.h"

/* One transaction's worth, told of when it is committed. */
struct batch {
	char (*id)[ID_TEXT];
	struct task *task;
	struct err *why;
	int n;
};

int
settle_one_in(struct ledger *l, const char *id, const struct params *p,
    struct task *out, struct err *e)
{
	struct act act = { .task_id = id };

	if (escrow_task(ledger_store(l), id, out, e))
		return -1;
	act.event = escrow_due_event(out, ledger_now(l));
	if (act.event == ESCROW__EVENTS)	/* say which: state or time */
		act.event = out->escrow == ESCROW_PENDING ? ESCROW_TIMEOUT :
		    out->escrow == ESCROW_AWAITING && out->verdict ?
		    ESCROW_FAIL : ESCROW_SETTLE;
	escrow_task_release(out);
	return escrow_act_in(l, &act, p, out, e);
}

static int
close_one(struct ledger *l, const struct params *p, struct batch *b, int i,
    struct err *e)
{
	struct err *why = &b->why[i];

	if (ledger_mark_in(l, e))
		return -1;
	if (!settle_one_in(l, b->id[i], p, &b->task[i], why))
		return ledger_keep_in(l, e);
	if (ledger_undo_in(l, e))
		return -1;
	if (!err_ends_run(why))
		return 0;
	*e = *why;
	return -1;
}

static int
tell(const struct settle *s, const struct batch *b, struct err *e)
{
	struct settled done;
	int i;

	for (i = 0; i < b->n; i++) {
		done = (struct settled){
			.task = b->why[i].kind ? NULL : &b->task[i],
			.escrow_id = b->id[i],
			.why = b->why[i].kind ? &b->why[i] : NULL,
		};
		if (s->told(s->arg, &done, e))
			return -1;
	}
	return 0;
}

static void
batch_reset(struct batch *b)
{
	while (b->n)
		escrow_task_release(&b->task[--b->n]);
}

/* Those due after the last one seen, in one transaction: 1 if some were. */
static int
run_batch(struct store *store, struct ledger **l, const struct settle *s,
    enum escrow_due which, struct batch *b, int most, int64_t *after_ms,
    char after_id[ID_TEXT], struct err *e)
{
	int i, n;

	if (ledger_begin(store, l, s->now_ms, s->sane, e))
		return -1;
	n = escrow_due(store, which, ledger_now(*l), after_ms, after_id, most,
	    b->id, e);
	for (i = 0; i < n; i++) {
		b->task[i] = (struct task){ 0 };
		b->why[i] = (struct err){ 0 };
		b->n = i + 1;
		if (close_one(*l, s->params, b, i, e))
			n = -1;
	}
	if (n <= 0) {
		ledger_rollback(*l);
		return n;
	}
	return ledger_commit(*l, e) || tell(s, b, e) ? -1 : 1;
}

/*
 * When refunds were last swept with something to do: whatever was due before
 * is closed, or parked for a reason.  Sweeps without work need not be noted.
 */
static int
note_sweep(struct store *store, struct ledger **l, const struct settle *s,
    struct err *e)
{
	if (ledger_begin(store, l, s->now_ms, s->sane, e))
		return -1;
	if (store_keep_number_in(store, SETTLE_SWEPT, s->now_ms, e)) {
		ledger_rollback(*l);
		return -1;
	}
	return ledger_commit(*l, e);
}

int
settle_sweep(struct store *store, struct ledger **l, const struct settle *s,
    struct err *e)
{
	int batch = (int)s->params->value[PARAM_settle_batch], most, got = 0;
	bool worked = false;
	int64_t left = s->limit ? s->limit : INT64_MAX, after_ms;
	char after_id[ID_TEXT];
	struct batch b = {
		.id = mem_zero((size_t)batch, sizeof(*b.id)),
		.task = mem_zero((size_t)batch, sizeof(*b.task)),
		.why = mem_zero((size_t)batch, sizeof(*b.why)),
	};
	enum escrow_due which;

	for (which = DUE_SETTLE; which <= DUE_REFUND && got >= 0; which++) {
		after_ms = INT64_MIN;
		*after_id = '\0';
		do {
			most = left < batch ? (int)left : batch;
			got = most ? run_batch(store, l, s, which, &b, most,
			    &after_ms, after_id, e) : 0;
			left -= b.n;
			worked = which == DUE_REFUND && (worked || b.n);
			batch_reset(&b);
		} while (got > 0);
	}
	free(b.id);
	free(b.task);
	free(b.why);
	if (!got && worked && left)
		got = note_sweep(store, l, s, e);
	return got < 0 ? -1 : 0;
}

void
settle_write(struct buf *out, const struct task *t)
{
	struct amount tax = { 0, t->amount.unit }, payout = tax;

	tax.minor = clearing_tax(t->amount.minor, t->tax_bp);
	payout.minor = t->amount.minor - tax.minor;
	json_open(out, NULL, '{');
	json_str(out, "escrow_id", t->escrow_id);
	json_str(out, "task_id", t->id);
	json_str(out, "status", escrow_state_word(t->escrow));
	json_str(out, "unit", tax.unit->code);
	if (t->escrow == ESCROW_SETTLED) {
		json_str(out, "seller_id", t->seller_id);
		json_amount(out, "payout", payout);
		json_amount(out, "tax", tax);
	} else {
		json_str(out, "buyer_id", t->buyer_id);
		json_amount(out, "amount", t->amount);
		json_str(out, "reason", t->verdict ? t->verdict : t->reason);
	}
	json_time(out, "closed_at", t->closed_ms);
}
