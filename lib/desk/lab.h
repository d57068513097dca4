/*
 * lab - the verb "simulate" of bzn-cri: attacks on scores, played.
 */
#ifndef DESK_LAB_H
#define DESK_LAB_H

#include <stdint.h>

#include "cli/cli.h"

/* What the options say. */
struct desk_lab {
	int64_t seed, days, nodes, keys;
	const char *target;		/* "70", "50,60.5" */
	const char *plot;		/* a file, or NULL */
};

#define DESK_LAB { \
	.seed = 1, .days = 90, .nodes = 40, .keys = 1000, \
	.target = "50,60,70" \
}

int desk_cri_simulate(struct cli *, const struct desk_lab *, struct err *)
    CHECKED;

#endif
