#include <assert.h>
#include <string.h>

#include "uptime/state.h"

/* Clocks are steered, at most by 500 ppm, and read one after the other. */
#define SLACK_MS 1000
#define SLEW 1000

static const char *const words[] = { "unknown", "up", "degraded", "down" };

const char *
state_word(enum state s)
{
	return words[s];
}

bool
state_named(const char *word, enum state *out)
{
	int i;

	for (i = 0; i < STATE__COUNT; i++)
		if (!strcmp(words[i], word)) {
			*out = (enum state)i;
			return true;
		}
	return false;
}

const char *
state_cause_word(enum state_cause c)
{
	static const char *const cause[] = { "probe", "gap", "clock",
	    "observer" };

	return cause[c];
}

void
state_begin(struct state_machine *m, int64_t now_ms)
{
	*m = (struct state_machine){ .since_ms = now_ms, .probed_ms = -1,
	    .probed_mono_ms = -1, .good_ms = -1 };
}

static void
forget_runs(struct state_machine *m)
{
	m->fails = m->slows = m->oks = m->goods = 0;
}

/* 1 if it changes anything, and then in *out. */
static int
change(struct state_machine *m, enum state to, enum state_cause cause,
    int64_t effective_ms, int64_t decided_ms, struct state_change *out)
{
	if (m->state == to)
		return 0;
	if (effective_ms < m->since_ms)
		effective_ms = m->since_ms;
	*out = (struct state_change){ m->state, to, effective_ms, decided_ms,
	    cause };
	if (to == STATE_UNKNOWN)
		m->before = m->state;
	m->state = to;
	m->since_ms = effective_ms;
	return 1;
}

static int
lose(struct state_machine *m, enum state_cause cause, int64_t effective_ms,
    int64_t decided_ms, struct state_change *out)
{
	forget_runs(m);
	return change(m, STATE_UNKNOWN, cause, effective_ms, decided_ms, out);
}

/* Has the clock been set since the last probe? */
static bool
jumped(const struct state_machine *m, const struct state_rule *r,
    const struct probed *p)
{
	int64_t wall = p->at_ms - m->probed_ms;
	int64_t mono = p->mono_ms - m->probed_mono_ms;

	if (wall < 0)
		return true;
	if (p->mono_ms < 0 || m->probed_mono_ms < 0 || mono < 0)
		return false;		/* the machine was started anew */
	return wall < mono - mono / SLEW - SLACK_MS ||
	    wall > mono + mono / SLEW + r->interval_ms;
}

static void
count(struct state_machine *m, const struct probed *p)
{
	bool ok = p->finding == FOUND_OK, slow = p->finding == FOUND_SLOW;

#define RUN(in, n, first) do {						\
	if (!(in))							\
		(n) = 0;						\
	else if (!(n)++)						\
		(first) = p->at_ms;					\
} while (0)
	RUN(ok, m->oks, m->oks_ms);
	RUN(slow, m->slows, m->slows_ms);
	RUN(ok || slow, m->goods, m->goods_ms);
	RUN(!ok && !slow, m->fails, m->fails_ms);
#undef RUN
}

/* Is it known to be up as soon as it answers once? */
static bool
easily_up(const struct state_machine *m)
{
	return m->state == STATE_UNKNOWN && m->before != STATE_DOWN;
}

static int
judge(struct state_machine *m, const struct state_rule *r, int64_t now_ms,
    struct state_change *out)
{
	if (m->state != STATE_DOWN && m->fails >= r->down_after)
		return change(m, STATE_DOWN, CAUSE_PROBE, m->fails_ms, now_ms,
		    out);
	if (m->state == STATE_UNKNOWN || m->state == STATE_DOWN)
		return m->goods >= (easily_up(m) ? 1 : r->up_after) ?
		    change(m, STATE_UP, CAUSE_PROBE, m->goods_ms, now_ms,
		    out) : 0;
	if (m->state == STATE_UP && m->slows >= r->slow_after)
		return change(m, STATE_DEGRADED, CAUSE_PROBE, m->slows_ms,
		    now_ms, out);
	if (m->state == STATE_DEGRADED && m->oks >= r->ok_after)
		return change(m, STATE_UP, CAUSE_PROBE, m->oks_ms, now_ms,
		    out);
	return 0;
}

