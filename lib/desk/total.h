/*
 * total - what lists print with --total: how many there are, on whichever
 * page they are.
 */
#ifndef DESK_TOTAL_H
#define DESK_TOTAL_H

#include <stdint.h>

#include "cli/cli.h"

/* limit is 0 if none was given. */
int desk_total(struct cli *, int64_t total, int64_t limit, int64_t offset,
    struct err *) CHECKED;

#endif
