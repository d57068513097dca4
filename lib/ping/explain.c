/*
 * Why there is an incident: what probes found, one by one, as the machine
 * took them in, and what it would have made of other findings or other rules.
 * When the samples are gone it is the changes that tell, each with the seq of
 * its leaf in the log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "health/rollup.h"
#include "ping/impl.h"
#include "ping/seen.h"

#define TEXT 200

struct known {
	struct sample sample;
	int64_t began_ms;		/* its sweep, if who looked was cut
					   off; else 0 */
};

struct explaining {
	struct cli *cli;
	struct ping_past past;
	struct health_incident incident;
	struct health_series series;
	struct state_rule rule;
	struct known *all;		/* samples; owned */
	size_t n;
	struct health_change *change;	/* of its time; owned */
	size_t n_changes;
	struct seen seen;
	int64_t end_ms;			/* when its end was decided, or now */
};

/* --- what there is to tell from ------------------------------------------- */

static int
read_samples(struct explaining *x, struct err *e)
{
	const struct window w = { x->incident.began_ms -
	    HEALTH_SAMPLES_KEPT_MS, x->end_ms + 1 };
	struct query q;
	int got;

	health_samples_of(&q, x->past.store, x->series.id, &w);
	for (;;) {
		if (!(x->n & (x->n - 1)))
			x->all = mem_grow(x->all, x->n ? 2 * x->n : 1,
			    sizeof(*x->all));
		got = health_samples_next(&q, &x->all[x->n].sample, e);
		if (got <= 0)
			break;
		x->all[x->n].began_ms = health_sample_offline(&q);
		x->n++;
	}
	query_close(&q);
	return got;
}

/* Of those that were cut off, when that began. */
static int
read_sweeps(struct explaining *x, struct err *e)
{
	struct health_sweep w;
	struct known *k;
	size_t i;
	int got;

	for (i = 0; i < x->n; i++) {
		k = &x->all[i];
		if (!k->began_ms)
			continue;
		got = health_sweep_get(x->past.store, k->sample.sweep_id, &w,
		    e);
		if (got < 0)
			return -1;
		k->began_ms = got ? w.began_ms : k->sample.started_ms;
	}
	return 0;
}

static int
read_changes(struct explaining *x, struct err *e)
{
	struct health_change c;
	struct query q;
	int got;

	health_changes_open(&q, x->past.store, x->series.id,
	    x->incident.began_ms);
	while ((got = health_changes_next(&q, &c, e)) > 0 &&
	    c.change.decided_ms <= x->end_ms) {
		x->change = mem_grow(x->change, x->n_changes + 1,
		    sizeof(*x->change));
		x->change[x->n_changes++] = c;
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* Are those there that decided? */
static bool
has_samples(const struct explaining *x)
{
	size_t i;

	for (i = 0; i < x->n; i++)
		if (x->all[i].sample.started_ms == x->incident.decided_ms &&
		    !x->all[i].began_ms)
			return x->all[0].sample.started_ms <=
			    x->incident.began_ms;
	return false;
}

/* --- lines ---------------------------------------------------------------- */

static void
begin(const struct explaining *x, struct buf *out, const char *what,
    int64_t at_ms)
{
	json_open(out, NULL, '{');
	json_str(out, "incident_id", x->incident.id);
	json_str(out, "what", what);
	json_time_if(out, "at", at_ms);
}

static int
tell_rule(const struct explaining *x, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);
	char text[TEXT], gap[CLOCK_TEXT];

	clock_span_text(x->rule.max_gap_ms, gap);
	if (x->series.family == FAMILY_PUSH)
		snprintf(text, sizeof(text), "the word of a job is enough; "
		    "unknown after %s without one", gap);
	else
		snprintf(text, sizeof(text), "down after %d failures in a row "
		    "(health_down_after), up after %d answers "
		    "(health_up_after), unknown after %s without a probe, as "
		    "the parameters are now", x->rule.down_after,
		    x->rule.up_after, gap);
	begin(x, &out, "rule", 0);
	json_str(&out, "text", text);
	return cli_emit_object(x->cli, &out, e);
}

static int
tell_change(const struct explaining *x, const struct health_change *of,
    struct err *e)
{
	const struct state_change *c = &of->change;
	struct buf out = BUF_INIT(PING_RECORD);
	char text[TEXT], at[CLOCK_TEXT];

	clock_text(c->decided_ms, at);
	begin(x, &out, "change", c->effective_ms);
	json_str(&out, "state", state_word(c->to));
	if (c->to == STATE_DOWN)
		json_str_if(&out, "class", sample_class_word(of->class));
	json_int(&out, "seq", of->seq);
	snprintf(text, sizeof(text), "%s from here on, and no longer %s: "
	    "decided at %s%s", state_word(c->to), state_word(c->from), at,
	    c->cause == CAUSE_GAP ? ", for nobody had looked" :
	    c->cause == CAUSE_CLOCK ? ", for the clock was set" :
	    c->cause == CAUSE_OBSERVER ? ", for whoever looked was cut off" :
	    x->series.family == FAMILY_PUSH ? ", by the job's own word" :
	    c->to == STATE_DOWN ? ", by failures in a row" :
	    ", by answers");
	json_str(&out, "text", text);
	return cli_emit_object(x->cli, &out, e);
}

/* What a finding was to the machine that has just taken it in. */
static void
meaning(const struct explaining *x, const struct known *k,
    const struct state_machine *m, enum state now, char text[TEXT])
{
	const struct sample *s = &k->sample;

	if (k->began_ms)
		snprintf(text, TEXT, "who looked was cut off: it counts for "
		    "nothing");
	else if (s->class == CLASS_EXIT && s->http)
		snprintf(text, TEXT, "the job ended with %d", s->http);
	else if (!s->ok)
		snprintf(text, TEXT, "%s (%s): %d in a row, of %d",
		    s->confirm ? "failed again at once" : "failed",
		    sample_class_word(s->class), m->fails,
		    x->rule.down_after);
	else
		snprintf(text, TEXT, "answered%s: %d in a row%s", s->slow ?
		    " slowly" : "", m->goods, now == STATE_DOWN ?
		    ", which is not enough to be up" : "");
}

static int
tell_sample(const struct explaining *x, const struct known *k,
    const struct state_machine *m, enum state now, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);
	const struct sample *s = &k->sample;
	char text[TEXT];

	begin(x, &out, "sample", s->started_ms);
	json_str(&out, "state", state_word(now));
	json_str_if(&out, "class", sample_class_word(s->class));
	if (s->family == FAMILY_PUSH)
		json_int(&out, "exit", s->http);
	else if (s->http)
		json_int(&out, "http", s->http);
	json_bool(&out, "confirm", s->confirm);
	ask_write_us(&out, "total_ms", s->us[PHASE_TOTAL]);
	meaning(x, k, m, now, text);
	json_str(&out, "text", text);
	return cli_emit_object(x->cli, &out, e);
}

