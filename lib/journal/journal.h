/*
 * journal - the books as other programs read them.
 *
 * One walk over the leaves writes any of the formats of spec/ledger.md 7.6.
 * hledger, ledger and beancount are given what they need to judge the books
 * themselves: units and accounts declared, every transaction balanced, and at
 * the end what each account holds in each unit.  A part of the log begins for
 * them with what all accounts held before it, so that the end is the same.
 *
 * Names of accounts are kept as they are, except that
 * for ledger "~" stands for nothing between, or behind, colons, since it takes
 * "a::b" and "a:b" for one, and no name of ours has a "~"; and for beancount
 * MINT is Equity:Mint, VAULT is Assets:Vault, ESCROW:x begins Assets:Escrow:X
 * and others Assets:Node:X, and behind that X letters and digits are kept,
 * and every other byte is "-" and two upper-case hex digits.
 * Two names are never mapped to one.  A colon makes a hierarchy in all three;
 * balances are those of an account itself, without what is below it.
 * References in comments are percent-encoded, but for the characters of ids.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "base/err.h"
#include "store/store.h"

enum journal_kind {
	JOURNAL_LEAVES, JOURNAL_NDJSON, JOURNAL_CSV,
	JOURNAL_HLEDGER, JOURNAL_LEDGER, JOURNAL_BEANCOUNT,
};

struct journal_want {
	enum journal_kind kind;
	int64_t from, to;	/* seq, from on and below to */
	bool memos;		/* of ndjson only */
};

/* Takes what was written so far, in pieces that end anywhere. */
typedef int journal_put(void *arg, const void *data, size_t n, struct err *);

/* 1, or 0 if there is no such format. */
int journal_named(const char *word, enum journal_kind *);

/*
 * Write the entries of a range that the log has; inside store_snapshot().
 * What put() says, E_seq_gap, and what reading may say.
 */
int journal_export(struct store *, const struct journal_want *,
    journal_put *, void *arg, struct err *) CHECKED;

#endif
