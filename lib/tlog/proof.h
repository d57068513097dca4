/*
 * proof - that a leaf is in a log, and that a log has only grown (RFC 6962
 * 2.1.1 and 2.1.2): bytes, no store, no clock.
 *
 * A path is the hashes that who checks cannot compute: for a leaf, its
 * siblings upward; for growth, what makes both roots.
 */
#ifndef PROOF_H
#define PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/hash.h"

#define PROOF_MOST 65		/* hashes: the height of a tree of 2^64, + 1 */

struct proof {
	size_t n;
	struct hash h[PROOF_MOST];
};

/*
 * Read the root of the perfect subtree over the leaves from index << level
 * to, but not with, (index + 1) << level.  Any that the tree has may be asked
 * for.
 */
typedef int proof_read(void *arg, unsigned level, uint64_t index,
    struct hash *out, struct err *);

/* index < size. */
int proof_leaf(struct proof *out, uint64_t index, uint64_t size,
    proof_read *, void *arg, struct err *) CHECKED;

/* old <= size; old = 0 and old = size give no hashes. */
int proof_growth(struct proof *out, uint64_t old, uint64_t size,
    proof_read *, void *arg, struct err *) CHECKED;

/* Is the leaf with this hash at index in the tree of that size and root? */
bool proof_leaf_holds(const struct proof *, const struct hash *leaf,
    uint64_t index, uint64_t size, const struct hash *root);

/*
 * Is the old tree a prefix of the other?  Of nothing every tree is; the root
 * of nothing is not looked at.
 */
bool proof_growth_holds(const struct proof *, uint64_t old,
    const struct hash *old_root, uint64_t size, const struct hash *root);

#endif
