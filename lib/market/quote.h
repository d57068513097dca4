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

/*
 * What is asked for; all borrowed.  capability is the id of a skill, the name
 * of a capability, or what the label has in it.  NULL and 0: any.
 */
struct ask {
	const char *node_id;		/* the buyer */
	const char *capability;
	const char *most;		/* price: a decimal string */
	int64_t deadline_s;		/* it has to be expected by then */
	const char *quality;		/* "verified", or the seller's score */
};

/*
 * Quote the cheapest skill that is offered in the buyer's realm and fits; of
 * two that cost the same that of the better seller, then the older one.  The
 * buyer's own are not looked for, but may be asked for by id.  out is the
 * caller's; *seconds is what it is expected to take.  E_skill_missing if none
 * fits; what gate_parties_in() says of the buyer; E_bad_quality.
 */
int market_quote_in(struct ledger *, const struct ask *,
    const struct params *, struct chance *, struct quote *out,
    int64_t *seconds, struct err *) CHECKED;

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

/* Records; the object stays open for what the caller has to add. */
void market_quote_write(struct buf *, const struct quote *, int64_t seconds);
int market_ask_read(struct ask *out, const struct json *, struct err *)
    CHECKED;

#endif
