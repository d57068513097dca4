/* The rows of a trade, written: all that is read of them is in task.c. */
#include "escrow/impl.h"

static void
bind_time(struct query *q, int64_t ms)
{
	if (ms)
		query_int(q, ms);
	else
		query_null(q);
}

static int
done(struct query *q, struct err *e)
{
	return query_run(q, NULL, e) < 0 ? -1 : 0;
}

static int
add_escrow(struct store *s, const struct task *t, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_ADD);
	query_text(&q, t->escrow_id);
	query_text(&q, t->kind == TRADE_DIRECT ? "direct" : "task");
	query_text(&q, t->buyer_id);
	query_text(&q, t->seller_id);
	query_text(&q, t->amount.unit->code);
	query_int(&q, t->amount.minor);
	query_int(&q, t->tax_bp);
	query_int(&q, t->made_ms);
	query_int(&q, t->refund_ms);
	return done(&q, e);
}

static int
add_task(struct store *s, const struct task *t, const char *contract,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_TASK_ADD);
	query_text(&q, t->id);
	query_text(&q, *t->escrow_id ? t->escrow_id : NULL);
	query_text(&q, t->skill_id);
	query_text(&q, contract);
	query_text(&q, t->customs);
	query_text(&q, t->label);
	query_text(&q, t->protocol);
	query_text(&q, t->integration);
	query_text(&q, t->capability);
	bind_time(&q, t->deadline_s);
	query_text(&q, t->run_id);
	query_text(&q, t->verified_task_id);
	query_text(&q, t->input);
	return done(&q, e);
}

static int
add_shadow(struct store *s, const struct task *t, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_SHADOW_ADD);
	query_text(&q, t->id);
	query_text(&q, t->buyer_id);
	query_text(&q, t->seller_id);
	query_text(&q, t->amount.unit->code);
	query_int(&q, t->amount.minor);
	query_int(&q, t->tax_bp);
	query_int(&q, t->made_ms);
	query_int(&q, t->refund_ms);
	return done(&q, e);
}

int
escrow_add_rows(struct store *s, const struct task *t, const char *contract,
    struct err *e)
{
	if (t->kind != TRADE_SHADOW && add_escrow(s, t, e))
		return -1;
	if (t->kind != TRADE_DIRECT && add_task(s, t, contract, e))
		return -1;
	return t->kind == TRADE_SHADOW ? add_shadow(s, t, e) : 0;
}

/* Guarded by the state that was judged: no row changed means a bug. */
static int
moved(struct query *q, struct err *e)
{
	int got = query_change(q, e);

	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "a row changed under the lock");
}

static int
move_escrow(struct store *s, const struct task *was, const struct task *t,
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
	query_text(&q, t->proof_hash);
	query_text(&q, t->settle_proof_hash);
	return moved(&q, e);
}

static int
move_task(struct store *s, const struct task *was, const struct task *t,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_TASK_MOVE);
	query_text(&q, t->id);
	query_text(&q, escrow_task_word(was->state));
	query_text(&q, escrow_task_word(t->state));
	query_text(&q, t->output);
	query_text(&q, t->output_sha256);
	bind_time(&q, t->claimed_ms);
	bind_time(&q, t->completed_ms);
	query_text(&q, t->proof_match);
	query_text(&q, t->llm_provider);
	return moved(&q, e);
}

static int
move_shadow(struct store *s, const struct task *t, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_SHADOW_MOVE);
	query_text(&q, t->id);
	query_text(&q, t->verdict);
	query_text(&q, t->reason);
	query_text(&q, t->proof_hash);
	bind_time(&q, t->closed_ms);
	return moved(&q, e);
}

static int
move_direct(struct store *s, const struct task *t, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_DIRECT_MOVE);
	query_text(&q, t->escrow_id);
	query_text(&q, t->output);
	query_text(&q, t->output_sha256);
	bind_time(&q, t->completed_ms);
	return moved(&q, e);
}

int
escrow_move_rows(struct store *s, const struct task *was,
    const struct task *t, struct err *e)
{
	if (t->kind == TRADE_DIRECT)
		return move_escrow(s, was, t, e) || move_direct(s, t, e) ?
		    -1 : 0;
	if ((t->kind == TRADE_SHADOW ? move_shadow(s, t, e) :
	    move_escrow(s, was, t, e)))
		return -1;
	/* To be paid changes nothing about the work: no row, no page. */
	return was->state == t->state ? 0 : move_task(s, was, t, e);
}

static int
add_check(struct store *s, const struct task *t, int64_t index,
    const struct validate_row *r, int64_t now_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_VERDICT_ADD);
	query_text(&q, t->id);
	query_int(&q, index);
	query_text(&q, r->id);
	query_text(&q, r->custom ? "custom" : "protocol");
	query_text(&q, r->type);
	query_text(&q, validate_result_word(r->result));
	query_text(&q, r->details);
	query_int(&q, now_ms);
	return done(&q, e);
}

int
escrow_add_verdict(struct store *s, const struct task *t,
    const struct judged *j, int64_t now_ms, struct err *e)
{
	const struct validate_row *r = j->verdict.rows;
	size_t i, index;

	for (i = 0; i < j->verdict.count; i++, r++) {
		index = r->index + (r->custom ? j->first_custom : 0);
		if (add_check(s, t, (int64_t)index, r, now_ms, e))
			return -1;
	}
	return !t->verdict ? 0 : escrow_say_rule(s, t, t->verdict,
	    j->verdict.details, "FLAGGED_AUTO", now_ms, e);
}
