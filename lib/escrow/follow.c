/*
 * What follows from an event for the parties (spec/vmp.md 3.5, 3.7, 5.1): the
 * same steps on every path, because every path comes through here.
 */
#include "cri/cri.h"
#include "escrow/impl.h"
#include "ledger/ledger.h"
#include "market/stats.h"
#include "node/purse.h"
#include "strike/strike.h"

static int
close_purses(struct ledger *l, const struct task *t, struct err *e)
{
	bool came_back = t->escrow == ESCROW_REFUNDED;

	return purse_close_in(l, t->buyer_id, t->amount, came_back, e) ||
	    purse_sale_in(l, t->seller_id, t->amount.unit, -1, e) ? -1 : 0;
}

/* The last step of a settlement: was it the work of a verifier, and good? */
static int
count_verified(struct ledger *l, const struct task *t,
    const struct params *p, struct err *e)
{
	struct cri_verification v = {
		.verifier_id = t->seller_id, .buyer_id = t->buyer_id,
		.skill_id = t->skill_id,
	};
	struct task of = { 0 };
	struct err why = { 0 };
	int rc;

	if (!t->verified_task_id)
		return cri_pioneer_in(l, NULL, p, e);
	if (escrow_task(ledger_store(l), t->verified_task_id, &of, &why)) {
		if (why.code == E_task_missing)	/* a buyer may say anything */
			return cri_pioneer_in(l, NULL, p, e);
		*e = why;
		return -1;
	}
	v.task_id = *of.id ? of.id : of.escrow_id;
	v.of_seller_id = of.seller_id;
	v.of_buyer_id = of.buyer_id;
	v.settled = of.escrow == ESCROW_SETTLED;
	v.disputed = of.disputed_ms != 0;
	rc = cri_pioneer_in(l, &v, p, e);
	escrow_task_release(&of);
	return rc;
}

static int
settled(struct ledger *l, const struct task *t, const struct params *p,
    struct err *e)
{
	const struct cri_trade trade = {
		.seller_id = t->seller_id, .buyer_id = t->buyer_id,
		.amount = t->amount, .direct = t->kind == TRADE_DIRECT,
	};

	return cri_settled_in(l, &trade, p, e) ||
	    escrow_count_settled_in(l, t, e) || count_verified(l, t, p, e) ?
	    -1 : 0;
}

/* How long it took is what quotes of the skill expect. */
static int
took(struct ledger *l, const struct task *t, struct err *e)
{
	return *t->skill_id ? stats_delivered_in(l, t->skill_id,
	    t->completed_ms - t->made_ms, e) : 0;
}

/* by as cri_disputed_in() has it; of the skill no less than of its seller. */
static int
disputed(struct ledger *l, const struct task *t, int by,
    const struct params *p, struct err *e)
{
	return cri_disputed_in(l, t->seller_id, by, p, e) || (by &&
	    *t->skill_id && stats_failed_in(l, t->skill_id, by, e)) ? -1 : 0;
}

/*
 * Deliveries and disputes are counted for the seller.  The log does not tell
 * a refund by the seller from one by the operator, so both withdraw.
 */
static int
count(struct ledger *l, enum escrow_event event, enum escrow_state from,
    const struct task *t, const struct params *p, struct err *e)
{
	bool was = from == ESCROW_DISPUTED;

	switch (event) {
	case ESCROW_COMPLETE:
		return cri_delivered_in(l, t->seller_id, p, e) ||
		    took(l, t, e) ? -1 : 0;
	case ESCROW_DISPUTE:
		return disputed(l, t, 1, p, e);
	case ESCROW_FAIL:
		return disputed(l, t, !was, p, e);
	case ESCROW_RETURN:
		return disputed(l, t, 0, p, e);
	case ESCROW_RELEASE:
		return disputed(l, t, -1, p, e) ||
		    settled(l, t, p, e) ? -1 : 0;
	case ESCROW_SETTLE:
		return settled(l, t, p, e);
	case ESCROW_REFUND:
		if (was)
			return disputed(l, t, 0, p, e);
		return from == ESCROW_AWAITING ?
		    cri_withdrawn_in(l, t->seller_id, p, e) : 0;
	case ESCROW_CLAIM:
	case ESCROW_TIMEOUT:
	case ESCROW__EVENTS:
		break;
	}
	return 0;
}

int
escrow_follow(struct ledger *l, enum escrow_event event,
    enum escrow_state from, const struct task *t, const struct params *p,
    struct err *e)
{
	bool refunded = t->escrow == ESCROW_REFUNDED;

	if (t->kind == TRADE_SHADOW)
		return 0;
	if (!t->closed_ms)
		return count(l, event, from, t, p, e);
	if (close_purses(l, t, e) || count(l, event, from, t, p, e))
		return -1;
	return strike_confiscate_in(l, refunded ? t->buyer_id : t->seller_id,
	    t->amount.unit, e);
}
