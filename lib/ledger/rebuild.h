/*
 * rebuild - the ledger's projections, dropped and made anew from its leaves
 * (spec/ledger.md 3.1): units, accounts, history, reversals, tiles, head.
 */
#ifndef REBUILD_H
#define REBUILD_H

#include "ledger/ledger.h"

struct rebuilt {
	int64_t size;			/* leaves */
	struct hash root;		/* of them */
	bool same;			/* as what was there before */
};

/*
 * In one transaction: either all is as the leaves make it, or nothing has
 * changed.  In a dry run, only whether it would be the same.
 * E_leaf_not_canonical, E_seq_gap and what posting may say, if the leaves
 * themselves are not sound, naming the first; E_no_ledger without one; as
 * store_begin() and store_commit().
 */
int ledger_rebuild(struct store *, struct rebuilt *out, struct err *) CHECKED;

#endif
