/*
 * told - the escrows that are stored, beside what the log tells of them.
 *
 * Their rows are functions of the leaves, but for what people wrote: verify
 * folds the leaves, and asks here whether the rows are as they should be.
 */
#ifndef TOLD_H
#define TOLD_H

#include <stdint.h>

#include "base/err.h"

struct store;

/* All borrowed; times are 0 until they come. */
struct told {
	const char *id, *buyer, *seller, *unit, *state;
	const char *verdict, *task, *skill, *output_sha256;	/* or NULL */
	int64_t minor, tax_bp, made_ms, refund_ms;
	int64_t settle_ms, disputed_ms, closed_ms, claimed_ms, completed_ms;
};

/* Are its row and its task's so?  1; 0 if not, or not there; -1. */
int told_same(struct store *, const struct told *, struct err *) CHECKED;

/* How many rows there are. */
int told_count(struct store *, int64_t *out, struct err *) CHECKED;

#endif
