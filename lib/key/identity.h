/*
 * identity - the node's own key: made, restored, replaced, locked anew.
 *
 * An identity is node_private.pem, node_public.pem, node_id.txt, and
 * revocation.json, which its operator is to keep elsewhere.  What replaces
 * one goes to identity/old/NODE_ID/ first, so no key is ever lost.  All of
 * this is whole or has not happened: stage.h.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "key/key.h"

#define IDENTITY_CHAIN "rotations.jsonl"	/* all of them, a line each */
#define IDENTITY_CHAIN_MAX (1 << 20)

enum identity_state {
	IDENTITY_NONE,
	IDENTITY_WHOLE,		/* as far as one sees without a passphrase */
	IDENTITY_HALF,		/* node_private.pem without a public part */
	IDENTITY_PUBLIC,	/* the reverse */
};

/* A key that is to become the node's. */
struct identity_new {
	const struct sign_key *key;
	const struct secret *passphrase;
	int64_t at_ms;
};

enum identity_state identity_look(const char *home);

/*
 * Finish or drop what an interrupted change has left: 1 if it was finished,
 * 0 if there was nothing to finish.  E_lock_timeout.
 */
int identity_settle(const char *home, struct err *) CHECKED;

/*
 * Make the identity.  E_id_conflict if there is one, or a part of one, unless
 * it is to be replaced: then the old files are kept aside.
 */
int identity_create(const char *home, const struct identity_new *,
    bool replace, struct err *) CHECKED;

/*
 * Write the public part that IDENTITY_HALF lacks, and the revocation, for
 * both of which the key must be opened.  As key_node().
 */
int identity_restore(const char *home, key_ask *ask, void *arg, int64_t at_ms,
    struct err *) CHECKED;

/*
 * Put a new key in the place of the old one, which is open, and append the
 * statement of both.  It is added to IDENTITY_CHAIN as well.
 */
int identity_rotate(const char *home, const struct sign_key *old,
    const struct identity_new *, const char *reason, struct buf *statement,
    struct err *) CHECKED;

/*
 * Follow all rotations of this home from its first key, which is kept, to
 * that of today.  As statement_follow(), but of any number of links.
 */
int identity_chain(const char *home, int *links, struct err *) CHECKED;

/*
 * Lock the same key with another passphrase.  E_lock_timeout if it is no
 * longer the key of this home.
 */
int identity_lock(const char *home, const struct sign_key *,
    const struct secret *passphrase, struct err *) CHECKED;

#endif
