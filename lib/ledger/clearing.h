/*
 * clearing - what of a locked amount goes to whom (spec/ledger.md 1.6 X4,
 * X12).  Rounded once; what is left is a difference, so that nothing is made
 * or lost.  One place for those who post and for those who verify.
 */
#ifndef CLEARING_H
#define CLEARING_H

#include <stddef.h>
#include <stdint.h>

#define CLEARING_WHOLE 10000	/* the shares of an amount sum to this */
#define CLEARING_PAYEES 16
#define CLEARING_TAX_MAX 2500	/* basis points */

/* The tax on an amount: half a minor unit and more is rounded up. */
int64_t clearing_tax(int64_t minor, int64_t bp);

/*
 * Divide an amount by shares, which sum to CLEARING_WHOLE: what remains goes
 * to the largest remainders, of equal ones to the first.
 */
void clearing_split(int64_t minor, const int64_t *share, size_t n,
    int64_t *out);

#endif
