/* The write transaction: lock, head, caches, marks, write-back. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/apply.h"

#define YEAR_2025_MS INT64_C(1735689600000)
#define LEAP_MS (INT64_C(366) * 86400000)
#define HISTORY_INLINE 4096	/* legs in a transaction, leaves caught up */
#define CACHED_ACCOUNTS 16384	/* a long import meets an account an escrow */

static int
read_head(struct ledger *l, int64_t *size, struct err *e)
{
	const void *edge;
	struct query q;
	size_t n;
	int got;

	query_open(&q, l->store, SQL_LEDGER_HEAD);
	got = query_row(&q, e);
	if (got < 0)
		return -1;
	if (!got)
		return err_set(e, E_no_ledger,
		    "the log has no leaf yet: run 'bzn-ledger init'");
	*size = query_get_int(&q, 0);
	l->at_ms = query_get_int(&q, 3);
	l->posted = l->old_posted = query_get_int(&q, 4);
	if (!l->loaded || (uint64_t)*size != l->edge.size) {
		edge = query_get_bytes(&q, 2, &n);
		if (n != HASH_BYTES * tlog_edge_count((uint64_t)*size)) {
			query_close(&q);
			return err_set(e, E_store_corrupt,
			    "the edge of the tree is damaged");
		}
		memcpy(l->edge.h, edge, n);
		l->edge.size = (uint64_t)*size;
		l->loaded = false;
	}
	query_close(&q);
	return 0;
}

/* Another writer was here, or we fell back: start from the store. */
static int
load(struct ledger *l, struct err *e)
{
	struct query q;

	account_drop_all(l);
	l->gap = false;
	l->n_late = 0;
	if (units_load(l, e))
		return -1;
	query_open(&q, l->store, SQL_LEDGER_ACCOUNT_LAST);
	if (query_run(&q, &l->next_account, e) < 0)
		return -1;
	l->next_account++;
	l->loaded = true;
	return 0;
}

int
ledger_clock(int64_t now_ms, const int64_t *last_ms, struct err *e)
{
	if (now_ms < YEAR_2025_MS)
		return err_set(e, E_clock_unsane, "the clock says a time "
		    "before 2025: set it, or --accept-clock");
	if (last_ms && now_ms - *last_ms > LEAP_MS)
		return err_set(e, E_clock_unsane, "the clock is over 366 days "
		    "ahead of the log: set it, or --accept-clock");
	return 0;
}

static int
set_time(struct ledger *l, int64_t now_ms, bool sane, struct err *e)
{
	bool first = l->edge.size == 0;

	if (now_ms > LEAF_INT_MAX)
		return err_set(e, E_clock_unsane, "the clock says a time that "
		    "no entry can bear: set it");
	l->now_ms = now_ms > l->at_ms ? now_ms : l->at_ms;
	if (!sane)
		return 0;
	return ledger_clock(now_ms, first ? NULL : &l->at_ms, e);
}

int
ledger_begin(struct store *s, struct ledger **out, int64_t now_ms, bool sane,
    struct err *e)
{
	struct ledger *l = *out;
	int64_t size;

	if (!l) {
		l = *out = mem_zero(1, sizeof(*l));
		l->store = s;
		l->bytes = (struct buf)BUF_INIT((LEAF_MAX + 1) * LEAF_GROUP);
	}
	assert(!l->writing);
	if (store_begin(s, e))
		return -1;
	l->writing = true;
	l->n_was = l->n_row = l->n_leaf = 0;
	reversal_cut(l, 0);
	l->due = 0;
	l->broken = false;
	if (l->n_acct > CACHED_ACCOUNTS)
		l->loaded = false;
	if (read_head(l, &size, e) || (!l->loaded && load(l, e)) ||
	    set_time(l, now_ms, sane, e)) {
		ledger_rollback(l);
		return -1;
	}
	l->old_size = l->edge.size;
	l->old_account = l->next_account;
	l->old_unit = l->units.n;
	return 0;
}