/*
 * The newest of 20 changes weighs 1.25, the oldest 0.75: in nineteenths of a
 * thousandth, so that nothing is rounded.
 */
int
state_flap(const struct state_machine *m)
{
	int64_t all = 0, changed = 0, weight;
	int i;

	for (i = 0; i < STATE_FLAPS - 1; i++) {
		weight = 23750 - 500 * i;	/* i back from the newest */
		all += weight;
		if (i + 1 < m->n_seen &&
		    (m->seen >> 2 * i & 3) != (m->seen >> 2 * (i + 1) & 3))
			changed += weight;
	}
	return (int)(changed * 100 / all);
}

/* That nobody looked is nothing that the node did. */
static void
watch_flaps(struct state_machine *m, const struct state_rule *r)
{
	int percent;

	if (m->state == STATE_UNKNOWN)
		return;
	m->seen = (m->seen << 2 | (uint64_t)m->state) &
	    ((UINT64_C(1) << 2 * STATE_FLAPS) - 1);
	if (m->n_seen < STATE_FLAPS)
		m->n_seen++;
	percent = state_flap(m);
	if (!m->flapping && percent >= r->flap_start)
		m->flapping = true;
	else if (m->flapping && percent < r->flap_stop)
		m->flapping = false;
}

int
state_step(struct state_machine *m, const struct state_rule *r,
    const struct probed *p, struct state_change out[STATE_CHANGES])
{
	int n = 0;

	assert(r->down_after > 0 && r->up_after > 0 && r->slow_after > 0 &&
	    r->ok_after > 0);
	if (m->probed_ms >= 0 && jumped(m, r, p))
		n += lose(m, CAUSE_CLOCK, m->probed_ms, p->at_ms, out);
	else if (m->probed_ms >= 0 && p->at_ms - m->probed_ms > r->max_gap_ms)
		n += lose(m, CAUSE_GAP, m->probed_ms + r->max_gap_ms,
		    p->at_ms, out);
	count(m, p);
	n += judge(m, r, p->at_ms, out + n);
	watch_flaps(m, r);
	m->probed_ms = p->at_ms;
	m->probed_mono_ms = p->mono_ms;
	if (p->finding != FOUND_FAILED)
		m->good_ms = p->at_ms;
	return n;
}

int
state_cut_off(struct state_machine *m, const struct state_rule *r,
    const struct probed *first, int64_t began_ms,
    struct state_change out[STATE_CHANGES])
{
	struct state_change gap;

	if (m->probed_ms >= 0 && jumped(m, r, first))
		return lose(m, CAUSE_CLOCK, m->probed_ms, began_ms, out);
	if (state_lapsed(m, r, began_ms, &gap))
		return lose(m, CAUSE_GAP, gap.effective_ms, began_ms, out);
	return lose(m, CAUSE_OBSERVER, began_ms, began_ms, out);
}

bool
state_lapsed(const struct state_machine *m, const struct state_rule *r,
    int64_t now_ms, struct state_change *out)
{
	struct state_machine copy = *m;

	if (m->probed_ms < 0 || now_ms - m->probed_ms <= r->max_gap_ms)
		return false;
	return lose(&copy, CAUSE_GAP, m->probed_ms + r->max_gap_ms, now_ms,
	    out);
}

bool
state_suspect(const struct state_machine *m)
{
	switch (m->state) {
	case STATE_UNKNOWN:
		return m->fails || (m->goods && m->before == STATE_DOWN);
	case STATE_UP:
		return m->fails || m->slows;
	case STATE_DEGRADED:
		return m->fails || m->oks;
	case STATE_DOWN:
		return m->goods;
	}
	return false;
}
