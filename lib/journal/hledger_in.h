/*
 * hledger_in - the books of hledger as records to be imported.
 *
 * Reads what "hledger print -O json" prints, a transaction at a time, and
 * makes of each a record of spec/ledger.md 7.3: a TRANSFER with legs, business
 * time, memo, and the balances that hledger asserts.  Only into units that an
 * operator has declared: foreign books are not node money.  Amounts are read
 * from their digits; postings of one account and unit are added up.  A
 * transaction that moves nothing, such as one of assertions, makes no record:
 * its assertions belong to the one before it.
 *
 * What the ledger cannot say is E_bad_json and names the transaction: virtual
 * postings, costs, assertions other than "=".
 */
#ifndef HLEDGER_IN_H
#define HLEDGER_IN_H

#include "journal/alias.h"

struct buf;
struct hledger_in;

/* All borrowed. */
struct hledger_how {
	int fd;				/* the JSON */
	const char *id_prefix;		/* PREFIX:N without a tag bzn-id */
	struct alias_how alias;
};

/* The caller's: hledger_in_close().  E_bad_json for a bad map. */
int hledger_in_open(struct hledger_in **out, const struct hledger_how *,
    struct err *) CHECKED;
void hledger_in_close(struct hledger_in *);	/* accepts NULL */

/* Append the next record, without a line feed: 1, 0 at the end, -1. */
int hledger_in_next(struct hledger_in *, struct buf *out, struct err *)
    CHECKED;

/* The accounts that the records so far have used. */
size_t hledger_in_used(const struct hledger_in *,
    const struct alias_used **out);

#endif
