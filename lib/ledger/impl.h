/*
 * impl - what the files of the ledger share; nobody else includes it.
 */
#ifndef LEDGER_IMPL_H
#define LEDGER_IMPL_H

#include "base/buf.h"
#include "ledger/fold.h"
#include "ledger/ledger.h"
#include "tlog/tlog.h"

struct acct {
	struct acct *next;		/* of its bucket */
	char name[LEAF_ACCOUNT];
	const struct unit *unit;
	int64_t unit_id;
	int64_t id;			/* 0 until its first leg */
	int64_t cr, dr, pcr, pdr, legs;
	int64_t lo, hi;
	bool has_lo, has_hi, closed;
	bool relimited;			/* in this transaction */
	uint64_t projected;		/* by which projection: project.c */
	int64_t next_n, next_balance;	/* where its history goes on */
	bool seen;
};

/* An account as it was before an entry touched it. */
struct was {
	struct acct *acct;
	int64_t id, cr, dr, legs, lo, hi;
	bool has_lo, has_hi, closed, relimited;
};

struct row {
	int64_t key, seq, amount, balance;
};

/* What an entry needs beside what its caller brought. */
struct extra {
	struct leaf target;		/* of a reversal, whose legs point in */
	struct leg *legs;
	size_t room;
	char memo[96];			/* its hash, or that inside data */
};

/* Where to go back to. */
struct mark {
	size_t n_was, n_row, n_leaf, n_rev, n_unit;
	int64_t next_account, due;
	struct tlog_edge edge;
};

struct ledger {
	struct store *store;
	bool loaded;			/* caches match the committed head */
	bool writing;
	bool detached;			/* folds leaves; no store behind it */
	bool broken;			/* a write failed: never commit */
	int64_t now_ms, at_ms;		/* log time; that of the last leaf */
	uint64_t old_size;		/* at begin */
	int64_t posted, old_posted;	/* history is stored below; at begin */
	uint64_t projection;		/* counts them */
	struct row *late;		/* history put off, of these leaves */
	size_t n_late, cap_late;
	int64_t late_from, late_to;
	int64_t old_account;		/* next_account then */
	size_t old_unit;		/* units then */
	struct tlog_edge edge;
	int64_t next_account;

	/*
	 * Reversals: of this transaction, or all of a fold; with an index of
	 * places + 1.  due is the seq that the next entry has to reverse, as
	 * the rest of a group.
	 */
	struct reversal *rev;
	size_t n_rev, cap_rev;
	uint32_t *rev_at;
	size_t n_rev_at;
	int64_t due;			/* 0 if none: leaf 0 is no transfer */

	/* Reads an earlier leaf: 1, 0, -1.  A fold without it knows none. */
	int (*past)(void *arg, int64_t seq, struct leaf *, struct err *);
	void *past_arg;
	struct leaf target;
	int succession;			/* is leaf 1 one?  0 if not known */

	int group_i, group_n;		/* of the last leaf restored */

	const struct acct *blamed;	/* whose rule refused */

	const struct unit **unit;	/* owned, and what they point to */
	struct units units;

	struct acct **bucket;
	size_t n_acct, n_bucket;

	/*
	 * No id is stored between these two, hi "" being above all: ids that
	 * rise, as most do, need no search.
	 */
	bool gap;
	char gap_lo[LEAF_ID], gap_hi[LEAF_ID], last_id[LEAF_ID];

	/* Of this transaction, written back at its end. */
	struct was *was;
	struct row *row;
	struct hash *leaf;		/* hashes of the leaves appended */
	size_t n_was, cap_was, n_row, cap_row, n_leaf, cap_leaf;
	struct mark mark;

	/* Of the group being posted. */
	struct entry *entry;
	struct leg *legs;		/* sorted, as a leaf wants them */
	struct extra *extra;		/* one for each entry */
	size_t cap_entry, cap_legs;
	struct buf bytes;		/* its leaves */
	struct leaf known;		/* one read back, by its id */
};

/* account.c */
int account_find(struct ledger *, const char *name, const struct unit *,
    struct acct **out, struct err *) CHECKED;
int account_add_leg(struct ledger *, struct acct *, int64_t minor, int64_t seq,
    struct err *) CHECKED;
int account_check(struct ledger *, const struct acct *, struct err *)
    CHECKED;
void account_touch(struct ledger *, struct acct *);	/* before a change */
int account_write_back(struct ledger *, struct err *) CHECKED;
void account_drop_all(struct ledger *);
void account_drop_unit(struct ledger *, const struct unit *);

/*
 * Where it hangs in its bucket, or would at the bucket's end; NULL while
 * there are no buckets.
 */
struct acct **account_at(const struct ledger *, const char *name,
    const struct unit *);

/* units.c */
int units_load(struct ledger *, struct err *) CHECKED;
void units_drop(struct ledger *);
void units_begin(struct ledger *);	/* the four, for a fold */
int units_add(struct ledger *, const char *code, int64_t scale, struct err *)
    CHECKED;
void units_cut(struct ledger *, size_t n);
int units_write_back(struct ledger *, struct err *) CHECKED;

/* project.c: history of leaves that have none, so many at most. */
int project_in(struct ledger *, int64_t most, struct err *) CHECKED;
void project_sort(struct row *, size_t n);	/* by key, none below 0 */
void project_later(struct ledger *);	/* after the commit: keep its lines */
int project_write(struct ledger *, struct row *, size_t n, struct err *)
    CHECKED;					/* they get sorted */

/* tile.c */
int tile_write(struct ledger *, struct err *) CHECKED;

/*
 * ledger.c: a leaf into the tree; what changed, and the head, to the store:
 * whole, with all of the history, however much that is.
 */
void ledger_push_leaf(struct ledger *, const struct hash *);
int ledger_write_back(struct ledger *, bool whole, struct err *) CHECKED;
void ledger_mark_here(const struct ledger *, struct mark *);
void ledger_back_to(struct ledger *, const struct mark *);

#endif