static int
tell_maintenance(const struct explaining *x, struct err *e)
{
	const struct window w = { x->incident.began_ms - 1, x->end_ms };
	struct buf out = BUF_INIT(PING_RECORD);
	struct health_cut *cut;
	char text[FIT_REASON + TEXT], to[CLOCK_TEXT];
	size_t i, n;
	int rc = 0;

	if (health_calendar_cuts(&x->past.calendar, x->series.node_id, &w,
	    &cut, &n, e))
		return -1;
	for (i = 0; i < n && !rc; i++) {
		clock_text(cut[i].window.to_ms, to);
		begin(x, &out, "maintenance", cut[i].window.from_ms);
		snprintf(text, sizeof(text), "until %s nothing counts: %s",
		    to, cut[i].maint->reason);
		json_str(&out, "text", text);
		rc = cli_emit_object(x->cli, &out, e);
	}
	free(cut);
	return rc;
}

/* --- the machine, once more ----------------------------------------------- */

/* Other findings, other rules. */
struct other {
	int64_t answered_ms;		/* this one would have been; -1 */
	bool no_confirm;		/* none was repeated at once */
	int down_after;
};

/* When it was down in the incident's time, if at all. */
struct ran {
	bool down, ended;
	struct state_change fall, rise;
};

static int
take(struct state_machine *m, const struct state_rule *rule,
    const struct known *k, bool answered,
    struct state_change said[STATE_CHANGES])
{
	struct probed p = { k->sample.started_ms, k->sample.mono_ms,
	    answered ? FOUND_OK : sample_finding(&k->sample) };

	return k->began_ms ? state_cut_off(m, rule, &p, k->began_ms, said) :
	    state_step(m, rule, &p, said);
}

/* What was over before is another incident. */
static void
see(struct ran *ran, const struct state_change *c, int64_t from_ms)
{
	if (c->to == STATE_DOWN && !ran->down) {
		ran->down = true;
		ran->fall = *c;
	} else if (ran->down && !ran->ended && (c->to == STATE_UP ||
	    c->to == STATE_DEGRADED)) {
		ran->down = ran->ended = c->effective_ms > from_ms;
		ran->rise = *c;
	}
}

static struct ran
run(const struct explaining *x, const struct other *o)
{
	struct state_change said[STATE_CHANGES];
	struct state_rule rule = x->rule;
	struct state_machine m;
	struct ran ran = { 0 };
	size_t i;
	int k, n;

	rule.down_after = o->down_after;
	state_begin(&m, x->all[0].sample.started_ms);
	for (i = 0; i < x->n; i++) {
		if (o->no_confirm && x->all[i].sample.confirm)
			continue;
		n = take(&m, &rule, &x->all[i],
		    x->all[i].sample.started_ms == o->answered_ms, said);
		for (k = 0; k < n; k++)
			see(&ran, &said[k], x->incident.began_ms);
	}
	return ran;
}

