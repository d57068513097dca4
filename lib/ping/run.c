/*
 * A sweep: ask, print, take in, sign.  The lock of the store is held only
 * while what was found is taken in, in one transaction; who is killed before
 * has asked for nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/note.h"
#include "evidence/issue.h"
#include "health/health.h"
#include "ledger/ledger.h"
#include "ping/impl.h"
#include "ping/past.h"
#include "ping/run.h"
#include "ping/second.h"
#include "ping/status.h"
#include "ping/targets.h"
#include "probe/probe.h"

#define REFERENCES 16		/* at most */
#define AGENT "bzn-ping"
#define FLUSH_MS 20		/* what is found waits so long, at most, for
				   others to be printed with it */

/* A series as it was before the sweep. */
struct before {
	struct state_machine machine;
	bool told;			/* something was found out since */
};

struct sweeping {
	struct cli *c;
	const struct sweep_plan *plan;
	const struct targets *all;
	struct health_sweep sweep;
	struct probe_target *probe;	/* of nodes, then references */
	struct before *before;		/* of each of a node */
	size_t nodes, n;
	struct sample *sample;
	size_t samples, cap;
	size_t failed, good_references;
	int64_t mono_ms;		/* when they began to be asked */
	int64_t flushed_ms;
	volatile sig_atomic_t stop;	/* nobody reads what we print */
	struct err why;			/* if so */
	struct second second;
	bool changed;
};

/* --- before --------------------------------------------------------------- */

/* The endpoints that are to be there if anything is. */
static int
references(struct sweeping *w, char *text, struct err *e)
{
	size_t n = 0, first = w->n;
	char *word = text + strspn(text, " \t"), *end;

	for (; *word; word = end + strspn(end, " \t")) {
		end = word + strcspn(word, " \t");
		if (*end)
			*end++ = '\0';
		if (!fit_endpoint(word))
			return err_set(e, E_bad_conf, "health_references: "
			    "'%.80s' is not an endpoint", word);
		if (n++ == REFERENCES)
			return err_set(e, E_bad_conf, "health_references: "
			    "more than %d", REFERENCES);
		w->probe = mem_grow(w->probe, w->n + 1, sizeof(*w->probe));
		w->probe[w->n++] = (struct probe_target){
			.endpoint = word, .reference = true };
	}
	if (n == 1)
		w->n = first;	/* one alone may fail by itself */
	return 0;
}

static const struct target *
target_of(const struct sweeping *w, size_t i)
{
	return &w->all->target[i / (size_t)w->plan->families];
}

static int
look_up(struct sweeping *w, size_t i, struct err *e)
{
	const struct target *t = target_of(w, i);
	enum sample_family family =
	    w->plan->family[i % (size_t)w->plan->families];
	struct health_series h = { .id = 0 };

	w->probe[i] = (struct probe_target){
		.node_id = t->node_id, .endpoint = t->endpoint,
		.key = &t->key, .version = *t->version ? t->version : NULL,
		.family = family, .require_signed = t->is_signed,
	};
	if (health_get(w->c->store, t->node_id, family, &h, e) < 0)
		return -1;
	w->before[i].machine = h.machine;
	return 0;
}

static int
prepare(struct sweeping *w, struct err *e)
{
	size_t i;
	int rc;

	w->nodes = w->n = w->all->n * (size_t)w->plan->families;
	w->probe = mem_zero(w->n + 1, sizeof(*w->probe));
	w->before = mem_zero(w->n + 1, sizeof(*w->before));
	rc = store_snapshot(w->c->store, e);
	for (i = 0; !rc && i < w->n; i++)
		rc = look_up(w, i, e);
	store_rollback(w->c->store);
	return rc;
}

/* --- as they answer ------------------------------------------------------- */

static int
print(struct sweeping *w, const struct sample *s, struct err *e)
{
	struct buf out = BUF_INIT(PING_RECORD);
	int64_t at_ms = s->mono_ms + s->us[PHASE_TOTAL] / 1000;
	int rc;

	sample_write(&out, s);
	rc = cli_emit_buf(w->c, &out, e);
	buf_release(&out);
	if (rc || at_ms - w->flushed_ms < FLUSH_MS)
		return rc;
	w->flushed_ms = at_ms;
	return cli_flush(e);
}

