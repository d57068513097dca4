/*
 * sign - Ed25519 keys and signatures (RFC 8032).
 *
 * One verifier for the whole toolkit, libsodium's: a signature with a
 * non-canonical S, and keys or points of small order, are refused, so that no
 * two nodes disagree (spec/node.md 2).
 */
#ifndef SIGN_H
#define SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/secret.h"

#define SIGN_SEED 32
#define SIGN_PUBLIC 32
#define SIGN_BYTES 64
#define SIGN_SPKI 113		/* bytes of a public key as a PEM file */

struct sign_public { uint8_t b[SIGN_PUBLIC]; };
struct sign_sig { uint8_t b[SIGN_BYTES]; };

struct sign_key {
	struct secret pair;		/* the seed, and the public key */
	struct sign_public pub;
};

/* Of a seed of SIGN_SEED bytes, which remains the caller's. */
void sign_key_of(struct sign_key *out, const struct secret *seed);
void sign_key_new(struct sign_key *out);
void sign_key_release(struct sign_key *);	/* accepts a zeroed one */

void sign_make(struct sign_sig *out, const struct sign_key *,
    const void *text, size_t n);
bool sign_check(const struct sign_sig *, const struct sign_public *,
    const void *text, size_t n);

void sign_public_of(struct sign_public *out, const struct secret *seed);

/*
 * The public key as SubjectPublicKeyInfo in PEM (RFC 8410), as other tools
 * write it.  A file with one other byte than these is refused: node ids are
 * hashes of it.
 */
void sign_spki(char out[SIGN_SPKI + 1], const struct sign_public *);
bool sign_spki_read(struct sign_public *out, const void *text, size_t n);

#endif
