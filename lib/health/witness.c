#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/jcs.h"
#include "base/mem.h"
#include "health/impl.h"
#include "health/witness.h"
#include "key/domain.h"
#include "key/ident.h"
#include "key/member.h"

static const char *const words[] = { "nothing", "up", "down" };

const char *
witness_word(enum witness_saw saw)
{
	return words[saw];
}

void
witness_release(struct witness *w)
{
	free(w->said);
	w->said = NULL;
}

/* --- to be asked ---------------------------------------------------------- */

/* The last that was seen of a series, if it speaks for the node yet. */
static int
write_last(struct buf *out, struct store *s, const struct params *p,
    const struct health_series *h, int64_t now_ms, struct err *e)
{
	struct sample one, last;
	struct state_rule rule;
	struct window w;
	struct query q;
	bool any = false;
	int got;

	health_rule(&rule, p, h->interval_ms);
	w = (struct window){ now_ms - rule.max_gap_ms, now_ms + 1 };
	health_samples_of(&q, s, h->id, &w);
	while ((got = health_samples_next(&q, &one, e)) > 0)
		if (!health_sample_offline(&q)) {
			last = one;
			any = true;
		}
	query_close(&q);
	if (any)
		sample_write_whole(out, &last);
	return got;
}

static int
write_samples(struct buf *out, struct store *s, const struct params *p,
    const char *node_id, int64_t now_ms, struct err *e)
{
	struct health_series h;
	bool any = false;
	int family, got;

	json_open(out, "samples", '[');
	for (family = FAMILY_ANY; family <= FAMILY_V6; family++) {
		got = health_get(s, node_id, (enum sample_family)family, &h,
		    e);
		if (got < 0 || (got && write_last(out, s, p, &h, now_ms, e)))
			return -1;
		any |= got > 0;
	}
	json_close(out, ']');
	return any ? 0 : err_set(e, E_node_missing, "this node does not ask "
	    "'%.16s' how it is", node_id);
}

int
witness_write(struct buf *out, struct store *s, const struct params *p,
    const char *node_id, const char *nonce, const struct sign_key *key,
    int64_t now_ms, struct err *e)
{
	char own[HASH_HEX];

	ident_id(own, &key->pub);
	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "observer", own);
	json_str(out, "node_id", node_id);
	json_str(out, "nonce", nonce);
	json_time(out, "at", now_ms);
	if (write_samples(out, s, p, node_id, now_ms, e) ||
	    domain_seal(out, DOMAIN_witness, key, "signature", e))
		return -1;
	json_close(out, '}');
	return 0;
}

/* --- to judge ------------------------------------------------------------- */

static bool
says(const struct json *o, const char *key, const char *what)
{
	struct json v;
	const char *text = json_find(&v, o, key) ? json_string(&v) : NULL;

	return text && !strcmp(text, what);
}

/* Did it see that since our first failure, and not too long ago? */
static bool
counts(const struct witness *w, const struct sample *s, int64_t at_ms)
{
	int64_t age_ms = at_ms - s->started_ms;

	return age_ms >= 0 && age_ms <= w->of.max_gap_ms &&
	    age_ms <= w->asked_ms - w->of.since_ms;
}

static int
weigh(struct witness *w, const struct json *o, struct err *e)
{
	struct json all, it = { 0 };
	struct sample s;
	int64_t at_ms;

	if (member_v1(o, e) || member_time(o, "at", &at_ms, e) ||
	    json_get(&all, o, "samples", JSON_ARRAY, e))
		return -1;
	while (json_next(&it, &all)) {
		if (sample_read(&s, &it, e))
			return -1;
		if (strcmp(s.node_id, w->of.node_id))
			return err_set(e, E_bad_json, "of another node");
		if (!counts(w, &s, at_ms) || w->saw == WITNESS_UP)
			continue;
		w->saw = s.ok ? WITNESS_UP : WITNESS_DOWN;
		w->class = s.class;
	}
	return 0;
}

/* As it was signed, so that anybody can verify it again. */
static int
keep_text(struct witness *w, const struct json *o, struct err *e)
{
	struct buf text = BUF_INIT(WITNESS_MAX);
	int rc = jcs_write(&text, o, e);

	if (!rc)
		w->said = mem_text(text.data);
	buf_release(&text);
	return rc;
}

void
witness_judge(struct witness *w, const struct sign_public *key,
    const char *nonce, const char *text, size_t n)
{
	struct err ignored = { 0 };
	struct json o = { 0 };

	w->saw = WITNESS_NOTHING;
	w->class = CLASS_BODY;
	w->said = NULL;
	if (n > WITNESS_MAX || json_parse(&o, text, n, &ignored) ||
	    json_kind(&o) != JSON_OBJECT)
		goto out;
	w->class = CLASS_BADSIG;
	if (!says(&o, "observer", w->peer) || !says(&o, "nonce", nonce) ||
	    !says(&o, "node_id", w->of.node_id) ||
	    domain_check(DOMAIN_witness, &o, "signature", key, &ignored))
		goto out;
	w->class = CLASS_NONE;
	if (weigh(w, &o, &ignored)) {
		w->saw = WITNESS_NOTHING;
		w->class = CLASS_BODY;
	} else if (keep_text(w, &o, &ignored)) {
		w->saw = WITNESS_NOTHING;
	}
out:
	json_release(&o);
}

void
witness_count(struct witness_count *n, const struct witness *w)
{
	n->up += w->saw == WITNESS_UP;
	n->down += w->saw == WITNESS_DOWN;
	n->nothing += w->saw == WITNESS_NOTHING;
}

bool
witness_contested(const struct witness_count *n)
{
	return n->up && !n->down;
}

/* --- rows ----------------------------------------------------------------- */

int
witness_keep_in(struct store *s, int64_t series, const struct witness *w,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_HEALTH_WITNESS_ADD);
	query_int(&q, series);
	query_int(&q, w->of.decided_ms);
	query_text(&q, w->peer);
	query_int(&q, w->asked_ms);
	query_int(&q, (int64_t)w->saw);
	query_int(&q, (int64_t)w->class);
	query_int(&q, w->http);
	query_text(&q, w->said);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

void
witness_open(struct query *q, struct store *s, const struct health_incident *i)
{
	query_open(q, s, SQL_HEALTH_WITNESS_LIST);
	query_int(q, i->series);
	query_int(q, i->decided_ms);
	query_int(q, i->ended_ms ? i->ended_decided_ms : INT64_MAX);
}

int
witness_next(struct query *q, struct witness *w, struct err *e)
{
	const char *said;
	int got = query_row(q, e);

	witness_release(w);
	if (got <= 0)
		return got;
	*w = (struct witness){
		.of.decided_ms = query_get_int(q, 0),
		.asked_ms = query_get_int(q, 2),
		.saw = (enum witness_saw)query_get_int(q, 3),
		.class = (enum sample_class)query_get_int(q, 4),
		.http = (int)query_get_int(q, 5),
	};
	query_put_text(q, 1, w->peer, sizeof(w->peer));
	said = query_get_text(q, 6);
	if (said)
		w->said = mem_text(said);
	return 1;
}
