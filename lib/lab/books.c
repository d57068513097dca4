/*
 * What an attack has cost, by the log: the taxes, fees and confiscations of
 * each side, and what it took from others.
 *
 * Of a trade the seller bears the tax, since it is what he does not get.
 */
#include <string.h>

#include "lab/impl.h"
#include "ledger/read.h"
#include "ledger/type.h"
#include "node/purse.h"

struct books {
	struct world *w;
	struct lab_money money[LAB_ROLES];
	int64_t gone[LAB_ROLES][LAB_DAYS + 1];	/* on that day */
};

static struct lab_money *
money_of(struct books *b, const struct player *p)
{
	return p && p->role != LAB_ROLES ? &b->money[p->role] : NULL;
}

static struct player *
player_of(const struct books *b, const char *id)
{
	return (struct player *)table_find(&b->w->names, id);
}

/* The day at whose end a score shows it. */
static int64_t
day_of(int64_t at_ms)
{
	return (at_ms - WORLD_MS) / WORLD_DAY_MS + 1;
}

static void
lose(struct books *b, const struct player *p, int64_t at_ms, int64_t *sum,
    int64_t minor)
{
	*sum += minor;
	b->gone[p->role][day_of(at_ms)] += minor;
}

/* A part of what a buyer paid, to the seller or in tax. */
static void
take_trade(struct books *b, const struct entry *x, int64_t minor, bool tax)
{
	const struct deal *d = x->ref ?
	    (const struct deal *)table_find(&b->w->by_id, x->ref) : NULL;
	struct lab_money *seller, *buyer;

	if (!d)
		return;
	seller = money_of(b, d->seller);
	buyer = money_of(b, d->buyer);
	if (tax && seller)
		lose(b, d->seller, x->at_ms, &seller->tax, minor);
	if (seller == buyer)
		return;
	if (buyer)
		buyer->paid += minor;
	if (seller) {
		seller->earned += minor;
		seller->harm += d->rubbish ? minor : 0;
	}
}

static int
take(void *books, const struct entry *x, struct err *e)
{
	struct books *b = books;
	const struct player *from, *to;
	const struct leg *debit, *credit;
	struct lab_money *m;
	enum type type;

	(void)e;
	if (x->kind != ENTRY_TRANSFER || x->n_legs != 2 ||
	    !type_named(x->type, &type))
		return 0;
	debit = &x->legs[x->legs[0].minor > 0];
	credit = &x->legs[x->legs[0].minor < 0];
	from = player_of(b, debit->account);
	to = player_of(b, credit->account);
	if (!strcmp(debit->account, "MINT") && (m = money_of(b, to)))
		*(type == TYPE_FIAT_PURCHASE ? &m->bought : &m->credited) +=
		    credit->minor;
	else if (type == TYPE_LISTING_FEE && (m = money_of(b, from)))
		lose(b, from, x->at_ms, &m->fees, credit->minor);
	else if (type == TYPE_CONFISCATION && (m = money_of(b, from)))
		lose(b, from, x->at_ms, &m->confiscated, credit->minor);
	else if (type == TYPE_PROTOCOL_TAX)
		take_trade(b, x, credit->minor, true);
	else if (type == TYPE_ESCROW_SETTLE || type == TYPE_DISPUTE_RELEASE)
		take_trade(b, x, credit->minor, false);
	return 0;
}

/* What there is, on accounts and in open escrows. */
static int
has(struct books *b, const struct player *p, int64_t *out, struct err *e)
{
	struct account a;
	struct purse purse;
	struct query q;
	int got;

	if (purse_get(b->w->store, p->id, unit_named("TCK"), b->w->now_ms,
	    &purse, e))
		return -1;
	*out = purse.open_minor;
	ledger_accounts_open(&q, b->w->store, p->id);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0)
		*out += a.balance.minor;
	query_close(&q);
	return got;
}

/* Some of it under names that nobody will use again. */
static int
take_left(struct books *b, struct err *e)
{
	const struct player *p;
	int64_t minor;
	size_t i;

	for (i = 0; i < b->w->players; i++) {
		p = b->w->player[i];
		if (p->role == LAB_ROLES)
			continue;
		if (has(b, p, &minor, e))
			return -1;
		if (p->gone_day < 0) {
			b->money[p->role].left += minor;
		} else {
			b->money[p->role].lost += minor;
			b->gone[p->role][p->gone_day + 1] += minor;
		}
	}
	return 0;
}

int
books_read(struct world *w, struct lab_reach (*by_day)[LAB_DAYS + 1],
    struct err *e)
{
	struct books b = { .w = w };
	struct units units = { 0 };
	struct ledger_head head;
	enum lab_role r;
	int64_t day, cost, bound;
	int rc;

	if (ledger_head(w->store, &head, e) ||
	    ledger_units_read(w->store, &units, e))
		return -1;
	rc = ledger_entries(w->store, head.size, &units, take, &b, e) ||
	    take_left(&b, e) ? -1 : 0;
	ledger_units_free(&units);
	w->out->entries = head.size;
	for (r = 0; r < LAB_ROLES; r++) {
		cost = bound = 0;
		for (day = 0; day <= w->plan->days; day++) {
			cost += b.gone[r][day];
			if (w->bound[r][day] > bound)
				bound = w->bound[r][day];
			by_day[r][day] = (struct lab_reach){
				.day = day, .cost = cost, .bound = bound,
			};
		}
		b.money[r].bound = bound;
		w->out->side[r].money = b.money[r];
	}
	return rc;
}
