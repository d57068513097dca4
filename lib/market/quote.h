/*
 * quote - a price that is promised to one buyer for a while.
 *
 * A quote binds for quote_ttl (spec/vmp.md 10.1, operation 1): who buys with
 * it pays the price, and gets the contract, that the skill had then, also if
 * it has been changed or retired since.  It is used once.
 */
#ifndef QUOTE_H
#define QUOTE_H

#include "market/market.h"

struct quote {
	char id[ID_TEXT], node_id[NODE_ID];	/* the buyer */
	struct skill skill;			/* owned: as it was then */
	int64_t made_ms, valid_ms;
	int64_t used_ms;			/* 0 until then */
};

void market_quote_release(struct quote *);	/* accepts a zeroed one */

/* Another buyer's is as none: E_quote_missing. */
int market_quote(struct store *, const char *id, const char *buyer_id,
    struct quote *out, struct err *) CHECKED;

/* Can it not be used any more: has it been, or is its time over? */
bool market_quote_over(const struct quote *, int64_t now_ms);

/* It is used from now on.  E_quote_expired if it is over. */
int market_quote_use_in(struct ledger *, const struct quote *, struct err *)
    CHECKED;

/*
 * All three: out is the skill at the quoted price and contract, and the
 * caller's: market_skill_release().  E_quote_missing, E_quote_expired.
 */
int market_quote_take_in(struct ledger *, const char *quote_id,
    const char *buyer_id, struct skill *out, struct err *) CHECKED;

#endif
