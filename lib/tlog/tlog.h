/*
 * tlog - the Merkle tree of a log (RFC 6962): bytes, no store, no clock.
 *
 * A leaf hashes to SHA-256(00 || leaf), a node to SHA-256(01 || left ||
 * right).  The edge is the roots of the perfect subtrees from left to right,
 * one for each set bit of size, widest first; it is all that appending and
 * the root need.  A tile is 256 hashes of one level side by side; level 0 are
 * leaf hashes, and a hash of level n + 1 is the fold of a tile of level n.
 */
#ifndef TLOG_H
#define TLOG_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"

#define TLOG_TILE 256

struct tlog_edge {
	uint64_t size;
	struct hash h[64];	/* as many as size has set bits */
};

void tlog_leaf(struct hash *out, const void *leaf, size_t n);
/* The same, from n bytes that begin with the 00: a sixth less. */
void tlog_leaf_led(struct hash *out, const void *led, size_t n);
void tlog_node(struct hash *out, const struct hash *l, const struct hash *r);

unsigned tlog_edge_count(uint64_t size);	/* hashes in the edge */
void tlog_push(struct tlog_edge *, const struct hash *leaf);
void tlog_root(const struct tlog_edge *, struct hash *out);

/* The root over n hashes of one level; n is a power of two. */
void tlog_fold(struct hash *out, const struct hash *h, size_t n);

#endif
