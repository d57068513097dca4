/*
 * A sweep comes in: machines first, since what is told of a node depends on
 * what became of the one that it stands on; then incidents and alerts.
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
#include "ledger/ledger.h"
#include "ledger/make.h"

#define DATA_MAX 1024

struct taking {
	struct ledger *ledger;
	struct store *store;
	const struct health_sweep *sweep;
	struct health_calendar calendar;
	struct health_taken *taken;
};

static bool
same_series(const struct sample *a, const struct sample *b)
{
	return a->family == b->family && !strcmp(a->node_id, b->node_id);
}

/* --- what a series became ------------------------------------------------- */

/* The event of the log, from which a stranger can count the same. */
static int
post(struct taking *t, const struct health_series *h,
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

static int
became(struct taking *t, const struct health_series *h,
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
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
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
keep(struct taking *t, const struct health_series *h, const struct sample *s,
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

static void
remember(struct health_series *h, const struct sample *s)
{
	h->class = s->class;
	h->http = s->http;
	if (*s->version)
		snprintf(h->version, sizeof(h->version), "%s", s->version);
	h->total_us = s->us[PHASE_TOTAL];
	if (s->cert_expires_ms)
		h->cert_ms = s->cert_expires_ms;
	h->is_signed = s->is_signed;
	snprintf(h->url, sizeof(h->url), "%s", s->url);
}

static int
step(struct taking *t, struct health_turn *turn, const struct state_rule *rule,
    const struct sample *s, struct err *e)
{
	const struct probed p = { s->started_ms, s->mono_ms,
	    sample_finding(s) };
	struct state_change said[STATE_CHANGES];
	struct health_series *h = &turn->series;
	bool flapped = h->machine.flapping;
	int i, n;

	n = state_step(&h->machine, rule, &p, said);
	for (i = 0; i < n; i++) {
		if (became(t, h, &said[i], s->class, e))
			return -1;
		turn->change = said[i];
	}
	if (h->machine.flapping && !flapped) {
		h->flaps++;
		turn->flaps = true;
	}
	remember(h, s);
	return 0;
}

static int
step_all(struct taking *t, struct health_turn *turn, const struct sample *s,
    size_t n, struct err *e)
{
	struct state_rule rule;
	size_t i;
	int is_new;

	health_rule(&rule, t->sweep->params, turn->setting.interval_ms);
	for (i = 0; i < n; i++) {
		is_new = keep(t, &turn->series, &s[i], e);
		if (is_new < 0)
			return -1;
		if (!is_new)
			continue;
		t->taken->ok += s[i].ok && !s[i].confirm;
		t->taken->failed += !s[i].ok && !s[i].confirm;
		if (!t->sweep->offline && step(t, turn, &rule, &s[i], e))
			return -1;
	}
	return 0;
}

static int
cut_off(struct taking *t, struct health_turn *turn, struct err *e)
{
	struct state_change said[STATE_CHANGES];
	struct state_rule rule;
	int i, n;

	health_rule(&rule, t->sweep->params, turn->setting.interval_ms);
	n = state_cut_off(&turn->series.machine, &rule, t->sweep->began_ms,
	    said);
	for (i = 0; i < n; i++)
		if (became(t, &turn->series, &said[i], CLASS_NONE, e))
			return -1;
	return 0;
}

/* --- one series ----------------------------------------------------------- */

static int
find(struct taking *t, struct health_turn *turn, const struct sample *s,
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
	return got ? 0 : health_add_in(t->store, h, e);
}

static int
begin_incident(struct taking *t, struct health_turn *turn, int64_t began_ms,
    struct err *e)
{
	struct health_incident *i = &turn->incident;

	*i = (struct health_incident){
		.series = turn->series.id, .began_ms = began_ms,
		.decided_ms = turn->series.machine.probed_ms,
		.class = turn->series.class,
		.good_ms = turn->series.machine.good_ms,
	};
	id_new(i->id, t->sweep->ended_ms, t->sweep->chance);
	turn->incident_open = true;
	t->taken->opened++;
	return health_incident_begin_in(t->store, i, e);
}

static int
end_incident(struct taking *t, struct health_turn *turn, struct err *e)
{
	turn->incident.ended_ms = turn->series.machine.since_ms;
	turn->incident.ended_decided_ms = turn->series.machine.probed_ms;
	turn->incident_open = false;
	turn->ended = true;
	t->taken->closed++;
	return health_incident_end_in(t->store, &turn->incident, e);
}

/*
 * From when on it has been down without pause outside of maintenance: false
 * if that is not yet.
 */
static int
down_from(struct taking *t, const struct health_turn *turn, int64_t *from_ms,
    struct err *e)
{
	const struct state_machine *m = &turn->series.machine;
	struct window *w, since = { m->since_ms, m->probed_ms + 1 };
	size_t i, n;

	*from_ms = m->since_ms;
	if (health_calendar_windows(&t->calendar, turn->series.node_id,
	    &since, &w, &n, e))
		return -1;
	for (i = 0; i < n; i++)
		if (w[i].from_ms <= *from_ms && *from_ms < w[i].to_ms)
			*from_ms = w[i].to_ms;
	free(w);
	return *from_ms <= m->probed_ms;
}

static int
incident(struct taking *t, struct health_turn *turn, struct err *e)
{
	enum state state = turn->series.machine.state;
	int64_t from_ms;
	int got = health_incident_open(t->store, turn->series.id,
	    &turn->incident, e);

	if (got < 0)
		return -1;
	turn->incident_open = got > 0;
	if (turn->incident_open && (state == STATE_UP ||
	    state == STATE_DEGRADED))
		return end_incident(t, turn, e);
	if (turn->incident_open || state != STATE_DOWN)
		return 0;
	got = down_from(t, turn, &from_ms, e);
	return got <= 0 ? got : begin_incident(t, turn, from_ms, e);
}

static int
take_series(struct taking *t, struct health_turn *turn,
    const struct sample *s, size_t n, struct err *e)
{
	if (find(t, turn, s, e) || step_all(t, turn, s, n, e))
		return -1;
	if (t->sweep->offline && cut_off(t, turn, e))
		return -1;
	t->taken->series++;
	return (t->sweep->offline ? 0 : incident(t, turn, e)) ||
	    health_roll_in(t->store, &turn->series, t->sweep->ended_ms, e) ||
	    health_put_in(t->store, &turn->series, e) ? -1 : 0;
}

/* --- all ------------------------------------------------------------------ */

static int
take_all(struct taking *t, const struct sample *s, size_t n,
    struct health_turn **turns, size_t *n_turns, struct err *e)
{
	size_t i, from;

	for (from = 0; from < n; from = i) {
		for (i = from + 1; i < n && same_series(&s[i], &s[from]); i++)
			;
		*turns = mem_grow(*turns, *n_turns + 1, sizeof(**turns));
		memset(&(*turns)[*n_turns], 0, sizeof(**turns));
		if (take_series(t, &(*turns)[*n_turns], s + from, i - from,
		    e))
			return -1;
		++*n_turns;
	}
	return 0;
}

static int
tell_all(struct taking *t, const struct health_turn *turns, size_t n,
    struct err *e)
{
	size_t i;

	if (t->sweep->offline)
		return health_tell_offline_in(t->store, t->sweep, e);
	for (i = 0; i < n; i++)
		if (health_tell_in(t->store, t->sweep, &t->calendar,
		    &turns[i], e))
			return -1;
	return store_keep_number_in(t->store, "health_offline", 0, e);
}

static int
note_sweep(struct taking *t, struct err *e)
{
	const struct health_sweep *w = t->sweep;
	struct query q;

	query_open(&q, t->store, SQL_HEALTH_SWEEP_ADD);
	query_text(&q, w->id);
	query_int(&q, w->began_ms);
	query_int(&q, w->ended_ms);
	query_int(&q, t->taken->series + w->unasked);
	query_int(&q, t->taken->ok);
	query_int(&q, t->taken->failed);
	query_int(&q, w->unasked);
	query_int(&q, w->offline);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
health_take_in(struct ledger *l, const struct health_sweep *w,
    const struct sample *s, size_t n, struct health_taken *out, struct err *e)
{
	struct taking t = { .ledger = l, .store = ledger_store(l),
	    .sweep = w, .taken = out };
	struct health_turn *turns = NULL;
	size_t n_turns = 0;
	int rc = -1;

	assert(store_writing(t.store));
	*out = (struct health_taken){ 0 };
	if (health_calendar(t.store, &t.calendar, e) ||
	    take_all(&t, s, n, &turns, &n_turns, e) ||
	    tell_all(&t, turns, n_turns, e) || note_sweep(&t, e))
		goto out;
	rc = 0;
out:
	free(turns);
	health_calendar_release(&t.calendar);
	return rc;
}

bool
health_confirms(const struct health_series *h, const struct params *p,
    const struct sample *s, size_t n)
{
	struct state_machine m = h->machine;
	struct state_change said[STATE_CHANGES];
	struct state_rule rule;
	struct probed probed;
	size_t i;

	health_rule(&rule, p, h->interval_ms);
	for (i = 0; i < n; i++) {
		probed = (struct probed){ s[i].started_ms, s[i].mono_ms,
		    sample_finding(&s[i]) };
		(void)state_step(&m, &rule, &probed, said);
	}
	return m.state != STATE_DOWN;
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
