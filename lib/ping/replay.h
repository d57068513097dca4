/*
 * replay - a store in memory that has taken sweeps in by some rules, and what
 * is said of it beside its changes; for lib/ping only.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "cli/cli.h"
#include "uptime/span.h"

struct replay_side {
	struct store *store;
	const struct params *params;
};

/* Of each series what it was in that window; and by other rules, or NULL. */
int replay_report(struct cli *, const struct replay_side *is,
    const struct replay_side *would, const struct window *, struct err *)
    CHECKED;

#endif