/* As much of it as says what becomes of it. */
static struct health_series
series_of(const struct sweeping *w, size_t i)
{
	return (struct health_series){
		.family = w->probe[i].family,
		.interval_ms = target_of(w, i)->interval_ms,
		.machine = w->before[i].machine,
	};
}

static bool
confirms(const struct sweeping *w, size_t i, const struct sample *s)
{
	const struct health_series h = series_of(w, i);

	return health_confirms(&h, &w->c->params, s, 1);
}

static void
told(void *arg, size_t i, const struct sample *s, bool *again)
{
	struct sweeping *w = arg;

	if (i >= w->nodes) {
		w->good_references += s->ok;
		return;
	}
	if (w->samples == w->cap) {
		w->cap = w->cap ? 2 * w->cap : w->nodes;
		w->sample = mem_grow(w->sample, w->cap, sizeof(*w->sample));
	}
	w->sample[w->samples++] = *s;
	w->failed += !s->ok && !s->confirm;
	w->before[i].told = true;
	*again = !s->ok && !s->confirm && confirms(w, i, s);
	if (!w->stop && print(w, s, &w->why))
		w->stop = 1;
}

static int
ask(struct sweeping *w, size_t *left, struct err *e)
{
	const struct ping_sweep *say = w->plan->say;
	const struct params *p = &w->c->params;
	struct probe_how how;

	probe_how_defaults(&how);
	if (say->in_flight > 0)
		how.in_flight = (unsigned)say->in_flight;
	how.spread_ms = w->plan->spread_ms;
	how.deadline_ms = w->plan->deadline_ms;
	how.again_least_ms = p->value[PARAM_health_confirm_least];
	how.again_most_ms = p->value[PARAM_health_confirm_most];
	if (how.again_most_ms < how.again_least_ms)
		how.again_most_ms = how.again_least_ms;
	how.slow_ms = p->value[PARAM_health_slow];
	how.require_signed = say->require_signed;
	how.allow_private = say->allow_private;
	how.ca_file = say->ca_file;
	how.agent = AGENT;
	how.sweep_id = w->sweep.id;
	how.now_ms = w->sweep.began_ms;
	how.mono_ms = w->mono_ms = cli_mono(w->c);
	how.chance = &w->c->chance;
	how.stop = w->plan->stop ? w->plan->stop : &w->stop;
	return probe_run(&how, w->probe, w->n, told, w, left, e);
}

/* --- taking in ------------------------------------------------------------ */

static const char *
name_of(void *all, const char *node_id)
{
	const struct target *t = targets_find(all, node_id);

	return t ? t->name : NULL;
}

/* A clock that stands still has gone on by what the probes took. */
static void
ended(struct sweeping *w)
{
	const struct sample *s;
	int64_t at_ms;

	w->sweep.ended_ms = cli_now(w->c);
	for (s = w->sample; s < w->sample + w->samples; s++) {
		at_ms = s->started_ms + (s->us[PHASE_TOTAL] > 0 ?
		    s->us[PHASE_TOTAL] / 1000 : 0);
		if (at_ms > w->sweep.ended_ms)
			w->sweep.ended_ms = at_ms;
	}
}

/* Those of which nothing was found out are what they were. */
static size_t
still_down(const struct sweeping *w)
{
	size_t i, n = 0;

	for (i = 0; i < w->nodes; i++)
		n += !w->before[i].told &&
		    w->before[i].machine.state == STATE_DOWN;
	return n;
}

static int
take_in(struct sweeping *w, size_t *down, struct err *e)
{
	struct health_taken taken = { 0 };
	struct ledger *l = NULL;
	int rc;

	rc = ledger_begin(w->c->store, &l, w->sweep.ended_ms,
	    !w->c->accept_clock, e) || health_take_in(l, &w->sweep, w->sample,
	    w->samples, &taken, e) || ledger_commit(l, e) ? -1 : 0;
	ledger_free(l);
	*down = (size_t)taken.down + still_down(w);
	w->changed = !rc && taken.changes;
	return rc;
}

