/*
 * paper - a receipt: the core of a trade, what people want to read beside
 * it, signatures, and the proofs of every entry (spec/vmp.md 8.1).
 *
 * It is one JSON object, which whoever has it can check without the store
 * and without the network: exam.h.
 */
#ifndef PAPER_H
#define PAPER_H

#include "base/buf.h"
#include "base/err.h"
#include "crypto/rsa.h"
#include "crypto/sign.h"
#include "evidence/issue.h"
#include "receipt/core.h"

#define PAPER_MAX JSON_MAX
#define PAPER_TYPE "vmp-receipt+jws"	/* of its RS256 signature */

/* What goes on it; all borrowed, keys NULL if they do not sign. */
struct paper {
	struct issuer *issuer;
	const char *as;			/* whose balances are shown; or NULL */
	const struct sign_key *node;
	const struct token_key *token;
	const struct params *params;
	int64_t now_ms;
};

/*
 * Append the receipt of a trade.  E_task_missing; E_not_your_task or
 * E_not_escrow_party if as is no party; E_too_long; what core_read(),
 * prove_against() and prove_receipt() say.
 */
int paper_write(struct buf *out, const struct paper *, const char *id,
    struct err *) CHECKED;

#endif
