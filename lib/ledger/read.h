/*
 * read - the committed ledger, without the lock.
 *
 * Wrap several reads in store_snapshot() to see one state.
 */
#ifndef READ_H
#define READ_H

#include "ledger/ledger.h"

struct buf;

struct account {
	char name[LEAF_ACCOUNT];
	struct unit unit;
	int64_t id, lo, hi;
	bool has_lo, has_hi, closed;
	struct balance balance;
};

/* Accounts by name and unit: all, or those of one name.  1, 0, -1. */
void ledger_accounts_open(struct query *, struct store *, const char *name);
int ledger_accounts_next(struct query *, struct account *out, struct err *)
    CHECKED;
void ledger_account_write(struct buf *, const struct account *);

/* That of a name and a unit, which may be closed.  1, 0, -1. */
int ledger_account_of(struct store *, const char *name, const char *unit,
    struct account *out, struct err *) CHECKED;

/* Those whose names begin with a prefix; *u must outlive the query. */
struct under {
	char low[LEAF_ACCOUNT], high[LEAF_ACCOUNT];
};
void ledger_accounts_under(struct query *, struct store *, struct under *u,
    const char *prefix);

/* ledger_posting.key: the lines of an account side by side, by number. */
static inline int64_t
posting_key(int64_t account_id, int64_t n)
{
	return account_id * (INT64_C(1) << 32) + n;
}

static inline int64_t
posting_n(int64_t key)
{
	return key & ((INT64_C(1) << 32) - 1);
}

/* The units that the log has declared: ledger_units_free(). */
int ledger_units_read(struct store *, struct units *out, struct err *)
    CHECKED;
void ledger_units_free(struct units *);

/* Has each entry an id of its own? */
int ledger_ids_unique(struct store *, bool *, struct err *) CHECKED;

/* The sum of an account's legs, which its balance should be. */
int ledger_account_sum(struct store *, const struct account *, int64_t *out,
    struct err *) CHECKED;

/* Leaves from seq on, below to; as they are stored. */
struct stored {
	int64_t seq;
	const char *id;
	const void *leaf;
	size_t id_n, leaf_n;		/* id may be cut by a NUL in it */
};

void ledger_leaves_open(struct query *, struct store *, int64_t from,
    int64_t to);
int ledger_leaves_next(struct query *, struct stored *out, struct err *)
    CHECKED;

/*
 * Tell of each entry below size, in the order of the log; not zero ends it.
 * The entry is borrowed.  An error names the seq that it is about.
 */
typedef int ledger_entry_told(void *arg, const struct entry *, struct err *);
int ledger_entries(struct store *s, int64_t size, const struct units *units,
    ledger_entry_told *told, void *arg, struct err *e) CHECKED;

/*
 * The same for who trusts the store and wants few types: those that wants()
 * says, which is not asked of what has none; with leaf_reread().
 */
typedef bool ledger_type_wanted(const char *type, size_t n);
int ledger_entries_of(struct store *s, int64_t size,
    const struct units *units, ledger_type_wanted *wants,
    ledger_entry_told *told, void *arg, struct err *e) CHECKED;

/*
 * The entry that a person names by its seq or its id.  What *out points to
 * lives until query_close(), which is the caller's after success.  E_no_entry;
 * E_ambiguous if digits are the seq of one entry and the id of another.
 */
int ledger_entry_find(struct query *, struct store *, const char *name,
    struct stored *out, struct err *) CHECKED;

#endif
