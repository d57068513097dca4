/*
 * escrow - one escrow in the log, and whether an entry about it is as the
 * lock says (spec/ledger.md 1.6); for lib/verify only.
 *
 * Each function is NULL where all is well, or says what is wrong.
 */
#ifndef VERIFY_ESCROW_H
#define VERIFY_ESCROW_H

#include "ledger/leaf.h"

enum state { PENDING, AWAITING, DISPUTED, TAXING };

struct open {
	struct open *next;		/* of its bucket */
	char id[LEAF_ID], buyer[LEAF_ACCOUNT], seller[LEAF_ACCOUNT];
	bool bounty, malformed;		/* its lock's data: no deadline */
	enum state state;
	const struct unit *unit;
	int64_t minor, tax_bp, tax;	/* of TAXING: what is still to come */
	int64_t made_ms, refund_ms, settle_ms, disputed_ms;
	struct { char account[LEAF_ACCOUNT]; int64_t share; }
	    *payee;			/* of a split; owned */
	size_t n_payee;
	char *task, *skill;		/* or NULL, as what follows */
	char *output, *verdict;		/* of what was delivered */
	int64_t claimed_ms, completed_ms;
};

/* X6, X12: read what a lock or hold says. */
const char *verify_escrow_lock(struct open *, const struct entry *);

/* X7: claimed, delivered and disputed in time; state and times follow. */
const char *verify_escrow_claim(struct open *, const struct entry *);
const char *verify_escrow_complete(struct open *, const struct entry *);
const char *verify_escrow_dispute(struct open *, const struct entry *);

/*
 * X3, X7, X12: may it be paid now, and is it paid to whom it is due?  Not by
 * time, if what was delivered has a verdict.
 */
const char *verify_escrow_payment(const struct open *, const struct entry *,
    bool disputed);

/* X4, X5, X12: payout and tax make what is locked, in one group. */
const char *verify_escrow_payout(const struct open *, const struct entry *,
    int64_t tax, bool disputed);

/* X3, X7: to who locked it, in full, without tax, and for a true reason. */
const char *verify_escrow_refund(const struct open *, const struct entry *,
    bool disputed);

/* What an entry moves on an account. */
int64_t verify_escrow_moved(const struct entry *, const char *account);

#endif
