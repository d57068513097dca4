/*
 * Full tiles of the tree, written once, by the transaction that fills them.
 * The leaf hashes it appended are in memory; those before them in a partial
 * tile are hashed again, and higher levels read the roots below.
 */
#include <string.h>

#include "ledger/impl.h"

#define LEVEL_BITS 56

static int
put(struct ledger *l, unsigned level, uint64_t index,
    const struct hash h[TLOG_TILE], struct err *e)
{
	struct hash root;
	struct query q;

	tlog_fold(&root, h, TLOG_TILE);
	query_open(&q, l->store, SQL_LEDGER_TILE_ADD);
	query_int(&q, (int64_t)((uint64_t)level << LEVEL_BITS | index));
	query_bytes(&q, root.b, HASH_BYTES);
	query_bytes(&q, h, TLOG_TILE * HASH_BYTES);
	return query_run(&q, NULL, e);
}

static int
leaf_hashes(struct ledger *l, uint64_t index, struct hash h[TLOG_TILE],
    struct err *e)
{
	uint64_t first = index * TLOG_TILE, old = l->old_size;
	const void *leaf;
	struct query q;
	size_t i = 0, n;
	int got = 0;

	if (first < old) {
		query_open(&q, l->store, SQL_LEDGER_ENTRY_RANGE);
		query_int(&q, (int64_t)first);
		query_int(&q, (int64_t)old);
		while (i < TLOG_TILE && (got = query_row(&q, e)) > 0) {
			leaf = query_get_bytes(&q, 2, &n);
			tlog_leaf(&h[i++], leaf, n);
		}
		query_close(&q);
		if (got < 0)
			return -1;
		if (first + i != old)
			return err_set(e, E_store_corrupt,
			    "an entry below %lu is missing",
			    (unsigned long)old);
	}
	memcpy(&h[i], &l->leaf[first + i - old], (TLOG_TILE - i) * sizeof(*h));
	return 0;
}

static int
root_hashes(struct ledger *l, unsigned level, uint64_t index,
    struct hash h[TLOG_TILE], struct err *e)
{
	uint64_t pos = (uint64_t)(level - 1) << LEVEL_BITS |
	    index * TLOG_TILE;
	const void *root;
	struct query q;
	size_t i = 0, n;
	int got;

	query_open(&q, l->store, SQL_LEDGER_TILE_ROOT);
	query_int(&q, (int64_t)pos);
	query_int(&q, (int64_t)pos + TLOG_TILE);
	while ((got = query_row(&q, e)) > 0) {
		root = query_get_bytes(&q, 0, &n);
		if (n == HASH_BYTES && i < TLOG_TILE)
			memcpy(h[i++].b, root, n);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	return i == TLOG_TILE ? 0 : err_set(e, E_store_corrupt,
	    "a tile of level %u is missing", level - 1);
}

int
tile_write(struct ledger *l, struct err *e)
{
	uint64_t from = l->old_size / TLOG_TILE;
	uint64_t to = l->edge.size / TLOG_TILE, i;
	struct hash h[TLOG_TILE];
	unsigned level;

	for (level = 0; from < to; level++) {
		for (i = from; i < to; i++)
			if ((level ? root_hashes(l, level, i, h, e) :
			    leaf_hashes(l, i, h, e)) ||
			    put(l, level, i, h, e) < 0)
				return -1;
		from /= TLOG_TILE;
		to /= TLOG_TILE;
	}
	return 0;
}
