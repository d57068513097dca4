/*
 * Layers 6 and 7: the tree as the leaves make it, compared with what is
 * stored and with every root that was stated of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/impl.h"

/*
 * A tile that differs from its leaves: it is the leaves that are suspected,
 * if the tile fits its own root.  Which it is, the root of all will tell.
 */
static int
suspect(struct run *r, const struct hash *is, const struct hash *made)
{
	int64_t first = r->tree.tiles[0] * TLOG_TILE;
	size_t i;

	for (i = 0; i < TLOG_TILE; i++) {
		if (!memcmp(&is[i], &made[i], sizeof(*is)))
			continue;
		if (r->n_suspect == SUSPECTS)
			break;
		if (!(r->n_suspect & (r->n_suspect - 1)))
			r->suspect = mem_grow(r->suspect,
			    2 * r->n_suspect + 1, sizeof(*r->suspect));
		r->suspect[r->n_suspect++] = (struct suspect){
			first + (int64_t)i, is[i], made[i],
		};
	}
	return 0;
}

static int
differs(struct run *r, unsigned level)
{
	return verify_find(r, 7, E_tile_mismatch, -1,
	    "tile %u/%lld is not that of the leaves", level,
	    (long long)r->tree.tiles[level]);
}

/* 7: a full tile is stored as it was computed. */
static int
check_tile(struct run *r, unsigned level, const struct hash *h,
    const struct hash *root)
{
	int64_t pos = (int64_t)((uint64_t)level << LEVEL_BITS |
	    (uint64_t)r->tree.tiles[level]);
	struct hash stored[TLOG_TILE], fold;
	bool same_root, same, whole;
	const void *is, *has;
	struct query q;
	size_t n, m;
	int got;

	query_open(&q, r->store, SQL_LEDGER_TILE_GET);
	query_int(&q, pos);
	got = query_row(&q, r->e);
	if (got <= 0)
		return got < 0 ? -1 : verify_find(r, 7, E_tile_missing, -1,
		    "tile %u/%lld is not stored", level,
		    (long long)r->tree.tiles[level]);
	is = query_get_bytes(&q, 0, &n);
	has = query_get_bytes(&q, 1, &m);
	whole = n == HASH_BYTES && m == sizeof(stored);
	same_root = whole && !memcmp(is, root, n);
	same = same_root && !memcmp(has, h, m);
	if (whole && !same) {
		memcpy(stored, has, m);
		tlog_fold(&fold, stored, TLOG_TILE);
		whole = !memcmp(&fold, is, sizeof(fold));
	}
	query_close(&q);
	if (same)
		return 0;
	return level || !whole ? differs(r, level) : suspect(r, stored, h);
}

/* A hash of this level, and those of the levels above that it completes. */
static int
push(struct run *r, unsigned level, const struct hash *hash)
{
	struct tree *t = &r->tree;
	struct hash h = *hash;

	for (; level < LEVELS; level++) {
		t->tile[level][t->filled[level]++] = h;
		if (t->filled[level] < TLOG_TILE)
			break;
		tlog_fold(&h, t->tile[level], TLOG_TILE);
		if (r->store && check_tile(r, level, t->tile[level], &h))
			return -1;
		t->filled[level] = 0;
		t->tiles[level]++;
		t->n_tiles++;
	}
	return 0;
}

/* A whole tile at once, whose fold is known. */
static int
push_tile(struct run *r, const struct hash *leaf, const struct hash *root)
{
	if (r->store && check_tile(r, 0, leaf, root))
		return -1;
	r->tree.tiles[0]++;
	r->tree.n_tiles++;
	r->tree.size += TLOG_TILE;
	return push(r, 1, root);
}

void
verify_edge(const struct tree *t, struct tlog_edge *out)
{
	unsigned level = LEVELS, bit, at;
	size_t n = 0;

	out->size = t->size;
	while (level--)
		for (at = 0, bit = TLOG_TILE / 2; bit; bit /= 2)
			if (t->filled[level] & bit) {
				tlog_fold(&out->h[n++], &t->tile[level][at],
				    bit);
				at += bit;
			}
}

static int
by_size(const void *a, const void *b)
{
	const struct ask *x = a, *y = b;

	return x->size < y->size ? -1 : x->size > y->size;
}

int
verify_ask(struct run *r, const struct ask *a)
{
	if (!(r->n_ask & (r->n_ask - 1)))
		r->ask = mem_grow(r->ask, 2 * r->n_ask + 1,
		    sizeof(*r->ask));
	r->ask[r->n_ask++] = *a;
	return 0;
}

void
verify_asks_ready(struct run *r)
{
	if (r->n_ask)
		qsort(r->ask, r->n_ask, sizeof(*r->ask), by_size);
}

static int
wrong_root(struct run *r, const struct ask *a, const struct hash *root)
{
	char text[128];

	snprintf(text, sizeof(text), "%s of size %llu has another root than "
	    "the leaves", a->what, (unsigned long long)a->size);
	return verify_find_hash(r, a->layer, a->code, -1, &a->root, root,
	    text);
}

