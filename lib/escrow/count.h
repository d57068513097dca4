/*
 * count - how much was traded: by a node, with its skills, on all the grid.
 *
 * Settlements of a realm are counted when they happen.  The rest is counted
 * when it is asked for, over the trades of one node and no others.
 */
#ifndef ESCROW_COUNT_H
#define ESCROW_COUNT_H

#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

/* Settlements in a unit, the most frequent first: 1, 0, -1. */
struct escrow_settled {
	const char *protocol, *provider;	/* until the next; "" unknown */
	int64_t trades;
};

void escrow_settled_open(struct query *, struct store *, const char *unit);
int escrow_settled_next(struct query *, struct escrow_settled *out,
    struct err *) CHECKED;

/* Tasks that a node has bought, whatever became of them. */
int escrow_bought(struct store *, const char *buyer_id, int64_t *out,
    struct err *) CHECKED;

/* What it was paid for what it sold, in minor units of its realm. */
int escrow_earned(struct store *, const char *seller_id, int64_t *out,
    struct err *) CHECKED;

/* How often each skill of a seller was bought: 1, 0, -1. */
struct escrow_hired {
	const char *skill_id;			/* until the next */
	int64_t times;
};

void escrow_hired_open(struct query *, struct store *,
    const char *seller_id);
int escrow_hired_next(struct query *, struct escrow_hired *out,
    struct err *) CHECKED;

#endif
