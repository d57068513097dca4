/*
 * read - the committed ledger, without the lock.
 *
 * Wrap several reads in store_snapshot() to see one state.
 */
#ifndef READ_H
#define READ_H

#include "ledger/ledger.h"

struct buf;

struct account {
	char name[LEAF_ACCOUNT];
	struct unit unit;
	int64_t id, lo, hi;
	bool has_lo, has_hi, closed;
	struct balance balance;
};

/* Accounts by name and unit: all, or those of one name.  1, 0, -1. */
void ledger_accounts_open(struct query *, struct store *, const char *name);
int ledger_accounts_next(struct query *, struct account *out, struct err *)
    CHECKED;
void ledger_account_write(struct buf *, const struct account *);

/* Entries of an account, oldest first; the leaf lives until the next one. */
struct history {
	int64_t n, seq, minor, balance;
	const void *leaf;
	size_t leaf_n;
};

/* Has each entry an id of its own? */
int ledger_ids_unique(struct store *, bool *, struct err *) CHECKED;

/* The sum of an account's legs, which its balance should be. */
int ledger_account_sum(struct store *, const struct account *, int64_t *out,
    struct err *) CHECKED;

/* The last limit entries, or all if it is 0. */
void ledger_history_open(struct query *, struct store *,
    const struct account *, int64_t limit);
int ledger_history_next(struct query *, struct history *out, struct err *)
    CHECKED;

/* One line of history; parse keeps memory from line to line. */
int ledger_history_write(struct buf *, const struct account *,
    const struct history *, struct leaf *parse, struct err *) CHECKED;

/* Leaves from seq on, below to; as they are stored. */
struct stored {
	int64_t seq;
	const char *id;
	const void *leaf;
	size_t leaf_n;
};

void ledger_leaves_open(struct query *, struct store *, int64_t from,
    int64_t to);
int ledger_leaves_next(struct query *, struct stored *out, struct err *)
    CHECKED;

#endif
