/* Layer 10: what is stored beside the leaves is what they make. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verify/impl.h"

static int
wrong_row(struct run *r, const struct fold_row *row)
{
	return verify_find(r, 10, E_projection_mismatch, row->seq,
	    "entry %lld: a posting differs from its leg",
	    (long long)row->seq);
}

/* The rows of one account, whose keys follow each other without a gap. */
static int
check_span(struct run *r, const struct fold_row *row, size_t n)
{
	const struct fold_row *end = row + n;
	struct query q;
	int got, rc = 0;

	query_open(&q, r->store, SQL_LEDGER_POSTING_KEYS);
	query_int(&q, row->key);
	query_int(&q, row->key + (int64_t)n);
	while (!rc && (got = query_row(&q, r->e)) > 0) {
		while (!rc && row < end && row->key < query_get_int(&q, 0))
			rc = wrong_row(r, row++);
		if (rc)
			break;
		/* A page in the wrong place gives rows again. */
		if (row == end || row->key != query_get_int(&q, 0)) {
			rc = wrong_row(r, row - (row == end));
			continue;
		}
		if (query_get_int(&q, 1) != row->seq ||
		    query_get_int(&q, 2) != row->amount ||
		    query_get_int(&q, 3) != row->balance)
			rc = wrong_row(r, row);
		row++;
	}
	query_close(&q);
	/* Behind a page that cannot be read nothing is known to be missing. */
	while (!rc && !got && row < end)
		rc = wrong_row(r, row++);
	return rc || got < 0 ? -1 : 0;
}

/*
 * Each posting is the leg and the balance after it.  They are stored by
 * account and met by entry, so many are gathered, and then read in order.
 */
int
verify_rows(struct run *r)
{
	const struct fold_row *row;
	size_t i, n, all;

	if (!r->store || !(r->want & LAYER(10))) {
		fold_drop_rows(r->fold);
		return 0;
	}
	row = fold_sorted(r->fold, &all);
	for (i = 0; i < all; i += n) {
		n = 1;
		if (row[i].seq >= r->posted)	/* nobody has yet */
			continue;
		while (i + n < all && row[i + n].seq < r->posted &&
		    row[i + n].key == row[i].key + (int64_t)n)
			n++;
		r->postings += (int64_t)n;
		if (check_span(r, &row[i], n))
			return -1;
	}
	fold_drop_rows(r->fold);
	return 0;
}

static bool
same_account(const struct account *a, const struct account *b)
{
	return a->id == b->id && a->balance.cr == b->balance.cr &&
	    a->balance.dr == b->balance.dr &&
	    a->balance.legs == b->balance.legs &&
	    a->balance.pcr == b->balance.pcr &&
	    a->balance.pdr == b->balance.pdr &&
	    a->has_lo == b->has_lo && (!a->has_lo || a->lo == b->lo) &&
	    a->has_hi == b->has_hi && (!a->has_hi || a->hi == b->hi) &&
	    a->closed == b->closed;
}

static bool
was_seen(const struct run *r, int64_t id)
{
	return id >= 0 && (uint64_t)id / 8 < r->seen_n &&
	    r->seen[id / 8] >> id % 8 & 1;
}

static void
set_seen(struct run *r, int64_t id)
{
	size_t at = (size_t)id / 8, n = r->seen_n;

	if (at >= n) {
		n = 2 * at + 64;
		r->seen = mem_grow(r->seen, n, 1);
		memset(r->seen + r->seen_n, 0, n - r->seen_n);
		r->seen_n = n;
	}
	r->seen[at] = (uint8_t)(r->seen[at] | 1u << id % 8);
}

/* One that is not as it should be is kept, to be named in the end. */
int
verify_forget(struct run *r, const char *name, const struct unit *unit)
{
	struct account made, stored;
	struct query q;
	int got;

	if (!r->store || !(r->want & LAYER(10))) {
		fold_forget(r->fold, name, unit);
		return 0;
	}
	fold_account(r->fold, name, unit, &made);
	ledger_accounts_open(&q, r->store, name);
	while ((got = ledger_accounts_next(&q, &stored, r->e)) > 0)
		if (!strcmp(stored.unit.code, unit->code))
			break;
	query_close(&q);
	if (got < 0)
		return verify_failed(r, LAYER(10));
	if (!got || !same_account(&made, &stored))
		return 0;
	set_seen(r, made.id);
	fold_forget(r->fold, name, unit);
	return 0;
}

