/*
 * world.h - nodes that are up and down by a script, maintenance, and an
 * observer to whom all happens that can: what is true, what is seen, and
 * sweeps of it.
 */
#ifndef WORLD_H
#define WORLD_H

#include "opinion.h"
#include "sweeps.h"

#define NODES 20			/* of a world */
#define WINDOWS 24
#define SPRING INT64_C(1806105600000)	/* Saturday, 27 March 2027 */
#define AUTUMN INT64_C(1824854400000)	/* Saturday, 30 October 2027 */
#define SPRING_AHEAD (SPRING + 25 * HOUR_MS)	/* clocks: 01:00 UTC */
#define AUTUMN_BACK (AUTUMN + 25 * HOUR_MS)

static uint64_t rng;

static inline int64_t
below(int64_t n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return n > 0 ? (int64_t)(rng >> 11) % n : 0;
}

static bool hectic;			/* much happens in little time */

static inline bool
chances(int per_10000)
{
	return below(10000) < per_10000 * (hectic ? 10 : 1);
}

/* --- the script ----------------------------------------------------------- */

struct part { int64_t from; char what; };	/* o s f k(ey) */

struct target {
	char id[HASH_HEX];
	struct part *part;
	int parts, part_room, at;
	struct seen *seen;
	int n_seen, room;
	bool was_lost;
	struct opined maint[WINDOWS + 400];
	int n_maint;
};

static struct target nodes[NODES];
static int64_t interval, length, base;
static bool clocks;			/* may be set */

struct swept { int64_t ended; bool offline; };
static struct swept *sweeps;
static int n_sweeps, sweep_room;

static inline void *
more(void *p, int n, int *room, size_t size)
{
	if (n < *room)
		return p;
	*room = *room * 2 + 64;
	p = realloc(p, (size_t)*room * size);
	if (!p)
		abort();
	return p;
}

static inline void
act(struct target *n, int64_t at, char what)
{
	n->part = more(n->part, n->parts, &n->part_room, sizeof(*n->part));
	n->part[n->parts++] = (struct part){ at, what };
}

static inline void
write_script(struct target *n)
{
	int64_t at = 0, end, k;

	n->parts = n->at = 0;
	while (hectic && at < length) {
		act(n, at, "oosfffk"[below(7)]);
		at += 1 + below(6 * interval);
	}
	while (at < length) {
		act(n, at, 'o');
		at += M + below(3 * DAY_MS);
		switch (below(10)) {
		case 0: case 1: case 2:		/* short */
			act(n, at, below(4) ? 'f' : 'k');
			at += S + below(3 * interval);
			break;
		case 3: case 4:
			act(n, at, below(4) ? 'f' : 'k');
			at += interval + below(6 * HOUR_MS);
			break;
		case 5:				/* days */
			act(n, at, 'f');
			at += DAY_MS + below(4 * DAY_MS);
			break;
		case 6: case 7:
			act(n, at, 's');
			at += below(8 * HOUR_MS);
			break;
		default:			/* it flaps */
			end = at + below(80 * interval);
			for (k = 0; at < end; k++) {
				act(n, at, "of"[k & 1]);
				at += below(8 * interval);
			}
		}
	}
}

static inline char
truth(struct target *n, int64_t at)
{
	while (n->at + 1 < n->parts && n->part[n->at + 1].from <= at)
		n->at++;
	return n->part[n->at].what;
}

/* --- maintenance ---------------------------------------------------------- */

static inline void
plan(struct target *n, const char *id, int64_t from, int64_t to, bool told)
{
	if (n->n_maint < WINDOWS + 400)
		n->maint[n->n_maint++] = (struct opined){ from, to };
	if (told)
		maintain(id, from, to, base);
}

static inline void
plan_weekly(struct target *n, int minute)
{
	struct health_maint m = { .from_ms = base, .weekday = 0,
	    .minute = minute, .length_ms = 90 * M, .zone = "Europe/Berlin",
	    .reason = "weekly" };
	int64_t sunday, from;
	struct err e = { 0 };

	snprintf(m.node_id, sizeof(m.node_id), "%s", n->id);
	hold(base);
	if (health_maint_add_in(ledger, &m, base, &chance, &e))
		home_die("health_maint_add_in", &e);
	/* By hand: an hour ahead of UTC, or two. */
	for (sunday = base - base % DAY_MS; sunday < base + length +
	    40 * DAY_MS; sunday += DAY_MS) {
		if ((sunday - SPRING) / DAY_MS % 7 != 1)
			continue;
		from = sunday + minute * M - 2 * HOUR_MS;
		if (from < SPRING_AHEAD || from >= AUTUMN_BACK)
			from += HOUR_MS;
		if (from >= base)
			plan(n, NULL, from, from + 90 * M, false);
	}
}

