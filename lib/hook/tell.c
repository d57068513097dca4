/* The outbox: what has happened, as the bytes that are sent of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "hook/impl.h"

#define BODY_MAX 65536
#define EVENT_BYTES 12
#define EVENT_ID (sizeof("evt_") + 2 * EVENT_BYTES)

/* Who listens, to which of these events. */
struct ear {
	char id[ID_TEXT];
	unsigned events;
};

struct ears {
	struct ear *ear;	/* owned */
	size_t n;
};

enum { UNKNOWN, NOBODY, SOMEBODY };

/* Does anybody listen at all?  Mostly not, and that is asked once. */
static int
any(struct store *s, struct err *e)
{
	int *memo = store_memo(s, SQL_HOOK_ANY);
	struct query q;
	int got;

	if (*memo == UNKNOWN) {
		query_open(&q, s, SQL_HOOK_ANY);
		got = query_run(&q, NULL, e);
		if (got < 0)
			return -1;
		*memo = got ? SOMEBODY : NOBODY;
	}
	return *memo == SOMEBODY;
}

void
hook_heard(struct store *s)
{
	*store_memo(s, SQL_HOOK_ANY) = SOMEBODY;
}

static int
find(struct ears *out, struct store *s, const struct hook_news *news,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HOOK_EARS);
	query_text(&q, news->to[0]);
	query_text(&q, news->to[1]);
	query_text(&q, news->ref);
	while ((got = query_row(&q, e)) > 0) {
		out->ear = mem_grow(out->ear, out->n + 1, sizeof(*out->ear));
		query_put_text(&q, 0, out->ear[out->n].id, ID_TEXT);
		out->ear[out->n].events = (unsigned)query_get_int(&q, 1) &
		    news->events;
		out->n++;
	}
	return got;
}

/* An event has one name, wherever it is sent, and however often. */
static void
name_event(char out[EVENT_ID], enum hook_event event, const char *ref)
{
	char text[256];
	struct hash h;

	snprintf(text, sizeof(text), "%s:%s", hook_event_word(event), ref);
	hash_of(&h, text, strlen(text));
	memcpy(out, "evt_", 4);
	enc_hex(out + 4, h.b, EVENT_BYTES);
}

static int
write_body(struct buf *out, const char *id, enum hook_event event,
    const struct hook_news *news, int64_t now_ms, struct err *e)
{
	buf_reset(out);
	json_open(out, NULL, '{');
	json_str(out, "id", id);
	json_str(out, "type", hook_event_word(event));
	json_time(out, "created_at", now_ms);
	json_open(out, "data", '{');
	news->write(out, event, news->about);
	json_close(out, '}');
	json_close(out, '}');
	return out->full ? err_set(e, E_too_long, "what is told of '%.80s' "
	    "is over %d bytes", news->ref, BODY_MAX) : 0;
}

/*
 * Its id is made of what it is, and not of chance: the timer that settles has
 * none, and needs none.
 */
static int
add(struct store *s, const struct ear *ear, enum hook_event event,
    const char *event_id, const char *ref, const char *body, int64_t now_ms,
    struct err *e)
{
	char id[ID_TEXT];
	struct query q;
	struct hash h;

	hash_of_two(&h, event_id, strlen(event_id), ear->id,
	    strlen(ear->id));
	id_from(id, now_ms, event, h.b);
	query_open(&q, s, SQL_HOOK_DELIVERY_ADD);
	query_text(&q, id);
	query_text(&q, ear->id);
	query_text(&q, hook_event_word(event));
	query_text(&q, ref);
	query_text(&q, event_id);
	query_text(&q, body);
	query_int(&q, now_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static int
tell(struct store *s, const struct ears *ears, enum hook_event event,
    const struct hook_news *news, int64_t now_ms, struct err *e)
{
	struct buf body = BUF_INIT(BODY_MAX);
	char id[EVENT_ID];
	size_t i;
	int rc = 0;

	name_event(id, event, news->ref);
	for (i = 0; i < ears->n && !rc; i++) {
		if (!(ears->ear[i].events & HOOK_OF(event)))
			continue;
		if (!body.len)
			rc = write_body(&body, id, event, news, now_ms, e);
		if (!rc)
			rc = add(s, &ears->ear[i], event, id, news->ref,
			    body.data, now_ms, e);
	}
	buf_release(&body);
	return rc;
}

int
hook_tell_in(struct store *s, const struct hook_news *news, int64_t now_ms,
    struct err *e)
{
	struct ears ears = { 0 };
	enum hook_event event;
	int rc = any(s, e);

	if (rc <= 0)
		return rc;
	rc = find(&ears, s, news, e);
	for (event = 0; event < HOOK__EVENTS && ears.n && !rc; event++)
		if (news->events & HOOK_OF(event))
			rc = tell(s, &ears, event, news, now_ms, e);
	free(ears.ear);
	return rc;
}