/* Whatever was asked of the size that the tree has now. */
static int
answer(struct run *r)
{
	struct tlog_edge edge;
	struct hash root;
	const struct ask *a;

	while (r->next_ask < r->n_ask &&
	    r->ask[r->next_ask].size <= r->tree.size) {
		a = &r->ask[r->next_ask++];
		if (a->size != r->tree.size)
			continue;
		verify_edge(&r->tree, &edge);
		tlog_root(&edge, &root);
		if (memcmp(&root, &a->root, sizeof(root)) &&
		    wrong_root(r, a, &root))
			return -1;
	}
	return 0;
}

int
verify_add_hashes(struct run *r, const struct hash *h, size_t n,
    const struct hash *root)
{
	struct tree *t = &r->tree;
	size_t i;

	if (t->broken)
		return 0;
	if (!t->size && answer(r))
		return -1;
	if (root && !t->filled[0] && (r->next_ask == r->n_ask ||
	    r->ask[r->next_ask].size >= t->size + TLOG_TILE))
		return push_tile(r, h, root) || answer(r) ? -1 : 0;
	for (i = 0; i < n; i++) {
		if (push(r, 0, &h[i]))
			return -1;
		t->size++;
		if (answer(r))
			return -1;
	}
	return 0;
}

/* With the root of all right, it is the tiles that were changed. */
static int
charge(struct run *r, bool right)
{
	const struct suspect *s;
	int64_t tile = -1;
	size_t i;

	for (i = 0; i < r->n_suspect; i++) {
		s = &r->suspect[i];
		if (!right && verify_find_hash(r, 6, E_leaf_mismatch, s->seq,
		    &s->want, &s->got, "the leaf is not what its tile has"))
			return -1;
		if (right && s->seq / TLOG_TILE != tile &&
		    verify_find(r, 7, E_tile_mismatch, -1,
		    "tile 0/%lld is not that of the leaves",
		    (long long)(s->seq / TLOG_TILE)))
			return -1;
		tile = s->seq / TLOG_TILE;
	}
	return 0;
}

static int
check_edge(struct run *r, const struct tlog_edge *edge)
{
	size_t want = HASH_BYTES * tlog_edge_count(edge->size), n;
	const void *is;
	struct query q;
	bool same;

	query_open(&q, r->store, SQL_LEDGER_HEAD);
	if (query_row(&q, r->e) <= 0)
		return -1;
	is = query_get_bytes(&q, 2, &n);
	same = n == want && !memcmp(is, edge->h, n);
	query_close(&q);
	return same ? 0 : verify_find(r, 7, E_edge_mismatch, -1,
	    "the edge is not that of the leaves");
}

static int
check_head(struct run *r, const struct tlog_edge *edge)
{
	bool same = !memcmp(&r->head.root, &r->out->root,
	    sizeof(r->head.root));
	char text[160];

	if (r->head.at_ms != r->last_ms && !r->blind &&
	    verify_find(r, 6, E_head_mismatch, -1,
	    "the head has another time than the last entry"))
		return -1;
	if ((uint64_t)r->head.size != edge->size) {
		if (verify_find(r, 6, E_head_mismatch, -1, "the head counts "
		    "%lld entries, there are %llu", (long long)r->head.size,
		    (unsigned long long)edge->size))
			return -1;
	} else if (!same) {
		snprintf(text, sizeof(text), "the root is not that of the "
		    "leaves, of which those before %lld fit their tiles",
		    (long long)r->tree.tiles[0] * TLOG_TILE);
		if (verify_find_hash(r, 6, E_root_mismatch, -1,
		    &r->head.root, &r->out->root, r->n_suspect ?
		    "the root is not that of the leaves" : text))
			return -1;
	}
	if (charge(r, same))
		return -1;
	return check_edge(r, edge);
}

static int
count_tiles(struct run *r)
{
	int64_t n = 0;
	struct query q;

	query_open(&q, r->store, SQL_LEDGER_TILE_COUNT);
	if (query_run(&q, &n, r->e) < 0)
		return -1;
	return n <= r->tree.n_tiles ? 0 : verify_find(r, 7,
	    E_tile_mismatch, -1, "%lld tiles are stored, the leaves make "
	    "%lld", (long long)n, (long long)r->tree.n_tiles);
}

/* Statements about more than there is. */
static int
check_beyond(struct run *r)
{
	const struct ask *a;

	while (r->next_ask < r->n_ask) {
		a = &r->ask[r->next_ask++];
		if (verify_find(r, a->layer, a->beyond, -1,
		    "%s has %llu entries, the log %llu", a->what,
		    (unsigned long long)a->size,
		    (unsigned long long)r->tree.size))
			return -1;
	}
	return 0;
}

int
verify_hashes_end(struct run *r)
{
	struct tlog_edge edge;

	if (r->tree.broken) {
		verify_skip(r, LAYER(6) | LAYER(7), ERR_NO,
		    "entries are missing, so there is no root");
		return 0;
	}
	if (!r->tree.size && answer(r))
		return -1;
	verify_edge(&r->tree, &edge);
	tlog_root(&edge, &r->out->root);
	r->out->size = (int64_t)edge.size;
	if (check_beyond(r))
		return -1;
	if (!r->has_head)
		return 0;
	return check_head(r, &edge) || count_tiles(r) ? -1 : 0;
}
