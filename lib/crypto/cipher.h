/*
 * cipher - OpenSSL's ciphers, whole texts at once; for lib/crypto only.
 */
#ifndef CIPHER_H
#define CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evp_cipher_st;

#define CIPHER_BLOCK 32		/* more than any block */

/*
 * Encrypt, or decrypt, n bytes; key and iv are as long as the cipher wants
 * them, out has room for n + CIPHER_BLOCK, *len is what was written.  False
 * if the padding of what is decrypted is wrong.
 */
bool cipher_run(uint8_t *out, size_t *len, const struct evp_cipher_st *,
    bool encrypt, const uint8_t *key, const uint8_t *iv, const uint8_t *in,
    size_t n);

#endif
