/*
 * ask - what the verbs that look back have in common: of which time, and of
 * which nodes.
 */
#ifndef PING_ASK_H
#define PING_ASK_H

#include "cli/cli.h"
#include "health/health.h"

/* --- of which time -------------------------------------------------------- */

struct ask_time { const char *span, *day, *week, *month, *quarter, *zone; };

#define OPT_ASK_TIME(t) \
	OPT_STR(0, "window", "SPAN", &(t)->span, \
	    "up to now: 1h, 24h, 7d, 30d, 90d, 365d"), \
	OPT_STR(0, "day", "DAY", &(t)->day, \
	    "2026-03-01, or this, or last"), \
	OPT_STR(0, "week", "WEEK", &(t)->week, "2026-W09, this, last"), \
	OPT_STR(0, "month", "MONTH", &(t)->month, "2026-03, this, last"), \
	OPT_STR(0, "quarter", "QUARTER", &(t)->quarter, \
	    "2026-Q1, this, last"), \
	OPT_STR(0, "tz", "ZONE", &(t)->zone, \
	    "of which these are, such as Europe/Berlin; UTC")

/*
 * The window that was asked for; otherwise is a span for when none was.
 * E_usage, E_bad_time, E_bad_zone.
 */
int ask_time(const struct ask_time *, const char *otherwise, int64_t now_ms,
    struct window *out, struct err *) CHECKED;

/* --- of which nodes ------------------------------------------------------- */

struct ask_nodes {
	bool all;
	char (*id)[HASH_HEX];		/* in order; owned */
	size_t n;
};

/*
 * The operands: names of nodes, beginnings of their ids; "-": those whose
 * samples are on standard input.  Without operands it is all, but if that is
 * a pipe with samples in it, again those.  Opens the store, to read, when
 * there is no more to come.  E_node_missing, E_ambiguous.
 */
int ask_nodes(struct cli *, struct ask_nodes *, struct err *) CHECKED;
void ask_nodes_release(struct ask_nodes *);

/* Is standard input a pipe? */
bool ask_piped(void);

/*
 * Both, as of the moment at which all was read: a sweep that feeds us goes on
 * for a while, and what it has found is to be in the window.
 */
int ask_what(struct cli *, const struct ask_time *, const char *otherwise,
    struct ask_nodes *, struct window *, int64_t *now_ms, struct err *)
    CHECKED;

/* Is this series one of them?  For struct health_ask. */
bool ask_nodes_want(void *nodes, const struct health_series *);

/* --- what records have in common ------------------------------------------ */

/* "from" and "to" of a window; node_id, name, family, url of a series. */
void ask_write_window(struct buf *, const struct window *);
void ask_write_series(struct buf *, const struct health_series *);

/* Milliseconds of so many us, as samples have them; nothing if never. */
void ask_write_us(struct buf *, const char *key, int64_t us);

/* What the status would be if it was alone, and why: null if all is well. */
#define ASK_WELL ((enum err_code)0)
void ask_write_verdict(struct buf *, enum err_code);

/* "99.56"; see span.h. */
void ask_write_percent(struct buf *, const char *key, int hundredths);

/* The time of a span in each state, in ms, and whole seconds of down. */
void ask_write_span(struct buf *, const struct span *);

#endif
