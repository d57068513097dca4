/*
 * The low-level calls are marked as deprecated, yet they are the ones to use:
 * EVP costs 0.7 ms more at the start of every program, which fetches an
 * algorithm to hash a leaf or two, and is no faster (0.15 us a leaf).
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <assert.h>

#include <openssl/sha.h>

#include "base/enc.h"
#include "crypto/hash.h"

void
hash_of_two(struct hash *out, const void *a, size_t na, const void *b,
    size_t nb)
{
	SHA256_CTX c;

	SHA256_Init(&c);
	SHA256_Update(&c, a, na);
	SHA256_Update(&c, b, nb);
	SHA256_Final(out->b, &c);
}

void
hash_of(struct hash *out, const void *data, size_t n)
{
	hash_of_two(out, data, n, NULL, 0);
}

void
hash_512_of(struct hash_512 *out, const void *data, size_t n)
{
	SHA512(data, n, out->b);
}

static_assert(sizeof(SHA256_CTX) <= sizeof(struct hash_run), "room");

void
hash_start(struct hash_run *r)
{
	SHA256_Init((void *)r->state);
}

void
hash_add(struct hash_run *r, const void *data, size_t n)
{
	SHA256_Update((void *)r->state, data, n);
}

void
hash_end(struct hash *out, struct hash_run *r)
{
	SHA256_Final(out->b, (void *)r->state);
}

static_assert(sizeof(SHA512_CTX) <= sizeof(struct hash_512_run), "room");

void
hash_512_start(struct hash_512_run *r)
{
	SHA512_Init((void *)r->state);
}

void
hash_512_add(struct hash_512_run *r, const void *data, size_t n)
{
	SHA512_Update((void *)r->state, data, n);
}

void
hash_512_end(struct hash_512 *out, struct hash_512_run *r)
{
	SHA512_Final(out->b, (void *)r->state);
}

void
hash_hex(char out[HASH_HEX], const struct hash *h)
{
	enc_hex(out, h->b, HASH_BYTES);
}
