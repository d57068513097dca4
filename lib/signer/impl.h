/*
 * impl - what the verbs share; for signer*.c only.
 */
#ifndef SIGNER_IMPL_H
#define SIGNER_IMPL_H

#include "base/line.h"
#include "crypto/sign.h"
#include "sig/check.h"
#include "signer/signer.h"

/*
 * The keys that count: those of --trust, or of --key alone, or else of the
 * machine, of the home, and the node's own.  trust_release().
 */
int signer_trust(struct cli *, const struct signer *, struct trust *,
    struct err *) CHECKED;

/* The node's key, with whatever passphrase it takes: sign_key_release(). */
int signer_key(struct cli *, struct signer *, struct sign_key *,
    struct err *) CHECKED;

/* A name out of a list: "-" is a file there, not standard input. */
const char *signer_listed(const char *name);

/* What a verb will write, behind the sandbox. */
enum signer_writes {
	SIGNER_NOTHING,
	SIGNER_HOME,		/* the store */
	SIGNER_BESIDE,		/* signatures, beside what is named */
};

/*
 * Shut the program in: when keys and passphrases are there, and before
 * anything is read that others have made.
 */
int signer_shut(struct cli *, const struct signer *, enum signer_writes,
    struct err *) CHECKED;

/* The moment of --at, or now. */
int signer_at(struct cli *, const struct signer *, int64_t *ms,
    struct err *) CHECKED;

/* A number of an option, from least to most; or other if it is NULL. */
int signer_number(const char *text, const char *option, int64_t least,
    int64_t most, int64_t other, int64_t *out, struct err *) CHECKED;

/*
 * Refuse, where --verify is not given, the options that are only for it: what
 * was to be verified would be signed, with status 0.  --at is one of them,
 * unless the verb signs as of then; at is NULL for those.  E_usage.
 */
int signer_signs(const struct signer *, const char *at, struct err *)
    CHECKED;

/* Print a verdict as a record, and return it as the error that it is. */
int signer_answer(struct cli *, const struct check *, struct err *) CHECKED;

/*
 * Remember in the store, until then, that this was accepted.  E_replayed;
 * E_stale if that has passed while the lock was waited for: then another may
 * have forgotten it already.
 */
int signer_once(struct cli *, const char *key_id, const char *nonce,
    int64_t until_ms, struct err *) CHECKED;

/* What a round is over: a signature, a signed object, a line of a list. */
struct signer_item {
	char *path;			/* owned */
	int64_t at_ms;			/* the moment that it is judged at */
	struct buf text;		/* of an object */
	struct hash want;		/* of a list */
	bool listed;
	struct check check;
	struct buf also;		/* more members of the record */
};

/*
 * One go over many items: each is checked, printed in the order in which
 * they came, and counted.
 */
struct signer_round {
	struct cli *cli;
	const struct signer *opts;
	struct trust trust;
	struct check_ask ask;

	/* The next item: 1, 0, -1. */
	int (*next)(struct signer_round *, struct signer_item *,
	    struct err *);
	/* Check it; in any thread. */
	void (*work)(const struct signer_round *, struct signer_item *);
	/* See a verdict that is about to be printed; may be NULL. */
	void (*seen)(struct signer_round *, const struct signer_item *);

	char **argv;			/* what is left of the operands */
	struct line in;			/* standard input */
	struct buf sums;		/* a manifest, and how far it is read */
	size_t used;
	unsigned long number;
	struct check signer;		/* of that manifest */
	struct content content;		/* of a quorum's file */
	struct buf voters;		/* principals and keys: see quorum */
	int64_t votes, needed;		/* of a quorum; needed 0: none */

	int64_t items, good;
	int64_t count[E__COUNT];
	struct err worst;		/* the first of the worst kind */
};

/* Begin, with all that the options say; then set next and work. */
int signer_round_open(struct signer_round *, struct cli *,
    const struct signer *, const char *space, struct err *) CHECKED;
void signer_round_close(struct signer_round *);

/* Check all; print the verdicts and the summary; return the worst. */
int signer_round_run(struct signer_round *, struct err *) CHECKED;

/* Print and count one verdict that was had elsewhere. */
int signer_round_give(struct signer_round *, struct signer_item *,
    struct err *) CHECKED;

/* The last line, and what the program ends with. */
int signer_round_sum(struct signer_round *, struct err *) CHECKED;

#endif
