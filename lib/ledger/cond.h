/*
 * cond - what a balance has to be: a condition of an entry, an assertion.
 *
 * Said as a record, {"account","unit","op","amount"}; in words, NAME OP
 * AMOUNT UNIT; and in the leaf of a ledger.assert.  op is eq lt le gt ge, or
 * = < <= > >= in words.  With subtree the balances of NAME and of all NAME:...
 * are added up, and a bare ESCROW may be named.
 */
#ifndef COND_H
#define COND_H

#include "ledger/ledger.h"

struct buf;
struct json;

enum cond_op { COND_EQ, COND_LT, COND_LE, COND_GT, COND_GE };

struct cond {
	const char *account;		/* borrowed */
	const struct unit *unit;	/* borrowed */
	enum cond_op op;
	int64_t minor;			/* may be negative */
	bool subtree;
};

/* In words: "eq" or "=".  1, or 0 if it is no operator. */
int cond_op_named(const char *word, enum cond_op *);
const char *cond_op_word(enum cond_op);		/* "eq" */

/*
 * From text, as a caller gives it: the amount may have fewer decimals than
 * the unit, and a sign.  E_bad_account, E_no_unit, E_bad_json for the
 * operator, E_bad_amount, E_amount_scale, E_amount_range.
 */
struct cond_text {
	const char *account, *op, *amount, *unit;
	bool subtree;
};
int cond_make(struct cond *, const struct cond_text *, const struct units *,
    struct err *) CHECKED;

/* One line of words: NAME OP AMOUNT UNIT [--subtree].  Cuts the text up. */
int cond_line(struct cond *, char *text, const struct units *, struct err *)
    CHECKED;

/* The data of a ledger.assert; it borrows from the document. */
int cond_read_leaf(struct cond *, const struct json *data,
    const struct units *, int64_t *at_seq, struct err *) CHECKED;
void cond_write_leaf(struct buf *, const struct cond *, int64_t at_seq);

/* Does a balance fulfil it? */
bool cond_holds(const struct cond *, int64_t balance);

/* The balance that it is about, now, of a writer or of a fold. */
int cond_balance_in(struct ledger *, const struct cond *, int64_t *,
    struct err *) CHECKED;

/* The same after the first size entries, read without a writer. */
int cond_balance_at(struct store *, const struct cond *, int64_t size,
    int64_t *, struct err *) CHECKED;

#endif
