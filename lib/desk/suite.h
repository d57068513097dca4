/*
 * suite - the verbs of "bzn-market bench": what is said to them, and what
 * they answer.
 */
#ifndef DESK_SUITE_H
#define DESK_SUITE_H

#include <stdbool.h>

#include "cli/cli.h"

/* What the options say; NULL or false where they were not given. */
struct desk_suite {
	const char *node;		/* --as */
	bool all_or_nothing;
};

int desk_suite(struct cli *, const struct desk_suite *, struct err *)
    CHECKED;

#endif
