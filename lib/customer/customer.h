/*
 * customer - people who have credit in DZIT with the operator.
 *
 * An account is opaque, "c_" and an id; the address of mail that belongs to it
 * is in a table beside the log, which is for good and names no person.  Credit
 * comes from MINT, and what is deducted goes to VAULT (spec/node.md 14, 15).
 * Nothing of a customer is ever below zero.  Units: minor units, _ms.
 */
#ifndef CUSTOMER_H
#define CUSTOMER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/chance.h"
#include "base/err.h"
#include "base/id.h"
#include "ledger/leaf.h"
#include "node/signup.h"

struct ledger;
struct store;
struct account;

#define CUSTOMER_ACCOUNT (2 + ID_TEXT)

struct customer {
	char account[CUSTOMER_ACCOUNT];
	char email[SIGNUP_EMAIL];
	int64_t made_ms;
};

/* By address or by account, whichever there is.  E_no_account. */
int customer_get(struct store *, const char *email, const char *account,
    struct customer *out, struct err *) CHECKED;

/* What it has: zeroes if nothing was ever credited. */
int customer_account(struct store *, const struct customer *,
    struct account *out, struct err *) CHECKED;

/* What the operator does; all borrowed. */
struct customer_move {
	const char *email, *account;	/* one of them */
	int64_t minor;
	bool deduct;
	const char *reason;		/* beside the log, as its hash in it */
	const char *key;		/* once under this key, for good */
};

/*
 * Credit or deduct.  Who is credited for the first time, by address, becomes
 * a customer.  id is of the entry.  E_bad_email, E_no_account, E_bad_json of
 * a reason over 1,024 bytes, E_insufficient_funds, E_id_conflict.
 */
int customer_move_in(struct ledger *, const struct customer_move *,
    struct chance *, struct customer *out, char id[LEAF_ID], struct err *)
    CHECKED;

#endif
