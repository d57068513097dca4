/* sweeps.h - sweeps over nodes into a home, and what came of them. */
#ifndef SWEEPS_H
#define SWEEPS_H

#include "alert/alert.h"
#include "health/health.h"
#include "health/rollup.h"
#include "home.h"

#define S INT64_C(1000)
#define M (60 * S)
#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct params params;
static struct chance chance;
static struct store *store;
static struct ledger *ledger;
static struct health_taken taken;
static int held;		/* sweeps since the last commit */

#define AT_ONCE 200		/* sweeps in a transaction: an fsync is dear */

static inline void
start(const char *home)
{
	param_defaults(&params);
	chance_seed(&chance, 1);
	store = home_new(home);
	ledger = NULL;
}

/* Reads see what is not committed yet, for they use the same store. */
static inline void
let_go(void)
{
	struct err e = { 0 };

	if (held && ledger_commit(ledger, &e))
		home_die("ledger_commit", &e);
	held = 0;
}

static inline void
hold(int64_t at_ms)
{
	if (held >= AT_ONCE)
		let_go();
	if (!held++)
		home_begin(store, &ledger, at_ms);
}

static inline void
stop(void)
{
	let_go();
	ledger_free(ledger);
	store_close(store);
}

static inline struct sample
sample(const char *node, int64_t at_ms, char what)
{
	struct sample s = {
		.url = "http://node.example", .started_ms = at_ms,
		.mono_ms = at_ms, .ok = what != 'f' && what != 't',
		.slow = what == 's', .class = what == 'f' ? CLASS_CONNECT :
		    what == 't' ? CLASS_TIMEOUT : CLASS_NONE,
		.us = { 100, 200, -1, 300, at_ms % 100000 * 10 + 600 },
	};

	snprintf(s.node_id, sizeof(s.node_id), "%.64s", node);
	return s;
}

static inline void
take(const struct sample *s, size_t n, int64_t at_ms, bool offline)
{
	struct health_sweep w = { .began_ms = at_ms, .ended_ms = at_ms,
	    .offline = offline, .params = &params, .chance = &chance };
	struct err e = { 0 };

	id_new(w.id, at_ms, &chance);
	hold(at_ms);
	if (health_take_in(ledger, &w, s, n, &taken, &e))
		home_die("health_take_in", &e);
}

/* One sweep over one node: a letter for its probe, others for repeats. */
static inline void
sweep(const char *node, int64_t at_ms, const char *what)
{
	struct sample s[4];
	size_t n;

	for (n = 0; what[n]; n++) {
		s[n] = sample(node, at_ms + 3 * S * (int64_t)n, what[n]);
		s[n].confirm = n > 0;
	}
	take(s, n, at_ms, false);
}

static inline struct health_series
series(const char *node)
{
	struct health_series h;
	struct err e = { 0 };

	if (health_get(store, node, FAMILY_ANY, &h, &e) <= 0)
		home_die("health_get", &e);
	return h;
}

static inline struct span
span_of(const char *node, int64_t from_ms, int64_t to_ms, int64_t now_ms)
{
	struct window w = { from_ms, to_ms };
	struct health_series h = series(node);
	struct health_calendar c;
	struct err e = { 0 };
	struct span out = { .maint_ms = 0 };

	if (health_calendar(store, &c, &e) || health_span(store, &h, &params,
	    &c, &w, now_ms, &out, &e))
		home_die("health_span", &e);
	health_calendar_release(&c);
	return out;
}

static inline void
maintain(const char *node, int64_t from_ms, int64_t to_ms, int64_t now_ms)
{
	struct health_maint m = { .from_ms = from_ms, .to_ms = to_ms,
	    .weekday = -1, .zone = "UTC", .reason = "disks" };
	struct err e = { 0 };

	snprintf(m.node_id, sizeof(m.node_id), "%s", node);
	hold(now_ms);
	if (health_maint_add_in(ledger, &m, now_ms, &chance, &e))
		home_die("health_maint_add_in", &e);
}

/* Alerts as they were queued: a letter each, D d g f R c o. */
static inline const char *
told(void)
{
	static const char letter[] = "DdgfRcoxt";
	static char out[64];
	struct query q;
	struct err e = { 0 };
	size_t n = 0;

	query_open(&q, store, SQL_ALERT_ALL);
	while (n < sizeof(out) - 1 && query_row(&q, &e) > 0)
		out[n++] = letter[query_get_int(&q, 0)];
	query_close(&q);
	out[n] = '\0';
	return out;
}

static inline int
count(const char *node, struct health_incident *last)
{
	struct window w = { 0, INT64_MAX };
	struct health_series h = series(node);
	struct err e = { 0 };
	struct query q;
	int n = 0;

	health_incidents_open(&q, store, h.id, &w);
	while (health_incidents_next(&q, last, &e) > 0)
		n++;
	return n;
}

static inline void
run(const char *node, int64_t *at, const char *findings)
{
	char one[2] = "";

	for (; *findings; findings++, *at += 120 * S) {
		one[0] = *findings;
		sweep(node, *at, one);
	}
}

#endif
