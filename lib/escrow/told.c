#include <stdbool.h>
#include <string.h>

#include "escrow/told.h"
#include "store/store.h"

/* A time that has not come is NULL in the row, and 0 here. */
static bool
same_number(const struct query *q, int column, int64_t want)
{
	return query_get_null(q, column) ? column > 7 && !want :
	    query_get_int(q, column) == want && (column <= 7 || want);
}

/* A NUL does not end it. */
static bool
same_text(const struct query *q, int column, const char *want)
{
	size_t n;
	const char *is;

	if (!want)
		return query_get_null(q, column);
	is = query_get_bytes(q, column, &n);
	return n == strlen(want) && !memcmp(is, want, n);
}

/* The task of an escrow in this state. */
static const char *
task_state(const struct told *t)
{
	if (!t->task)
		return NULL;
	if (!strcmp(t->state, "PENDING"))
		return t->claimed_ms ? "IN_PROGRESS" : "OPEN";
	return !strcmp(t->state, "DISPUTED") || !strcmp(t->state, "REFUNDED") ?
	    t->state : "COMPLETED";
}

int
told_same(struct store *s, const struct told *t, struct err *e)
{
	const char *const text[] = { t->buyer, t->seller, t->unit, t->state };
	const int64_t number[] = {
		t->minor, t->tax_bp, t->made_ms, t->refund_ms, t->settle_ms,
		t->disputed_ms, t->closed_ms, t->claimed_ms, t->completed_ms,
	};
	const char *const more[] = {
		t->verdict, t->task, t->skill, task_state(t),
		t->output_sha256, t->task ? "task" : "direct",
	};
	struct query q;
	int got, i;

	query_open(&q, s, SQL_ESCROW_ROW);
	query_text(&q, t->id);
	got = query_row(&q, e);
	for (i = 0; got > 0 && i < 4; i++)
		got = same_text(&q, i, text[i]);
	for (; got > 0 && i < 13; i++)
		got = same_number(&q, i, number[i - 4]);
	for (; got > 0 && i < 19; i++)
		got = same_text(&q, i, more[i - 13]);
	query_close(&q);
	return got;
}

int
told_count(struct store *s, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ESCROW_COUNT);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}
