/*
 * simulate - how a trade would end, and what that would mean (spec/vmp.md
 * 8.4).  For tasks of all kinds: nothing is done, and no escrow is needed.
 */
#ifndef ESCROW_SIMULATE_H
#define ESCROW_SIMULATE_H

#include "escrow/escrow.h"

/* The record, as of a moment; whole. */
int escrow_simulate_write(struct buf *, struct store *, const struct task *,
    const struct params *, int64_t now_ms, struct err *) CHECKED;

#endif
