/*
 * restore - leaves as they were exported, back into a log, byte for byte.
 *
 * A leaf that is there already must be the same; one that follows is judged
 * as if it were posted, and appended as it is: its seq, time and group are
 * its own.  So a log grows out of another's leaves, or out of an older copy
 * of itself, and the root comes out equal.
 */
#ifndef RESTORE_H
#define RESTORE_H

#include "ledger/ledger.h"

/* For the first leaf of an empty log: the head that ledger_begin() wants. */
int ledger_prepare(struct store *, struct err *) CHECKED;

/*
 * One leaf, in the order of the log.  1 if it was appended, 0 if it was
 * there.  E_leaf_not_canonical; E_seq_gap if it is not the next one;
 * E_forked if another leaf stands in its place; E_time_backwards,
 * E_group_broken; and what posting it may say.
 */
int ledger_restore_in(struct ledger *, const void *leaf, size_t n,
    struct err *) CHECKED;

/* May the log end here?  Not inside a group. */
bool ledger_may_end_in(const struct ledger *);

#endif
