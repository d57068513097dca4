/*
 * ledger - accounts, entries and the log that proves them.
 *
 * An entry is a set of legs that sum to zero per unit, or an event without
 * legs.  Its canonical bytes are a leaf of an RFC 6962 tree, appended in the
 * transaction that changes the balances (spec/ledger.md).  An account is a
 * (name, unit); only MINT may go below zero; nothing is updated or deleted.
 *
 * struct ledger is the writer: one per store and thread.  It keeps accounts
 * and the edge of the tree between transactions and drops them when another
 * writer was there.  Between begin and commit balances are read through it,
 * never by SQL: rows are written back at the commit.  Functions ending in _in
 * need a transaction that ledger_begin() opened.
 * Units: minor units, _ms since 1970 UTC.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "crypto/hash.h"
#include "ledger/leaf.h"
#include "store/store.h"

struct ledger;

/* What posting made of an entry. */
struct posted {
	bool existed;		/* its id was known with this content */
	int64_t seq, at_ms;
};

struct balance {
	int64_t cr, dr, pcr, pdr;	/* sums of legs, all >= 0 */
	int64_t legs;
	int64_t minor;			/* cr - dr */
	int64_t available;		/* cr - dr - pdr */
};

/*
 * Take the lock and begin.  *l is NULL the first time, and then the caller's
 * to give to ledger_free().  Log time is the clock or the last leaf's,
 * whichever is later.  E_no_ledger before ledger_init(); E_clock_unsane if
 * the clock is before 2025 or 366 days ahead, unless sane is false, and in
 * any case if it is past what a leaf can bear.
 */
int ledger_begin(struct store *, struct ledger **l, int64_t now_ms, bool sane,
    struct err *) CHECKED;

/*
 * Is this a moment at which an entry may be written, after the last one of
 * last_ms, or as the first of all if that is NULL?  E_clock_unsane.
 */
int ledger_clock(int64_t now_ms, const int64_t *last_ms, struct err *)
    CHECKED;

/* Write back and commit: the only place that says yes.  As store_commit(). */
int ledger_commit(struct ledger *, struct err *) CHECKED;
void ledger_rollback(struct ledger *);	/* harmless outside a transaction */
void ledger_free(struct ledger *);	/* accepts NULL; rolls back */

struct store *ledger_store(const struct ledger *);
int64_t ledger_now(const struct ledger *);	/* log time, since begin */
bool ledger_writing(const struct ledger *);

/* A savepoint over rows, balances and tree; not nested.  See store_mark(). */
int ledger_mark_in(struct ledger *, struct err *) CHECKED;
int ledger_keep_in(struct ledger *, struct err *) CHECKED;
int ledger_undo_in(struct ledger *, struct err *) CHECKED;

/*
 * Post a group of entries, all or none; n is 1 for a lone entry.  The caller
 * fills in what a caller determines; legs may be in any order.  out has room
 * for n.  A known id with the same content is a success that does nothing.
 * Of a reversal only the id and what it reverses: E_no_entry,
 * E_already_reversed, E_not_reversible.  The log's own events have functions
 * of their own (own.h): E_bad_type.
 * E_insufficient_funds, E_limit_exceeded, E_account_closed,
 * E_amount_overflow, E_id_conflict, E_group_partial, E_group_size, and what
 * leaf_check() and type_check() say; nothing is changed then.
 */
int ledger_post_in(struct ledger *, const struct entry *group, size_t n,
    struct posted *out, struct err *) CHECKED;

/*
 * Store the lines of history that large transactions have put off; readers
 * do without them, but slowly.  Between transactions, as ledger_begin().
 */
int ledger_project(struct store *, struct ledger **, struct err *) CHECKED;

/* Zeroes if there is no such account yet. */
int ledger_balance_in(struct ledger *, const char *account,
    const struct unit *, struct balance *out, struct err *) CHECKED;

const struct units *ledger_units(const struct ledger *);

/* The entry of an id, and where it stands: 1, 0, -1. */
struct ledger_known {
	int64_t seq, at_ms;
	int group_i, group_n;		/* group_n is 0 for a lone entry */
};
int ledger_find_in(struct ledger *, const char *id, struct ledger_known *out,
    struct err *) CHECKED;
int ledger_id_in(struct ledger *, int64_t seq, char out[LEAF_ID],
    struct err *) CHECKED;

/* Size and root as they would be committed now. */
uint64_t ledger_size_in(const struct ledger *);
void ledger_root_in(const struct ledger *, struct hash *out);

/*
 * Make the log: the four units and leaf 0, which names its origin and the
 * verifier key of its checkpoints.  The same again is a success;
 * E_id_conflict if the log began otherwise, E_bad_origin.
 */
int ledger_init(struct store *, const char *origin, const char *vkey,
    int64_t now_ms, struct posted *out, struct err *) CHECKED;

/* What leaf 0 says of the node that certifies the log: lib/key/logcert.h. */
struct ledger_node {
	const char *id, *key, *sig;	/* borrowed */
};

/* The last checkpoint of a log that this one continues (5.7). */
struct ledger_prior {
	const char *origin, *note;	/* borrowed */
	size_t note_n;
	int64_t size;
};

/*
 * The same for a log that is certified, and one that continues another: then
 * leaf 1 says so.  Either is NULL if it is not.
 */
int ledger_init_by(struct store *, const struct ledger_node *,
    const struct ledger_prior *, const char *origin, const char *vkey,
    int64_t now_ms, struct posted *out, struct err *) CHECKED;

/* The committed head. */
struct ledger_head {
	int64_t size, at_ms;
	int64_t posted;			/* history is stored below */
	struct hash root;
};

int ledger_head(struct store *, struct ledger_head *, struct err *) CHECKED;

#endif
