/*
 * span - how much of a window a node was up (spec/ops.md 3.4).
 *
 * A window is [from, to).  What of it is maintenance is in no figure but its
 * own; of the rest each millisecond is one of up, degraded, down and unknown,
 * and together they are the window, exactly.  Percentages are in hundredths,
 * rounded down, so that 100.00 says that there was nothing else.
 */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uptime/state.h"

struct buf;

struct window { int64_t from_ms, to_ms; };

/*
 * Put windows in order and make one of those that overlap or touch; empty
 * ones are dropped.  Returns how many are left.
 */
size_t span_merge(struct window *, size_t n);

struct span {
	int64_t ms[STATE__COUNT];	/* by enum state */
	int64_t maint_ms;
};

/*
 * Add what a node was from one moment to another: what of it lies within the
 * window, less maintenance, which is merged.
 */
void span_add(struct span *, const struct window *,
    const struct window *maint, size_t n_maint, enum state, int64_t from_ms,
    int64_t to_ms);

int64_t span_length(const struct span *);	/* all of it, in ms */

/* Hundredths of a percent; SPAN_NONE where nothing was to be seen. */
#define SPAN_NONE (-1)
struct span_figures {
	int uptime;			/* of up + down */
	int coverage;			/* up + down, of all but maintenance */
	int worst, best;		/* unknown time taken as down, as up */
};

/*
 * degraded_up: DEGRADED counts as up, else as down.
 */
void span_figures(struct span_figures *, const struct span *,
    bool degraded_up);

/* part of whole, floored; whole >= part >= 0.  SPAN_NONE of nothing. */
int span_percent(int64_t part, int64_t whole);

/* "99.56"; of SPAN_NONE "n/a". */
#define SPAN_TEXT 16
void span_percent_text(int hundredths, char out[SPAN_TEXT]);

/*
 * Uptime as people may rely on it: with "~" before it below 95 % coverage,
 * and "n/a" below 50 %.
 */
void span_uptime_text(const struct span_figures *, char out[SPAN_TEXT]);

/*
 * The least share that could be meant, when an outage shorter than blind_ms,
 * the interval, may have been missed between any two probes that found
 * nothing (3.4.7): uptime less one such outage in the window.
 */
int span_blind(const struct span *, bool degraded_up, int64_t blind_ms);

#endif
