/*
 * judge - are these receipts true?  Offline, without a ledger.
 *
 * Each is judged in this order: form; signatures and quorum; path; the leaf
 * parses and its seq is its index.  Trust comes from outside: keys of logs
 * and witnesses, or the key of a node, which vouches for those of its log.
 *
 * Keys are learned on the way.  A receipt of leaf 0, or of a log.key, holds
 * a certificate: with a node trusted, its keys are believed.  And a log.key
 * that a trusted key covers leads from the old key to the new one, which is
 * how who knows only the old one gets across a rotation (spec/ledger.md 5.8).
 * Where a log.key that holds says that the old key is compromised, what that
 * key alone has signed is not believed.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "tlog/policy.h"
#include "tlog/receipt.h"

struct judged {
	const char *file;		/* for people; borrowed */
	struct buf text;		/* owned */
	struct receipt receipt;		/* into text */
	struct err why;			/* kind 0 as long as it has the form */
};

struct judge {
	struct policy policy;		/* set by the caller, then grown */
	bool has_node;
	struct sign_public node;
	struct judged *one;		/* owned */
	size_t n;
};

/* Start with nobody trusted; the policy may then be set or added to. */
void judge_init(struct judge *);
void judge_release(struct judge *);

/* Trust the node, and so the log of this certificate if it is not NULL. */
void judge_node(struct judge *, const struct sign_public *);
int judge_certificate(struct judge *, const struct json *, struct err *)
    CHECKED;

/* Take a receipt: judge takes the text.  What is wrong is told later. */
void judge_add(struct judge *, const char *file, struct buf *text);
void judge_fail(struct judge *, const char *file, const struct err *);

/* When all are there: learn what they say of keys. */
int judge_learn(struct judge *, struct err *) CHECKED;

/*
 * The verdict on one, and its record: file, result (true, false or unknown),
 * and of a true one origin, index, size, signed_by, cosigned_by and entry; of
 * others status, code and message.  The object stays open.
 */
void judge_write(struct judge *, size_t i, struct buf *out, struct err *why);

/* Of two verdicts: the first present of 1 7 6 5 4 3 9 (6.2). */
enum err_kind judge_worse(enum err_kind, enum err_kind);

#endif