static int
write_head(struct ledger *l, struct err *e)
{
	struct hash root;
	struct query q;

	tlog_root(&l->edge, &root);
	query_open(&q, l->store, SQL_LEDGER_HEAD_SET);
	query_int(&q, (int64_t)l->edge.size);
	query_bytes(&q, root.b, HASH_BYTES);
	query_bytes(&q, l->edge.h, HASH_BYTES * tlog_edge_count(l->edge.size));
	query_int(&q, l->n_leaf ? l->now_ms : l->at_ms);
	query_int(&q, l->posted);
	return query_run(&q, NULL, e);
}

void
ledger_push_leaf(struct ledger *l, const struct hash *h)
{
	tlog_push(&l->edge, h);
	if (l->n_leaf == l->cap_leaf) {
		l->cap_leaf = l->cap_leaf ? 2 * l->cap_leaf : 64;
		l->leaf = mem_grow(l->leaf, l->cap_leaf, sizeof(*l->leaf));
	}
	l->leaf[l->n_leaf++] = *h;
}

/*
 * Few lines are stored at once, many are put off; and who has few takes
 * along some that others have put off.
 */
static int
write_history(struct ledger *l, bool whole, struct err *e)
{
	if (!whole && l->n_row >= HISTORY_INLINE)
		return 0;
	if (!whole && project_in(l, HISTORY_INLINE, e))
		return -1;
	if (!whole && l->posted != (int64_t)l->old_size)
		return 0;
	if (project_write(l, l->row, l->n_row, e))
		return -1;
	l->posted = (int64_t)l->edge.size;
	return 0;
}

int
ledger_write_back(struct ledger *l, bool whole, struct err *e)
{
	return units_write_back(l, e) || account_write_back(l, e) ||
	    write_history(l, whole, e) || reversal_write_back(l, e) ||
	    tile_write(l, e) || write_head(l, e) < 0 ? -1 : 0;
}

/*
 * The store says that nothing was committed.  Believe it only if the first
 * entry is indeed not there.
 */
static int
doubt(struct ledger *l, struct err *e)
{
	struct err ignored;
	struct query q;

	if (e->kind != ERR_SYSTEM || !l->n_leaf)
		return -1;
	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, (int64_t)l->old_size);
	if (!query_run(&q, NULL, &ignored))
		return -1;
	return err_set(e, E_commit_unknown, "the commit failed, yet entry "
	    "%lld is there: run it again with the same --id",
	    (long long)l->old_size);
}

int
ledger_commit(struct ledger *l, struct err *e)
{
	assert(l->writing);
	if (l->broken) {
		ledger_rollback(l);
		return err_set(e, E_io_error,
		    "an entry could not be written: nothing is kept");
	}
	if ((l->n_leaf && ledger_write_back(l, false, e)) ||
	    (!l->n_leaf && l->posted != l->old_posted &&
	    write_head(l, e) < 0)) {
		ledger_rollback(l);
		return -1;
	}
	l->writing = false;
	/* A dry run ends here too, and leaves our caches ahead of the store. */
	if (store_is_dry(l->store))
		l->loaded = false;
	if (store_commit(l->store, e)) {
		l->loaded = false;
		return doubt(l, e);
	}
	project_later(l);
	return 0;
}

void
ledger_rollback(struct ledger *l)
{
	if (!l->writing)
		return;
	l->writing = l->loaded = false;
	store_rollback(l->store);
}

void
ledger_free(struct ledger *l)
{
	size_t i;

	if (!l)
		return;
	ledger_rollback(l);
	account_drop_all(l);
	units_drop(l);
	free(l->bucket);
	free(l->was);
	free(l->row);
	free(l->late);
	free(l->rev);
	free(l->rev_at);
	free(l->leaf);
	for (i = 0; i < l->cap_entry; i++) {
		leaf_release(&l->extra[i].target);
		free(l->extra[i].legs);
	}
	free(l->extra);
	free(l->entry);
	free(l->legs);
	buf_release(&l->bytes);
	leaf_release(&l->known);
	leaf_release(&l->target);
	free(l);
}

