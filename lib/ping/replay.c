/*
 * What would have become of nodes under other rules.
 *
 * Two stores in memory take the same sweeps in: one as the parameters are
 * now, one as they would be.  What each would have told is compared by what
 * it is about, an incident being one and the same if it began at the same
 * moment; ids are made anew in each and say nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "ping/impl.h"
#include "ping/past.h"
#include "ping/replay.h"

#define KEY 400

struct news {
	struct alert_told told;
	char key[KEY];
};

struct side {
	struct params params;
	struct store *store;		/* owned, as is all of it */
	struct ledger *ledger;
	struct news *news;
	size_t n;
};

struct replay {
	struct cli *c;
	struct side is, would;		/* would only if it differs */
	bool differs;
	struct chance chance;
	int64_t sweeps, samples, changes, gained, lost;
	struct window window;		/* of all that was read */
};

/* --- as it is here -------------------------------------------------------- */

static int
copy_maint(struct replay *r, struct side *s, struct err *e)
{
	struct health_maint m;
	struct query q;
	int got;

	health_maint_open(&q, r->c->store, 0);
	while ((got = health_maint_next(&q, &m, e)) > 0) {
		if (m.weekday < 0 && m.to_ms <= m.from_ms)
			continue;	/* ended before it began */
		if (health_maint_add_in(s->ledger, &m, m.made_ms, &r->chance,
		    e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got;
}

static int
start(struct replay *r, struct side *s, struct err *e)
{
	const struct store_how how = { .mode = STORE_PRIVATE,
	    .who = "replay" };
	struct posted posted;
	int64_t now_ms = cli_now(r->c);
	int rc;

	if (store_open(&s->store, &how, e) || ledger_init(s->store,
	    "replay.invalid/log", "key", now_ms, &posted, e))
		return -1;
	if (!r->c->store)
		return 0;
	if (ledger_begin(s->store, &s->ledger, now_ms, false, e))
		return -1;
	rc = copy_maint(r, s, e) || ledger_commit(s->ledger, e) ? -1 : 0;
	ledger_rollback(s->ledger);
	return rc;
}

/* A node that is new to this side: what it has of its own here. */
static int
copy_setting(struct replay *r, struct side *s, const struct sample *one,
    struct err *e)
{
	struct health_setting own;
	struct health_series h;
	int got = r->c->store ? health_get(s->store, one->node_id,
	    one->family, &h, e) : 1;

	if (got)
		return got < 0 ? -1 : 0;
	return health_setting(r->c->store, one->node_id, &own, e) ||
	    health_set_in(s->store, &own, e) ? -1 : 0;
}

/* --- sweeps --------------------------------------------------------------- */

static int
take_in(struct replay *r, struct side *s, const struct health_sweep *of,
    const struct sample *sample, size_t n, struct err *e)
{
	struct health_taken taken;
	struct health_sweep w = *of;
	size_t i;
	int rc = -1;

	w.params = &s->params;
	w.chance = &r->chance;
	id_new(w.id, w.ended_ms, &r->chance);
	if (ledger_begin(s->store, &s->ledger, w.ended_ms, false, e))
		return -1;
	for (i = 0; i < n; i++)
		if ((!i || strcmp(sample[i].node_id, sample[i - 1].node_id)) &&
		    copy_setting(r, s, &sample[i], e))
			goto out;
	rc = health_take_in(s->ledger, &w, sample, n, &taken, e) ||
	    ledger_commit(s->ledger, e) ? -1 : 0;
out:
	ledger_rollback(s->ledger);
	return rc;
}

static int
swept(void *arg, const struct health_sweep *w, const struct sample *sample,
    size_t n, struct err *e)
{
	struct replay *r = arg;

	if (!r->sweeps || w->began_ms < r->window.from_ms)
		r->window.from_ms = w->began_ms;
	if (w->ended_ms > r->window.to_ms)
		r->window.to_ms = w->ended_ms;
	r->sweeps++;
	r->samples += (int64_t)n;
	if (take_in(r, &r->is, w, sample, n, e))
		return -1;
	return r->differs ? take_in(r, &r->would, w, sample, n, e) : 0;
}

/* --- what became of them -------------------------------------------------- */

static int
tell_change(struct replay *r, const struct health_series *h,
    const struct health_change *c, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);

	r->changes++;
	json_open(&out, NULL, '{');
	json_str(&out, "event", "change");
	json_str(&out, "node_id", h->node_id);
	json_str(&out, "family", sample_family_word(h->family));
	json_str(&out, "from", state_word(c->change.from));
	json_str(&out, "to", state_word(c->change.to));
	json_time(&out, "effective_at", c->change.effective_ms);
	json_time(&out, "decided_at", c->change.decided_ms);
	json_str(&out, "cause", state_cause_word(c->change.cause));
	json_str_or_null(&out, "class", c->change.to == STATE_DOWN ?
	    sample_class_word(c->class) : NULL);
	return cli_emit_object(r->c, &out, e);
}

static int
tell_changes(struct replay *r, struct store *s,
    const struct health_series *h, struct err *e)
{
	struct health_change c;
	struct query q;
	int got;

	health_changes_open(&q, s, h->id, 0);
	while ((got = health_changes_next(&q, &c, e)) > 0)
		if (tell_change(r, h, &c, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	return got;
}

static int
tell_series(struct replay *r, struct store *s, struct err *e)
{
	struct health_series *h = NULL;
	struct query q;
	size_t i, n = 0;
	int got;

	health_list_open(&q, s);
	do {
		h = mem_grow(h, n + 1, sizeof(*h));
		got = health_list_next(&q, &h[n], e);
		n += got > 0;
	} while (got > 0);
	query_close(&q);
	for (i = 0; i < n && !got; i++)
		got = tell_changes(r, s, &h[i], e);
	free(h);
	return got;
}

/* --- who would have been told --------------------------------------------- */

static int
key_of(struct store *s, struct news *news, struct err *e)
{
	const struct alert_told *t = &news->told;
	struct health_incident i;
	struct err why = { 0 };

	if (!health_incident(s, t->ref, &i, &why))
		snprintf(news->key, KEY, "%s %lld %s %lld",
		    alert_kind_word(t->kind), (long long)i.began_ms,
		    t->node_id, (long long)t->n);
	else if (why.kind != ERR_MISSING && why.kind != ERR_INPUT)
		return *e = why, -1;
	else
		snprintf(news->key, KEY, "%s %s %s %lld",
		    alert_kind_word(t->kind), t->ref, t->node_id,
		    (long long)t->n);
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct news *)a)->key,
	    ((const struct news *)b)->key);
}

static int
read_news(struct side *s, struct err *e)
{
	struct query q;
	size_t i;
	int got;

	alert_told_open(&q, s->store);
	do {
		s->news = mem_grow(s->news, s->n + 1, sizeof(*s->news));
		got = alert_told_next(&q, &s->news[s->n].told, e);
		s->n += got > 0;
	} while (got > 0);
	query_close(&q);
	for (i = 0; i < s->n && !got; i++)
		got = key_of(s->store, &s->news[i], e);
	if (!got)
		qsort(s->news, s->n, sizeof(*s->news), by_key);
	return got;
}

static int
tell_news(struct replay *r, const struct news *news, const char *word,
    const struct news *was, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);

	json_open(&out, NULL, '{');
	json_str(&out, "event", "alert");
	json_str(&out, "news", word);
	json_str(&out, "kind", alert_kind_word(news->told.kind));
	json_field_or_null(&out, "node_id", news->told.node_id);
	json_time(&out, "at", news->told.made_ms);
	if (was && was->told.made_ms != news->told.made_ms)
		json_time(&out, "was_at", was->told.made_ms);
	return cli_emit_object(r->c, &out, e);
}

