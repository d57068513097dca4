/* The accounts that a writer has in memory, and their way back to the store. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/impl.h"

#define BUCKETS 4096

static size_t
hash_name(const char *name, const struct unit *u)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uintptr_t)u;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

static int64_t
unit_id(const struct ledger *l, const struct unit *u)
{
	size_t i;

	for (i = 0; i < l->units.n && l->units.unit[i] != u; i++)
		;
	assert(i < l->units.n);
	return (int64_t)i + 1;
}

/* As stored, or as it would be made: id 0, and a floor of zero but for MINT. */
static int
load(struct ledger *l, struct acct *a, struct err *e)
{
	struct query q;
	int got;

	a->has_lo = strcmp(a->name, "MINT") != 0;
	if (l->detached)
		return 0;
	query_open(&q, l->store, SQL_LEDGER_ACCOUNT_GET);
	query_text(&q, a->name);
	query_int(&q, a->unit_id);
	got = query_row(&q, e);
	if (got > 0) {
		a->id = query_get_int(&q, 0);
		a->has_lo = !query_get_null(&q, 1);
		a->lo = query_get_int(&q, 1);
		a->has_hi = !query_get_null(&q, 2);
		a->hi = query_get_int(&q, 2);
		a->closed = query_get_int(&q, 3) != 0;
		a->cr = query_get_int(&q, 4);
		a->dr = query_get_int(&q, 5);
		a->pcr = query_get_int(&q, 6);
		a->pdr = query_get_int(&q, 7);
		a->legs = query_get_int(&q, 8);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* Where it is, or would be. */
static struct acct **
place(const struct ledger *l, const char *name, const struct unit *u)
{
	struct acct **at = &l->bucket[hash_name(name, u) % l->n_bucket];

	for (; *at; at = &(*at)->next)
		if ((*at)->unit == u && !strcmp((*at)->name, name))
			break;
	return at;
}

struct acct **
account_at(const struct ledger *l, const char *name, const struct unit *u)
{
	return l->bucket ? place(l, name, u) : NULL;
}

int
account_find(struct ledger *l, const char *name, const struct unit *u,
    struct acct **out, struct err *e)
{
	struct acct **at, *a;

	if (!l->bucket) {
		l->bucket = mem_zero(BUCKETS, sizeof(*l->bucket));
		l->n_bucket = BUCKETS;
	}
	at = place(l, name, u);
	if (*at) {
		*out = *at;
		return 0;
	}
	a = mem_zero(1, sizeof(*a));
	memcpy(a->name, name, strlen(name) + 1);
	a->unit = u;
	a->unit_id = unit_id(l, u);
	if (load(l, a, e)) {
		free(a);
		return -1;
	}
	a->next = *at;
	*at = a;
	l->n_acct++;
	*out = a;
	return 0;
}

void
account_drop_all(struct ledger *l)
{
	struct acct *a, *next;
	size_t i;

	for (i = 0; i < l->n_bucket; i++) {
		for (a = l->bucket[i]; a; a = next) {
			next = a->next;
			free(a);
		}
		l->bucket[i] = NULL;
	}
	l->n_acct = 0;
}

/* The cache alone forgets them: nothing has touched them since the mark. */
void
account_drop_unit(struct ledger *l, const struct unit *u)
{
	struct acct **at, *a;
	size_t i;

	for (i = 0; i < l->n_bucket; i++)
		for (at = &l->bucket[i]; (a = *at) != NULL; )
			if (a->unit == u) {
				*at = a->next;
				l->n_acct--;
				free(a);
			} else {
				at = &a->next;
			}
}

static void
remember(struct ledger *l, struct acct *a)
{
	if (l->n_was == l->cap_was) {
		l->cap_was = l->cap_was ? 2 * l->cap_was : 64;
		l->was = mem_grow(l->was, l->cap_was, sizeof(*l->was));
	}
	l->was[l->n_was++] = (struct was){
		a, a->id, a->cr, a->dr, a->legs, a->lo, a->hi,
		a->has_lo, a->has_hi, a->closed, a->relimited,
	};
}

/* An account comes into being here, if it was not there. */
void
account_touch(struct ledger *l, struct acct *a)
{
	remember(l, a);
	if (!a->id)
		a->id = l->next_account++;
}

int
account_add_leg(struct ledger *l, struct acct *a, int64_t minor, int64_t seq,
    struct err *e)
{
	int64_t *side = minor > 0 ? &a->cr : &a->dr, sum;
	struct row *r;
	int rc = 0;

	l->blamed = a;
	if (a->closed)
		rc = err_set(e, E_account_closed, "'%s' is closed", a->name);
	if (rc && !l->detached)
		return rc;
	if (__builtin_add_overflow(*side, minor > 0 ? minor : -minor, &sum))
		return err_set(e, E_amount_overflow,
		    "'%s' cannot count so much: the sum of all that it ever "
		    "%s must fit into 64 bits", a->name, minor > 0 ?
		    "received" : "paid");
	account_touch(l, a);
	*side = sum;
	if (l->n_row == l->cap_row) {
		l->cap_row = l->cap_row ? 2 * l->cap_row : 64;
		l->row = mem_grow(l->row, l->cap_row, sizeof(*l->row));
	}
	r = &l->row[l->n_row++];
	*r = (struct row){
		.key = posting_key(a->id, a->legs++),
		.seq = seq, .amount = minor, .balance = a->cr - a->dr,
	};
	return rc;
}

int
account_check(struct ledger *l, const struct acct *a, struct err *e)
{
	l->blamed = a;
	if (a->has_lo && a->cr - a->dr - a->pdr < a->lo)
		return err_set(e, a->lo == 0 ? E_insufficient_funds :
		    E_limit_exceeded, "'%s' cannot cover it", a->name);
	if (a->has_hi && a->cr - a->dr + a->pcr > a->hi)
		return err_set(e, E_limit_exceeded,
		    "'%s' would pass its upper limit", a->name);
	return 0;
}

static void
limit_or_null(struct query *q, bool has, int64_t limit)
{
	if (has)
		query_int(q, limit);
	else
		query_null(q);
}

/* The rest of a row whose limits are told as well; and run it. */
static int
bind_state(struct query *q, const struct acct *a, struct err *e)
{
	limit_or_null(q, a->has_lo, a->lo);
	limit_or_null(q, a->has_hi, a->hi);
	query_int(q, a->closed);
	query_int(q, a->cr);
	query_int(q, a->dr);
	query_int(q, a->legs);
	return query_run(q, NULL, e);
}

static int
add(struct ledger *l, const struct acct *a, struct err *e)
{
	struct query q;

	query_open(&q, l->store, SQL_LEDGER_ACCOUNT_ADD);
	query_int(&q, a->id);
	query_text(&q, a->name);
	query_int(&q, a->unit_id);
	return bind_state(&q, a, e);
}

/* In one statement: the limits that the store checks are the new ones. */
static int
relimit(struct ledger *l, const struct acct *a, struct err *e)
{
	struct query q;

	query_open(&q, l->store, SQL_LEDGER_ACCOUNT_LIMIT);
	query_int(&q, a->id);
	return bind_state(&q, a, e);
}

static int
set(struct ledger *l, const struct acct *a, struct err *e)
{
	struct query q;

	query_open(&q, l->store, SQL_LEDGER_ACCOUNT_SET);
	query_int(&q, a->id);
	query_int(&q, a->cr);
	query_int(&q, a->dr);
	query_int(&q, a->legs);
	return query_run(&q, NULL, e);
}

static int
by_account(const void *a, const void *b)
{
	const struct acct *x = *(struct acct *const *)a;
	const struct acct *y = *(struct acct *const *)b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* Each account that changed, once, in the order of id. */
static struct acct **
changed(const struct ledger *l, size_t *n)
{
	struct acct **all = mem_grow(NULL, l->n_was, sizeof(struct acct *));
	size_t i;

	*n = 0;
	for (i = 0; i < l->n_was; i++)
		if (!l->was[i].acct->seen) {
			l->was[i].acct->seen = true;
			all[(*n)++] = l->was[i].acct;
		}
	for (i = 0; i < *n; i++)
		all[i]->seen = false;
	if (*n)
		qsort(all, *n, sizeof(*all), by_account);
	return all;
}

/* In the order of their keys: the pages of a B-tree are then met once. */
int
account_write_back(struct ledger *l, struct err *e)
{
	struct acct **all;
	size_t i, n;
	int rc = 0;

	all = changed(l, &n);
	for (i = 0; i < n && rc >= 0; i++) {
		rc = all[i]->id >= l->old_account ? add(l, all[i], e) :
		    all[i]->relimited ? relimit(l, all[i], e) :
		    set(l, all[i], e);
		all[i]->relimited = false;
	}
	free(all);
	return rc < 0 ? -1 : 0;
}
