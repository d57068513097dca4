/* Posting: what is judged, in which order, and what a repeated id means. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/impl.h"
#include "ledger/type.h"

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool
same_legs(const struct entry *a, const struct entry *b)
{
	size_t i;

	if (a->n_legs != b->n_legs)
		return false;
	for (i = 0; i < a->n_legs; i++)
		if (a->legs[i].minor != b->legs[i].minor ||
		    a->legs[i].unit != b->legs[i].unit ||
		    strcmp(a->legs[i].account, b->legs[i].account))
			return false;
	return true;
}

/* Do the caller's fields equal those of the entry known under this id? */
static int
compare(const struct entry *x, const struct entry *known, struct err *e)
{
	const char *field = NULL;

	if (x->kind != known->kind || !same_text(x->type, known->type))
		field = "type";
	else if (!same_legs(x, known))
		field = "legs";
	else if (!same_text(x->ref, known->ref))
		field = "ref";
	else if (!same_text(x->data, known->data))
		field = "data";
	else if (!x->effective_ms != !known->effective_ms ||
	    (x->effective_ms && *x->effective_ms != *known->effective_ms))
		field = "effective_ms";
	else if (!same_text(x->reverses, known->reverses))
		field = "reverses";
	return field ? err_set(e, E_id_conflict, "'%s' is known as entry %lld "
	    "with other %s", x->id, (long long)known->seq, field) : 0;
}

/* 1 if this very entry is there, 0 if its id is free, -1 if it is taken. */
static int
known(struct ledger *l, const struct entry *x, struct posted *out,
    struct err *e)
{
	const void *leaf;
	struct query q;
	size_t n;
	int got;

	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_ID);
	query_text(&q, x->id);
	got = query_row(&q, e);
	if (got > 0) {
		leaf = query_get_bytes(&q, 1, &n);
		if (leaf_parse(&l->known, leaf, n, &l->units, e) ||
		    compare(x, &l->known.entry, e))
			got = -1;
		*out = (struct posted){ true, l->known.entry.seq,
		    l->known.entry.at_ms };
	}
	query_close(&q);
	return got;
}

static int
by_name(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;
	int rc = strcmp(x->account, y->account);

	return rc ? rc : strcmp(x->unit->code, y->unit->code);
}

/* Are all ids known, or none?  1, 0, -1. */
static int
all_known(struct ledger *l, const struct entry *x, size_t n,
    struct posted *out, struct err *e)
{
	size_t i, hits = 0;
	int got;

	for (i = 0; i < n; i++) {
		got = known(l, &x[i], &out[i], e);
		if (got < 0)
			return -1;
		hits += (size_t)got;
	}
	if (hits && hits < n)
		return err_set(e, E_group_partial,
		    "%zu of %zu ids of the group are known", hits, n);
	return hits > 0;
}

static int
apply_legs(struct ledger *l, const struct entry *x, struct err *e)
{
	const struct leg *leg, *end = x->legs + x->n_legs;
	size_t i = l->n_was;
	struct acct *a;

	for (leg = x->legs; leg < end; leg++)
		if (account_find(l, leg->account, leg->unit, &a, e) ||
		    account_add_leg(l, a, leg->minor, x->seq, e))
			return -1;
	for (; i < l->n_was; i++)
		if (account_check(l->was[i].acct, e))
			return -1;
	return 0;
}

static int
append(struct ledger *l, const struct entry *x, const char *leaf, size_t n,
    struct err *e)
{
	struct query q;
	struct hash h;

	query_open(&q, l->store, SQL_LEDGER_ENTRY_ADD);
	query_int(&q, x->seq);
	query_text(&q, x->id);
	query_bytes(&q, leaf, n);
	if (query_run(&q, NULL, e) < 0)
		return -1;
	tlog_leaf(&h, leaf, n);
	tlog_push(&l->edge, &h);
	if (l->n_leaf == l->cap_leaf) {
		l->cap_leaf = l->cap_leaf ? 2 * l->cap_leaf : 64;
		l->leaf = mem_grow(l->leaf, l->cap_leaf, sizeof(*l->leaf));
	}
	l->leaf[l->n_leaf++] = h;
	return 0;
}

/* Judge a group entry by entry; end[i] is where leaf i ends in l->bytes. */
static int
accept(struct ledger *l, struct entry *x, size_t n, size_t *end,
    struct err *e)
{
	size_t i, j;

	buf_reset(&l->bytes);
	for (i = 0; i < n; i++) {
		for (j = 0; j < i; j++)
			if (!strcmp(x[i].id, x[j].id))
				return err_set(e, E_id_conflict,
				    "'%s' is twice in the group", x[i].id);
		x[i].seq = (int64_t)(l->edge.size + i);
		x[i].at_ms = l->now_ms;
		x[i].group_i = n > 1 ? (int)i : 0;
		x[i].group_n = n > 1 ? (int)n : 0;
		if ((x[i].kind == ENTRY_TRANSFER && type_check(&x[i], e)) ||
		    apply_legs(l, &x[i], e) ||
		    leaf_render(&l->bytes, &x[i], e))
			return -1;
		end[i] = l->bytes.len;
	}
	return 0;
}

/* The tree is touched only when the whole group is accepted. */
static int
post_new(struct ledger *l, struct entry *x, size_t n, struct posted *out,
    struct err *e)
{
	size_t end[LEAF_GROUP], i, from = 0;
	struct mark mark;

	ledger_mark_here(l, &mark);
	if (accept(l, x, n, end, e))
		goto bad;
	for (i = 0; i < n; from = end[i++]) {
		if (append(l, &x[i], l->bytes.data + from, end[i] - from, e))
			goto bad;
		out[i] = (struct posted){ false, x[i].seq, x[i].at_ms };
	}
	return 0;
bad:
	ledger_back_to(l, &mark);
	return -1;
}

static void
make_room(struct ledger *l, size_t n_entry, size_t n_legs)
{
	if (n_entry > l->cap_entry) {
		l->cap_entry = n_entry;
		l->entry = mem_grow(l->entry, n_entry, sizeof(*l->entry));
	}
	if (n_legs > l->cap_legs) {
		l->cap_legs = n_legs;
		l->legs = mem_grow(l->legs, n_legs, sizeof(*l->legs));
	}
}

int
ledger_post_in(struct ledger *l, const struct entry *in, size_t n,
    struct posted *out, struct err *e)
{
	struct entry *x;
	struct leg *at;
	size_t i, total = 0;
	int got;

	assert(l->writing);
	if (n < 1 || n > LEAF_GROUP)
		return err_set(e, E_group_size, "a group of %zu entries", n);
	for (i = 0; i < n; i++)
		total += in[i].n_legs;
	make_room(l, n, total);
	x = l->entry;
	at = l->legs;
	for (i = 0; i < n; i++, at += x[i - 1].n_legs) {
		x[i] = in[i];
		x[i].legs = at;
		if (in[i].n_legs) {
			memcpy(at, in[i].legs, in[i].n_legs * sizeof(*at));
			qsort(at, in[i].n_legs, sizeof(*at), by_name);
		}
		if (leaf_check(&x[i], e))
			return -1;
		if (x[i].kind == ENTRY_REVERSAL)	/* 2.3: not yet */
			return err_set(e, E_bad_type,
			    "reversals cannot be posted");
	}
	got = all_known(l, x, n, out, e);
	if (!got)
		got = post_new(l, x, n, out, e);
	return got < 0 ? -1 : 0;
}
