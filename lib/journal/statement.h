/*
 * statement - the entries of an account against somebody else's list.
 *
 * A statement is CSV as RFC 4180 has it, its first line
 * date,amount,reference,description in any order, others are passed over.  A
 * row is matched with an entry of the account by its reference, which is the
 * entry's id or ref, if their amounts are the same; else with the one entry of
 * the same amount that is not further away than so many days, if it is the
 * only one for that row and that row is the only one for it.  Nothing is
 * written.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include "base/err.h"
#include "ledger/read.h"

struct buf;

struct statement_want {
	const struct account *account;	/* with what it holds now */
	int64_t days;			/* an entry may be away by */
};

/* Takes the record of one match, or of what has none. */
typedef int statement_told(void *arg, struct buf *record, struct err *);

/*
 * 1 if everything has its counterpart, 0 if not, -1.  Entries before the day
 * of the first row, less the days, are not looked for, and none behind the
 * last and the days.  E_bad_csv with the line; inside store_snapshot().
 */
int statement_match(struct store *, const char *csv, size_t n,
    const struct statement_want *, statement_told *, void *arg,
    struct err *) CHECKED;

#endif
