/*
 * receipt - the verb "receipt" of bzn-escrow: what was traded, with proofs
 * that a stranger can check, and that check.
 */
#ifndef DESK_RECEIPT_H
#define DESK_RECEIPT_H

#include <stdbool.h>

#include "cli/cli.h"
#include "cli/pass.h"

/* What the options say; zeroed, nothing. */
struct desk_receipt {
	const char *as;			/* whose balances are shown */
	const char *sign;		/* "both", "ed25519" or "rs256" */
	struct pass pass;
	bool check;
	const char *vkey, *policy, *card, *jwks;	/* whom to trust */
};

int desk_receipt(struct cli *, struct desk_receipt *, struct err *) CHECKED;

#endif
