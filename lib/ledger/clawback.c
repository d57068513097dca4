#include <stdio.h>
#include <string.h>

#include "ledger/apply.h"
#include "ledger/clawback.h"
#include "ledger/type.h"

bool
clawback_is(const struct entry *x)
{
	return x->kind == ENTRY_TRANSFER &&
	    (!strcmp(x->type, type_word(TYPE_CHARGEBACK_CLAWBACK)) ||
	    !strcmp(x->type, type_word(TYPE_REFUND_CLAWBACK)));
}

/* The leg of an entry that has two, and debits or credits a node. */
static const struct leg *
leg_of(const struct entry *x, bool credit)
{
	return &x->legs[(x->legs[0].minor > 0) != credit];
}

/* The entry that a type makes of a purchase: 1, 0 if there is none, -1. */
static int
find(struct ledger *l, enum type type, const char *ref, struct leaf *out,
    struct err *e)
{
	char id[LEAF_ID];
	struct query q;
	const void *leaf;
	size_t n;
	int got;

	if (!type_id(type, ref, "", id))
		return 0;
	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_ID);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0) {
		leaf = query_get_bytes(&q, 1, &n);
		if (leaf_parse(out, leaf, n, &l->units, e))
			got = -1;
	}
	query_close(&q);
	return got;
}

/* The purchase, which has to be the node's, and not be undone already. */
static int
find_paid(struct ledger *l, const struct entry *x, struct leaf *paid,
    struct err *e)
{
	const struct leg *from = leg_of(x, false), *to;
	int64_t seq;
	int got = find(l, TYPE_FIAT_PURCHASE, x->ref, paid, e);

	if (!got)
		return err_set(e, E_no_entry, "no purchase '%s'", x->ref);
	if (got < 0)
		return -1;
	to = leg_of(&paid->entry, true);
	if (strcmp(to->account, from->account) || to->unit != from->unit)
		return err_set(e, E_flow_refused, "'%s' did not buy '%s'",
		    from->account, x->ref);
	got = reversal_of(l, paid->entry.seq, &seq, e);
	return got > 0 ? err_set(e, E_already_reversed,
	    "purchase '%s' was reversed by entry %lld", x->ref,
	    (long long)seq) : got;
}

/* What was taken of it before by one of the two; 0 if nothing. */
static int
taken_by(struct ledger *l, enum type type, const char *ref, int64_t *minor,
    struct posted *at, struct err *e)
{
	struct leaf leaf = { 0 };
	int got = find(l, type, ref, &leaf, e);

	*minor = 0;
	if (got > 0) {
		*minor = leg_of(&leaf.entry, true)->minor;
		*at = (struct posted){
			true, leaf.entry.seq, leaf.entry.at_ms,
		};
	}
	leaf_release(&leaf);
	return got < 0 ? -1 : 0;
}

/* The same where it still counts: not once it was reversed. */
static int
gone_by(struct ledger *l, enum type type, const char *ref, int64_t *minor,
    struct err *e)
{
	struct posted at = { 0 };
	int64_t seq;
	int got;

	if (taken_by(l, type, ref, minor, &at, e))
		return -1;
	got = *minor ? reversal_of(l, at.seq, &seq, e) : 0;
	if (got > 0)
		*minor = 0;
	return got < 0 ? -1 : 0;
}

static enum type
other_type(const struct entry *x)
{
	return strcmp(x->type, type_word(TYPE_REFUND_CLAWBACK)) ?
	    TYPE_REFUND_CLAWBACK : TYPE_CHARGEBACK_CLAWBACK;
}

/* What is left of the purchase that an entry takes back. */
static int
left_of(struct ledger *l, const struct entry *x, int64_t *left,
    struct err *e)
{
	struct leaf paid = { 0 };
	int64_t gone;
	int rc = type_check(x, e) || find_paid(l, x, &paid, e) ||
	    gone_by(l, other_type(x), x->ref, &gone, e) ? -1 : 0;

	if (!rc)
		*left = leg_of(&paid.entry, true)->minor - gone;
	leaf_release(&paid);
	return rc;
}

static int
nothing_left(const struct entry *x, struct err *e)
{
	return err_set(e, E_already_reversed, "all of purchase '%s' was taken "
	    "back", x->ref);
}

/* The least of what is asked for, left of the purchase, and there. */
static int
take(struct ledger *l, const struct entry *x, int64_t left,
    struct clawback *out, struct err *e)
{
	const struct leg *from = leg_of(x, false);
	int64_t asked = -from->minor, may = asked < left ? asked : left;
	struct balance have;
	size_t i;

	if (left <= 0)
		return nothing_left(x, e);
	if (ledger_balance_in(l, from->account, from->unit, &have, e))
		return -1;
	if (have.available <= 0)
		return err_set(e, E_insufficient_funds, "'%s' has nothing "
		    "that could be taken back", from->account);
	if (may > have.available)
		may = have.available;
	for (i = 0; i < 2; i++) {
		out->legs[i] = x->legs[i];
		out->legs[i].minor = x->legs[i].minor < 0 ? -may : may;
	}
	out->taken = (struct amount){ may, from->unit };
	out->short_minor = asked - may;
	return 0;
}

int
clawback_in(struct ledger *l, const struct entry *x, struct clawback *out,
    struct err *e)
{
	enum type type = other_type(x) == TYPE_REFUND_CLAWBACK ?
	    TYPE_CHARGEBACK_CLAWBACK : TYPE_REFUND_CLAWBACK;
	int64_t before, left;

	*out = (struct clawback){ 0 };
	if (left_of(l, x, &left, e) ||
	    taken_by(l, type, x->ref, &before, &out->known, e))
		return -1;
	if (!out->known.existed)
		return take(l, x, left, out, e);
	out->taken = (struct amount){ before, leg_of(x, false)->unit };
	return 1;
}

const char *
clawback_purchase(const struct entry *x, const struct entry *reversed)
{
	if (x->kind == ENTRY_REVERSAL)
		return strcmp(reversed->type, type_word(TYPE_FIAT_PURCHASE)) ?
		    NULL : reversed->ref;
	return clawback_is(x) ? x->ref : NULL;
}

/* Not for what was taken back before. */
static int
check_reversal(struct ledger *l, const char *ref, struct err *e)
{
	int64_t charged, refunded;

	if (gone_by(l, TYPE_CHARGEBACK_CLAWBACK, ref, &charged, e) ||
	    gone_by(l, TYPE_REFUND_CLAWBACK, ref, &refunded, e))
		return -1;
	return !charged && !refunded ? 0 : err_set(e, E_not_reversible,
	    "of purchase '%s' something was taken back already", ref);
}

int
clawback_check(struct ledger *l, const struct entry *x,
    const struct entry *reversed, struct err *e)
{
	const char *ref = clawback_purchase(x, reversed);
	int64_t left;

	if (x->kind == ENTRY_REVERSAL)
		return ref ? check_reversal(l, ref, e) : 0;
	if (!clawback_is(x))
		return 0;
	if (left_of(l, x, &left, e))
		return -1;
	if (left <= 0)
		return nothing_left(x, e);
	return -leg_of(x, false)->minor <= left ? 0 : err_set(e,
	    E_flow_refused, "that is more than what is left of purchase '%s'",
	    ref);
}
