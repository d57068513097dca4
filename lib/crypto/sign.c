#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

#include "crypto/sign.h"

void
sign_public_of(struct sign_public *out, const struct secret *seed)
{
	struct secret pair;

	assert(seed->len == SIGN_SEED);
	secret_init(&pair, crypto_sign_SECRETKEYBYTES);
	crypto_sign_seed_keypair(out->b, pair.data, seed->data);
	secret_release(&pair);
}

/* Fails only for want of memory. */
void
sign_pem(struct secret *out, const struct secret *seed)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    seed->data, seed->len);
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text;
	long n;

	if (!key || !bio || !PEM_write_bio_PKCS8PrivateKey(bio, key, NULL,
	    NULL, 0, NULL, NULL))
		abort();
	n = BIO_get_mem_data(bio, &text);
	secret_init(out, (size_t)n);
	memcpy(out->data, text, (size_t)n);
	out->len = (size_t)n;
	BIO_free_all(bio);
	EVP_PKEY_free(key);
}

int
sign_pem_public(struct sign_public *out, const struct secret *pem)
{
	BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->len);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) :
	    NULL;
	size_t n = sizeof(out->b);
	int rc = -1;

	if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 &&
	    EVP_PKEY_get_raw_public_key(key, out->b, &n) == 1)
		rc = 0;
	EVP_PKEY_free(key);
	BIO_free(bio);
	return rc;
}
