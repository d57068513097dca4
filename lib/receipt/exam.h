/*
 * exam - is a receipt true?  Without the store, and without the network.
 *
 * A receipt has parts that hold or fail one by one.  Whom to trust comes from
 * outside: keys of logs and witnesses, a node, or a set of keys.  What holds
 * by a key that nobody vouched for is unknown: it is neither true nor false.
 * A part whose signers were named must hold by one of them.
 *
 *	hash	    receipt_hash is that of the core
 *	rs256	    the token key has signed it
 *	ed25519	    the node has signed the core
 *	core	    what stands beside the core is the same
 *	checkpoint  the log has signed the checkpoint of every proof
 *	proofs	    every entry is in the tree of that checkpoint
 *	entries	    the core says what those entries say, and leaves none out
 */
#ifndef EXAM_H
#define EXAM_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "sig/jwt.h"
#include "tlog/policy.h"

enum exam_part {
	EXAM_HASH, EXAM_RS256, EXAM_ED25519, EXAM_CORE, EXAM_CHECKPOINT,
	EXAM_PROOFS, EXAM_ENTRIES, EXAM__PARTS
};
enum exam_answer { EXAM_ABSENT, EXAM_TRUE, EXAM_UNKNOWN, EXAM_FALSE };

/* Whom to trust; borrowed. */
struct exam_trust {
	const struct policy *policy;	/* logs and witnesses; NULL: none */
	const struct sign_public *node;	/* and its log; NULL: none */
	const struct jwks *keys;	/* NULL: none */
};

struct exam {
	struct json doc;		/* owned */
	enum exam_answer part[EXAM__PARTS];
	struct err said[EXAM__PARTS];	/* of those that are false */
	struct err why;			/* of the first that is false */
};

/*
 * Examine: exam_release(), in any case.  E_bad_json if it is none.
 * It is true if no part is false, and one that was signed is true: else
 * out->why is set, with the code of that part.
 */
int exam_receipt(struct exam *out, const char *text, size_t n,
    const struct exam_trust *, struct err *) CHECKED;
void exam_release(struct exam *);

/* The record of the verdict: the object stays open. */
void exam_write(struct buf *, const struct exam *, const char *file);

#endif
