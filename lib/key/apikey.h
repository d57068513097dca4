/*
 * apikey - API keys, and how little of them is kept (spec/vmp.md 1.2).
 *
 * A key is bn_NODE_SECRET, where the secret has 32 digits, or 48 for nodes of
 * the sandbox.  Kept is its BLAKE2b-256, keyed with identity/pepper: 128
 * random bits need no slow hash, and the pepper is not in the database.
 */
#ifndef APIKEY_H
#define APIKEY_H

#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

#define APIKEY_PEPPER 32

/* The pepper of the home, made at first need; secret_release(). */
int apikey_pepper(const char *home, struct secret *out, struct err *) CHECKED;

/* A new key, as text with a NUL behind it that is not counted. */
void apikey_new(struct secret *out, const char *node);

/* What is kept of it. */
void apikey_hash(char out[HASH_HEX], const struct secret *pepper,
    const void *key, size_t n);

/*
 * {"node_id","api_key","hash"}: a record with a secret in it, which is to be
 * released.
 */
void apikey_write(struct secret *out, const char *node,
    const struct secret *key, const char *hash);

#endif
