/* impl - what the verbs share; for lib/clerk only. */
#ifndef CLERK_IMPL_H
#define CLERK_IMPL_H

#include "clerk/clerk.h"
#include "verify/verify.h"

#define CLERK_RECORD (1 << 20)		/* bytes of a record */

/* import --from, and how any import goes. */
struct line;
int clerk_import_hledger(struct cli *, const struct clerk *, struct err *)
    CHECKED;
int clerk_import_lines(struct cli *, const struct clerk *, struct line *,
    struct err *) CHECKED;

/* --unit, if it was given, is one that the log has: E_no_unit. */
int clerk_check_unit(struct cli *, const struct clerk *, struct err *)
    CHECKED;

/* What --from and --to say: seq, from on and below to. */
int clerk_range(struct cli *, const struct clerk *, int64_t *from,
    int64_t *to, struct err *) CHECKED;

/*
 * Is what a copy says true, as far as these layers go, and a note, if there
 * is one, of its past?  If not, e says what was found first.
 */
int clerk_true(struct store *, unsigned layers, const struct buf *since,
    int64_t now_ms, struct verified *, struct err *) CHECKED;

struct issuer;
struct policy;
struct sign_public;

/* Who issues checkpoints here, now; the store must be open. */
int clerk_issuer(struct cli *, struct issuer *, struct err *) CHECKED;

/*
 * Whom --vkey or --policy says to trust: 1, or 0 if neither was given.  A
 * vkey may be that of a log or of a witness.
 */
int clerk_policy(const struct clerk *, struct policy *, struct err *) CHECKED;

/* Receipts of these entries as files, under one checkpoint. */
int clerk_receipts(struct cli *, const char *dir, const int64_t *seq,
    size_t n, struct err *) CHECKED;

/* The key of the node that --card shows, if it is valid now: 1, or 0. */
int clerk_card(struct cli *, const struct clerk *, struct sign_public *,
    struct err *) CHECKED;

struct buf;
struct ledger;
struct posted;

/*
 * One action in one transaction: it appends its records, a line each, which
 * are printed after the commit.  id is what --id said, or a fresh one.
 */
typedef int clerk_action(struct cli *, struct ledger *, const char *id,
    void *arg, struct buf *out, struct err *);
int clerk_act(struct cli *, clerk_action *, void *, struct err *) CHECKED;

/*
 * What an entry credited to a node that is banned goes on to VAULT; legs of a
 * reversal are those that it brought (spec/vmp.md 3.7).
 */
int clerk_credited(struct ledger *, int64_t seq, struct err *) CHECKED;

/* Append the record of spec/ledger.md 7.4, and a line feed. */
void clerk_result(struct buf *, const char *id, const struct posted *);

#endif
