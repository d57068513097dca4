#include <string.h>

#include "escrow/told.h"
#include "store/store.h"

int
told_same(struct store *s, const struct told *t, struct err *e)
{
	const char *const text[] = { t->buyer, t->seller, t->unit, t->state };
	const int64_t number[] = {
		t->minor, t->tax_bp, t->made_ms, t->refund_ms, t->settle_ms,
		t->disputed_ms, t->closed_ms,
	};
	const char *is;
	struct query q;
	int got, i;

	query_open(&q, s, SQL_ESCROW_ROW);
	query_text(&q, t->id);
	got = query_row(&q, e);
	for (i = 0; got > 0 && i < 4; i++) {
		is = query_get_text(&q, i);
		got = is && !strcmp(is, text[i]);
	}
	for (; got > 0 && i < 11; i++)
		got = query_get_int(&q, i) == number[i - 4];
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
