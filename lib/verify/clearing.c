/*
 * The escrows in the log (spec/ledger.md 1.6): what is locked is paid out
 * once, to whom the lock says, after the taxes it says, when it may be.  Only
 * open ones are kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ledger/clearing.h"
#include "ledger/type.h"
#include "verify/escrow.h"
#include "verify/impl.h"

#define BUCKETS 1024

struct clearing_all {
	struct open *bucket[BUCKETS];
	size_t n;
	int64_t rows;			/* that domains must have stored */
	int64_t tax_due;		/* seq of the tax that has to come */
	struct marks early;		/* spoken of while none was open */
	struct marks closed;		/* where there is no store to ask */
};

struct clearing_all *
verify_clearing_new(void)
{
	struct clearing_all *all = mem_zero(1, sizeof(*all));

	all->tax_due = -1;
	return all;
}

static void
release(struct open *o)
{
	free(o->payee);
	free(o->verdict);
	free(o->task);
	free(o->skill);
	free(o->output);
	free(o);
}

void
verify_clearing_free(struct clearing_all *all)
{
	struct open *o, *next;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		for (o = all->bucket[i]; o; o = next) {
			next = o->next;
			release(o);
		}
	free(all->early.at);
	free(all->closed.at);
	free(all);
}

static struct open **
place(struct clearing_all *all, const char *id, bool bounty)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) + bounty;
	struct open **at;
	const char *p;

	for (p = id; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	at = &all->bucket[(h ^ h >> 29) % BUCKETS];
	while (*at && (strcmp((*at)->id, id) || (*at)->bounty != bounty))
		at = &(*at)->next;
	return at;
}

/* Say what is wrong with an entry about an escrow. */
static int
broken(struct run *r, const struct entry *x, const char *why)
{
	return verify_find(r, 9, E_escrow_broken, x->seq, "entry %lld: %s",
	    (long long)x->seq, why);
}

static int
tax_broken(struct run *r, const struct entry *x, const char *why)
{
	return verify_find(r, 9, E_tax_broken, x->seq, "entry %lld: %s",
	    (long long)x->seq, why);
}

/* X1, X2, X3, X6. */
static int
lock(struct run *r, const struct entry *x, bool bounty)
{
	const struct leg *from = &x->legs[x->legs[0].minor > 0];
	const struct leg *to = &x->legs[x->legs[0].minor < 0];
	struct open **at = place(r->clearing, x->ref, bounty), *o;
	const char *why;

	if (*at)
		return broken(r, x, "its escrow is open already");
	if (verify_marked(&r->clearing->closed, x->ref, bounty))
		return broken(r, x, "its escrow was locked before");
	o = mem_zero(1, sizeof(*o));
	o->bounty = bounty;
	o->unit = to->unit;
	o->minor = to->minor;
	o->made_ms = x->at_ms;
	snprintf(o->id, sizeof(o->id), "%s", x->ref);
	snprintf(o->buyer, sizeof(o->buyer), "%s", from->account);
	r->clearing->rows++;
	r->clearing->n++;
	*at = o;
	why = verify_escrow_lock(o, x);
	if (!why && verify_marked(&r->clearing->early, x->ref, bounty))
		why = "something of it was before the lock";
	return why ? broken(r, x, why) : 0;
}

/* The escrow's row in the table of the domain that made it. */
static int
check_row(struct run *r, const struct open *o, const char *state,
    int64_t closed_ms)
{
	const struct verify_table *t = r->how->table;
	const struct verify_escrow is = {
		.id = o->id, .buyer = o->buyer, .seller = o->seller,
		.state = state, .verdict = o->verdict,
		.task = o->task, .skill = o->skill,
		.output_sha256 = o->output, .claimed_ms = o->claimed_ms,
		.completed_ms = o->completed_ms,
		.unit = o->unit->code, .minor = o->minor,
		.tax_bp = o->tax_bp, .made_ms = o->made_ms,
		.refund_ms = o->refund_ms, .settle_ms = o->settle_ms,
		.disputed_ms = o->disputed_ms, .closed_ms = closed_ms,
		.bounty = o->bounty,
	};
	int got;

	if (!t || !r->store || !(r->want & LAYER(10)))
		return 0;
	got = t->escrow(r->store, &is, r->e);
	if (got < 0)
		return verify_failed(r, LAYER(10));
	return got ? 0 : verify_find(r, 10, E_projection_mismatch, -1,
	    "%s '%s' is not what its entries make",
	    o->bounty ? "bounty" : "escrow", o->id);
}

