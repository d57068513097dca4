/*
 * purse - what a node has out and has spent, without adding anything up.
 *
 * One row a (node, unit), changed in the transaction that moves the money:
 * by a lock of an escrow or a bounty, by its end, by a listing fee.  The
 * caps of vmp 8.8 and tck_spent of vmp 5.4 are read off it at constant cost.
 * Units: minor units, _ms since 1970 UTC.
 */
#ifndef PURSE_H
#define PURSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"

struct ledger;
struct store;

struct purse {
	int64_t open_minor;	/* own locks that are open */
	int64_t day_minor;	/* locked since 00:00 UTC; refunds count */
	int64_t spent_minor;	/* tck_spent: locks and fees, less refunds */
	int64_t sales;		/* open locks of others that would pay it */
};

/* Zeroes for a node that never traded in that unit. */
int purse_get(struct store *, const char *node_id, const struct unit *,
    int64_t now_ms, struct purse *out, struct err *) CHECKED;

/* What a node has of its unit, as it is committed: without the lock. */
struct node;
int purse_balance(struct store *, const struct node *, struct amount *out,
    struct err *) CHECKED;

/* A lock: open, day and spent rise. */
int purse_lock_in(struct ledger *, const char *node_id, struct amount,
    struct err *) CHECKED;

/* Its end: open falls, and spent too if the money came back. */
int purse_close_in(struct ledger *, const char *node_id, struct amount,
    bool came_back, struct err *) CHECKED;

/* A listing fee: spent rises. */
int purse_fee_in(struct ledger *, const char *node_id, struct amount,
    struct err *) CHECKED;

/*
 * The seller's side of a lock: by is 1 where one names it, and -1 where that
 * one closes.  A sandbox node with sales is not over yet.
 */
int purse_sale_in(struct ledger *, const char *node_id, const struct unit *,
    int by, struct err *) CHECKED;

/*
 * Has it nothing out, and nothing to come?  E_account_not_empty: what is closed
 * for ever could not be paid.
 */
int purse_idle(struct store *, const char *node_id, const char *unit,
    int64_t now_ms, struct err *) CHECKED;

/* When the day of a moment ends: 00:00 UTC of the next one. */
int64_t purse_resets_ms(int64_t now_ms);

#endif
