/*
 * A key that is read writes as a file that reads as the same key; to look
 * and to read find the same faults.  golden/*.pem are where to begin; their
 * passphrase is s3cret.  What asks for work is looked at only.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "crypto/pem.h"
#include "crypto/rsa.h"

#define ROUNDS 16		/* of PBKDF2, which are no work */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
put(struct secret *out, const void *bytes, size_t n)
{
	secret_init(out, n + 1);
	if (n)
		memcpy(out->data, bytes, n);
	out->len = n;
}

static void
again(struct sign_key *k)
{
	struct sign_key other;
	struct secret file;
	struct err e;

	assert(!pem_write(&file, k, NULL, &e));
	assert(!pem_read(&other, &file, NULL, &e));
	assert(!memcmp(&other.pub, &k->pub, sizeof(other.pub)));
	sign_key_release(&other);
	secret_release(&file);
	sign_key_release(k);
}

static void
token(const struct secret *file)
{
	struct token_public pub;
	struct token_key k;
	struct err e;

	if (rsa_spki_read(&pub, file->data, file->len, &e))
		assert(e.code == E_bad_pem || e.code == E_bad_key);
	if (rsa_pem_read(&k, file, &e))
		assert(e.code == E_bad_pem);
	else
		rsa_key_release(&k);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct secret file, pass;
	struct pem_info info;
	struct sign_key k;
	struct err e, same;

	put(&file, data, n);
	put(&pass, "s3cret", 6);
	if (pem_look(&info, &file, &e)) {
		assert(e.code == E_bad_pem || e.code == E_kdf_cost);
		assert(pem_read(&k, &file, &pass, &same));
		assert(e.code == same.code);
	} else if (!info.locked) {
		assert(!pem_read(&k, &file, NULL, &e));
		again(&k);
	} else if (info.rounds && info.rounds <= ROUNDS) {
		if (!pem_read(&k, &file, &pass, &e))
			again(&k);
		else
			assert(e.code == E_bad_passphrase ||
			    e.code == E_bad_pem);
	}
	token(&file);
	secret_release(&pass);
	secret_release(&file);
	return 0;
}
