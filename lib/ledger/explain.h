/*
 * explain - an entry, and what stands around it in the log.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "ledger/read.h"

/*
 * {"seq","leaf_hash","entry"}, as exports have it; the object stays open.
 */
void explain_leaf(struct buf *out, const struct stored *);

/*
 * The same and what there is of: its memo, the names of the members of its
 * group, what it reverses or what reverses it, the first checkpoint that
 * covers it.
 */
int explain_write(struct buf *out, struct store *, const struct stored *,
    const struct units *, struct err *) CHECKED;

#endif
