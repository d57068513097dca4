/*
 * settle - what is due: paying sellers, refunding buyers, and the proof that
 * the books add up afterwards.
 *
 * A sweep goes through phases, in each by deadline (spec/vmp.md 3.6).  It may
 * be run by cron, by hand and by the server at once: each transition is
 * guarded, so each escrow closes once.  What fails is undone alone and
 * counted; after settle_max_failures it is parked, and left to a person.
 * Units: _ms.
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

enum settle_phase {
	SETTLE_PAY,		/* the dispute window passed */
	SETTLE_REFUND,		/* nothing was delivered */
	SETTLE_SHADOW,		/* the same, without money */
	SETTLE_BENCH,		/* all is delivered, or too late */
	SETTLE_BOUNTY,		/* nothing was awarded */
	SETTLE_SANDBOX,		/* its days are over */
	SETTLE_TIDY,		/* nobody will ask for it any more */
	SETTLE__PHASES
};

const char *settle_phase_word(enum settle_phase);	/* "settle" */
const char *settle_phase_thing(enum settle_phase);	/* "escrow" */
bool settle_phase_named(const char *word, enum settle_phase *);

/*
 * What a sweep did with one thing, or why it could not.  Called after the
 * commit that makes it true; nonzero stops the sweep.
 */
struct settled {
	enum settle_phase phase;
	const char *id;			/* of escrow, task, bounty or node */
	struct buf *record;		/* open; NULL if it failed */
	const struct err *why;		/* NULL if it went well */
	int64_t failures;		/* so far */
	bool parked;			/* that was the last time */
};

typedef int settle_told(void *, const struct settled *, struct err *);
typedef bool settle_stop(void *);

struct settle {
	int64_t now_ms;
	bool sane;			/* as for ledger_begin() */
	int64_t limit;			/* things at most; 0: all */
	unsigned phases;		/* of 1 << enum settle_phase; 0: all */
	const struct params *params;
	settle_told *told;
	settle_stop *stop;		/* asked between transactions; NULL */
	void *arg;
};

/*
 * Close all that is due, each thing under its own savepoint, settle_batch to
 * a transaction.  One that fails is told of and does not hold up the others.
 */
int settle_sweep(struct store *, struct ledger **, const struct settle *,
    struct err *) CHECKED;

/*
 * When the timer of an open escrow will next run out, after now_ms: or
 * INT64_MAX.
 */
int settle_next(struct store *, int64_t now_ms, int64_t *out_ms,
    struct err *) CHECKED;

/* Who wants what to be closed; all borrowed. */
struct settle_claim {
	const char *id;			/* of the task or its escrow */
	const char *node_id;		/* a party; NULL: the operator */
	const char *proof_hash;		/* kept beside the escrow, or NULL */
};

/*
 * Close one that is due.  A party may only have it settled, and is refunded
 * if a verdict says so: E_not_escrow_party, E_wrong_state.  E_window_open.
 */
int settle_one_in(struct ledger *, const struct settle_claim *,
    const struct params *, struct task *out, struct err *) CHECKED;

/*
 * Try what was parked, or has failed, once more: what was done is a record,
 * open, in out.  E_not_parked if it has not failed.
 */
int settle_retry_in(struct ledger *, const char *id, const struct params *,
    struct buf *out, struct err *) CHECKED;

/* What has failed and is still open: 1, 0 after the last, -1. */
struct settle_failure {
	char id[NODE_ID];
	char phase[16], code[32], reason[256];
	int64_t failures, first_ms, last_ms;
	int64_t parked_ms;		/* 0: it is still tried */
};

void settle_failures_open(struct query *, struct store *);
int settle_failures_next(struct query *, struct settle_failure *out,
    struct err *) CHECKED;

/* Records of what a sweep did and could not do; the object stays open. */
void settle_write(struct buf *, const struct task *);
void settle_failure_write(struct buf *, const struct settle_failure *);

/*
 * Are the books true?  One record a unit that is in use, as spec/ledger.md
 * 7.7, each given to told; the answer is 1 if all hold, 0 if not.
 */
typedef int settle_record(void *, struct buf *, struct err *);

struct reconcile {
	const struct params *params;
	int64_t now_ms;
	settle_record *told;
	void *arg;
};

/* sound: nothing that has to keep new money from being locked: gate/books.h. */
int settle_reconcile(struct store *, const struct reconcile *, bool *sound,
    struct err *) CHECKED;

/* The same for who has a snapshot already. */
int settle_reconcile_here(struct store *, const struct reconcile *,
    bool *sound, struct err *) CHECKED;

/*
 * Does anything wait for a person?  A finding each, in records that are
 * closed (spec/vmp.md 11.2); the answer is 1 if there is none.
 */
int settle_check(struct store *, const struct params *, int64_t now_ms,
    settle_record *, void *, struct err *) CHECKED;

/* When the last sweep looked for refunds; 0: none did. */
int settle_swept(struct store *, int64_t *ms, struct err *) CHECKED;

/* How many escrows have been open for stale_after, and are not disputed. */
int settle_stale(struct store *, const struct params *, int64_t now_ms,
    int64_t *out, struct err *) CHECKED;

#endif
