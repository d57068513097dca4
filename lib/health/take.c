/*
 * A sweep comes in: machines, incidents with them, and alerts; those of what
 * stands on another node last, for they depend on what became of that.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "health/impl.h"
#include "health/rollup.h"
#include "health/witness.h"
#include "ledger/ledger.h"
#include "ledger/make.h"

#define DATA_MAX 1024

static bool
same_series(const struct sample *a, const struct sample *b)
{
	return a->family == b->family && !strcmp(a->node_id, b->node_id);
}

/* --- what a series became ------------------------------------------------- */

/* The event of the log, from which a stranger can count the same. */
static int
post(struct intake *t, const struct health_series *h,
    const struct state_change *c, enum sample_class class, int64_t *seq,
    struct err *e)
{
	struct buf data = BUF_INIT(DATA_MAX);
	struct ledger_known known;
	char id[LEAF_ID];
	int rc = -1;

	json_open(&data, NULL, '{');
	json_str(&data, "cause", state_cause_word(c->cause));
	json_str_if(&data, "class", c->to == STATE_DOWN ?
	    sample_class_word(class) : NULL);
	json_int(&data, "decided_ms", c->decided_ms);
	json_int(&data, "effective_ms", c->effective_ms);
	json_str(&data, "family", sample_family_word(h->family));
	json_str(&data, "from", state_word(c->from));
	json_str(&data, "node", h->node_id);
	json_str(&data, "state", state_word(c->to));
	json_close(&data, '}');
	ledger_next_id(t->ledger, "health:", h->node_id, id);
	if (!ledger_event_in(t->ledger, "health.state", id, h->node_id,
	    data.data, e) && ledger_find_in(t->ledger, id, &known, e) > 0) {
		*seq = known.seq;
		rc = 0;
	}
	buf_release(&data);
	return rc;
}

/* What was said of it before it is called down. */
static int
keep_witnesses(struct intake *t, const struct health_series *h,
    const struct state_change *c, struct err *e)
{
	const struct witness *w = t->sweep->witness;
	size_t i;

	for (i = 0; i < t->sweep->witnesses; i++, w++)
		if (w->of.family == h->family &&
		    w->of.decided_ms == c->decided_ms &&
		    !strcmp(w->of.node_id, h->node_id) &&
		    witness_keep_in(t->store, h->id, w, e))
			return -1;
	return 0;
}

static int
became(struct intake *t, const struct health_series *h,
    const struct state_change *c, enum sample_class class, struct err *e)
{
	struct query q;
	int64_t seq;

	if (post(t, h, c, class, &seq, e))
		return -1;
	query_open(&q, t->store, SQL_HEALTH_CHANGE_ADD);
	query_int(&q, h->id);
	query_int(&q, (int64_t)c->from);
	query_int(&q, (int64_t)c->to);
	query_int(&q, c->effective_ms);
	query_int(&q, c->decided_ms);
	query_int(&q, (int64_t)c->cause);
	query_int(&q, (int64_t)class);
	query_int(&q, seq);
	t->taken->changes++;
	if (query_run(&q, NULL, e) < 0)
		return -1;
	return c->to == STATE_DOWN ? keep_witnesses(t, h, c, e) : 0;
}

/* --- samples -------------------------------------------------------------- */

static void
bind_us(struct query *q, int64_t us)
{
	if (us < 0)
		query_null(q);
	else
		query_int(q, us);
}

/* 1, or 0 if it was taken before. */
static int
keep(struct intake *t, const struct health_series *h, const struct sample *s,
    struct err *e)
{
	struct query q;
	int i;

	query_open(&q, t->store, SQL_HEALTH_SAMPLE_ADD);
	query_int(&q, h->id);
	query_int(&q, s->started_ms);
	query_int(&q, s->mono_ms);
	query_int(&q, (int64_t)sample_finding(s));
	query_int(&q, s->confirm);
	query_int(&q, t->sweep->offline);
	query_int(&q, (int64_t)s->class);
	query_int(&q, s->http);
	query_text(&q, *s->version ? s->version : NULL);
	query_text(&q, *s->ip ? s->ip : NULL);
	for (i = 0; i < PHASE__COUNT; i++)
		bind_us(&q, s->us[i]);
	bind_us(&q, s->cert_expires_ms ? s->cert_expires_ms : -1);
	query_int(&q, s->is_signed);
	query_text(&q, t->sweep->id);
	return query_change(&q, e);
}