static inline void
make_plans(void)
{
	int64_t from, to;
	int i, k;

	for (i = 0; i < NODES; i++)
		nodes[i].n_maint = 0;
	for (i = 0; !hectic && i < NODES; i += 3)
		for (k = 0; k < 3; k++) {
			from = base + below(length);
			to = from + 1 + below(k == 2 ? 2 * DAY_MS :
			    3 * HOUR_MS);
			plan(&nodes[i], nodes[i].id, from, to, true);
		}
	for (k = 0; k < (hectic ? 3 : 1); k++) {
		from = base + below(length);
		to = from + 1 + below(hectic ? 8 * interval : 4 * HOUR_MS);
		maintain("", from, to, base);
		for (i = 0; i < NODES; i++)
			plan(&nodes[i], NULL, from, to, false);
	}
	if (!hectic)
		plan_weekly(&nodes[1], base < SPRING + 30 * DAY_MS ? 150 : 240);
	if (!hectic)
		plan_weekly(&nodes[2], 23 * 60 + 30);
	for (i = 0; i < NODES; i++)
		nodes[i].n_maint = opine_unite(nodes[i].maint,
		    nodes[i].n_maint);
}

static inline bool
maintained(const struct target *n, int64_t at)
{
	int i;

	for (i = 0; i < n->n_maint; i++)
		if (n->maint[i].from <= at && at < n->maint[i].to)
			return true;
	return false;
}

/* The first moment of [from, to) that is no maintenance, or to. */
static inline int64_t
past_maint(const struct target *n, int64_t from, int64_t to)
{
	int i;

	for (i = 0; i < n->n_maint; i++)
		if (n->maint[i].from <= from && from < n->maint[i].to)
			from = n->maint[i].to;
	return from < to ? from : to;
}

/* --- the observer --------------------------------------------------------- */

static int64_t offset, booted;		/* of the clock; of the machine */
static int cut_off_for;
static int64_t probes_made;

static inline void
see(struct target *n, int64_t at, int64_t began, char what)
{
	n->seen = more(n->seen, n->n_seen, &n->room, sizeof(*n->seen));
	n->seen[n->n_seen++] = (struct seen){ base + at + offset, at - booted,
	    base + began + offset, at, n_sweeps, what };
}

static inline struct sample
probe(const struct target *n, int64_t at, char what, bool confirm)
{
	struct sample s = sample(n->id, base + at + offset,
	    what == 'k' ? 'f' : what);

	if (what == 'k')
		s.class = CLASS_BADSIG;
	s.mono_ms = at - booted;
	s.confirm = confirm;
	return s;
}

/* Returns how long it took. */
static inline int64_t
one_sweep(int64_t at, bool killed)
{
	static struct sample s[NODES * 2];
	bool offline = cut_off_for > 0;
	int64_t spread = interval / 12 + 1, end = at, when;
	struct health_sweep w = { .offline = offline, .params = &params,
	    .chance = &chance };
	struct err e = { 0 };
	size_t k = 0;
	char what;
	bool lost;
	int i;

	for (i = 0; i < NODES; i++) {
		struct target *n = &nodes[i];

		when = at + below(spread);
		what = truth(n, when);
		lost = !killed && !n->was_lost && chances(30);
		n->was_lost = lost || (killed && n->was_lost);
		if (lost || offline)
			what = 'f';
		s[k++] = probe(n, when, what, false);
		if (!killed)
			see(n, when, at, offline ? 'x' : what == 'k' ? 'f' :
			    what);
		if ((what == 'f' || what == 'k') && below(10)) {
			when += 2 * S + below(3 * S);
			what = offline ? 'f' : truth(n, when);
			n->was_lost = false;
			s[k++] = probe(n, when, what, true);
			if (!killed && !offline)
				see(n, when, at, what == 'k' ? 'f' : what);
		}
		if (when > end)
			end = when;
	}
	end += 1 + below(S);
	probes_made += (int64_t)k;
	if (offline)
		cut_off_for--;
	if (killed)
		return end - at;
	w.began_ms = base + at + offset;
	w.ended_ms = base + end + offset;
	id_new(w.id, w.began_ms, &chance);
	hold(w.ended_ms);
	if (health_take_in(ledger, &w, s, k, &taken, &e))
		home_die("health_take_in", &e);
	sweeps = more(sweeps, n_sweeps, &sweep_room, sizeof(*sweeps));
	sweeps[n_sweeps++] = (struct swept){ w.ended_ms, offline };
	return end - at;
}

/* A clock is set by what cannot be taken for anything else. */
static inline void
set_clock(void)
{
	int64_t by = below(2) ? 30 * S + below(2) * below(DAY_MS) :
	    below(2) ? below(interval * 7 / 10) : interval + interval / 2 +
	    M + below(2) * below(DAY_MS);
	bool back = by % 2;

	if (offset > 9 * DAY_MS || (back && by > 30 * S &&
	    offset > -5 * DAY_MS))
		by = -(by + 30 * S);
	offset += by;
}

static inline void
observe(void)
{
	int64_t at = 0, nap;
	bool seen_last = true;

	offset = booted = 0;
	cut_off_for = 0;
	while (at < length) {
		nap = 0;
		if (chances(20))
			nap = hectic ? below(9 * interval) :
			    below(chances(2000) ? 3 * DAY_MS : 5 * HOUR_MS);
		if (chances(5)) {
			nap = M + below(20 * M);
			booted = at + nap - 5 * S;
		} else if (clocks && !nap && seen_last && chances(30)) {
			set_clock();
		}
		at += nap;
		if (chances(10))
			cut_off_for = 1 + (int)below(hectic ? 3 : 20);
		if (chances(100)) {
			seen_last = false;
			at += interval;
			continue;
		}
		seen_last = !(chances(50) && !nap);
		one_sweep(at + below(interval / 8), !seen_last);
		at += interval + (chances(100) ? below(interval / 2) : 0);
	}
}

#endif