/* As bzn-settle: what was found out is to be provable. */
static void
sign(struct sweeping *w)
{
	struct cli *c = w->c;
	struct err why = { 0 };
	struct issuer i;

	if (c->dry_run)
		return;
	if (!issue_begin(&i, c->store, c->home, &c->params, cli_now(c),
	    &why)) {
		i.sane = !c->accept_clock;
		if (issue_after(&i, w->changed,
		    c->params.value[PARAM_checkpoint_every_ms], &why) >= 0)
			return;
	}
	(void)err_wrap(&why, "what was found is kept, but not signed");
	cli_complain(c, &why);
}

static size_t
number_of(const struct sweeping *w, const struct sample *s)
{
	const struct target *t = targets_find(w->all, s->node_id);
	size_t i = (size_t)(t - w->all->target) * (size_t)w->plan->families;

	while (w->probe[i].family != s->family)
		i++;
	return i;
}

/* Of who is about to be called down others are asked first. */
static void
ask_others(struct sweeping *w)
{
	const struct sample *s = w->sample, *end = s + w->samples, *next;
	struct second *o = &w->second;
	struct health_series h;
	struct witness_case of;

	o->plan = w->plan;
	o->sample = s;
	o->samples = w->samples;
	o->left_ms = w->plan->deadline_ms - (cli_mono(w->c) - w->mono_ms);
	for (; s < end; s = next) {
		for (next = s + 1; next < end && next->family == s->family &&
		    !strcmp(next->node_id, s->node_id); next++)
			;
		h = series_of(w, number_of(w, s));
		if (health_falls(&h, &w->c->params, s, (size_t)(next - s),
		    &of))
			second_add(o, &of);
	}
	second_ask(o, w->c);
	w->sweep.witness = o->witness;
	w->sweep.witnesses = o->n;
}

static bool
cut_off(const struct sweeping *w)
{
	return w->n > w->nodes && !w->good_references && w->samples &&
	    2 * w->failed > w->nodes;
}

static int
conclude(struct sweeping *w, size_t left, struct swept *out, struct err *e)
{
	*out = (struct swept){ .asked = w->nodes };
	/* References have no part in it. */
	out->left = left > w->nodes ? w->nodes : left;
	w->sweep.offline = out->offline = cut_off(w);
	w->sweep.unasked = (int64_t)out->left;
	past_sort(w->sample, w->samples);
	if (!w->sweep.offline)
		ask_others(w);
	ended(w);
	if (take_in(w, &out->down, e))
		return -1;
	sign(w);
	if (w->plan->say->record && !w->c->dry_run && past_append(
	    w->plan->say->record, &w->sweep, w->sample, w->samples, e))
		return -1;
	if (w->plan->say->prom && !w->c->dry_run &&
	    ping_prom(w->c, w->plan->say->prom, e))
		return -1;
	if (w->why.kind) {
		*e = w->why;
		return -1;
	}
	return 0;
}

int
ping_run(struct cli *c, const struct sweep_plan *plan,
    const struct targets *all, struct swept *out, struct err *e)
{
	struct sweeping w = {
		.c = c, .plan = plan, .all = all, .sweep = {
			.began_ms = cli_now(c), .params = &c->params,
			.chance = &c->chance, .name = name_of,
		},
	};
	char *text = mem_text(param_string(&c->params,
	    PARAM_health_references));
	struct targets names = *all;
	size_t left;
	int rc = -1;

	*out = (struct swept){ .asked = 0 };
	w.sweep.arg = &names;
	id_new(w.sweep.id, w.sweep.began_ms, &c->chance);
	if (!prepare(&w, e) && !references(&w, text, e) &&
	    !ask(&w, &left, e))
		rc = conclude(&w, left, out, e);
	free(w.probe);
	free(w.before);
	free(w.sample);
	second_release(&w.second);
	free(text);
	return rc;
}

int
ping_verdict(const struct swept *s, struct err *e)
{
	if (s->offline)
		return err_set(e, E_observer_offline, "no reference answers "
		    "and most nodes do not: this machine is cut off");
	if (s->left)
		return err_set(e, E_deadline, "the time was over before %zu "
		    "of %zu were asked", s->left, s->asked);
	return s->down ? err_set(e, E_node_down, "%zu of %zu %s down",
	    s->down, s->asked, s->down == 1 ? "is" : "are") : 0;
}
