#include <stdlib.h>

#include <openssl/evp.h>

#include "crypto/cipher.h"

bool
cipher_run(uint8_t *out, size_t *len, const EVP_CIPHER *cipher, bool encrypt,
    const uint8_t *key, const uint8_t *iv, const uint8_t *in, size_t n)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int some = 0, last = 0;
	bool good;

	if (!c)
		abort();
	good = EVP_CipherInit_ex(c, cipher, NULL, key, iv, encrypt) &&
	    EVP_CipherUpdate(c, out, &some, in, (int)n) &&
	    EVP_CipherFinal_ex(c, out + some, &last);
	*len = (size_t)some + (size_t)last;
	EVP_CIPHER_CTX_free(c);
	return good;
}
