/*
 * opinion.h - a second opinion on whether a node was up.
 *
 * It is made of the table of spec/ops.md 3.3 and of 3.4 to 3.6 only, and by
 * looking at a whole history at once: what was seen is cut where nobody
 * looked, where a clock was set and where the observer was cut off; of what
 * lies between, runs of like findings are what counts.  Nothing in here calls
 * what it is to judge.
 */
#ifndef OPINION_H
#define OPINION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Thresholds of the table. */
#define K_DOWN 3
#define K_UP 2
#define K_SLOW 3
#define K_OK 2
#define SLACK_MS 1000			/* of two clocks read in turn */

/* What one probe saw: 'o', 's' or 'f'; 'x': the observer was cut off. */
struct seen {
	int64_t at, mono, began;	/* began: of the sweep */
	int64_t true_ms;
	int sweep;
	char what;
};

struct opinion {
	char from, to;			/* ? U G D */
	int64_t effective, decided;
	char cause;			/* p g c o */
	int at;				/* decided by which seen */
};

struct opinions {
	struct opinion *v;		/* owned */
	int n, room;
	int64_t last;
	char state, before;
};

static inline void
opine(struct opinions *o, char to, int64_t effective, int64_t decided,
    char cause, int at)
{
	if (o->state == to)
		return;
	if (effective < o->last)
		effective = o->last;
	if (o->n == o->room) {
		o->room = o->room * 2 + 16;
		o->v = realloc(o->v, (size_t)o->room * sizeof(*o->v));
		if (!o->v)
			abort();
	}
	o->v[o->n++] = (struct opinion){ o->state, to, effective, decided,
	    cause, at };
	if (to == '?')
		o->before = o->state;
	o->state = to;
	o->last = effective;
}

/* Was a clock set between two probes? */
static inline bool
was_set(const struct seen *a, const struct seen *b, int64_t interval)
{
	int64_t wall = b->at - a->at, mono = b->mono - a->mono;
	int64_t drift = mono / 1000;

	if (wall < 0)
		return true;
	if (a->mono < 0 || b->mono < 0 || mono < 0)
		return false;
	return mono - wall > SLACK_MS + drift ||
	    wall - mono > interval + drift;
}

/* Where what was known at a ends, if b was next. */
static inline bool
breaks(const struct seen *a, const struct seen *b, int64_t interval,
    int64_t *at, char *cause)
{
	int64_t gap = interval * 5 / 2;
	int64_t then = b->what == 'x' ? b->began : b->at;

	*cause = 'c';
	*at = a->at;
	if (was_set(a, b, interval))
		return true;
	*cause = 'g';
	*at = a->at + gap;
	if (then - a->at > gap)
		return true;
	*cause = 'o';
	*at = b->began;
	return b->what == 'x';
}

/* Slow or not, within a run of answers. */
static inline void
opine_slow(struct opinions *o, const struct seen *s, int from, int to)
{
	int i, k;

	for (i = from; i < to; i = k) {
		for (k = i; k < to && s[k].what == s[i].what; k++)
			;
		if (s[i].what == 's' && k - i >= K_SLOW && o->state == 'U')
			opine(o, 'G', s[i].at, s[i + K_SLOW - 1].at, 'p',
			    i + K_SLOW - 1);
		if (s[i].what == 'o' && k - i >= K_OK && o->state == 'G')
			opine(o, 'U', s[i].at, s[i + K_OK - 1].at, 'p',
			    i + K_OK - 1);
	}
}

/* One stretch in which somebody looked all the time. */
static inline void
opine_stretch(struct opinions *o, const struct seen *s, int from, int to)
{
	int i, k, need;
	bool bad;

	for (i = from; i < to; i = k) {
		bad = s[i].what == 'f';
		for (k = i; k < to && (s[k].what == 'f') == bad; k++)
			;
		if (bad) {
			if (k - i >= K_DOWN)
				opine(o, 'D', s[i].at, s[i + K_DOWN - 1].at,
				    'p', i + K_DOWN - 1);
			continue;
		}
		need = o->state == '?' && o->before != 'D' ? 1 : K_UP;
		if ((o->state == '?' || o->state == 'D') && k - i >= need)
			opine(o, 'U', s[i].at, s[i + need - 1].at, 'p',
			    i + need - 1);
		if (o->state == 'U' || o->state == 'G')
			opine_slow(o, s, i, k);
	}
}

/* All of it; o is zeroed, and its v for free(). */
static inline void
opine_all(struct opinions *o, const struct seen *s, int n, int64_t interval)
{
	int64_t at = 0;
	char cause = 'p';
	int i, k;

	o->state = o->before = '?';
	o->last = n ? s[0].at : 0;
	for (i = 0; i < n; i = k) {
		k = i + 1;
		if (s[i].what == 'x')
			continue;
		while (k < n && !breaks(&s[k - 1], &s[k], interval, &at,
		    &cause))
			k++;
		opine_stretch(o, s, i, k);
		if (k < n)
			opine(o, '?', at, s[k].what == 'x' ? s[k].began :
			    s[k].at, cause, k);
	}
}

/*
 * Does it flap, after each probe?  Of the last 21 states that were known, a
 * change weighs from 57 to 95 76ths; all of them 1520.
 */
static inline void
opine_flaps(const struct opinions *o, const struct seen *s, int n, bool *out)
{
	char *label = malloc((size_t)n + 1), state = '?';
	int i, j, known = 0, next = 0, weight;
	bool flapping = false;

	if (!label)
		abort();
	for (i = 0; i < n; i++) {
		while (next < o->n && o->v[next].at <= i)
			state = o->v[next++].to;
		if (s[i].what != 'x' && state != '?') {
			label[known++] = state;
			weight = 0;
			for (j = 0; j < 20; j++)
				if (known > j + 1 && label[known - 1 - j] !=
				    label[known - 2 - j])
					weight += 57 + 2 * (19 - j);
			flapping = weight >= (flapping ? 76 : 304);
		}
		out[i] = flapping;
	}
	free(label);
}

/* --- times ---------------------------------------------------------------- */

struct opined { int64_t from, to; };

static inline int
opine_earlier(const void *a, const void *b)
{
	const struct opined *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Those that overlap are one; how many are left. */
static inline int
opine_unite(struct opined *v, int n)
{
	int i, k = -1;

	qsort(v, (size_t)n, sizeof(*v), opine_earlier);
	for (i = 0; i < n; i++) {
		if (k >= 0 && v[i].from <= v[k].to) {
			if (v[i].to > v[k].to)
				v[k].to = v[i].to;
		} else if (v[i].from < v[i].to) {
			v[++k] = v[i];
		}
	}
	return k + 1;
}

/* How much of [from, to) is in none of those that are united. */
static inline int64_t
opine_outside(const struct opined *v, int n, int64_t from, int64_t to)
{
	int64_t sum = 0;
	int i;

	for (i = 0; i < n && from < to; i++) {
		if (v[i].to <= from)
			continue;
		if (v[i].from > from)
			sum += (v[i].from < to ? v[i].from : to) - from;
		from = v[i].to;
	}
	return sum + (from < to ? to - from : 0);
}

/* The most hundredths of a percent of whole that part has, counted up to. */
static inline bool
opine_share(int said, int64_t part, int64_t whole)
{
	return whole ? said >= 0 && said * whole <= part * 10000 &&
	    (said + 1) * whole > part * 10000 : said < 0;
}

#endif
