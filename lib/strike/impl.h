/*
 * impl - what the files of strikes share; nobody else includes it.
 */
#ifndef STRIKE_IMPL_H
#define STRIKE_IMPL_H

#include <stdint.h>

#include "strike/strike.h"

/*
 * Confiscate what a node has available of a unit; *taken is how much.
 * reporter is whose report did it, or NULL for what came later.
 */
int strike_take_in(struct ledger *, const char *node_id, const struct unit *,
    const char *reporter, int64_t *taken, struct err *) CHECKED;

#endif
