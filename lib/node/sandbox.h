/*
 * sandbox - nodes that trade with money of their own, for some days.
 *
 * They are made without a challenge and hold SBX, which nothing exchanges
 * for TCK (spec/vmp.md 8.6).  Once sandbox_days have passed they are over:
 * first inactive, then, as soon as nothing of theirs is open any more, their
 * whole balance goes back to MINT, in one entry of one id.
 */
#ifndef NODE_SANDBOX_H
#define NODE_SANDBOX_H

#include "node/node.h"

/* alias is up to 100 characters, or NULL: E_bad_label. */
int node_sandbox_in(struct ledger *, const char *alias,
    const struct params *, struct chance *, struct node *out, struct err *)
    CHECKED;

/*
 * Nodes whose time is over at now_ms and whose money is not burnt yet, from
 * where *after_ms and after_id stopped: at most limit ids into out.  The
 * number of them, or -1.
 */
int node_due_expiry(struct store *, int64_t now_ms, int64_t *after_ms,
    char after_id[NODE_ID], int limit, char (*out)[NODE_ID], struct err *)
    CHECKED;

/* What was done now, and what still keeps the money. */
struct node_end {
	bool expired, burnt;
	struct amount left;		/* burnt, or still there */
	int64_t open_minor, sales;	/* not closed yet: see purse.h */
};

/*
 * Expire one whose time is over, and burn what it has once nothing is open.
 * Its open bounties are the caller's to cancel first.  E_node_missing,
 * E_window_open before its time.  Doing it again does what is left to do.
 */
int node_expire_in(struct ledger *, const char *id, struct node_end *out,
    struct err *) CHECKED;
void node_end_write(struct buf *, const char *id, const struct node_end *);

#endif
