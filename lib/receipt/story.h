/*
 * story - what the log tells of one trade.
 *
 * The leaves of an escrow are added in the order of the log; they say who
 * traded what with whom, every movement of the money, and how it ended.  Who
 * makes a receipt tells the story from the ledger, who checks one from the
 * proofs in it: so that what a receipt says of money is what was logged, on
 * both sides, by the same rules.
 *
 * A story does not tell everything: whoever tells it may stop before its end.
 * But none of its events can be left out that a later one follows from: no
 * settlement without a delivery, nothing resolved that was not disputed.
 *
 * Amounts and ids stay the text that they are in the leaves: no unit need be
 * known.  Texts are borrowed from the leaves, which the story keeps.
 */
#ifndef STORY_H
#define STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"

#define STORY_LEAVES 64		/* that one trade has, at most */
#define STORY_ZERO 24

struct buf;

/* One leaf: an entry, or an event. */
struct story_leaf {
	struct json root;	/* owned */
	const char *id, *type;
	int64_t seq, at_ms;
	bool moves;		/* an entry, with legs */
	struct json legs;
};

struct story {
	struct story_leaf leaf[STORY_LEAVES];
	size_t n;
	/* NULL and 0 until told. */
	const char *escrow_id, *task_id, *order_id, *skill_id;
	const char *buyer_id, *seller_id, *amount, *unit, *output_sha256;
	const char *payout, *tax;
	const char *status;	/* of the escrow */
	int64_t made_ms, completed_ms, disputed_ms, closed_ms;
	char zero[STORY_ZERO];	/* a tax of nothing, as an amount */
};

/*
 * Add a leaf; the first is the lock.  E_escrow_broken if it has no place in
 * this story, E_bad_json if it is no leaf.  story_release(), in any case.
 */
int story_add(struct story *, const char *leaf, size_t n, struct err *)
    CHECKED;
void story_release(struct story *);	/* accepts a zeroed one */

/* Is the money where it will stay? */
bool story_over(const struct story *);

/*
 * When all leaves are there: E_escrow_broken if the tax is not that is due,
 * since what was paid is less than the amount.
 */
int story_end(const struct story *, struct err *) CHECKED;

/*
 * Append the members that a receipt's core owes to the log: amount,
 * buyer_id, completed_at, created_at, escrow_id, escrow_lifecycle,
 * ledger_entries, output_hash, payout, seller_id, settled_at, skill_id,
 * status, task_id, tax and unit; what is not told yet is null.
 */
void story_write(struct buf *, const struct story *);

/*
 * The movements as rows, two of each entry of two legs: what was debited,
 * then what was credited.  The object stays open in row.
 */
typedef int story_row(void *arg, const struct story_leaf *, bool credit,
    const char *account, struct buf *row, struct err *);
int story_rows(struct buf *, const struct story *, story_row *more, void *arg,
    struct err *) CHECKED;

#endif
