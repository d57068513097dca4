#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "alert/deliver.h"
#include "base/mem.h"
#include "store/store.h"

#define PARCEL_MAX (256 * 1024)	/* bytes, about, that others will take */
#define ROW_LEAST 256		/* that one is in it, whatever it says */

static const int64_t waits_ms[] = { 60000, 300000, 1800000 };

#define ATTEMPTS ((int64_t)(sizeof(waits_ms) / sizeof(*waits_ms)) + 1)

static void
take(const struct query *q, struct alert_row *out)
{
	*out = (struct alert_row){
		.kind = (enum alert_kind)query_get_int(q, 1),
		.n = query_get_int(q, 2), .made_ms = query_get_int(q, 7),
		.due_ms = query_get_int(q, 8),
		.done = (unsigned)query_get_int(q, 9),
		.attempts = query_get_int(q, 10),
		.data = query_copy_text(q, 6),
	};
	query_put_text(q, 0, out->id, sizeof(out->id));
	query_put_text(q, 3, out->ref, sizeof(out->ref));
	query_put_text(q, 4, out->owner, sizeof(out->owner));
	query_put_text(q, 5, out->sweep_id, sizeof(out->sweep_id));
	query_put_text(q, 11, out->parcel, sizeof(out->parcel));
}

static int
take_all(struct store *s, enum sql which, int64_t now_ms,
    struct alert_rows *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct alert_rows){ 0 };
	query_open(&q, s, which);
	query_int(&q, now_ms);
	while ((got = query_row(&q, e)) > 0) {
		out->row = mem_grow(out->row, out->n + 1, sizeof(*out->row));
		take(&q, &out->row[out->n++]);
	}
	if (got < 0)
		alert_rows_release(out);
	return got;
}

int
alert_due(struct store *s, int64_t now_ms, struct alert_rows *out,
    struct err *e)
{
	return take_all(s, SQL_ALERT_DUE, now_ms, out, e);
}

int
alert_waiting(struct store *s, int64_t now_ms, struct alert_rows *out,
    struct err *e)
{
	return take_all(s, SQL_ALERT_WAITING, now_ms, out, e);
}

void
alert_rows_release(struct alert_rows *rows)
{
	size_t i;

	for (i = 0; i < rows->n; i++)
		free(rows->row[i].data);
	free(rows->row);
	*rows = (struct alert_rows){ 0 };
}

/* --- parcels -------------------------------------------------------------- */

static bool
go_together(const struct alert_row *a, const struct alert_row *b)
{
	return *a->sweep_id && a->due_ms == b->due_ms &&
	    !strcmp(a->sweep_id, b->sweep_id) && !strcmp(a->owner, b->owner);
}

static int
put(struct store *s, struct alert_row *row, const char *parcel, struct err *e)
{
	struct query q;

	memcpy(row->parcel, parcel, ID_TEXT);
	query_open(&q, s, SQL_ALERT_PACK);
	query_text(&q, row->id);
	query_text(&q, parcel);
	return query_change(&q, e) < 0 ? -1 : 0;
}

int
alert_pack_in(struct store *s, struct alert_row *row, size_t n, struct err *e)
{
	const struct alert_row *first = NULL;
	size_t i, bytes = 0;

	assert(store_writing(s));
	for (i = 0; i < n; i++) {
		if (*row[i].parcel)
			continue;
		bytes += strlen(row[i].data) + ROW_LEAST;
		if (!first || bytes > PARCEL_MAX ||
		    !go_together(first, &row[i])) {
			first = &row[i];
			bytes = strlen(row[i].data) + ROW_LEAST;
		}
		if (put(s, &row[i], first->id, e))
			return -1;
	}
	return 0;
}

size_t
alert_parcel(const struct alert_row *row, size_t n)
{
	size_t i = 1;

	while (i < n && !strcmp(row[i].parcel, row->parcel))
		i++;
	return i;
}

/* --- what became of it ---------------------------------------------------- */

static int
mark(struct store *s, const struct alert_row *row, const char *state,
    const char *error, int64_t now_ms, struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_ALERT_MARK);
	query_text(&q, row->id);
	query_text(&q, state);
	query_int(&q, row->done);
	query_int(&q, row->attempts);
	query_int(&q, now_ms);
	query_text(&q, error);
	query_int(&q, row->due_ms);
	return query_change(&q, e) < 0 ? -1 : 0;
}

int
alert_sent_in(struct store *s, struct alert_row *row, unsigned ways,
    unsigned wanted, int64_t now_ms, struct err *e)
{
	bool all;

	row->done |= ways;
	all = !(wanted & ~row->done);
	if (all)
		row->attempts++;
	return mark(s, row, all ? "sent" : "pending", NULL, now_ms, e);
}

int
alert_failed_in(struct store *s, struct alert_row *row, const char *why,
    int64_t now_ms, int64_t *next_ms, struct err *e)
{
	row->attempts++;
	*next_ms = row->attempts < ATTEMPTS ?
	    now_ms + waits_ms[row->attempts - 1] : -1;
	if (*next_ms > 0)
		row->due_ms = *next_ms;
	return mark(s, row, *next_ms < 0 ? "failed" : "pending", why, now_ms,
	    e);
}

int
alert_untrue_in(struct store *s, const struct alert_row *row, int64_t now_ms,
    struct err *e)
{
	return mark(s, row, "dropped", NULL, now_ms, e);
}
