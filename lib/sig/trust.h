/*
 * trust - whose signature counts, for what, and when: bzn-trust(5).
 *
 * A trust file has lines of principals, options and a key.  A key may stand
 * in several; it is trusted if one of them allows what is asked, unless it is
 * revoked in any.  Keys are named by their node id, which is enough where a
 * signature brings its public key, or given as they are.
 *
 * What the answer rests on is appended to a buffer of JSON strings, if one is
 * given.  Reading is for one thread, asking for any number.
 */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define TRUST_SELF "self"	/* the principal of the node's own key */

struct trust_line;

struct trust {
	struct trust_line *line;	/* owned; by key_id when sorted */
	size_t n, cap;
	bool sorted;
};

struct trust_ask {
	const char *key_id;
	const char *space;		/* of space.h */
	const char *principal;		/* who it must be, or NULL */
	int64_t at_ms;			/* the moment of which is asked */
	bool as_of;			/* it was given, and is not now */
};

/* Parse one line of text; blank ones and comments are passed over. */
int trust_add(struct trust *, const char *file, unsigned long number,
    const char *line, struct err *) CHECKED;

/*
 * Add the lines of a file, or of all files in a directory, in the order of
 * their names.  If there is none, that is no error unless it must be there.
 * E_bad_trust_line with file:line.
 */
int trust_file(struct trust *, const char *path, bool must, struct err *)
    CHECKED;
int trust_dir(struct trust *, const char *path, struct err *) CHECKED;

/* Trust a key for everything, such as that of this node. */
void trust_give(struct trust *, const char *principal, const char *where,
    const struct sign_public *);

/*
 * Trust the keys that replace trusted ones for the same: rotations, one a
 * line, in any order, of which TRUST_LINKS follow each other at most.  What
 * is signed by a key that nobody here trusts, or that was revoked for another
 * reason than that it was replaced, is passed over.  Sorts.  E_bad_json and
 * the like of a line that is no rotation, E_bad_signature of one that is not
 * signed by both keys.
 */
#define TRUST_LINKS 16
int trust_follow(struct trust *, const char *path, const char *lines,
    size_t n, struct err *) CHECKED;

/* Before the first question, once all is added. */
void trust_sort(struct trust *);
void trust_release(struct trust *);

/*
 * Is the key trusted for that?  *principal is its name, borrowed.
 * E_unknown_signer, E_revoked, E_wrong_namespace, E_expired, E_not_yet_valid.
 */
int trust_check(const struct trust *, const struct trust_ask *,
    const char **principal, struct buf *why, struct err *) CHECKED;

/* The public key of an id, if a line gives it or it is our own. */
bool trust_key(const struct trust *, const char *key_id,
    struct sign_public *out);

#endif
