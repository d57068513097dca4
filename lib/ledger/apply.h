/*
 * apply - what an entry does to the state: accounts, units, reversals.
 *
 * One function for all who have a state: the writer, who judges an entry that
 * somebody asks for, and a detached fold, which follows a log that is there.
 * A writer undoes what a refused entry did (ledger_back_to); a fold goes on,
 * so there everything that the leaf says is done as far as it can be, and -1
 * names the first rule that it breaks.
 *
 * The log's own events (spec/ledger.md 2.4) act here too.  Unknown ones do
 * nothing: a new event is not a new format.
 */
#ifndef APPLY_H
#define APPLY_H

#include "ledger/impl.h"
#include "ledger/post.h"

/*
 * The entry is well formed (leaf_check), of a type that allows it
 * (type_check), and its seq is set; of a fold also the group.
 *
 * E_insufficient_funds, E_limit_exceeded, E_account_closed,
 * E_amount_overflow; E_already_reversed, E_not_reversible, E_no_entry;
 * E_account_not_empty, E_flow_refused, E_reserved_account, E_no_unit,
 * E_wrong_state, and what a malformed event is.
 */
int apply_entry(struct ledger *, const struct entry *, struct err *) CHECKED;

/* An event whose type begins so is the log's own: log. ledger. memo. */
bool apply_is_own(const char *type);

/* Its parts, which share what follows. */
int apply_legs(struct ledger *, const struct entry *, struct err *) CHECKED;
int event_apply(struct ledger *, const struct entry *, struct err *) CHECKED;
int reversal_apply(struct ledger *, const struct entry *, struct err *)
    CHECKED;

/* Does this end it?  A fold goes on after a rule that is broken. */
bool apply_stops(const struct ledger *, const struct err *);

/* An earlier leaf, by its seq: 1, 0, -1. */
int apply_past(struct ledger *, int64_t seq, struct leaf *out, struct err *)
    CHECKED;

/*
 * The legs that reverse a transfer, and its seq: the other fields of x are
 * the caller's.  target keeps the legs.  E_no_entry, E_not_reversible.
 */
int reversal_negate(struct ledger *, struct entry *x, struct leaf *target,
    struct leg **legs, size_t *room, struct err *) CHECKED;

/* Which entry reversed this one?  1 and its seq, 0, -1. */
int reversal_of(struct ledger *, int64_t target, int64_t *seq, struct err *)
    CHECKED;
int reversal_write_back(struct ledger *, struct err *) CHECKED;
void reversal_cut(struct ledger *, size_t n);	/* undo those after n */

/* What is posted together. */
struct group {
	struct entry *x;
	const struct terms *terms;	/* as many, or NULL */
	size_t n;
	bool own;			/* the log's own events, or others */
};

/* Are all ids known, or none?  1, 0, -1.  post_replay.c */
int post_known(struct ledger *, const struct group *, struct posted *out,
    struct refused *, struct err *) CHECKED;

/* Post an event with this data, which is released.  own.c */
int own_post(struct ledger *, const char *type, const char *id,
    struct buf *data, struct posted *out, struct err *) CHECKED;

/* This id is stored now.  post_replay.c */
void post_close_gap(struct ledger *, const char *id);

/* Into the store and the tree.  post.c */
int post_append(struct ledger *, const struct entry *, const char *leaf,
    size_t n, struct err *) CHECKED;

/* That is how the data of a reversal begins if it has a memo. */
#define POST_IN_DATA "{\"memo_sha256\":\""

#endif
