/*
 * transfer - one two-leg entry, as a person or a script asks for it.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "ledger/ledger.h"

struct buf;
struct chance;

/* All borrowed; id and ref may be NULL. */
struct transfer {
	const char *id, *from, *to, *amount, *unit, *type, *ref;
};

/*
 * Post it.  id is set to the entry's, which the type may dictate.  Types that
 * a part of the toolkit posts itself are E_flow_refused, E_no_unit.
 */
int transfer_in(struct ledger *, const struct transfer *, struct chance *,
    char id[LEAF_ID], struct posted *out, struct err *) CHECKED;

/* The record of spec/ledger.md 7.4; the object stays open. */
void transfer_write(struct buf *, const char *id, const struct posted *);

#endif
