/*
 * once - a request under a key acts once, however often it is made.
 *
 * The answer is kept in the transaction of the effect, beside a hash of the
 * canonical request (spec/protocols.md 2.3).  Only what succeeded is kept: a
 * refused request does not use up its key.  The scope says what is done and
 * for whom, so that no caller meets another's keys.
 */
#ifndef ONCE_H
#define ONCE_H

#include <stdint.h>

#include "base/err.h"

struct buf;
struct hash;
struct json;
struct store;

struct once {
	const char *scope, *key;	/* borrowed; key 1 to 128 characters */
	const struct json *request;	/* hashed in RFC 8785 form */
	const struct hash *hash;	/* or, if not NULL, its hash already */
	int *status;			/* of HTTP: kept, or found; NULL: 200 */
};

/* The hash of a request, for those who hand it to another thread. */
int once_hash(struct hash *out, const struct json *request, struct err *)
    CHECKED;

/* Is it one that once_find_in() would take? */
int once_check_key(const char *key, struct err *) CHECKED;

/*
 * 1, and the kept answer appended to out; 0 if the key is new; -1 with
 * E_id_conflict if it was used for another request, E_bad_id if it is none.
 */
int once_find_in(struct store *, const struct once *, struct buf *out,
    struct err *) CHECKED;
int once_keep_in(struct store *, const struct once *, const char *answer,
    int64_t now_ms, struct err *) CHECKED;

#endif
