/*
 * make - the two entries that domains post most, in one call each.
 */
#ifndef MAKE_H
#define MAKE_H

#include "ledger/ledger.h"
#include "ledger/type.h"

/*
 * A fact without money.  data is a canonical object whose free text is
 * hashed.  As ledger_post_in().
 */
int ledger_event_in(struct ledger *, const char *type, const char *id,
    const char *ref, const char *data, struct err *) CHECKED;

/*
 * One account pays another.  The id is the one that the type gives, for
 * types that do; data may be NULL.  As ledger_post_in().
 */
struct move {
	enum type type;
	const char *ref, *from, *to;
	struct amount amount;		/* > 0 */
	const char *data;
};

int ledger_move_in(struct ledger *, const struct move *, struct err *)
    CHECKED;

#endif
