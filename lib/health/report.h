/*
 * report - what many nodes were in one window, read together.
 *
 * Statements go over all series at once, in the order of their rows: of
 * 10,000 nodes a year takes a second, where one by one takes many.  The
 * figures are those of health_span() and health_sum(), by the same code.
 * Units: _ms since 1970 UTC, _us.
 */
#ifndef HEALTH_REPORT_H
#define HEALTH_REPORT_H

#include "health/health.h"

/* Not above so long were so many of 100; LATENCY_NEVER as in latency.h. */
struct health_share { int64_t p50, p90, p95, p99, max; };	/* -1: none */

struct health_line {
	struct health_series series;
	enum state state;		/* now, */
	int64_t since_ms;		/* and since when */
	struct span span;
	int64_t incidents;		/* that touch the window */
	int64_t ok, slow, failed;	/* probes, confirmations left out */
	struct health_share phase[PHASE__COUNT];	/* in us */
};

struct health_ask {
	const struct params *params;
	const struct health_calendar *calendar;
	struct window window;
	int64_t now_ms;
	bool latency;			/* probes, and how long they took */
	bool phases;			/* of each phase, not the total alone */
	bool (*wants)(void *arg, const struct health_series *);	/* or NULL */
	void *arg;
};

/* Those that are wanted, by name; *out is for free(). */
int health_report(struct store *, const struct health_ask *,
    struct health_line **out, size_t *n, struct err *) CHECKED;

#endif
