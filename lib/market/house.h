/*
 * house - the skills that a grid begins with: spec/vmp.md 11.5.
 */
#ifndef HOUSE_H
#define HOUSE_H

#include "market/market.h"

/* What seeding has made; skills is the caller's. */
struct house {
	int64_t published, kept;	/* kept: offered already */
	struct amount fee;		/* of all that were published */
	struct buf *skills;		/* records of them, parted by commas */
};

/*
 * Publish them for a provider, each at the price that is typical of its
 * capability, but for those that it offers already.  As market_publish_in().
 */
int house_seed_in(struct ledger *, const char *node_id,
    const struct params *, struct chance *, struct house *out, struct err *)
    CHECKED;

#endif
