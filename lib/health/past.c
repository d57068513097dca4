/* What a series was: its changes laid over a window. */
#include <stdlib.h>
#include <string.h>

#include "health/impl.h"

/* What the series says of itself ends where nobody looked any more. */
void
health_trace_begin(struct health_trace *t, const struct health_series *h,
    const struct params *p, int64_t now_ms)
{
	struct state_change lapse;
	struct state_rule rule;
	size_t i;

	memset(t->out, 0, t->n * sizeof(*t->out));
	t->all = *t->w;
	for (i = 1; i < t->n; i++) {
		if (t->w[i].from_ms < t->all.from_ms)
			t->all.from_ms = t->w[i].from_ms;
		if (t->w[i].to_ms > t->all.to_ms)
			t->all.to_ms = t->w[i].to_ms;
	}
	t->state = STATE_UNKNOWN;
	t->at_ms = t->all.from_ms;
	t->until_ms = t->all.to_ms < now_ms ? t->all.to_ms : now_ms;
	health_rule(&rule, p, h->interval_ms);
	if (state_lapsed(&h->machine, &rule, now_ms, &lapse) &&
	    lapse.effective_ms < t->until_ms)
		t->until_ms = lapse.effective_ms;
}

static void
add(struct health_trace *t, enum state state, int64_t to_ms)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->w[i].from_ms < to_ms && t->at_ms < t->w[i].to_ms)
			span_add(&t->out[i], &t->w[i], t->maint, t->n_maint,
			    state, t->at_ms, to_ms);
	t->at_ms = to_ms;
}

void
health_trace_change(struct health_trace *t, enum state to,
    int64_t effective_ms)
{
	if (effective_ms >= t->until_ms)
		return;
	add(t, t->state, effective_ms);
	t->state = to;
}

void
health_trace_end(struct health_trace *t)
{
	if (t->at_ms < t->until_ms)
		add(t, t->state, t->until_ms);
	add(t, STATE_UNKNOWN, t->all.to_ms);
}

int
health_spans(struct store *s, const struct health_series *h,
    const struct params *p, const struct health_calendar *c,
    const struct window *w, size_t n, int64_t now_ms, struct span *out,
    struct err *e)
{
	struct health_trace t = { .w = w, .n = n, .out = out };
	struct health_change change;
	struct window *maint;
	struct query q;
	int got;

	health_trace_begin(&t, h, p, now_ms);
	if (health_calendar_windows(c, h->node_id, &t.all, &maint,
	    &t.n_maint, e))
		return -1;
	t.maint = maint;
	health_changes_open(&q, s, h->id, t.all.from_ms);
	while ((got = health_changes_next(&q, &change, e)) > 0 &&
	    change.change.effective_ms < t.until_ms)
		health_trace_change(&t, change.change.to,
		    change.change.effective_ms);
	query_close(&q);
	health_trace_end(&t);
	free(maint);
	return got < 0 ? -1 : 0;
}

int
health_span(struct store *s, const struct health_series *h,
    const struct params *p, const struct health_calendar *c,
    const struct window *w, int64_t now_ms, struct span *out, struct err *e)
{
	return health_spans(s, h, p, c, w, 1, now_ms, out, e);
}
