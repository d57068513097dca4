/*
 * judged - what is found of a delivery, once and for all.
 *
 * A delivery is judged by the output, and by the contract and the buyer's
 * validators as they were when the task was bought (spec/vmp.md 6.4); none of
 * the three can change, so the verdict cannot.  It may therefore be found
 * before a transaction begins, and handed to the act that delivers; an act
 * without one finds it itself, and keeps the lock for as long.
 */
#ifndef ESCROW_JUDGED_H
#define ESCROW_JUDGED_H

#include "crypto/hash.h"
#include "validate/validate.h"

struct act;
struct store;

struct judged {
	char *output;			/* owned JSON, or NULL: none */
	char output_sha256[HASH_HEX];	/* of the canonical form */
	const char *proof_match;	/* static; NULL: no proof hash */
	struct verdict verdict;
	size_t first_custom;		/* rows: index of the buyer's first */
};

/*
 * Judge what an act delivers: escrow_judged_release().  Of the act, the task,
 * the output, the proof hash and the language are looked at.
 * E_task_missing, and what validate_judge() says.
 */
int escrow_judge(struct store *, const struct act *, const struct params *,
    struct judged *out, struct err *) CHECKED;
void escrow_judged_release(struct judged *);	/* accepts a zeroed one */

#endif
