#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/deliver.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "store/store.h"

static const int64_t waits_ms[] = { 60000, 300000, 1800000 };

#define ATTEMPTS ((int64_t)(sizeof(waits_ms) / sizeof(*waits_ms)) + 1)

static bool
is_resting(const struct query *q, int64_t now_ms)
{
	int64_t attempts = query_get_int(q, 10);

	return attempts > 0 && attempts < ATTEMPTS &&
	    query_get_int(q, 11) + waits_ms[attempts - 1] > now_ms;
}

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
}

int
alert_due(struct store *s, int64_t now_ms, struct alert_rows *out,
    struct err *e)
{
	struct query q;
	int got;

	*out = (struct alert_rows){ 0 };
	query_open(&q, s, SQL_ALERT_DUE);
	query_int(&q, now_ms);
	while ((got = query_row(&q, e)) > 0) {
		if (is_resting(&q, now_ms))
			continue;
		out->row = mem_grow(out->row, out->n + 1, sizeof(*out->row));
		take(&q, &out->row[out->n++]);
	}
	if (got < 0)
		alert_rows_release(out);
	return got;
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

bool
alert_together(const struct alert_row *a, const struct alert_row *b)
{
	return *a->sweep_id && a->due_ms == b->due_ms &&
	    a->done == b->done && a->attempts == b->attempts &&
	    !strcmp(a->sweep_id, b->sweep_id) && !strcmp(a->owner, b->owner);
}

/* Of what they have in common, so that one that is dropped changes nothing. */
void
alert_name(char out[ID_TEXT], const struct alert_row *row, size_t n)
{
	char text[ALERT_OWNER + 128];
	struct hash h;
	int len;

	assert(n);
	if (n == 1) {
		memcpy(out, row->id, ID_TEXT);
		return;
	}
	len = snprintf(text, sizeof(text), "digest\n%s\n%" PRId64 "\n%s",
	    row->sweep_id, row->due_ms, row->owner);
	assert(len > 0 && len < (int)sizeof(text));
	hash_of(&h, text, (size_t)len);
	id_from(out, row->made_ms, 0, h.b);
}

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
	return query_change(&q, e) < 0 ? -1 : 0;
}

int
alert_sent_in(struct store *s, struct alert_row *row, enum alert_way way,
    unsigned wanted, int64_t now_ms, struct err *e)
{
	bool all;

	row->done |= way;
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
	return mark(s, row, *next_ms < 0 ? "failed" : "pending", why, now_ms,
	    e);
}

int
alert_untrue_in(struct store *s, const struct alert_row *row, int64_t now_ms,
    struct err *e)
{
	return mark(s, row, "dropped", NULL, now_ms, e);
}
