/*
 * own - the log's own events (spec/ledger.md 2.4), and reversals.
 *
 * Types that begin with log. ledger. or memo. are written by these functions
 * only: ledger_post_in() refuses them, so neither a domain nor an input
 * record can change a limit or declare a unit by accident.  Each posts as
 * ledger_post_in() does, once under its id.
 */
#ifndef OWN_H
#define OWN_H

#include "ledger/cond.h"
#include "ledger/post.h"

/* An event of these types, such as log.key, with its data made already. */
int ledger_own_in(struct ledger *, const struct entry *, struct posted *out,
    struct err *) CHECKED;

/* Declare a unit.  E_wrong_state if its code is declared. */
int ledger_unit_in(struct ledger *, const char *id, const char *code,
    int64_t scale, struct posted *out, struct err *) CHECKED;

/*
 * Open, limit or close an account.  An amount may have a sign and be "none";
 * NULL leaves a limit as it is.  A limit below zero, or none, only in a unit
 * that an operator declared: E_flow_refused.  E_account_not_empty,
 * E_account_closed, E_reserved_account, E_no_unit, E_insufficient_funds or
 * E_limit_exceeded if the balance is outside already.
 */
struct limit {
	const char *account, *unit, *lo, *hi;
	bool closed;
};
int ledger_limit_in(struct ledger *, const char *id, const struct limit *,
    struct posted *out, struct err *) CHECKED;

/*
 * Write down that a balance is so: now, or at an earlier seq, which the
 * caller has checked.  at_seq -1 is now; then E_assertion_failed if not,
 * and balance is set in any case.
 */
int ledger_assert_in(struct ledger *, const char *id, const struct cond *,
    int64_t at_seq, int64_t *balance, struct posted *out, struct err *)
    CHECKED;

/*
 * Reverse a transfer, or the whole group that it is in: the i-th entry gets
 * the id, and those after the first "ID:i".  out has room for LEAF_GROUP;
 * n is how many.  E_no_entry, E_already_reversed, E_not_reversible.
 */
struct reverse {
	const char *id, *target, *memo;	/* memo may be NULL */
};
int ledger_reverse_in(struct ledger *, const struct reverse *,
    struct chance *, struct posted *out, size_t *n, struct err *) CHECKED;

/*
 * The text of a memo: 1, or 0 if the entry has none or it was erased.
 * E_projection_mismatch if it is not the text whose hash the entry has.
 */
int ledger_memo(struct store *, int64_t seq, struct buf *out, struct err *)
    CHECKED;

/* Is it, in a row of memo, salt and leaf? */
bool ledger_memo_fits(const struct query *);

/* Delete text and salt, and write memo.erased.  E_no_entry if there is none. */
int ledger_memo_erase_in(struct ledger *, const char *id, const char *target,
    struct posted *out, struct err *) CHECKED;

#endif
