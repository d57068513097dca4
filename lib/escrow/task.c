/* Tasks as the store has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escrow/escrow.h"
#include "ledger/clearing.h"

static enum escrow_state
state_named(const char *word)
{
	enum escrow_state s = 0;

	if (!word)
		return ESCROW_NONE;
	while (s < ESCROW_REFUNDED && strcmp(escrow_state_word(s), word))
		s++;
	return s;
}

/* A row of one of the three views escrow_trade*. */
static void
take(const struct query *q, struct task *t)
{
	*t = (struct task){ .state = TASK_NONE };
	if (query_get_null(q, 1))
		t->kind = TRADE_SHADOW;
	else if (query_get_null(q, 2))
		t->kind = TRADE_DIRECT;
	if (t->kind != TRADE_DIRECT)
		query_put_text(q, 0, t->id, sizeof(t->id));
	query_put_text(q, 1, t->escrow_id, sizeof(t->escrow_id));
	query_put_text(q, 2, t->skill_id, sizeof(t->skill_id));
	query_put_text(q, 3, t->buyer_id, sizeof(t->buyer_id));
	query_put_text(q, 4, t->seller_id, sizeof(t->seller_id));
	t->amount.unit = unit_named(query_get_text(q, 5));
	t->amount.minor = query_get_int(q, 6);
	t->tax_bp = query_get_int(q, 7);
	if (t->kind != TRADE_DIRECT)
		(void)escrow_task_named(query_get_text(q, 8), &t->state);
	t->escrow = state_named(query_get_text(q, 9));
	t->label = query_copy_text(q, 10);
	t->input = query_copy_text(q, 11);
	t->output = query_copy_text(q, 12);
	t->output_sha256 = query_copy_text(q, 13);
	t->verdict = query_copy_text(q, 14);
	t->reason = query_copy_text(q, 15);
	t->reasoning = query_copy_text(q, 16);
	t->made_ms = query_get_int(q, 17);
	t->refund_ms = query_get_int(q, 18);
	t->settle_ms = query_get_int(q, 19);
	t->claimed_ms = query_get_int(q, 20);
	t->completed_ms = query_get_int(q, 21);
	t->disputed_ms = query_get_int(q, 22);
	t->closed_ms = query_get_int(q, 23);
	t->protocol = query_copy_text(q, 24);
	t->integration = query_copy_text(q, 25);
	t->capability = query_copy_text(q, 26);
	t->llm_provider = query_copy_text(q, 27);
	t->proof_hash = query_copy_text(q, 28);
	t->proof_match = query_copy_text(q, 29);
	t->settle_proof_hash = query_copy_text(q, 30);
	t->verified_task_id = query_copy_text(q, 31);
	t->run_id = query_copy_text(q, 32);
	t->deadline_s = query_get_int(q, 33);
	t->customs = query_copy_text(q, 34);
}

void
escrow_task_release(struct task *t)
{
	char *const owned[] = {
		t->label, t->input, t->output, t->output_sha256, t->verdict,
		t->reason, t->reasoning, t->proof_hash, t->proof_match,
		t->settle_proof_hash, t->protocol, t->integration,
		t->capability, t->llm_provider, t->customs,
		t->verified_task_id, t->run_id,
	};
	size_t i;

	for (i = 0; i < sizeof(owned) / sizeof(*owned); i++)
		free(owned[i]);
	*t = (struct task){ 0 };
}

const char *
escrow_name(const struct task *t)
{
	return *t->id ? t->id : t->escrow_id;
}

const char *
escrow_receipt_id(const struct task *t, char out[ESCROW_PAPER_ID])
{
	snprintf(out, ESCROW_PAPER_ID, ESCROW_PAPER "%s", escrow_name(t));
	return out;
}

void
escrow_split(const struct task *t, struct amount *payout, struct amount *tax)
{
	*tax = (struct amount){ clearing_tax(t->amount.minor, t->tax_bp),
	    t->amount.unit };
	*payout = (struct amount){ t->amount.minor - tax->minor,
	    t->amount.unit };
}

int
escrow_task(struct store *s, const char *id, struct task *out, struct err *e)
{
	static const enum sql kinds[] = {
		SQL_ESCROW_TASK_GET, SQL_ESCROW_TASK_GET_SHADOW,
		SQL_ESCROW_TASK_GET_DIRECT,
	};
	struct query q;
	size_t i;
	int got = 0;

	*out = (struct task){ 0 };
	for (i = 0; !got && i < sizeof(kinds) / sizeof(*kinds); i++) {
		query_open(&q, s, kinds[i]);
		query_text(&q, id);
		got = query_row(&q, e);
		if (got > 0)
			take(&q, out);
		query_close(&q);
	}
	if (!got)
		return err_set(e, E_task_missing, "no task '%.80s'", id);
	return got < 0 ? -1 : 0;
}

void
escrow_list_open(struct query *q, struct store *s,
    const struct escrow_filter *f)
{
	query_open(q, s, f->due_ms ? SQL_ESCROW_TASK_LIST_DUE :
	    SQL_ESCROW_TASK_LIST);
	query_text(q, f->buyer_id);
	query_text(q, f->seller_id);
	query_text(q, f->party_id);
	query_text(q, f->state);
	query_int(q, f->limit ? f->limit : INT64_MAX);
	query_int(q, f->offset);
	if (f->due_ms)
		query_int(q, f->due_ms);
}

int
escrow_list_next(struct query *q, struct task *out, struct err *e)
{
	int got = query_row(q, e);

	*out = (struct task){ 0 };
	if (got > 0)
		take(q, out);
	return got;
}

int
escrow_due(struct store *s, enum escrow_due which, int64_t now_ms,
    int64_t *after_ms, char after_id[ID_TEXT], int limit,
    char (*out)[ID_TEXT], struct err *e)
{
	static const enum sql lists[] = {
		[DUE_SETTLE] = SQL_ESCROW_DUE_SETTLE,
		[DUE_REFUND] = SQL_ESCROW_DUE_REFUND,
		[DUE_SHADOW] = SQL_ESCROW_DUE_SHADOW,
	};
	struct query q;

	query_open(&q, s, lists[which]);
	return query_due(&q, now_ms, after_ms, after_id, limit, ID_TEXT, *out,
	    e);
}

void
escrow_holds_open(struct query *q, struct store *s, const char *unit)
{
	query_open(q, s, SQL_ESCROW_ALL);
	query_text(q, unit);
}

int
escrow_holds_next(struct query *q, struct escrow_hold *out, struct err *e)
{
	enum escrow_state state;
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	query_put_text(q, 0, out->id, sizeof(out->id));
	state = state_named(query_get_text(q, 3));
	out->minor = state == ESCROW_SETTLED || state == ESCROW_REFUNDED ? 0 :
	    query_get_int(q, 2);
	out->pending_ms = state == ESCROW_PENDING ? query_get_int(q, 4) : 0;
	return 1;
}
