/*
 * tree - the hashes of the committed log, read from its tiles.
 *
 * Full tiles are stored; what lies behind the last of a level is hashed from
 * the leaves, of which there are fewer than 256.  Wrap several reads in
 * store_snapshot().
 */
#ifndef TREE_H
#define TREE_H

#include "store/store.h"
#include "tlog/tlog.h"

/*
 * A proof_read() of tlog/proof.h; the argument is the struct store.  The root
 * of the perfect subtree over the leaves from index << level to, but not
 * with, (index + 1) << level.  E_store_corrupt if a row of it is missing.
 */
int tree_read(void *store, unsigned level, uint64_t index, struct hash *out,
    struct err *) CHECKED;

/* The root of the first size leaves, which must be there. */
int tree_root(struct store *, uint64_t size, struct hash *out, struct err *)
    CHECKED;

#endif
