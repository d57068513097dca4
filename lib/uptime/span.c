#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uptime/span.h"

#define WHOLE 10000
#define SHAKY 9500		/* coverage below which a figure is marked */
#define USELESS 5000		/* and below which there is none */

static int
compare(const void *a, const void *b)
{
	const struct window *x = a, *y = b;

	return x->from_ms < y->from_ms ? -1 : x->from_ms > y->from_ms;
}

size_t
span_merge(struct window *w, size_t n)
{
	size_t i, kept = 0;

	qsort(w, n, sizeof(*w), compare);
	for (i = 0; i < n; i++) {
		if (w[i].to_ms <= w[i].from_ms)
			continue;
		if (!kept || w[i].from_ms > w[kept - 1].to_ms)
			w[kept++] = w[i];
		else if (w[i].to_ms > w[kept - 1].to_ms)
			w[kept - 1].to_ms = w[i].to_ms;
	}
	return kept;
}

static int64_t
overlap(const struct window *a, const struct window *b)
{
	int64_t from = a->from_ms > b->from_ms ? a->from_ms : b->from_ms;
	int64_t to = a->to_ms < b->to_ms ? a->to_ms : b->to_ms;

	return to > from ? to - from : 0;
}

void
span_add(struct span *s, const struct window *w, const struct window *maint,
    size_t n_maint, enum state state, int64_t from_ms, int64_t to_ms)
{
	struct window in = { from_ms, to_ms };
	int64_t off = 0;
	size_t i;

	if (in.from_ms < w->from_ms)
		in.from_ms = w->from_ms;
	if (in.to_ms > w->to_ms)
		in.to_ms = w->to_ms;
	if (in.to_ms <= in.from_ms)
		return;
	for (i = 0; i < n_maint && maint[i].from_ms < in.to_ms; i++)
		off += overlap(&in, &maint[i]);
	s->maint_ms += off;
	s->ms[state] += in.to_ms - in.from_ms - off;
}

int64_t
span_length(const struct span *s)
{
	return s->ms[STATE_UNKNOWN] + s->ms[STATE_UP] +
	    s->ms[STATE_DEGRADED] + s->ms[STATE_DOWN] + s->maint_ms;
}

/* Both below 2^49, which is 17,000 years. */
int
span_percent(int64_t part, int64_t whole)
{
	return whole ? (int)(part * WHOLE / whole) : SPAN_NONE;
}

static int64_t
up_of(const struct span *s, bool degraded_up)
{
	return s->ms[STATE_UP] + (degraded_up ? s->ms[STATE_DEGRADED] : 0);
}

void
span_figures(struct span_figures *out, const struct span *s, bool degraded_up)
{
	int64_t up = up_of(s, degraded_up), unknown = s->ms[STATE_UNKNOWN];
	int64_t all = span_length(s) - s->maint_ms;

	out->uptime = span_percent(up, all - unknown);
	out->coverage = span_percent(all - unknown, all);
	out->worst = span_percent(up, all);
	out->best = span_percent(up + unknown, all);
}

int
span_blind(const struct span *s, bool degraded_up, int64_t blind_ms)
{
	int64_t up = up_of(s, degraded_up);
	int64_t known = span_length(s) - s->maint_ms - s->ms[STATE_UNKNOWN];

	return span_percent(up > blind_ms ? up - blind_ms : 0, known);
}

void
span_percent_text(int hundredths, char out[SPAN_TEXT])
{
	if (hundredths == SPAN_NONE)
		snprintf(out, SPAN_TEXT, "n/a");
	else
		snprintf(out, SPAN_TEXT, "%d.%02d",
		    hundredths / 100, hundredths % 100);
}

void
span_uptime_text(const struct span_figures *f, char out[SPAN_TEXT])
{
	if (f->uptime == SPAN_NONE || f->coverage < USELESS) {
		snprintf(out, SPAN_TEXT, "n/a");
		return;
	}
	span_percent_text(f->uptime, out);
	if (f->coverage < SHAKY) {
		memmove(out + 1, out, SPAN_TEXT - 1);
		out[0] = '~';
	}
}
