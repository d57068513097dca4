/*
 * trail - the keys of a log over its life: the one of leaf 0, and those that
 * log.key leaves put in its place (spec/ledger.md 5.8).
 *
 * It is a fold of the leaves and believes none: each key has said so itself
 * and, where the log is certified, the node has signed it.  A checkpoint of
 * size n is the log's if the newest key below n has signed it.
 */
#ifndef TRAIL_H
#define TRAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "key/logcert.h"
#include "ledger/leaf.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

struct store;

enum trail_reason { TRAIL_SCHEDULED, TRAIL_COMPROMISED, TRAIL_LOST };

struct trail_key {
	struct note_key key;
	int64_t seq, at_ms;		/* of the leaf that brought it */
	enum trail_reason reason;	/* why it replaced the one before */
};

struct trail {
	char origin[CHECKPOINT_ORIGIN];
	bool certified;			/* by the node that cert names */
	struct logcert cert;		/* of the first key */
	struct sign_public node;
	struct trail_key *key;		/* owned; the first is leaf 0's */
	size_t n;
};

/*
 * Fold one leaf of the log, in order; most are none of its business.
 * E_bad_signature and E_id_mismatch for a certificate, and for a log.key
 * that its key or the node has not signed; E_wrong_state for one that does
 * not replace the key in use; E_bad_json and E_bad_vkey for what is no such
 * statement.
 */
int trail_add(struct trail *, const struct entry *, struct err *) CHECKED;

/* Could it be of this trail's business?  Few leaves need be parsed. */
bool trail_concerns(const void *leaf, size_t n);

/*
 * The trail of a committed log; where rotations stand is noted in the store
 * by trail_keep_in(), so only what came since is looked through.
 * E_no_ledger, and as trail_add().
 */
int trail_load(struct trail *, struct store *, int64_t size, struct err *)
    CHECKED;
int trail_keep_in(const struct trail *, struct store *, int64_t size,
    struct err *) CHECKED;

/* The key in use when the log had size leaves; there is one from 1 on. */
const struct trail_key *trail_at(const struct trail *, int64_t size);

/* The statement of a new key: as log.key, not yet posted. */
const char *trail_reason_word(enum trail_reason);
int trail_reason_named(const char *word, enum trail_reason *);	/* 1 or 0 */

void trail_release(struct trail *);

#endif
