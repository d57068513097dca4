/*
 * opinion - whom the buyers of a log trust: the edges of EigenTrust.
 *
 * A buyer trusts a seller by what it has bought of it that settled, in minor
 * units.  What was refunded, by whichever side or rule, has not settled and
 * counts for nothing; what was disputed counts if it ended for the seller.
 * A sale says nothing about the buyer.  Nodes of the sandbox, whose money is
 * none, and those that are banned are no peers, and what they have bought
 * counts for nobody.
 *
 * It is advice beside the score, and nothing of it goes into one.
 */
#ifndef OPINION_H
#define OPINION_H

#include "base/err.h"

struct tally;
struct web;

/*
 * All nodes of a log into a web, and all that they say.  E_amount_overflow.
 */
int opinion_take(struct web *, const struct tally *, struct err *) CHECKED;

/*
 * Trust from the start who has a Genesis badge, all by the same; if nobody
 * has, all peers alike.
 */
int opinion_prior(struct web *, const struct tally *, struct err *) CHECKED;

#endif
