/*
 * statement - what a node says of its own key: that another replaces it, that
 * it is revoked (spec/node.md 3.4).
 *
 * Both are signed objects (domain.h).  A rotation carries the signatures of
 * the old key and of the new one over the same bytes, so that who trusts the
 * old one can follow a chain of them offline, to the key of today.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "crypto/sign.h"

#define STATEMENT_MAX 8192	/* bytes of one */
#define STATEMENT_REASON 200
#define STATEMENT_LINKS 16	/* of a chain */

/*
 * Append a statement, which must be all that the buffer holds; without a line
 * feed.  E_too_long for the reason; E_usage for it, and if the old key is the
 * new one.
 */
int statement_revoke(struct buf *, const struct sign_key *, int64_t at_ms,
    const char *reason, struct err *) CHECKED;
int statement_rotate(struct buf *, const struct sign_key *old,
    const struct sign_key *new, int64_t at_ms, const char *reason,
    struct err *) CHECKED;

/* E_bad_json; E_id_mismatch if it is of another key; E_bad_signature. */
int statement_revoke_check(const struct json *, const struct sign_public *,
    struct err *) CHECKED;

/*
 * The same, and E_bad_pem.  *new is the key that replaces the old one, which
 * is another: else E_bad_json.
 */
int statement_rotate_check(const struct json *, const struct sign_public *old,
    struct sign_public *new, struct err *) CHECKED;

/*
 * Follow rotations, one a line, from *key to the newest.  Those before the
 * first that replaces *key are passed over; if none does, nothing happens and
 * *links is 0.  As above, and E_too_long over STATEMENT_LINKS.
 */
int statement_follow(struct sign_public *key, int *links, const char *lines,
    size_t n, struct err *) CHECKED;

#endif
