/*
 * sign - Ed25519 keys (RFC 8032).
 *
 * A private key is its seed of 32 bytes, in a struct secret.
 */
#ifndef SIGN_H
#define SIGN_H

#include <stdint.h>

#include "crypto/secret.h"

#define SIGN_SEED 32
#define SIGN_PUBLIC 32

struct sign_public { uint8_t b[SIGN_PUBLIC]; };

void sign_public_of(struct sign_public *out, const struct secret *seed);

/* The public half of a PEM file as sign_pem() writes it: 0, or -1. */
int sign_pem_public(struct sign_public *out, const struct secret *pem);

/* PKCS#8 in PEM, not encrypted (RFC 8410), as other tools read it. */
void sign_pem(struct secret *out, const struct secret *seed);

#endif