static int
tell_other(const struct explaining *x, const char *what, const struct other *o,
    struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);
	struct ran ran = run(x, o);
	char text[TEXT + 3 * CLOCK_TEXT], from[CLOCK_TEXT], at[CLOCK_TEXT];
	char to[CLOCK_TEXT + 16] = "and is so yet";

	if (ran.down) {
		/* It was down before, but in maintenance. */
		if (ran.fall.decided_ms < x->incident.began_ms)
			ran.fall.effective_ms = x->incident.began_ms;
		clock_text(ran.fall.effective_ms, from);
		clock_text(ran.fall.decided_ms, at);
		if (ran.ended) {
			memcpy(to, "until ", 7);
			clock_text(ran.rise.effective_ms, to + 6);
		}
		snprintf(text, sizeof(text), "%s: down from %s, decided at "
		    "%s, %s", what, from, at, to);
	} else {
		snprintf(text, sizeof(text), "%s: no incident", what);
	}
	begin(x, &out, "otherwise", ran.down ? ran.fall.effective_ms : 0);
	json_str(&out, "state", ran.down ? "down" : "up");
	json_str(&out, "text", text);
	return cli_emit_object(x->cli, &out, e);
}

static int
tell_others(const struct explaining *x, struct err *e)
{
	struct other o = { x->incident.decided_ms, false,
	    x->rule.down_after };
	char text[TEXT];

	if (tell_other(x, "had the probe that decided been answered", &o, e))
		return -1;
	o.answered_ms = -1;
	o.no_confirm = true;
	if (tell_other(x, "had no failure been repeated at once", &o, e))
		return -1;
	o.no_confirm = false;
	for (o.down_after = x->rule.down_after - 1;
	    o.down_after <= x->rule.down_after + 1; o.down_after += 2) {
		if (o.down_after < 1)
			continue;
		snprintf(text, sizeof(text), "with health_down_after %d",
		    o.down_after);
		if (tell_other(x, text, &o, e))
			return -1;
	}
	return 0;
}

/*
 * From the last answer before it to what ended it.  What it became is what
 * was decided then, whatever the parameters are now.
 */
static int
tell_samples(struct explaining *x, struct err *e)
{
	int64_t at_ms, from_ms = x->incident.good_ms > 0 ?
	    x->incident.good_ms : x->incident.began_ms;
	struct state_change said[STATE_CHANGES];
	enum state now = x->n_changes ? x->change->change.from :
	    STATE_UNKNOWN;
	struct state_machine m;
	size_t i, first, next = 0;

	state_begin(&m, x->all[0].sample.started_ms);
	for (i = 0; i < x->n; i++) {
		at_ms = x->all[i].sample.started_ms;
		(void)take(&m, &x->rule, &x->all[i], false, said);
		for (first = next; next < x->n_changes &&
		    x->change[next].change.decided_ms <= at_ms; next++)
			now = x->change[next].change.to;
		if (at_ms < from_ms)
			continue;
		if (tell_sample(x, &x->all[i], &m, now, e))
			return -1;
		for (; first < next; first++)
			if (x->change[first].change.decided_ms >= from_ms &&
			    tell_change(x, &x->change[first], e))
				return -1;
	}
	return x->series.family == FAMILY_PUSH ? 0 : tell_others(x, e);
}

static int
tell_changes(struct explaining *x, struct err *e)
{
	size_t i;

	for (i = 0; i < x->n_changes; i++)
		if (tell_change(x, &x->change[i], e))
			return -1;
	return 0;
}

int
ping_explain(struct cli *c, struct err *e)
{
	struct explaining x = { .cli = c };
	int rc = -1;

	if (ping_past_open(&x.past, c, e) || health_incident(x.past.store,
	    c->argv[0], &x.incident, e) || ping_series(x.past.store,
	    x.incident.series, &x.series, e))
		goto out;
	x.end_ms = x.incident.ended_ms ? x.incident.ended_decided_ms :
	    cli_now(c);
	health_rule_of(&x.rule, &c->params, &x.series);
	if (read_samples(&x, e) || read_sweeps(&x, e) ||
	    read_changes(&x, e) ||
	    seen_read(&x.seen, x.past.store, &x.incident, e) ||
	    tell_rule(&x, e) || tell_maintenance(&x, e) ||
	    seen_tell(c, &x.seen, x.incident.id, e))
		goto out;
	rc = has_samples(&x) ? tell_samples(&x, e) : tell_changes(&x, e);
out:
	free(x.all);
	free(x.change);
	seen_release(&x.seen);
	ping_past_close(&x.past);
	return rc;
}
