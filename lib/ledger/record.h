/*
 * record - what a caller asks the ledger to post: one JSON object.
 *
 * Four forms (spec/ledger.md 7.3): legs; from, to, amount and unit; an event
 * and its data; the id of what it reverses.  All may have id, ref, memo,
 * effective_ms, data, group, "if" and "assert"; legs and from have a type.
 * An unknown member is refused, because a misspelt one must not become a
 * different payment; so is one given twice.  A member that is null is absent.
 *
 * It is the one reader of such records, for options and lines alike, and
 * reads them where they lie: no tree is built, because lines come by the
 * hundred thousand.
 */
#ifndef RECORD_H
#define RECORD_H

#include "base/buf.h"
#include "base/json_check.h"
#include "ledger/cond.h"
#include "ledger/post.h"

struct chance;

struct record_leg {
	const char *account, *amount, *unit;
};

/* Zeroed at first; read into again and again, then record_release(). */
struct record {
	const char *id, *type, *ref, *memo, *event, *reverses, *label;
	const char *from, *to, *amount, *unit;
	const char *data;		/* canonical */
	int64_t effective_ms;
	bool has_effective, has_legs;
	bool readable;			/* an object at least */
	unsigned seen;			/* members given */
	size_t n_legs, n_before, n_after;
	struct record_leg *legs;
	struct cond_text *conds;	/* "if", then "assert" */
	/* Its own. */
	char made_id[LEAF_ID];
	struct leg *leg;
	struct cond *cond;
	size_t cap_legs, cap_conds, cap_leg, cap_cond;
	char *text;
	size_t cap_text;
	struct json_places places;
	struct buf canonical;
};
void record_release(struct record *);

/* One of the second form, without a text; it borrows, id and ref if any. */
struct transfer {
	const char *id, *from, *to, *amount, *unit, *type, *ref;
};
void record_pair(struct record *, const struct transfer *);

/*
 * Read one.  E_bad_json, E_unknown_member, E_too_long; label is set as soon
 * as it was read, also of a record that is bad otherwise.
 */
int record_read(struct record *, const char *text, size_t n, struct err *)
    CHECKED;

/*
 * The entry it asks for and what goes with it, inside a transaction; they
 * borrow from the record.  An id that is not given is what the type says, or
 * else a fresh one; with chance NULL it is E_bad_id.
 * E_no_unit, E_bad_amount and its kin, E_bad_type, E_flow_refused for a type
 * of a transfer, or an event, that a part of the toolkit posts itself.
 */
int record_entry(struct record *, struct ledger *, struct chance *,
    struct entry *, struct terms *, struct err *) CHECKED;

/*
 * May a hand call an entry so?  Whatever had the id under which an escrow is
 * closed would keep its money there for ever.  E_flow_refused.
 */
int record_check_id(struct ledger *, const char *id, struct err *) CHECKED;

#endif
