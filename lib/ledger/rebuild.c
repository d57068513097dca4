#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/apply.h"
#include "ledger/read.h"
#include "ledger/rebuild.h"

#define CHUNK 8192			/* leaves between two write-backs */

/* What hangs on another goes first. */
static const struct { enum sql drop, all; int columns; } tables[] = {
	{ SQL_REBUILD_DROP_POSTING, SQL_REBUILD_ALL_POSTING, 4 },
	{ SQL_REBUILD_DROP_REVERSAL, SQL_LEDGER_REVERSAL_ALL, 2 },
	{ SQL_REBUILD_DROP_ACCOUNT, SQL_REBUILD_ALL_ACCOUNT, 11 },
	{ SQL_REBUILD_DROP_UNIT, SQL_REBUILD_ALL_UNIT, 3 },
	{ SQL_REBUILD_DROP_TILE, SQL_REBUILD_ALL_TILE, 3 },
	{ SQL_REBUILD_DROP_HEAD, SQL_REBUILD_ALL_HEAD, 5 },
};
#define TABLES (sizeof(tables) / sizeof(*tables))

/* Each value with its length before it, so that no two rows look alike. */
static void
add_row(struct hash *all, struct buf *row, const struct query *q, int columns)
{
	const void *value;
	size_t n;
	int i;

	buf_reset(row);
	buf_add(row, (const char *)all->b, HASH_BYTES);
	for (i = 0; i < columns; i++) {
		value = query_get_bytes(q, i, &n);
		buf_addf(row, "%d:%zu:", query_get_null(q, i), n);
		buf_add(row, value, n);
	}
	hash_of(all, row->data, row->len);
}

/*
 * One hash of every row of every projection, history up to this entry: what
 * is put off has no line yet, and is not missing.
 */
static int
digest(struct store *s, int64_t posted, struct hash *out, struct err *e)
{
	struct buf row = BUF_INIT(1 << 20);
	struct query q;
	size_t i;
	int got = 0;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < TABLES && got >= 0; i++) {
		query_open(&q, s, tables[i].all);
		if (tables[i].all == SQL_REBUILD_ALL_POSTING)
			query_int(&q, posted);
		while ((got = query_row(&q, e)) > 0)
			add_row(out, &row, &q, tables[i].columns);
		query_close(&q);
		hash_of(out, out->b, HASH_BYTES);	/* a table ends here */
	}
	buf_release(&row);
	return got;
}

static int
read_posted(struct store *s, int64_t *out, struct err *e)
{
	struct query q;
	int got;

	*out = INT64_MAX;
	query_open(&q, s, SQL_LEDGER_POSTED);
	got = query_row(&q, e);
	if (got > 0)
		*out = query_get_int(&q, 0);
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* All rows, and the head of a log without leaves in place of the old one. */
static int
drop(struct store *s, struct err *e)
{
	struct tlog_edge none = { 0 };
	struct hash root;
	struct query q;
	size_t i;

	for (i = 0; i < TABLES; i++) {
		query_open(&q, s, tables[i].drop);
		if (query_run(&q, NULL, e) < 0)
			return -1;
	}
	tlog_root(&none, &root);
	query_open(&q, s, SQL_LEDGER_HEAD_NEW);
	query_bytes(&q, root.b, HASH_BYTES);
	query_bytes(&q, "", 0);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static int
take(struct ledger *l, struct leaf *leaf, const struct stored *s,
    struct err *e)
{
	struct hash h;

	if (s->seq != (int64_t)l->edge.size)
		return err_set(e, E_seq_gap, "it is not there");
	if (leaf_parse(leaf, s->leaf, s->leaf_n, &l->units, e))
		return -1;
	if (leaf->entry.seq != s->seq)
		return err_set(e, E_column_mismatch, "it says that it is %lld",
		    (long long)leaf->entry.seq);
	if (apply_entry(l, &leaf->entry, e))
		return -1;
	l->now_ms = leaf->entry.at_ms;
	tlog_leaf(&h, s->leaf, s->leaf_n);
	ledger_push_leaf(l, &h);
	return 0;
}

/* The next leaves: how many, or -1. */
static int
take_chunk(struct ledger *l, struct leaf *leaf, struct err *e)
{
	int64_t from = (int64_t)l->edge.size;
	struct stored s;
	struct query q;
	int got, n = 0;

	ledger_leaves_open(&q, l->store, from, from + CHUNK);
	while ((got = ledger_leaves_next(&q, &s, e)) > 0) {
		if (take(l, leaf, &s, e)) {
			err_wrap(e, "entry %zu", (size_t)l->edge.size);
			got = -1;
			break;
		}
		n++;
	}
	query_close(&q);
	return got < 0 ? -1 : n;
}

/* As if a transaction ended here. */
static int
write_chunk(struct ledger *l, struct err *e)
{
	if (ledger_write_back(l, true, e))
		return -1;
	l->n_was = l->n_row = l->n_leaf = 0;
	reversal_cut(l, 0);
	l->old_size = l->edge.size;
	l->old_account = l->next_account;
	l->old_unit = l->units.n;
	return 0;
}

static int
fill(struct ledger *l, struct err *e)
{
	struct leaf leaf = { 0 };
	int got;

	while ((got = take_chunk(l, &leaf, e)) > 0)
		if (write_chunk(l, e)) {
			got = -1;
			break;
		}
	leaf_release(&leaf);
	return got;
}

static int
make_anew(struct ledger *l, struct rebuilt *out, struct err *e)
{
	struct hash before, after;
	int64_t posted;

	if (read_posted(l->store, &posted, e) ||
	    digest(l->store, INT64_MAX, &before, e) || drop(l->store, e) ||
	    fill(l, e) || digest(l->store, posted, &after, e))
		return -1;
	if (!l->edge.size)
		return err_set(e, E_no_ledger,
		    "the log has no leaf yet: run 'bzn-ledger init'");
	out->size = (int64_t)l->edge.size;
	tlog_root(&l->edge, &out->root);
	out->same = !memcmp(&before, &after, sizeof(before));
	return 0;
}

int
ledger_rebuild(struct store *s, struct rebuilt *out, struct err *e)
{
	struct ledger *l = mem_zero(1, sizeof(*l));
	int rc = -1;

	l->store = s;
	l->next_account = 1;
	l->old_account = 1;
	if (store_begin(s, e))
		goto out;
	l->writing = true;
	if (make_anew(l, out, e)) {
		err_wrap(e, "nothing was changed");
		goto out;
	}
	l->writing = false;
	rc = store_commit(s, e);
out:
	ledger_free(l);
	return rc;
}
