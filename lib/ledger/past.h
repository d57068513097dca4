/*
 * past - what accounts held in a state of the past.
 *
 * A balance of the past is the one behind an account's last leg in it, found
 * by binary search over its postings.  Postings may end before the log does
 * (ledger_head.posted): what the leaves behind them move is summed once, at
 * past_open().  Wrap all in store_snapshot().
 */
#ifndef PAST_H
#define PAST_H

#include "ledger/read.h"

struct past;

/* The state after the first size entries; the caller's: past_close(). */
int past_open(struct past **out, struct store *, int64_t size, struct err *)
    CHECKED;
void past_close(struct past *);		/* accepts NULL */

/* One entry later: the next leaf, parsed. */
void past_step(struct past *, const struct entry *);

/* Of out legs, minor and available are filled in; the rest is 0. */
int past_balance(struct past *, const struct account *, struct balance *out,
    struct err *) CHECKED;

/* The balance of one leg's account; fast for accounts that come often. */
int past_minor(struct past *, const struct leg *, int64_t *out, struct err *)
    CHECKED;

const struct units *past_units(const struct past *);
int64_t past_posted(const struct past *);	/* postings end below it */

#endif
