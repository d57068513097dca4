/*
 * core - what a receipt says of a trade, and is hashed and signed
 * (spec/vmp.md 8.1).
 *
 * The core is an object of exactly the members core_members, in the form of
 * RFC 8785; there is no balance in it, so that both parties see the same.
 * What it says of money and time is the story of the log; the rest comes
 * from the rows of the trade.  Once the trade is closed it never changes.
 */
#ifndef CORE_H
#define CORE_H

#include "base/buf.h"
#include "base/err.h"
#include "crypto/hash.h"
#include "escrow/escrow.h"
#include "receipt/story.h"

#define CORE_MAX (1 << 20)

struct store;

struct core {
	struct task task;		/* owned */
	struct story story;		/* owned; empty of a shadow task */
	char receipt_id[ESCROW_PAPER_ID];
	char amount[AMOUNT_TEXT];	/* of a shadow task */
	/* What validators and rules said, with all that they said: owned. */
	struct buf results, rules;	/* rows, as items of an array */
	struct buf fired;		/* rules, for people */
	struct buf text;		/* owned: the core */
	char hash[HASH_HEX];		/* its SHA-256 */
};

/*
 * Read a trade by the id of the task or the escrow: core_release(), also
 * after a failure.
 * E_task_missing; E_store_corrupt if log and rows do not agree.
 */
int core_read(struct core *, struct store *, const char *id, struct err *)
    CHECKED;
void core_release(struct core *);

extern const char *const core_members[];	/* ended by NULL */

/* Of another core: is what it says final? */
bool core_is_final(const struct json *core);

#endif
