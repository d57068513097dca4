/*
 * prove - receipts out of a ledger: a leaf, its path, and a checkpoint that
 * covers it (spec/ledger.md 5.5).
 */
#ifndef PROVE_H
#define PROVE_H

#include "evidence/issue.h"

/* Which entry is meant: digits are a seq, all else an id.  E_no_entry. */
int prove_find(struct store *, const char *what, int64_t *seq, struct err *)
    CHECKED;

/* The entries whose ids begin with prefix and a colon, by seq; *out is the
 * caller's to free.  E_no_entry. */
int prove_find_all(struct store *, const char *prefix, int64_t **out,
    size_t *n, struct err *) CHECKED;

/*
 * The checkpoint for receipts of entries up to seq: the one of size, or if
 * that is negative, the newest; which is issued if it does not cover them,
 * unless the issuer only looks for stored ones.
 * E_no_checkpoint, and as issue_checkpoint().
 */
int prove_against(struct issuer *, int64_t seq, int64_t size,
    struct issued *out, struct err *) CHECKED;

/* Append the receipt of one entry below that checkpoint, and tell its id. */
int prove_receipt(struct issuer *, int64_t seq, const struct issued *,
    struct buf *out, char id[LEAF_ID], struct err *) CHECKED;

#endif
