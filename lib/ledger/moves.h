/*
 * moves - what moved, leg by leg, the newest first.
 *
 * A leg is one account's part of an entry, with the balance that it left.
 * Of one account its own lines are read; without one the leaves are, from the
 * end back, until the page is full.  Wrap all in store_snapshot().
 */
#ifndef LEDGER_MOVES_H
#define LEDGER_MOVES_H

#include "ledger/read.h"

struct moves_filter {
	const char *account, *type, *unit;	/* NULL: any */
	int64_t before_seq;		/* 0: from the end */
	int64_t before_leg;		/* of that entry, those below it */
	int64_t limit;
};

struct move_told {
	const struct entry *entry;	/* borrowed, as is all else */
	size_t leg;			/* which of it */
	int64_t balance;		/* after it */
	const char *memo;		/* NULL: none */
};

/* Not zero ends it. */
typedef int moves_each(void *, const struct move_told *, struct err *);
int moves_read(struct store *, const struct moves_filter *, moves_each *,
    void *arg, struct err *) CHECKED;

/* One English clause: "alice locked 10.00 TCK for escrow 0190..." */
void moves_narrate(struct buf *, const struct move_told *);

#endif