/* Accounts refer to units by their place among those that are declared. */
static int
check_units(struct run *r)
{
	const struct units *made = fold_units(r->fold);
	size_t want = r->next ? made->n : 0, n = 0, same = 0;
	const struct unit *u;
	const char *code;
	struct query q;
	int got;

	query_open(&q, r->store, SQL_LEDGER_UNIT_LIST);
	while ((got = query_row(&q, r->e)) > 0) {
		u = n < want ? made->unit[n] : NULL;
		code = query_get_text(&q, 0);
		same += u && code && !strcmp(u->code, code) &&
		    u->scale == query_get_int(&q, 1);
		n++;
	}
	if (got < 0)
		return -1;
	return n == want && same == n ? 0 : verify_find(r, 10,
	    E_projection_mismatch, -1,
	    "the units are not those that the log declares");
}

static int
check_account(struct run *r, const struct account *stored)
{
	const struct unit *unit;
	struct account made = { 0 };

	unit = units_find(fold_units(r->fold), stored->unit.code);
	if (unit)
		fold_account(r->fold, stored->name, unit, &made);
	if (unit && !made.id && was_seen(r, stored->id))
		return 0;
	return unit && same_account(&made, stored) ? 0 :
	    verify_find(r, 10, E_projection_mismatch, -1,
	    "account '%s' in %s is not what its entries make", stored->name,
	    stored->unit.code);
}

static int
check_accounts(struct run *r)
{
	struct account stored;
	int64_t n = 0;
	struct query q;
	int got, rc = 0;

	ledger_accounts_open(&q, r->store, NULL);
	while (!rc && (got = ledger_accounts_next(&q, &stored, r->e)) > 0) {
		n++;
		rc = check_account(r, &stored);
	}
	query_close(&q);
	if (rc || got < 0)
		return -1;
	return n == fold_accounts(r->fold) ? 0 : verify_find(r, 10,
	    E_projection_mismatch, -1, "%lld accounts are stored, the leaves "
	    "make %lld", (long long)n, (long long)fold_accounts(r->fold));
}

static int
check_postings(struct run *r)
{
	int64_t n = 0;
	struct query q;

	query_open(&q, r->store, SQL_LEDGER_POSTING_COUNT);
	if (query_run(&q, &n, r->e) < 0)
		return -1;
	return n == r->postings ? 0 : verify_find(r, 10,
	    E_projection_mismatch, -1, "%lld postings are stored, the leaves "
	    "make %lld", (long long)n, (long long)r->postings);
}

static int
by_target(const void *a, const void *b)
{
	const struct reversal *x = a, *y = b;

	return x->target < y->target ? -1 : x->target > y->target;
}

static int
check_reversals(struct run *r)
{
	const struct reversal *made;
	struct reversal *want;
	struct query q;
	size_t n, i = 0;
	bool same = true;
	int got;

	made = fold_reversals(r->fold, &n);
	want = mem_zero(n + 1, sizeof(*want));
	if (n) {
		memcpy(want, made, n * sizeof(*want));
		qsort(want, n, sizeof(*want), by_target);
	}
	query_open(&q, r->store, SQL_LEDGER_REVERSAL_ALL);
	while ((got = query_row(&q, r->e)) > 0) {
		same = same && i < n &&
		    query_get_int(&q, 0) == want[i].target &&
		    query_get_int(&q, 1) == want[i].seq;
		i++;
	}
	free(want);
	if (got < 0)
		return -1;
	return same && i == n ? 0 : verify_find(r, 10,
	    E_projection_mismatch, -1,
	    "the reversals are not those that the leaves make");
}

int
verify_projections(struct run *r)
{
	return verify_rows(r) || check_units(r) || check_accounts(r) ||
	    check_postings(r) || check_reversals(r) ||
	    verify_memos(r) ? -1 : 0;
}