struct store *
ledger_store(const struct ledger *l)
{
	return l->store;
}

int64_t
ledger_now(const struct ledger *l)
{
	return l->now_ms;
}

bool
ledger_writing(const struct ledger *l)
{
	return l->writing;
}

const struct units *
ledger_units(const struct ledger *l)
{
	return &l->units;
}

void
ledger_mark_here(const struct ledger *l, struct mark *m)
{
	m->n_was = l->n_was;
	m->n_row = l->n_row;
	m->n_leaf = l->n_leaf;
	m->n_rev = l->n_rev;
	m->n_unit = l->units.n;
	m->due = l->due;
	m->next_account = l->next_account;
	m->edge.size = l->edge.size;
	memcpy(m->edge.h, l->edge.h,
	    HASH_BYTES * tlog_edge_count(l->edge.size));
}

/* Newest first, so that each account ends as it was at the mark. */
void
ledger_back_to(struct ledger *l, const struct mark *m)
{
	const struct was *w;

	while (l->n_was > m->n_was) {
		w = &l->was[--l->n_was];
		w->acct->id = w->id;
		w->acct->cr = w->cr;
		w->acct->dr = w->dr;
		w->acct->legs = w->legs;
		w->acct->lo = w->lo;
		w->acct->hi = w->hi;
		w->acct->has_lo = w->has_lo;
		w->acct->has_hi = w->has_hi;
		w->acct->closed = w->closed;
		w->acct->relimited = w->relimited;
	}
	reversal_cut(l, m->n_rev);
	units_cut(l, m->n_unit);
	l->due = m->due;
	l->n_row = m->n_row;
	l->n_leaf = m->n_leaf;
	l->next_account = m->next_account;
	l->edge.size = m->edge.size;
	memcpy(l->edge.h, m->edge.h,
	    HASH_BYTES * tlog_edge_count(m->edge.size));
}

int
ledger_mark_in(struct ledger *l, struct err *e)
{
	assert(l->writing);
	ledger_mark_here(l, &l->mark);
	return store_mark(l->store, e);
}

int
ledger_keep_in(struct ledger *l, struct err *e)
{
	return store_keep(l->store, e);
}

int
ledger_undo_in(struct ledger *l, struct err *e)
{
	ledger_back_to(l, &l->mark);
	l->broken = false;
	return store_undo(l->store, e);
}

int
ledger_balance_in(struct ledger *l, const char *account,
    const struct unit *unit, struct balance *out, struct err *e)
{
	struct acct *a;

	assert(l->writing);
	if (leaf_check_account(account, e) ||
	    account_find(l, account, unit, &a, e))
		return -1;
	*out = (struct balance){
		.cr = a->cr, .dr = a->dr, .pcr = a->pcr, .pdr = a->pdr,
		.legs = a->legs, .minor = a->cr - a->dr,
		.available = a->cr - a->dr - a->pdr,
	};
	return 0;
}

int
ledger_find_in(struct ledger *l, const char *id, struct ledger_known *out,
    struct err *e)
{
	const struct entry *x = &l->known.entry;
	const void *leaf;
	struct query q;
	size_t n;
	int got;

	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_ID);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got <= 0)
		return got;
	leaf = query_get_bytes(&q, 1, &n);
	if (leaf_parse(&l->known, leaf, n, &l->units, e))
		got = -1;
	query_close(&q);
	*out = (struct ledger_known){
		x->seq, x->at_ms, x->group_i, x->group_n
	};
	return got;
}

int
ledger_id_in(struct ledger *l, int64_t seq, char out[LEAF_ID], struct err *e)
{
	struct query q;
	int got;

	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0)
		query_put_text(&q, 1, out, LEAF_ID);
	query_close(&q);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "entry %lld is missing", (long long)seq);
}

uint64_t
ledger_size_in(const struct ledger *l)
{
	return l->edge.size;
}

void
ledger_root_in(const struct ledger *l, struct hash *out)
{
	tlog_root(&l->edge, out);
}
