/* Reversals: the exact negation of one earlier transfer, once. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ledger/apply.h"

static int
not_reversible(const struct entry *t, const char *why, struct err *e)
{
	return err_set(e, E_not_reversible, "'%s' %s", t->id, why);
}

/* May this entry be reversed at all? */
static int
check_target(const struct entry *t, struct err *e)
{
	size_t i;

	switch (t->kind) {
	case ENTRY_EVENT:
		return not_reversible(t, "is an event: nothing moved", e);
	case ENTRY_REVERSAL:
		return not_reversible(t, "is a reversal itself", e);
	case ENTRY_TRANSFER:
		break;
	}
	for (i = 0; i < t->n_legs; i++)
		if (!strncmp(t->legs[i].account, "ESCROW", 6))
			return not_reversible(t, "touches an escrow, which "
			    "ends by its own rules", e);
	return 0;
}

int
reversal_negate(struct ledger *l, struct entry *x, struct leaf *target,
    struct leg **legs, size_t *room, struct err *e)
{
	const struct entry *t = &target->entry;
	const void *leaf;
	struct query q;
	size_t i, n;
	int got;

	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_ID);
	query_text(&q, x->reverses);
	got = query_row(&q, e);
	if (got > 0) {
		leaf = query_get_bytes(&q, 1, &n);
		if (leaf_parse(target, leaf, n, &l->units, e))
			got = -1;
	}
	query_close(&q);
	if (!got)
		return err_set(e, E_no_entry, "no entry '%s'", x->reverses);
	if (got < 0 || check_target(t, e))
		return -1;
	if (*room < t->n_legs) {
		*room = t->n_legs;
		*legs = mem_grow(*legs, *room, sizeof(**legs));
	}
	for (i = 0; i < t->n_legs; i++) {
		(*legs)[i] = t->legs[i];
		(*legs)[i].minor = -t->legs[i].minor;
	}
	x->legs = *legs;
	x->n_legs = t->n_legs;
	x->reverses_seq = t->seq;
	return 0;
}

static bool
negates(const struct entry *x, const struct entry *t)
{
	size_t i;

	if (x->n_legs != t->n_legs)
		return false;
	for (i = 0; i < x->n_legs; i++)
		if (x->legs[i].unit != t->legs[i].unit ||
		    x->legs[i].minor != -t->legs[i].minor ||
		    strcmp(x->legs[i].account, t->legs[i].account))
			return false;
	return true;
}

/*
 * A group is reversed whole, in one group, in the same order: its member i
 * by member i of as many, and after one of them the next is due.
 */
static int
check_group(struct ledger *l, const struct entry *x, const struct entry *t,
    struct err *e)
{
	bool begins = t->group_i == 0;
	bool due = l->due == x->reverses_seq;

	if (t->group_n && (x->group_n != t->group_n ||
	    x->group_i != t->group_i || (!begins && !due)))
		return not_reversible(t, "is one of a group, which is "
		    "reversed whole, in one group, in the same order", e);
	return 0;
}

static int
check_reversal(struct ledger *l, const struct entry *x, struct err *e)
{
	const struct entry *t = &l->target.entry;
	int64_t by;
	int got;

	got = x->reverses_seq < x->seq ?
	    apply_past(l, x->reverses_seq, &l->target, e) : 0;
	if (got < 0)
		return -1;
	if (!got || strcmp(t->id, x->reverses))
		return err_set(e, E_no_entry, "entry %lld is not '%s'",
		    (long long)x->reverses_seq, x->reverses);
	if (check_target(t, e))
		return -1;
	got = reversal_of(l, t->seq, &by, e);
	if (got)
		return got < 0 ? -1 : err_set(e, E_already_reversed,
		    "'%s' was reversed by entry %lld", t->id, (long long)by);
	if (!negates(x, t))
		return not_reversible(t, "has other legs", e);
	return check_group(l, x, t, e);
}

static void
reversal_add(struct ledger *l, const struct entry *x)
{
	size_t i, at, old = l->n_rev_at;

	if (2 * (l->n_rev + 1) > old) {
		l->n_rev_at = old ? 2 * old : 64;
		free(l->rev_at);
		l->rev_at = mem_zero(l->n_rev_at, sizeof(*l->rev_at));
		l->cap_rev = l->n_rev_at;
		l->rev = mem_grow(l->rev, l->cap_rev, sizeof(*l->rev));
	}
	l->rev[l->n_rev++] = (struct reversal){ x->reverses_seq, x->seq };
	for (i = old == l->n_rev_at ? l->n_rev - 1 : 0; i < l->n_rev; i++) {
		at = (size_t)l->rev[i].target;
		while (l->rev_at[at % l->n_rev_at])
			at++;
		l->rev_at[at % l->n_rev_at] = (uint32_t)i + 1;
	}
}

/* Newest first, which leaves whole what was probed before them. */
void
reversal_cut(struct ledger *l, size_t n)
{
	size_t at;

	while (l->n_rev > n) {
		at = (size_t)l->rev[--l->n_rev].target;
		while (l->rev_at[at % l->n_rev_at] != l->n_rev + 1)
			at++;
		l->rev_at[at % l->n_rev_at] = 0;
	}
}

int
reversal_of(struct ledger *l, int64_t target, int64_t *seq, struct err *e)
{
	size_t at = (size_t)target;
	const struct reversal *r;
	struct query q;

	for (; l->n_rev_at && l->rev_at[at % l->n_rev_at]; at++) {
		r = &l->rev[l->rev_at[at % l->n_rev_at] - 1];
		if (r->target == target) {
			*seq = r->seq;
			return 1;
		}
	}
	if (l->detached)
		return 0;
	query_open(&q, l->store, SQL_LEDGER_REVERSAL_GET);
	query_int(&q, target);
	return query_run(&q, seq, e);
}

int
reversal_write_back(struct ledger *l, struct err *e)
{
	struct query q;
	size_t i;

	for (i = 0; i < l->n_rev; i++) {
		query_open(&q, l->store, SQL_LEDGER_REVERSAL_ADD);
		query_int(&q, l->rev[i].target);
		query_int(&q, l->rev[i].seq);
		if (query_run(&q, NULL, e) < 0)
			return -1;
	}
	return 0;
}

int
reversal_apply(struct ledger *l, const struct entry *x, struct err *e)
{
	const struct entry *t = &l->target.entry;
	int rc = check_reversal(l, x, e);
	struct err more ERR_UNSET;

	if (rc && apply_stops(l, e))
		return -1;
	if (!rc) {
		reversal_add(l, x);
		l->due = t->group_i + 1 < t->group_n ? t->seq + 1 : 0;
	}
	return apply_legs(l, x, rc ? &more : e) ? -1 : rc;
}
