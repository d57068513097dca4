/*
 * clawback - money of a purchase that is taken back.
 *
 * A bank takes a payment back whether or not the node still has what it
 * bought.  CHARGEBACK_CLAWBACK and REFUND_CLAWBACK take what there is, at
 * most what was bought, once each and together no more than that
 * (spec/ledger.md 1.5).
 */
#ifndef CLAWBACK_H
#define CLAWBACK_H

#include "ledger/ledger.h"

struct clawback {
	struct leg legs[2];		/* in place of the entry's own */
	struct amount taken;
	int64_t short_minor;		/* asked for, and not there */
	struct posted known;		/* if it was taken before */
};

/* Is it of one of the two types? */
bool clawback_is(const struct entry *);

/*
 * What such an entry may take, given one that asks for more or as much: 1 and
 * known if it was taken before, 0 with legs to be posted.  What type_check()
 * says; E_no_entry without the purchase, E_flow_refused if that was another's,
 * E_already_reversed if nothing of it is left to be taken,
 * E_insufficient_funds if the node has nothing.
 */
int clawback_in(struct ledger *, const struct entry *, struct clawback *out,
    struct err *) CHECKED;

/*
 * The purchase of which a new entry takes something back, or NULL: it is of
 * one of the two types, or reverses the purchase.
 */
const char *clawback_purchase(const struct entry *,
    const struct entry *reversed);

/*
 * Whoever posts it: no more than is left is taken, E_flow_refused and as
 * above; and a purchase of which something was taken back is not reversed as
 * well, E_not_reversible.  What was taken and reversed since does not count.
 */
int clawback_check(struct ledger *, const struct entry *,
    const struct entry *reversed, struct err *) CHECKED;

#endif