/* Both in the order of their keys. */
static int
compare(struct replay *r, struct err *e)
{
	const struct news *a = r->is.news, *a_end = a + r->is.n;
	const struct news *b = r->would.news, *b_end = b + r->would.n;
	int by, rc = 0;

	while ((a < a_end || b < b_end) && !rc) {
		by = a == a_end ? 1 : b == b_end ? -1 : by_key(a, b);
		if (by < 0) {
			r->lost++;
			rc = tell_news(r, a++, "lost", NULL, e);
		} else if (by > 0) {
			r->gained++;
			rc = tell_news(r, b++, "gained", NULL, e);
		} else {
			rc = tell_news(r, b++, "kept", a++, e);
		}
	}
	return rc;
}

static int
tell_alerts(struct replay *r, struct err *e)
{
	size_t i;

	if (read_news(&r->is, e))
		return -1;
	if (r->differs)
		return read_news(&r->would, e) || compare(r, e) ? -1 : 0;
	for (i = 0; i < r->is.n; i++)
		if (tell_news(r, &r->is.news[i], "kept", NULL, e))
			return -1;
	return 0;
}

static int
tell_report(struct replay *r, struct err *e)
{
	const struct replay_side is = { r->is.store, &r->is.params };
	const struct replay_side would = { r->would.store, &r->would.params };

	return replay_report(r->c, &is, r->differs ? &would : NULL,
	    &r->window, e);
}

