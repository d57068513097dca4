#include <assert.h>
#include <stdlib.h>

#include <sodium.h>

#include "crypto/mac.h"

void
mac_hmac(struct mac *out, const void *key, size_t nkey, const void *data,
    size_t n)
{
	crypto_auth_hmacsha256_state s;

	crypto_auth_hmacsha256_init(&s, key, nkey);
	crypto_auth_hmacsha256_update(&s, data, n);
	crypto_auth_hmacsha256_final(&s, out->b);
	sodium_memzero(&s, sizeof(s));
}

void
mac_blake(struct mac *out, const struct secret *key, const void *data,
    size_t n)
{
	assert(key->len >= crypto_generichash_KEYBYTES_MIN &&
	    key->len <= MAC_KEY);
	if (crypto_generichash(out->b, MAC_BYTES, data, n, key->data,
	    key->len))
		abort();
}

bool
mac_same(const void *a, const void *b, size_t n)
{
	return !sodium_memcmp(a, b, n);
}
