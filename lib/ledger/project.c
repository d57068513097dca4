/*
 * Lines of history that large transactions have put off.  Inline they cost
 * more than all the rest, because each account has its own place in the
 * table; many at once, in the order of their keys, cost a fraction of that.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/impl.h"

#define AT_ONCE 65536			/* leaves in a transaction */
#define LATE_ROWS (4 * AT_ONCE)		/* kept in memory: 8 MiB */

struct rows {
	struct row *row;
	size_t n, cap;
};

static int
by_key(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/*
 * Lines come by entry and are wanted by account, tens of thousands at once.
 * Byte by byte from the last, each pass keeping the order of the one before;
 * most bytes are the same in all keys, and need none.
 */
static void
sort_many(struct row *row, size_t n, uint64_t differ)
{
	struct row *room = mem_grow(NULL, n, sizeof(*room));
	struct row *from = row, *to = room, *swap;
	size_t at[256], i, sum, some;
	int shift;

	for (shift = 0; shift < 64; shift += 8) {
		if (!(differ >> shift & 255))
			continue;
		memset(at, 0, sizeof(at));
		for (i = 0; i < n; i++)
			at[(uint64_t)from[i].key >> shift & 255]++;
		for (i = sum = 0; i < 256; i++) {
			some = at[i];
			at[i] = sum;
			sum += some;
		}
		for (i = 0; i < n; i++)
			to[at[(uint64_t)from[i].key >> shift & 255]++] =
			    from[i];
		swap = from;
		from = to;
		to = swap;
	}
	if (from != row)
		memcpy(row, from, n * sizeof(*row));
	free(room);
}

void
project_sort(struct row *row, size_t n)
{
	uint64_t differ = 0;
	size_t i;

	for (i = 1; i < n; i++)
		differ |= (uint64_t)row[i].key ^ (uint64_t)row[0].key;
	if (n > 256)
		sort_many(row, n, differ);
	else if (differ)
		qsort(row, n, sizeof(*row), by_key);
}

static void
bind(struct query *q, const struct row *r)
{
	query_int(q, r->key);
	query_int(q, r->seq);
	query_int(q, r->amount);
	query_int(q, r->balance);
}

/*
 * In the order of their keys: the pages of a B-tree are then met once.  And
 * eight to a statement, for a step of the engine costs as much as a row.
 */
int
project_write(struct ledger *l, struct row *row, size_t n, struct err *e)
{
	const struct row *r = row, *end = row + n;
	struct query q;
	size_t i, some;

	project_sort(row, n);
	for (; r < end; r += some) {
		some = end - r < 8 ? 1 : 8;
		query_open(&q, l->store, some == 1 ? SQL_LEDGER_POSTING_ADD :
		    SQL_LEDGER_POSTING_ADD_8);
		for (i = 0; i < some; i++)
			bind(&q, &r[i]);
		if (query_run(&q, NULL, e) < 0)
			return -1;
	}
	return 0;
}

/* Where an account's history ends, as it is stored: once in a projection. */
static int
find_end(struct ledger *l, struct acct *a, struct err *e)
{
	struct query q;
	int got;

	if (a->projected == l->projection)
		return 0;
	a->projected = l->projection;
	a->next_n = a->next_balance = 0;
	query_open(&q, l->store, SQL_LEDGER_POSTING_LAST);
	query_int(&q, posting_key(a->id, 0));
	query_int(&q, posting_key(a->id + 1, 0));
	got = query_row(&q, e);
	if (got > 0) {
		a->next_n = posting_n(query_get_int(&q, 0)) + 1;
		a->next_balance = query_get_int(&q, 1);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static int
add(struct ledger *l, struct rows *r, const struct leg *leg, int64_t seq,
    struct err *e)
{
	struct acct *a;

	if (account_find(l, leg->account, leg->unit, &a, e))
		return -1;
	if (!a->id)
		return err_set(e, E_store_corrupt, "'%s' is in entry %lld, "
		    "and no account", a->name, (long long)seq);
	if (find_end(l, a, e))
		return -1;
	if (r->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 4096;
		r->row = mem_grow(r->row, r->cap, sizeof(*r->row));
	}
	a->next_balance += leg->minor;
	r->row[r->n++] = (struct row){
		.key = posting_key(a->id, a->next_n++), .seq = seq,
		.amount = leg->minor, .balance = a->next_balance,
	};
	return 0;
}

static int
gather(struct ledger *l, int64_t to, struct rows *r, struct err *e)
{
	struct leaf leaf = { 0 };
	const void *bytes;
	struct query q;
	int64_t seq;
	size_t n, i;
	int got;

	query_open(&q, l->store, SQL_LEDGER_ENTRY_RANGE);
	query_int(&q, l->posted);
	query_int(&q, to);
	while ((got = query_row(&q, e)) > 0) {
		seq = query_get_int(&q, 0);
		bytes = query_get_bytes(&q, 2, &n);
		got = leaf_parse(&leaf, bytes, n, &l->units, e);
		for (i = 0; !got && i < leaf.entry.n_legs; i++)
			got = add(l, r, &leaf.entry.legs[i], seq, e);
		if (got)
			break;
	}
	query_close(&q);
	leaf_release(&leaf);
	return got;
}

void
project_later(struct ledger *l)
{
	int64_t size = (int64_t)l->edge.size;

	if (l->posted == size || l->n_late + l->n_row > LATE_ROWS ||
	    (l->n_late && l->late_to != (int64_t)l->old_size)) {
		l->n_late = 0;
		return;
	}
	if (!l->n_late)
		l->late_from = (int64_t)l->old_size;
	if (l->n_late + l->n_row > l->cap_late) {
		l->cap_late = 2 * (l->n_late + l->n_row);
		l->late = mem_grow(l->late, l->cap_late, sizeof(*l->late));
	}
	if (l->n_row)
		memcpy(l->late + l->n_late, l->row,
		    l->n_row * sizeof(*l->row));
	l->n_late += l->n_row;
	l->late_to = size;
}

/* Are the lines that are due in memory, from the writing of them? */
static bool
is_kept(const struct ledger *l)
{
	return l->n_late && l->late_from == l->posted &&
	    l->late_to == (int64_t)l->old_size;
}

int
project_in(struct ledger *l, int64_t most, struct err *e)
{
	int64_t to = (int64_t)l->old_size;
	struct rows r = { 0 };
	int rc = -1;

	assert(l->writing);
	if (l->posted == to)
		return 0;
	if (is_kept(l)) {
		if (project_write(l, l->late, l->n_late, e))
			return -1;
		l->posted = to;
		return 0;
	}
	if (most < to - l->posted)
		to = l->posted + most;
	l->projection++;
	if (!gather(l, to, &r, e) && !project_write(l, r.row, r.n, e)) {
		l->posted = to;
		rc = 0;
	}
	free(r.row);
	return rc;
}

int
ledger_project(struct store *s, struct ledger **l, struct err *e)
{
	if (*l && (uint64_t)(*l)->posted == (*l)->edge.size)
		return 0;
	do
		if (ledger_begin(s, l, 0, false, e) ||
		    project_in(*l, AT_ONCE, e) || ledger_commit(*l, e)) {
			ledger_rollback(*l);
			return -1;
		}
	while ((uint64_t)(*l)->posted < (*l)->edge.size &&
	    !store_is_dry(s));
	return 0;
}
