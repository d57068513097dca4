/*
 * seal - secrets at rest: XChaCha20-Poly1305 with a random nonce, which is
 * kept in front.
 *
 * What a box belongs to, as the id of its row, is sealed with it, so that
 * boxes cannot be swapped.
 */
#ifndef SEAL_H
#define SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/secret.h"

#define SEAL_KEY 32
#define SEAL_MORE 40		/* bytes that a box is longer */

/* A key for one purpose, of a secret that others may be made of as well. */
void seal_key(struct secret *out, const struct secret *root,
    const char *purpose);

/* Seal n bytes for its owner; box has room for n + SEAL_MORE. */
void seal_close(uint8_t *box, const struct secret *key, const char *owner,
    const void *data, size_t n);

/*
 * Open a box of n bytes; out is the caller's, with a NUL behind it that is
 * not counted: secret_release().  E_bad_seal.
 */
int seal_open(struct secret *out, const struct secret *key,
    const char *owner, const uint8_t *box, size_t n, struct err *) CHECKED;

#endif
