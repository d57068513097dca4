/*
 * jwt - signed tokens (RFC 7515, 7519) and the keys that check them
 * (RFC 7517), as spec/protocols.md 2.2 narrows them.
 *
 * The key decides the algorithm: one of Ed25519 takes EdDSA, also called
 * Ed25519, one of RSA takes RS256, and nothing else is taken.  Refused are
 * tokens that say where their key is, that have critical members, and those
 * whose base64url or JSON has another form than the one there is.
 */
#ifndef JWT_H
#define JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "crypto/rsa.h"
#include "crypto/sign.h"

#define JWT_MAX 65536		/* bytes of a token */
#define JWT_KID 256
#define JWT_KEYS 64
#define JWT_SKEW_MS 300000	/* that iat may be ahead */

struct jwk {
	bool rsa;
	char kid[JWT_KID];	/* "" none */
	struct sign_public ed;
	struct token_public token;
};

struct jwks {
	struct jwk *key;	/* owned */
	size_t n;
};

/*
 * A set of keys, or one.  Keys that are not for signatures, or of a type or
 * algorithm that is not known here, are passed over.  E_bad_jwks.
 */
int jwks_read(struct jwks *out, const struct json *, struct err *) CHECKED;
void jwks_release(struct jwks *);

struct jwt {
	char alg[16], typ[32], kid[JWT_KID];	/* typ, kid: "" none */
	struct buf payload;		/* owned; any bytes */
	const char *text;		/* borrowed: what is signed */
	size_t text_n;
	unsigned char sig[RSA_MOST];
	size_t sig_n;
};

/*
 * Take a compact token apart: jwt_release(), also after a failure.
 * E_bad_token if it is none; E_bad_header for crit, b64, jku, jwk, x5u, x5c.
 */
int jwt_read(struct jwt *out, const char *text, size_t n, struct err *)
    CHECKED;
void jwt_release(struct jwt *);

/*
 * Has a key of the set signed it?  *key is borrowed from there.
 * E_unknown_signer if the set lacks that kid, or has many keys where none is
 * named; E_bad_alg; E_bad_signature.
 */
int jwt_check(const struct jwt *, const struct jwks *, const struct jwk **key,
    struct err *) CHECKED;

struct jwt_rules {
	const char *aud, *iss;	/* iss may be NULL for any */
	int64_t at_ms;
};

/*
 * Do its claims hold?  An audience that is named must be ours, and must be
 * named if we have one.  E_bad_token, E_expired, E_not_yet_valid,
 * E_wrong_audience, E_wrong_issuer.
 */
int jwt_claims(const struct json *claims, const struct jwt_rules *,
    struct err *) CHECKED;

/* Append a token over a payload; by one key or the other. */
void jwt_make_ed(struct buf *out, const char *kid, const struct sign_key *,
    const char *payload, size_t n);
void jwt_make_rsa(struct buf *out, const char *kid, const struct token_key *,
    const char *payload, size_t n);

/* The same by RS256 of another type than "JWT": what signs other things. */
void jwt_make_typed(struct buf *out, const char *typ, const char *kid,
    const struct token_key *, const char *payload, size_t n);

#endif
