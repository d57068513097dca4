/* impl - what the files of this module share; for lib/receipt only. */
#ifndef RECEIPT_IMPL_H
#define RECEIPT_IMPL_H

#include "base/enc.h"
#include "receipt/paper.h"

/*
 * The evidence: a proof for every leaf of the story, all by one checkpoint,
 * and for those that say which keys the log had.
 */
struct proofs {
	char origin[CHECKPOINT_ORIGIN];
	struct buf text;		/* owned: the object */
};

int proofs_make(struct proofs *, struct issuer *, const struct story *,
    struct err *) CHECKED;
void proofs_write(struct buf *, const struct proofs *);
void proofs_release(struct proofs *);	/* accepts a zeroed one */

#endif
