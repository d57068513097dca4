/* What an entry does to the state: transfers here, the rest beside. */
#include <string.h>

#include "ledger/apply.h"

bool
apply_is_own(const char *type)
{
	return !strncmp(type, "log.", 4) || !strncmp(type, "ledger.", 7) ||
	    !strncmp(type, "memo.", 5);
}

/* A fold does what the leaf says although a rule is broken; a writer stops. */
bool
apply_stops(const struct ledger *l, const struct err *e)
{
	return !l->detached || e->kind == ERR_SYSTEM || e->kind == ERR_BUSY;
}

int
apply_legs(struct ledger *l, const struct entry *x, struct err *e)
{
	const struct leg *leg, *end = x->legs + x->n_legs;
	size_t i = l->n_was;
	struct err more ERR_UNSET;
	struct acct *a;
	int rc = 0;

	for (leg = x->legs; leg < end; leg++) {
		if (account_find(l, leg->account, leg->unit, &a, e))
			return -1;
		if (!account_add_leg(l, a, leg->minor, x->seq,
		    rc ? &more : e))
			continue;
		rc = -1;
		if (!l->detached)
			return -1;
	}
	for (; i < l->n_was; i++)
		if (account_check(l, l->was[i].acct, rc ? &more : e)) {
			rc = -1;
			if (!l->detached)
				return -1;
		}
	return rc;
}

/* Reading back: by its seq, from the store or what a fold was given. */
int
apply_past(struct ledger *l, int64_t seq, struct leaf *out, struct err *e)
{
	const void *leaf;
	struct query q;
	size_t n;
	int got;

	if (l->past)
		return l->past(l->past_arg, seq, out, e);
	if (l->detached)
		return 0;
	query_open(&q, l->store, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0) {
		leaf = query_get_bytes(&q, 2, &n);
		if (leaf_parse(out, leaf, n, &l->units, e))
			got = -1;
	}
	query_close(&q);
	return got;
}

/* Books are opened only in a log that continues another. */
static int
check_opening(struct ledger *l, struct err *e)
{
	int got;

	if (!l->succession && !l->detached) {
		got = apply_past(l, 1, &l->target, e);
		if (got < 0)
			return -1;
		l->succession = got && !strcmp(l->target.entry.type,
		    "log.succession") ? 1 : -1;
	}
	return l->succession > 0 ? 0 : err_set(e, E_flow_refused,
	    "OPENING belongs into a log that continues another");
}

static int
apply_transfer(struct ledger *l, const struct entry *x, struct err *e)
{
	struct err more ERR_UNSET;
	int rc = 0;

	if (!strcmp(x->type, "OPENING"))
		rc = check_opening(l, e);
	if (rc && apply_stops(l, e))
		return -1;
	return apply_legs(l, x, rc ? &more : e) ? -1 : rc;
}

static int
apply_kind(struct ledger *l, const struct entry *x, struct err *e)
{
	switch (x->kind) {
	case ENTRY_EVENT:
		return event_apply(l, x, e);
	case ENTRY_REVERSAL:
		return reversal_apply(l, x, e);
	case ENTRY_TRANSFER:
		break;
	}
	return apply_transfer(l, x, e);
}

int
apply_entry(struct ledger *l, const struct entry *x, struct err *e)
{
	struct err more ERR_UNSET;
	int rc = 0;

	l->blamed = NULL;
	if (l->due && (x->kind != ENTRY_REVERSAL || x->reverses_seq != l->due))
		rc = err_set(e, E_not_reversible, "a group is reversed whole, "
		    "in one group, in the same order");
	if (rc && apply_stops(l, e))
		return -1;
	if (l->due && x->kind != ENTRY_REVERSAL)
		l->due = 0;
	return apply_kind(l, x, rc ? &more : e) ? -1 : rc;
}
