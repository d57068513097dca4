/*
 * rsa - RSA keys for tokens: RS256, which is PKCS#1 v1.5 with SHA-256
 * (RFC 7518, 3.3; RFC 8017, 8.2).
 *
 * A modulus has 2048 to 4096 bits, an exponent is odd and at least 65537.
 * The private key is kept as the DER of its file, in locked memory, and is
 * OpenSSL's for the time of one signature.
 */
#ifndef RSA_H
#define RSA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"

#define RSA_LEAST 256		/* bytes of a modulus */
#define RSA_MOST 512
#define RSA_EXPONENT 8

/* Numbers with the big end first, and no zeroes before it, as in a JWK. */
struct token_public {
	uint8_t n[RSA_MOST], e[RSA_EXPONENT];
	size_t n_len, e_len;
};

struct token_key {
	struct secret der;	/* RSAPrivateKey (RFC 8017, A.1.2) */
	struct token_public pub;
};

struct token_sig {
	uint8_t b[RSA_MOST];
	size_t len;		/* that of the modulus */
};

/* A new key of 2048 bits: rsa_key_release().  Takes 0.1 s, or some more. */
void rsa_key_new(struct token_key *out);
void rsa_key_release(struct token_key *);	/* accepts a zeroed one */

/*
 * PKCS#8 in PEM, not encrypted.  What is read is checked to be a whole key,
 * which takes 25 ms: E_bad_pem.  Both results are the caller's, to be
 * released.
 */
void rsa_pem(struct secret *out, const struct token_key *);
int rsa_pem_read(struct token_key *out, const struct secret *file,
    struct err *) CHECKED;

/* E_bad_key for numbers that make no key as above, or begin with a zero. */
int rsa_public_of(struct token_public *out, const void *n, size_t n_len,
    const void *ex, size_t e_len, struct err *) CHECKED;

/* SubjectPublicKeyInfo in PEM, appended; and read: E_bad_pem, E_bad_key. */
void rsa_spki(struct buf *out, const struct token_public *);
int rsa_spki_read(struct token_public *out, const void *text, size_t n,
    struct err *) CHECKED;

void rsa_sign(struct token_sig *out, const struct token_key *,
    const void *data, size_t n);

/* One encoding of a hash only: that with the NULL of RFC 8017, A.2.4. */
bool rsa_check(const void *sig, size_t sig_len, const struct token_public *,
    const void *data, size_t n);

#endif
