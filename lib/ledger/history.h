/*
 * history - the legs of one account, each with the balance after it.
 *
 * Lines are numbered from 0 by n; the balance of each is that of the one
 * before it and its amount.  They come from the postings, and behind the last
 * of those from the leaves.  Wrap all in store_snapshot().
 */
#ifndef HISTORY_H
#define HISTORY_H

#include "ledger/read.h"

struct history;

struct history_range {
	int64_t from, to;	/* seq, from on and below to */
	int64_t limit;		/* the last so many of them, or 0 */
	bool reverse;		/* the newest first */
};

struct history_line {
	int64_t n, minor, balance;
	const struct entry *entry;	/* until the next line */
};

/* The caller's: history_close().  The account is borrowed until then. */
int history_open(struct history **out, struct store *,
    const struct account *, const struct history_range *, struct err *)
    CHECKED;
void history_close(struct history *);	/* accepts NULL */

/* 1, 0 at the end, -1. */
int history_next(struct history *, struct history_line *, struct err *)
    CHECKED;

/* The record of spec/ledger.md 7.5; the object stays open. */
int history_write(struct buf *, struct history *,
    const struct history_line *, struct err *) CHECKED;

/*
 * What the account held by business time: the legs of all entries whose
 * effective time, or else log time, is not after until_ms.
 */
int history_effective(struct store *, const struct account *,
    int64_t until_ms, struct balance *out, struct err *) CHECKED;

#endif
