/*
 * settle - what bzn-settle does: sweeps, single tasks, and what waits for a
 * person.
 */
#ifndef DESK_SETTLE_H
#define DESK_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"

/* What the options say; zeroed, nothing. */
struct desk_settle {
	int64_t limit, sweeps;
	const char *only, *retry;
	const char *node, *proof_hash;
	bool no_checkpoint, watch, check;
};

int desk_settle(struct cli *, const struct desk_settle *, struct err *)
    CHECKED;

#endif
