/*
 * settle - what is due: paying sellers, refunding buyers, and the proof that
 * the books add up afterwards.
 *
 * A sweep may be run by cron, by hand and by the server at once: each
 * transition is guarded, so each escrow closes once.  Units: _ms.
 */
#ifndef SETTLE_H
#define SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/param.h"
#include "escrow/escrow.h"

struct buf;
struct ledger;
struct store;

/*
 * What a sweep did with one escrow: the task as it is now, or why it could
 * not be closed.  Called after the commit that makes it true; nonzero stops
 * the sweep.
 */
struct settled {
	const struct task *task;	/* NULL if it failed */
	const char *escrow_id;
	const struct err *why;		/* NULL if it went well */
};

typedef int settle_told(void *, const struct settled *, struct err *);

struct settle {
	int64_t now_ms;
	bool sane;			/* as for ledger_begin() */
	int64_t limit;			/* escrows at most; 0: all */
	const struct params *params;
	settle_told *told;
	void *arg;
};

/*
 * Close all that is due, in the order of deadlines, settlements before
 * refunds; each escrow under its own savepoint, settle_batch to a
 * transaction.  One that fails is told of and does not hold up the others.
 */
int settle_sweep(struct store *, struct ledger **, const struct settle *,
    struct err *) CHECKED;

/* Close one that is due, by the id of task or escrow.  E_window_open. */
int settle_one_in(struct ledger *, const char *id, const struct params *,
    struct task *out, struct err *) CHECKED;

/* The record of what a sweep did; the object stays open. */
void settle_write(struct buf *, const struct task *);

/*
 * Are the books true?  One record a unit that is in use, as spec/ledger.md
 * 7.7, each given to told; the answer is 1 if all hold, 0 if not.
 */
typedef int settle_record(void *, struct buf *, struct err *);

int settle_reconcile(struct store *, const struct params *, int64_t now_ms,
    settle_record *, void *, struct err *) CHECKED;

#endif
