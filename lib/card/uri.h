/*
 * uri - a card short enough for a small QR code (spec/node.md 3.3).
 *
 *	bzn:1?k=KEY&n=NAME&e=ENDPOINT&s=SIGNATURE
 *
 * Key and signature in base64url; in the name all bytes but letters, digits
 * and - . _ ~ as %XX.  Signed is the text before "&s=".  Equal contents have
 * equal texts: no other spelling is accepted.
 */
#ifndef URI_H
#define URI_H

#include <stddef.h>

#include "base/err.h"
#include "card/fit.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

struct buf;
struct card;

#define URI_MAX 251		/* bytes: QR version 11 at level M */

struct uri {
	struct sign_public key;
	struct sign_sig signature;
	char node_id[HASH_HEX];		/* that of the key */
	char name[FIT_NAME + 1];
	char endpoint[FIT_ENDPOINT + 1];
};

/* Append that of a card, signed.  E_too_long. */
int uri_make(struct buf *out, const struct card *, const struct sign_key *,
    struct err *) CHECKED;

/* Read one of n bytes.  E_bad_uri, E_too_long. */
int uri_read(struct uri *out, const char *text, size_t n, struct err *)
    CHECKED;

/* Is it its key's own?  E_bad_signature. */
int uri_check(const struct uri *, struct err *) CHECKED;

/* Append it, as it was read. */
void uri_write(struct buf *out, const struct uri *);

#endif
