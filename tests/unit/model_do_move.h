/* model_do_move.h - random entries by hand. */
#ifndef MODEL_DO_MOVE_H
#define MODEL_DO_MOVE_H

#include "model_do.h"
#include "model_move.h"

static const char *
account(int who, char out[LEAF_ACCOUNT])
{
	if (who == M_ESCROW)
		snprintf(out, LEAF_ACCOUNT, "ESCROW:%s", now->n_task ?
		    now->task[roll(now->n_task)].escrow : "none");
	else
		snprintf(out, LEAF_ACCOUNT, "%s", who == M_MINT ? "MINT" :
		    who == M_VAULT ? "VAULT" : name_of(who));
	return out;
}

/* What would be accepted, but for one thing in five. */
static struct m_move
a_move(void)
{
	static const char *const types[] = {
		"TRANSFER", "TRANSFER", "TRANSFER", "CREDIT_ISSUE",
		"CREDIT_DEDUCT", "FIAT_PURCHASE", "ESCROW_SETTLE",
		"REGISTRATION_CREDIT",
	};
	struct m_move v = {
		.type = types[roll(roll(8) ? 6 : 8)], .unit = !roll(5),
		.from = a_node(), .to = a_node(),
		.minor = roll(40) ? 1 + roll(roll(3) ? 800 : 20000) : 0,
	};

	if (now->n_move && !roll(8)) {		/* again, or nearly */
		v = now->move[roll(now->n_move)];
		if (!roll(3))
			v.minor++;
		return v;
	}
	if (!strcmp(v.type, "CREDIT_DEDUCT"))
		v.to = M_VAULT;
	else if (strcmp(v.type, "TRANSFER"))
		v.from = M_MINT;
	if (!roll(12))
		v.from = -1 - (int)roll(3);
	if (!roll(12))
		v.to = -1 - (int)roll(3);
	if (v.from == M_ESCROW && v.to == M_ESCROW)
		v.from = 0;		/* they would be of two escrows */
	if (!strcmp(v.type, "FIAT_PURCHASE")) {
		snprintf(v.ref, sizeof(v.ref), "p-%lld", (long long)(
		    roll(8) ? run->op : roll(2 + run->op)));
		snprintf(v.id, sizeof(v.id), "%s:paid", v.ref);
	} else {
		snprintf(v.id, sizeof(v.id), "t-%d", run->op);
	}
	return v;
}

static bool
do_transfer(void)
{
	struct m_move v = a_move();
	const struct m_move *was = NULL;
	char from[LEAF_ACCOUNT], to[LEAF_ACCOUNT], id[LEAF_ID], amount[32];
	struct transfer t = {
		.id = v.id, .from = account(v.from, from),
		.to = account(v.to, to), .amount = money(amount, v.minor),
		.type = v.type, .unit = UNITS(v.unit),
		.ref = *v.ref ? v.ref : NULL,
	};
	struct posted posted;
	struct err e = { 0 };
	bool existed;
	int rc;

	if (*v.ref && roll(2))
		t.id = NULL;			/* the type dictates it */
	rc = pay_by_hand(db.l, &t, &run->ids, id, &posted, &e);
	if (!compare("transfer", word(rc, &e),
	    m_transfer(now, &v, &was, &existed)))
		return false;
	if (posted.existed != existed || posted.seq != was->seq ||
	    posted.at_ms != was->at_ms || strcmp(id, was->id))
		fail("transfer", "posted otherwise", "as predicted");
	return true;
}

#endif
