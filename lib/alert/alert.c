#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "alert/alert.h"
#include "base/buf.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "store/store.h"

#define DATA_MAX 16384

static const char *const words[] = { "down", "still-down", "degraded",
    "flapping", "recovered", "certificate", "observer-offline", "digest",
    "test" };

const char *
alert_kind_word(enum alert_kind k)
{
	return words[k];
}

bool
alert_kind_named(const char *word, enum alert_kind *out)
{
	int i;

	for (i = 0; i < ALERT__KINDS; i++)
		if (!strcmp(words[i], word)) {
			*out = (enum alert_kind)i;
			return true;
		}
	return false;
}

/* Made of what names it: a rerun of the same moment makes the same. */
static void
name(char out[ID_TEXT], const struct alert_news *news, int64_t now_ms)
{
	char text[512];
	struct hash h;
	int n;

	n = snprintf(text, sizeof(text), "%s\n%s\n%lld", words[news->kind],
	    news->ref, (long long)news->n);
	assert(n > 0 && n < (int)sizeof(text));
	hash_of(&h, text, (size_t)n);
	id_from(out, now_ms, 0, h.b);
}

int
alert_queue_in(struct store *s, const struct alert_news *news, int64_t now_ms,
    struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX);
	char id[ID_TEXT];
	struct query q;
	int changed;

	assert(store_writing(s));
	name(id, news, now_ms);
	json_open(&data, NULL, '{');
	if (news->write)
		news->write(&data, news->about);
	json_close(&data, '}');
	if (data.full) {
		buf_release(&data);
		return err_set(e, E_too_long, "an alert is too long");
	}
	query_open(&q, s, SQL_ALERT_ADD);
	query_text(&q, id);
	query_text(&q, news->ref);
	query_int(&q, (int64_t)news->kind);
	query_int(&q, news->n);
	query_text(&q, news->node_id);
	query_text(&q, news->owner);
	query_text(&q, news->sweep_id);
	query_text(&q, data.data);
	query_int(&q, now_ms);
	query_int(&q, news->due_ms > now_ms ? news->due_ms : now_ms);
	changed = query_change(&q, e);
	buf_release(&data);
	return changed;
}

int
alert_queued(struct store *s, const char *ref, enum alert_kind kind,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ALERT_KNOWN);
	query_text(&q, ref);
	query_int(&q, (int64_t)kind);
	return query_run(&q, NULL, e);
}

int
alert_drop_in(struct store *s, const char *ref, enum alert_kind kind,
    int64_t now_ms, struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_ALERT_DROP);
	query_text(&q, ref);
	query_int(&q, (int64_t)kind);
	query_int(&q, now_ms);
	return query_change(&q, e) < 0 ? -1 : 0;
}

void
alert_told_open(struct query *q, struct store *s)
{
	query_open(q, s, SQL_ALERT_ALL);
}

int
alert_told_next(struct query *q, struct alert_told *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	*out = (struct alert_told){
		.kind = (enum alert_kind)query_get_int(q, 0),
		.n = query_get_int(q, 1), .due_ms = query_get_int(q, 5),
		.made_ms = query_get_int(q, 9),
	};
	query_put_text(q, 2, out->ref, sizeof(out->ref));
	query_put_text(q, 3, out->node_id, sizeof(out->node_id));
	return 1;
}

int
alert_stats(struct store *s, struct alert_stats *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_ALERT_STATS);
	if (query_row(&q, e) <= 0) {
		query_close(&q);
		return -1;
	}
	out->pending = query_get_int(&q, 0);
	out->failed = query_get_int(&q, 1);
	out->oldest_ms = query_get_int(&q, 2);
	query_close(&q);
	return 0;
}
