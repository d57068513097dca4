/*
 * fold - the state that leaves make, from nothing.
 *
 * What is told to it entry by entry, in the order of seq, it counts as the
 * writer does, with no store behind it: units, accounts, the lines of their
 * history.  It judges nothing that is not a matter of accounts, and goes on
 * after what should not have been posted, as if it had been allowed.
 */
#ifndef FOLD_H
#define FOLD_H

#include "ledger/ledger.h"
#include "ledger/read.h"

struct fold;

struct fold *fold_new(void);
void fold_free(struct fold *);			/* accepts NULL */

/*
 * Those declared so far; the four of every log from the beginning, so that
 * without leaf 0 the rest can be read.
 */
const struct units *fold_units(const struct fold *);

/*
 * How it reads an earlier leaf, which a reversal is compared with: 1, 0 if
 * there is none, -1.  Without this every reversal is E_no_entry.
 */
typedef int fold_leaf(void *arg, int64_t seq, struct leaf *, struct err *);
void fold_past(struct fold *, fold_leaf *, void *arg);

/*
 * Count an entry.  -1 if it breaks a rule of the state, and e says which; it
 * is counted all the same.  apply.h has the rules and their words.
 */
int fold_entry(struct fold *, const struct entry *, struct err *) CHECKED;

/* An account as it is now; one that has had no leg has the id 0. */
void fold_account(const struct fold *, const char *name, const struct unit *,
    struct account *out);
int64_t fold_accounts(const struct fold *);	/* so many there have been */

/* What a condition is about; of a name, or of all below it. */
struct cond;
int fold_balance(struct fold *, const struct cond *, int64_t *out,
    struct err *) CHECKED;

/* All reversals so far, in the order of the log. */
struct reversal {
	int64_t target, seq;		/* seq reversed; of the reversal */
};
const struct reversal *fold_reversals(const struct fold *, size_t *n);

/* Lines of history since they were dropped, by account, then by number. */
struct fold_row {
	int64_t key, seq, amount, balance;
};

size_t fold_rows(const struct fold *);
const struct fold_row *fold_sorted(struct fold *, size_t *n);
void fold_drop_rows(struct fold *);

/* Keep no more of an account whose story is over. */
void fold_forget(struct fold *, const char *name, const struct unit *);

#endif