static int
end(struct run *r, struct open **at, const char *state, int64_t closed_ms)
{
	struct open *o = *at;
	int rc = check_row(r, o, state, closed_ms);

	if (!r->store)
		verify_mark(&r->clearing->closed, o->id, o->bounty);
	*at = o->next;
	r->clearing->n--;
	release(o);
	return rc;
}

/* To the seller; the tax follows. */
static int
pay(struct run *r, const struct entry *x, struct open **at, bool disputed)
{
	struct open *o = *at;
	int64_t tax = clearing_tax(o->minor, o->tax_bp);
	const char *why = verify_escrow_payment(o, x, disputed);
	const char *untaxed = verify_escrow_payout(o, x, tax,
	    disputed);

	if ((why && broken(r, x, why)) ||
	    (untaxed && tax_broken(r, x, untaxed)))
		return -1;
	if (o->bounty)
		snprintf(o->seller, sizeof(o->seller), "%s",
		    x->legs[x->legs[0].minor < 0].account);
	if (!tax)
		return end(r, at, "SETTLED", x->at_ms);
	o->state = TAXING;
	o->tax = tax;
	r->clearing->tax_due = x->seq + 1;
	return 0;
}

static int
take_tax(struct run *r, const struct entry *x, struct open **at)
{
	struct open *o = *at;

	if (o->state != TAXING || r->clearing->tax_due != x->seq)
		return tax_broken(r, x, "no payout is before this tax");
	r->clearing->tax_due = -1;
	if (verify_escrow_moved(x, "VAULT") != o->tax &&
	    tax_broken(r, x, "the tax is not that of the lock"))
		return -1;
	return end(r, at, "SETTLED", x->at_ms);
}

static int
give_back(struct run *r, const struct entry *x, struct open **at,
    bool disputed)
{
	const char *why = verify_escrow_refund(*at, x, disputed);

	return why && broken(r, x, why) ? -1 :
	    end(r, at, "REFUNDED", x->at_ms);
}

/* Was it locked before this entry?  1, 0, -1. */
static int
was_locked(struct run *r, const struct entry *x)
{
	char id[2 * LEAF_ID];
	int64_t seq = -1;
	struct query q;
	int got;

	if (!r->store)
		return verify_marked(&r->clearing->closed, x->ref, false);
	snprintf(id, sizeof(id), "%.64s:lock", x->ref);
	query_open(&q, r->store, SQL_LEDGER_ENTRY_BY_ID);
	query_text(&q, id);
	got = query_run(&q, &seq, r->e);
	return got > 0 ? seq < x->seq : got;
}

/* An entry about an escrow that is not open. */
static int
not_open(struct run *r, const struct entry *x, bool bounty)
{
	int got;

	if (x->kind == ENTRY_TRANSFER) {
		verify_mark(&r->clearing->early, x->ref, bounty);
		return broken(r, x, "no escrow is open for it");
	}
	/* A task without one may say so (X10), a closed one not (X8). */
	if (!x->ref)
		return 0;
	got = was_locked(r, x);
	if (got < 0)
		return verify_failed(r, LAYER(9));
	if (got)
		return broken(r, x, "its escrow is closed");
	verify_mark(&r->clearing->early, x->ref, false);
	return 0;
}

/* Its id is that of the escrow, a colon and the last word of its type. */
static bool
id_fits(const struct entry *x)
{
	char want[LEAF_ID + 64];

	snprintf(want, sizeof(want), "%.64s:%s", x->ref,
	    strchr(x->type, '.') + 1);
	return !strcmp(want, x->id);
}

