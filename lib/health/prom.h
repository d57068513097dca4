/*
 * prom - what is known of the health of nodes, as Prometheus reads it
 * (spec/ops.md 3.9).
 *
 * What is not known is left out: there is a gap then, and no figure.  Names
 * of nodes are in bzn_node_info only; the others have the id.
 */
#ifndef PROM_H
#define PROM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct buf;
struct params;
struct store;

/*
 * Append all; or briefly, for a server that is asked often, whether nodes are
 * up, and what there is one of.
 */
int health_prom(struct buf *, struct store *, const struct params *,
    bool brief, int64_t now_ms, struct err *) CHECKED;

#endif
