/*
 * impl - what the files of settle share; nobody else includes it.
 */
#ifndef SETTLE_IMPL_H
#define SETTLE_IMPL_H

#include "settle/settle.h"

#define SETTLE_SWEPT "refund_sweep_ms"	/* name of the number in the store */

/* Where a phase has got to, in the order of deadlines. */
struct place {
	int64_t ms;
	char id[NODE_ID];
};

#define PLACE_FIRST { .ms = INT64_MIN }

/* What is due by now and after *at: at most so many ids.  How many, or -1. */
int phase_due(enum settle_phase, struct store *, int64_t now_ms,
    struct place *at, int most, char (*out)[NODE_ID], struct err *) CHECKED;

/* Do it to one of them, and append the record, open. */
int phase_act_in(enum settle_phase, struct ledger *, const char *id,
    const struct params *, struct buf *record, struct err *) CHECKED;

/* Has anything failed?  Mostly not, and then nothing need be looked up. */
int failure_any(struct store *, bool *, struct err *) CHECKED;
/* 1, 0 if it has not failed, -1. */
int failure_get(struct store *, const char *id, struct settle_failure *out,
    struct err *) CHECKED;
int failure_count_in(struct store *, enum settle_phase, const char *id,
    const struct err *why, int64_t now_ms, int64_t most, int64_t *failures,
    bool *parked, struct err *) CHECKED;
int failure_forgive_in(struct store *, const char *id, struct err *) CHECKED;

#endif