static int
count_failure(struct intake *t, const struct health_series *h,
    const struct sample *s, struct err *e)
{
	struct query q;

	query_open(&q, t->store, SQL_HEALTH_FAILURE_ADD);
	query_int(&q, h->id);
	query_int(&q, (int64_t)s->class);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static void
remember(struct health_series *h, const struct sample *s)
{
	h->class = s->class;
	h->http = s->http;
	if (*s->version)
		snprintf(h->version, sizeof(h->version), "%s", s->version);
	h->total_us = s->us[PHASE_TOTAL];
	/* Who answers without one has none that could end. */
	if (s->ok || s->cert_expires_ms)
		h->cert_ms = s->cert_expires_ms;
	h->is_signed = s->is_signed;
	snprintf(h->url, sizeof(h->url), "%s", s->url);
}

/* --- steps ---------------------------------------------------------------- */

static int
step(struct intake *t, struct health_turn *turn,
    const struct state_rule *rule, const struct sample *s, struct err *e)
{
	const struct probed p = { s->started_ms, s->mono_ms,
	    sample_finding(s) };
	struct state_change said[STATE_CHANGES];
	struct health_series *h = &turn->series;
	int64_t since_ms = h->machine.since_ms;
	bool flapped = h->machine.flapping;
	int i, n;

	n = state_step(&h->machine, rule, &p, said);
	for (i = 0; i < n; i++)
		if (became(t, h, &said[i], s->class, e))
			return -1;
	h->flaps += h->machine.flapping && !flapped;
	remember(h, s);
	return health_follow_in(t, turn, said, n, since_ms, s->started_ms, e);
}

static int
cut_off(struct intake *t, struct health_turn *turn,
    const struct state_rule *rule, const struct sample *s, struct err *e)
{
	const struct probed p = { s->started_ms, s->mono_ms,
	    sample_finding(s) };
	struct state_change said[STATE_CHANGES];
	int64_t since_ms = turn->series.machine.since_ms;
	int i, n;

	n = state_cut_off(&turn->series.machine, rule, &p,
	    t->sweep->began_ms, said);
	for (i = 0; i < n; i++)
		if (became(t, &turn->series, &said[i], CLASS_NONE, e))
			return -1;
	return health_follow_in(t, turn, said, n, since_ms,
	    t->sweep->began_ms, e);
}

static int
step_all(struct intake *t, struct health_turn *turn,
    const struct sample *s, size_t n, struct err *e)
{
	struct state_rule rule;
	bool is_cut_off = false;
	size_t i;
	int is_new;

	health_rule_of(&rule, t->sweep->params, &turn->series);
	for (i = 0; i < n; i++) {
		is_new = keep(t, &turn->series, &s[i], e);
		if (is_new < 0)
			return -1;
		if (!is_new)
			continue;
		t->taken->ok += s[i].ok && !s[i].confirm;
		t->taken->failed += !s[i].ok && !s[i].confirm;
		if (!s[i].ok && count_failure(t, &turn->series, &s[i], e))
			return -1;
		if (!t->sweep->offline) {
			if (health_roll_late_in(t->store, &turn->series, &s[i],
			    e) || step(t, turn, &rule, &s[i], e))
				return -1;
		} else if (!is_cut_off) {
			is_cut_off = true;
			if (cut_off(t, turn, &rule, &s[i], e))
				return -1;
		}
	}
	return 0;
}

/* --- one series ----------------------------------------------------------- */

static int
find(struct intake *t, struct health_turn *turn, const struct sample *s,
    struct err *e)
{
	struct health_series *h = &turn->series;
	const char *name = t->sweep->name ?
	    t->sweep->name(t->sweep->arg, s->node_id) : NULL;
	int got = health_get(t->store, s->node_id, s->family, h, e);

	if (got < 0 || health_setting(t->store, s->node_id, &turn->setting,
	    e))
		return -1;
	if (!got) {
		*h = (struct health_series){ .family = s->family,
		    .first_ms = s->started_ms };
		snprintf(h->node_id, sizeof(h->node_id), "%s", s->node_id);
		snprintf(h->url, sizeof(h->url), "%s", s->url);
		snprintf(h->name, sizeof(h->name), "%.12s", s->node_id);
	}
	if (name)
		snprintf(h->name, sizeof(h->name), "%s", name);
	h->interval_ms = turn->setting.interval_ms;
	if (!got)
		return health_add_in(t->store, h, e);
	/* What is up has none that is open. */
	if (h->machine.state == STATE_DOWN ||
	    h->machine.state == STATE_UNKNOWN) {
		got = health_incident_open(t->store, h->id, &turn->incident,
		    e);
		turn->incident_open = got > 0;
	}
	return got < 0 ? -1 : 0;
}

/* Of what is well there is nothing to tell. */
static bool
worth_telling(const struct health_turn *turn)
{
	const struct health_series *h = &turn->series;

	return turn->incident_open || turn->ended || h->cert_ms ||
	    h->machine.flapping || h->machine.state == STATE_DEGRADED;
}

static int
take_series(struct intake *t, const struct sample *s, size_t n,
    struct err *e)
{
	struct health_turn turn = { .incident_open = false };

	if (find(t, &turn, s, e) || step_all(t, &turn, s, n, e))
		return -1;
	t->taken->series++;
	t->taken->down += turn.series.machine.state == STATE_DOWN;
	if (worth_telling(&turn) && health_tell_or_wait_in(t, &turn, e))
		return -1;
	return health_roll_in(t->store, &turn.series, t->sweep->ended_ms, e) ||
	    health_put_in(t->store, &turn.series, e) ? -1 : 0;
}

/* --- all ------------------------------------------------------------------ */

static int
take_all(struct intake *t, const struct sample *s, size_t n, struct err *e)
{
	size_t i, from;

	for (from = 0; from < n; from = i) {
		for (i = from + 1; i < n && same_series(&s[i], &s[from]); i++)
			;
		if (take_series(t, s + from, i - from, e))
			return -1;
	}
	return 0;
}

static int
tell_all(struct intake *t, struct err *e)
{
	size_t i;

	if (t->sweep->offline)
		return health_tell_offline_in(t->store, t->sweep, e);
	for (i = 0; i < t->n_turns; i++)
		if (health_tell_in(t->store, t->sweep, &t->calendar,
		    &t->turns[i], e))
			return -1;
	return t->sweep->push ? 0 :
	    store_keep_number_in(t->store, "health_offline", 0, e);
}

static int
note_sweep(struct intake *t, struct err *e)
{
	const struct health_sweep *w = t->sweep;
	struct query q;

	if (w->push)
		return 0;
	query_open(&q, t->store, SQL_HEALTH_SWEEP_ADD);
	query_text(&q, w->id);
	query_int(&q, w->began_ms);
	query_int(&q, w->ended_ms);
	query_int(&q, t->taken->series + w->unasked);
	query_int(&q, t->taken->ok);
	query_int(&q, t->taken->failed);
	query_int(&q, w->unasked);
	query_int(&q, w->offline);
	if (query_run(&q, NULL, e) < 0)
		return -1;
	query_open(&q, t->store, SQL_HEALTH_SWEEP_FORGET);
	query_int(&q, w->ended_ms - HEALTH_SAMPLES_KEPT_MS);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

/* Whoever does not know whether it was committed takes it in again. */
static int
known(struct intake *t, struct err *e)
{
	struct query q;

	query_open(&q, t->store, SQL_HEALTH_SWEEP_KNOWN);
	query_text(&q, t->sweep->id);
	return query_run(&q, NULL, e);
}

int
health_take_in(struct ledger *l, const struct health_sweep *w,
    const struct sample *s, size_t n, struct health_taken *out, struct err *e)
{
	struct intake t = { .ledger = l, .store = ledger_store(l),
	    .sweep = w, .taken = out };
	int rc;

	assert(store_writing(t.store));
	*out = (struct health_taken){ 0 };
	rc = known(&t, e);
	if (rc)
		return rc < 0 ? -1 : 0;
	rc = health_calendar(t.store, &t.calendar, e) ||
	    take_all(&t, s, n, e) || tell_all(&t, e) || note_sweep(&t, e) ?
	    -1 : 0;
	free(t.turns);
	health_calendar_release(&t.calendar);
	return rc;
}

int
health_swept(struct store *s, int64_t *ms, struct err *e)
{
	struct query q;

	*ms = 0;
	query_open(&q, s, SQL_HEALTH_SWEEP_LAST);
	return query_run(&q, ms, e) < 0 ? -1 : 0;
}

int
health_sweep_last(struct store *s, struct health_swept *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HEALTH_SWEEP_NEWEST);
	got = query_row(&q, e);
	if (got > 0)
		*out = (struct health_swept){
			.began_ms = query_get_int(&q, 0),
			.ended_ms = query_get_int(&q, 1),
			.targets = query_get_int(&q, 2),
			.ok = query_get_int(&q, 3),
			.failed = query_get_int(&q, 4),
			.unasked = query_get_int(&q, 5),
			.offline = query_get_int(&q, 6) != 0,
		};
	query_close(&q);
	return got;
}