static int
tell_total(struct replay *r, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);

	json_open(&out, NULL, '{');
	json_str(&out, "event", "total");
	json_int(&out, "sweeps", r->sweeps);
	json_int(&out, "samples", r->samples);
	json_int(&out, "changes", r->changes);
	json_int(&out, "alerts", (int64_t)(r->differs ? r->would.n :
	    r->is.n));
	json_int(&out, "gained", r->gained);
	json_int(&out, "lost", r->lost);
	return cli_emit_object(r->c, &out, e);
}

/* --- all ------------------------------------------------------------------ */

static int
other(struct params *p, enum param which, int64_t value, struct err *e)
{
	if (value < 0)
		return 0;
	if (value < 1 || value > 100)
		return err_set(e, E_usage, "how many in a row: from 1 to 100");
	p->value[which] = value;
	return 0;
}

static int
rules(struct replay *r, const struct ping_replay *say, struct err *e)
{
	struct params *p = &r->would.params;

	r->is.params = r->would.params = r->c->params;
	if (other(p, PARAM_health_down_after, say->down_after, e) ||
	    other(p, PARAM_health_up_after, say->up_after, e) ||
	    other(p, PARAM_health_slow_after, say->slow_after, e) ||
	    other(p, PARAM_health_ok_after, say->ok_after, e))
		return -1;
	if (say->interval && ping_span("--interval", say->interval, 1000,
	    &p->value[PARAM_health_check_interval], e))
		return -1;
	r->differs = memcmp(p->value, r->is.params.value,
	    sizeof(p->value)) != 0;
	return 0;
}

/* A file can do without a home. */
static int
open_home(struct cli *c, struct err *e)
{
	if (!cli_store(c, e))
		return 0;
	if (!c->argc || e->code != E_no_ledger)
		return -1;
	*e = (struct err){ 0 };
	return 0;
}

static void
side_release(struct side *s)
{
	free(s->news);
	ledger_free(s->ledger);
	store_close(s->store);
}

int
ping_replay(struct cli *c, const struct ping_replay *say, struct err *e)
{
	struct replay *r = mem_zero(1, sizeof(*r));
	struct side *told;
	int rc = -1;

	r->c = c;
	chance_seed(&r->chance, 1);
	if (rules(r, say, e) || open_home(c, e) || start(r, &r->is, e) ||
	    (r->differs && start(r, &r->would, e)))
		goto out;
	if (c->argc ? past_file(c->argv[0], swept, r, e) :
	    past_store(c->store, swept, r, e))
		goto out;
	told = r->differs ? &r->would : &r->is;
	rc = tell_series(r, told->store, e) || tell_alerts(r, e) ||
	    tell_report(r, e) || tell_total(r, e) ? -1 : 0;
out:
	side_release(&r->is);
	side_release(&r->would);
	free(r);
	return rc;
}
