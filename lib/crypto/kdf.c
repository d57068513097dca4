#include <stdlib.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/kdf.h"

/* No product below overflows: each factor is checked to be under 2^27. */
#define FACTOR (UINT64_C(1) << 27)

static int
check_scrypt(const struct kdf *k, uint64_t memory, struct err *e)
{
	if (k->n < 2 || k->n & (k->n - 1) || !k->r || !k->p)
		return err_set(e, E_kdf_cost, "not parameters of scrypt");
	if (k->n >= FACTOR || k->r >= FACTOR || k->p >= FACTOR ||
	    k->n * k->r > KDF_WORK || k->n * k->r * k->p > KDF_WORK ||
	    128 * k->r * (k->n + k->p + 2) > memory)
		return err_set(e, E_kdf_cost, "scrypt with N %llu, r %llu, "
		    "p %llu would cost too much", (unsigned long long)k->n,
		    (unsigned long long)k->r, (unsigned long long)k->p);
	return 0;
}

int
kdf_check(const struct kdf *k, uint64_t memory, struct err *e)
{
	if (k->kind == KDF_SCRYPT)
		return check_scrypt(k, memory, e);
	if (!k->rounds)
		return err_set(e, E_kdf_cost, "no rounds of PBKDF2");
	if (k->rounds > KDF_ROUNDS)
		return err_set(e, E_kdf_cost, "%llu rounds of PBKDF2 are over "
		    "%d", (unsigned long long)k->rounds, KDF_ROUNDS);
	return 0;
}

static const EVP_MD *
digest(enum kdf_hash h)
{
	switch (h) {
	case KDF_SHA1:
		return EVP_sha1();
	case KDF_SHA224:
		return EVP_sha224();
	case KDF_SHA256:
		return EVP_sha256();
	case KDF_SHA384:
		return EVP_sha384();
	case KDF_SHA512:
		return EVP_sha512();
	}
	abort();
}

int
kdf_derive(struct secret *out, size_t n, const struct kdf *k,
    const struct secret *pass, struct err *e)
{
	struct secret key;
	int failed;

	secret_init(&key, n);
	key.len = n;
	/* OpenSSL's scrypt refuses files that are in use (spec/node.md 3.5). */
	if (k->kind == KDF_SCRYPT)
		failed = crypto_pwhash_scryptsalsa208sha256_ll(pass->data,
		    pass->len, k->salt, k->nsalt, k->n, (uint32_t)k->r,
		    (uint32_t)k->p, key.data, n);
	else
		failed = PKCS5_PBKDF2_HMAC((const char *)pass->data,
		    (int)pass->len, k->salt, (int)k->nsalt, (int)k->rounds,
		    digest(k->hash), (int)n, key.data) != 1;
	if (failed) {
		secret_release(&key);
		return err_set(e, E_out_of_memory, "cannot derive the key of "
		    "a passphrase");
	}
	*out = key;
	return 0;
}
