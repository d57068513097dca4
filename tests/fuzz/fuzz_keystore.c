/*
 * Wallet files of both kinds.  Without a passphrase a keystore is checked and
 * nothing derived from it, so that no input can ask for work; what passes is
 * JSON that still passes when it is written again.  golden/wallet* are where
 * to begin.
 */
#include <assert.h>
#include <stdint.h>

#include "base/json.h"
#include "crypto/keystore.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static enum err_code
check(const void *text, size_t n)
{
	struct wallet_key k;
	struct err e;

	assert(keystore_read(&k, text, n, NULL, &e));
	assert(e.code == E_bad_key || e.code == E_kdf_cost ||
	    e.code == E_bad_passphrase);
	return e.code;
}

static void
again(const char *text, size_t n, enum err_code code)
{
	struct buf out = BUF_INIT(JSON_MAX);
	struct json root;
	struct err e;

	assert(!json_parse(&root, text, n, &e));
	json_copy(&out, NULL, &root);
	assert(check(out.data, out.len) == code);
	json_release(&root);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	struct wallet_address a;
	struct wallet_key k;
	struct secret pass;
	enum err_code code;
	struct err e;

	code = check(text, n);
	if (code != E_bad_key)
		again(text, n, code);
	if (keystore_address(&a, text, n, &e))
		assert(e.code == E_bad_key);
	secret_random(&pass, 8);
	if (keystore_read_fernet(&k, text, n, &pass, &e))
		assert(e.code == E_bad_key || e.code == E_bad_passphrase);
	else
		wallet_key_release(&k);
	secret_release(&pass);
	return 0;
}