static int
event(struct run *r, const struct entry *x)
{
	const char *why;
	struct open *o;

	if (!type_is_step(x->type))
		return 0;
	o = x->ref ? *place(r->clearing, x->ref, false) : NULL;
	if (!o)
		return not_open(r, x, false);
	if (!id_fits(x))
		return broken(r, x, "its id is not that of the escrow's step");
	if (!strcmp(x->type, "task.completed"))
		why = verify_escrow_complete(o, x);
	else if (!strcmp(x->type, "escrow.disputed"))
		why = verify_escrow_dispute(o, x);
	else
		why = verify_escrow_claim(o, x);
	return why ? broken(r, x, why) : 0;
}

static int
transfer(struct run *r, const struct entry *x, enum type t)
{
	bool bounty = t == TYPE_BOUNTY_RELEASE || t == TYPE_BOUNTY_REFUND ||
	    (t == TYPE_PROTOCOL_TAX && !strncmp(x->legs[0].account,
	    "ESCROW:BOUNTY:", 14));
	struct open **at;

	if (!x->ref)
		return 0;		/* layer 8 has said so */
	if (t == TYPE_ESCROW_LOCK || t == TYPE_BOUNTY_HOLD)
		return lock(r, x, t == TYPE_BOUNTY_HOLD);
	at = place(r->clearing, x->ref, bounty);
	if (!*at)
		return not_open(r, x, bounty);
	if (t == TYPE_PROTOCOL_TAX)
		return take_tax(r, x, at);
	if (t == TYPE_ESCROW_REFUND || t == TYPE_DISPUTE_REFUND ||
	    t == TYPE_BOUNTY_REFUND)
		return give_back(r, x, at, t == TYPE_DISPUTE_REFUND);
	return pay(r, x, at, t == TYPE_DISPUTE_RELEASE);
}

/* Most entries are about no escrow, which costs them no more than this. */
static bool
concerns(const struct entry *x, enum type *t)
{
	size_t i;

	if (x->kind != ENTRY_TRANSFER)
		return false;
	for (i = 0; i < x->n_legs; i++)
		if (*x->legs[i].account == 'E' &&
		    !strncmp(x->legs[i].account, "ESCROW", 6))
			return type_named(x->type, t);
	return false;
}

int
verify_clearing(struct run *r, const struct entry *x)
{
	struct clearing_all *all = r->clearing;
	enum type t;

	if (all->tax_due == x->seq && strcmp(x->type, "PROTOCOL_TAX")) {
		all->tax_due = -1;
		if (tax_broken(r, x, "the tax of a payout should be here"))
			return -1;
	}
	if (x->kind == ENTRY_EVENT)
		return event(r, x);
	if (!concerns(x, &t))
		return 0;
	return transfer(r, x, t);
}

/* X11: over its deadline, and the grace. */
static int
check_age(struct run *r, const struct open *o)
{
	int64_t due = o->state == PENDING ? o->refund_ms : o->settle_ms;

	if (o->malformed || o->state == DISPUTED || o->state == TAXING ||
	    r->how->now_ms - due <= r->how->max_age_ms)
		return 0;
	return verify_find(r, 11, E_clearing_overdue, -1,
	    "escrow '%s' is open %lld days after its deadline", o->id,
	    (long long)((r->how->now_ms - due) / CLOCK_DAY_MS));
}

int
verify_clearing_end(struct run *r)
{
	static const char *const words[] = {
		[PENDING] = "PENDING", [AWAITING] = "AWAITING_SETTLEMENT",
		[DISPUTED] = "DISPUTED", [TAXING] = "SETTLED",
	};
	const struct verify_table *t = r->how->table;
	const struct open *o;
	int64_t n = 0;
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		for (o = r->clearing->bucket[i]; o; o = o->next)
			if (check_row(r, o, words[o->state], 0) ||
			    check_age(r, o))
				return -1;
	if (!t || !r->store || !(r->want & LAYER(10)))
		return 0;
	if (t->count(r->store, &n, r->e))
		return verify_failed(r, LAYER(10));
	return n == r->clearing->rows ? 0 : verify_find(r, 10,
	    E_projection_mismatch, -1, "%lld escrows and bounties are "
	    "stored, the leaves make %lld", (long long)n,
	    (long long)r->clearing->rows);
}
