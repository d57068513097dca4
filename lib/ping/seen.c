#include "ping/seen.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "card/peer.h"
#include "health/health.h"
#include "ping/impl.h"
#include "store/store.h"

#define TEXT 400

int
seen_read(struct seen *s, struct store *store,
    const struct health_incident *i, struct err *e)
{
	struct witness one = { .said = NULL };
	struct query q;
	int got;

	witness_open(&q, store, i);
	while ((got = witness_next(&q, &one, e)) > 0) {
		witness_count(&s->count, &one);
		if (s->n < SEEN_MOST) {
			s->witness[s->n++] = one;
			one.said = NULL;
		}
	}
	query_close(&q);
	return got;
}

void
seen_release(struct seen *s)
{
	while (s->n)
		witness_release(&s->witness[--s->n]);
}

/* What there is for strangers to verify it with. */
static int
write_key(struct buf *out, struct store *store, const char *node_id,
    struct err *e)
{
	char pem[SIGN_SPKI + 1];
	struct peer p = { 0 };
	int got = peer_get(store, node_id, &p, e);

	if (got > 0) {
		sign_spki(pem, &p.key);
		json_str(out, "public_key_pem", pem);
	}
	peer_release(&p);
	return got < 0 ? -1 : 0;
}

static int
write_one(struct buf *out, struct store *store, const struct witness *w,
    struct err *e)
{
	json_open(out, NULL, '{');
	json_str(out, "peer", w->peer);
	if (write_key(out, store, w->peer, e))
		return -1;
	json_time(out, "decided_at", w->of.decided_ms);
	json_time(out, "asked_at", w->asked_ms);
	json_str(out, "saw", witness_word(w->saw));
	json_str_or_null(out, "class", sample_class_word(w->class));
	json_str_or_null(out, "said", w->said);
	json_close(out, '}');
	return 0;
}

int
seen_write(struct buf *out, struct store *store, const struct seen *s,
    struct err *e)
{
	size_t i;

	json_bool(out, "contested", witness_contested(&s->count));
	json_open(out, "witnesses", '[');
	for (i = 0; i < s->n; i++)
		if (write_one(out, store, &s->witness[i], e))
			return -1;
	json_close(out, ']');
	return 0;
}

/* --- for people ----------------------------------------------------------- */

static void
begin(struct buf *out, const char *incident_id, const char *what)
{
	json_open(out, NULL, '{');
	json_str(out, "incident_id", incident_id);
	json_str(out, "what", what);
}

static void
say(const struct witness *w, const char *name, char text[TEXT])
{
	const char *class = sample_class_word(w->class);

	if (w->saw == WITNESS_UP)
		snprintf(text, TEXT, "%s saw it up since the first failure",
		    name);
	else if (w->saw == WITNESS_DOWN)
		snprintf(text, TEXT, "%s saw it down (%s), too", name,
		    class ? class : "?");
	else if (!class)
		snprintf(text, TEXT, "%s has not looked since the first "
		    "failure", name);
	else if (w->class == CLASS_BADSIG)
		snprintf(text, TEXT, "%s answered with what it has not "
		    "signed, or not for this: it does not count", name);
	else if (w->http && w->http != 200)
		snprintf(text, TEXT, "%s was asked, and answered %d%s", name,
		    w->http, w->http == 404 ? ": it does not watch it" :
		    w->http == 401 ? ": it has not pinned this node, "
		    "or a clock is off" : "");
	else
		snprintf(text, TEXT, "%s was asked, and gave no answer (%s)",
		    name, class);
}

static int
tell(struct cli *c, const struct witness *w, const char *incident_id,
    struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);
	struct peer p = { 0 };
	char text[TEXT];
	int got = peer_get(c->store, w->peer, &p, e);

	if (got < 0)
		return -1;
	say(w, got ? p.name : w->peer, text);
	peer_release(&p);
	begin(&out, incident_id, "witness");
	json_time(&out, "at", w->asked_ms);
	json_str(&out, "peer", w->peer);
	json_str(&out, "saw", witness_word(w->saw));
	json_str_if(&out, "class", sample_class_word(w->class));
	json_str(&out, "text", text);
	return cli_emit_object(c, &out, e);
}

int
seen_tell(struct cli *c, const struct seen *s, const char *incident_id,
    struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);
	size_t i;

	for (i = 0; i < s->n; i++)
		if (tell(c, &s->witness[i], incident_id, e))
			return -1;
	if (!witness_contested(&s->count))
		return 0;
	begin(&out, incident_id, "contested");
	json_str(&out, "text", "peers saw it up and none saw it down: the "
	    "fault may lie between it and this machine, to which it is down "
	    "all the same");
	return cli_emit_object(c, &out, e);
}
