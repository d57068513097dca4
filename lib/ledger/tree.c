/*
 * Level 8 * t of the tree is level t of the tiles: a subtree is the fold of
 * 2^(level % 8) hashes of that level, and those are stored in a tile of it, or
 * each as the root of a tile below.
 */
#include <string.h>

#include "ledger/tree.h"

#define TILE_BITS 8
#define LEVEL_BITS 56

/* Part of a full tile of leaf hashes: 1, or 0 if there is no such tile. */
static int
from_tile(struct store *s, uint64_t first, size_t n, struct hash *h,
    struct err *e)
{
	const unsigned char *hashes;
	struct query q;
	size_t len = 0;
	int got;

	query_open(&q, s, SQL_LEDGER_TILE_GET);
	query_int(&q, (int64_t)(first / TLOG_TILE));
	got = query_row(&q, e);
	if (got > 0) {
		hashes = query_get_bytes(&q, 1, &len);
		if (len == TLOG_TILE * HASH_BYTES)
			memcpy(h, hashes + first % TLOG_TILE * HASH_BYTES,
			    n * HASH_BYTES);
		else
			got = err_set(e, E_store_corrupt,
			    "a tile has %zu bytes", len);
	}
	query_close(&q);
	return got;
}

static int
from_leaves(struct store *s, uint64_t first, size_t n, struct hash *h,
    struct err *e)
{
	const void *leaf;
	struct query q;
	size_t i = 0, len;
	int got;

	query_open(&q, s, SQL_LEDGER_ENTRY_RANGE);
	query_int(&q, (int64_t)first);
	query_int(&q, (int64_t)(first + n));
	while ((got = query_row(&q, e)) > 0 && i < n) {
		leaf = query_get_bytes(&q, 2, &len);
		tlog_leaf(&h[i++], leaf, len);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	return i == n ? 0 : err_set(e, E_store_corrupt,
	    "an entry below %llu is missing", (unsigned long long)(first + n));
}

/* The roots of n tiles side by side. */
static int
from_roots(struct store *s, unsigned level, uint64_t first, size_t n,
    struct hash *h, struct err *e)
{
	int64_t pos = (int64_t)((uint64_t)level << LEVEL_BITS | first);
	const void *root;
	struct query q;
	size_t i = 0, len;
	int got;

	query_open(&q, s, SQL_LEDGER_TILE_ROOT);
	query_int(&q, pos);
	query_int(&q, pos + (int64_t)n);
	while ((got = query_row(&q, e)) > 0) {
		root = query_get_bytes(&q, 0, &len);
		if (len == HASH_BYTES && i < n)
			memcpy(h[i++].b, root, len);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	return i == n ? 0 : err_set(e, E_store_corrupt,
	    "a tile of level %u is missing", level);
}

int
tree_read(void *store, unsigned level, uint64_t index, struct hash *out,
    struct err *e)
{
	unsigned tile = level / TILE_BITS;
	size_t n = (size_t)1 << level % TILE_BITS;
	uint64_t first = index * n;
	struct hash h[TLOG_TILE];
	int got;

	if (tile) {
		if (from_roots(store, tile - 1, first, n, h, e))
			return -1;
	} else {
		got = from_tile(store, first, n, h, e);
		if (got < 0 || (!got && from_leaves(store, first, n, h, e)))
			return -1;
	}
	tlog_fold(out, h, n);
	return 0;
}

int
tree_root(struct store *s, uint64_t size, struct hash *out, struct err *e)
{
	struct tlog_edge edge = { .size = size };
	unsigned level, n = 0;

	for (level = 63; level < 64; level--)
		if (size >> level & 1 && tree_read(s, level,
		    (size >> level) - 1, &edge.h[n++], e))
			return -1;
	tlog_root(&edge, out);
	return 0;
}
