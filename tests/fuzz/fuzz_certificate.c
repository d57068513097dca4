/*
 * A certificate is read or refused.  None is true that the key has not
 * signed; and what claims say is judged without a fault, whoever made them,
 * and true once more if they are written anew.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "cri/attest.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A key that has signed nothing: its modulus is 2^2048 - 1. */
static void
make_key(struct jwk *key)
{
	*key = (struct jwk){ .rsa = true, .kid = "k" };
	key->token.n_len = RSA_LEAST;
	memset(key->token.n, 0xff, RSA_LEAST);
	key->token.e_len = 3;
	memcpy(key->token.e, "\1\0\1", 3);
}

static void
check_token(const char *text, size_t n)
{
	struct jwk key;
	struct jwks keys = { &key, 1 };
	const struct certificate_ask ask = {
		.keys = &keys, .any_name = true, .at_ms = 1,
	};
	struct err e = { 0 };
	char kid[JWT_KID];
	struct json claims;

	make_key(&key);
	assert(certificate_check(&claims, kid, &ask, text, n, &e));
	assert(e.kind == ERR_NO || e.kind == ERR_INPUT);
}

static void
check_claims(const struct json *claims)
{
	struct buf out = BUF_INIT(2 * JSON_MAX);
	struct err e = { 0 };
	struct json again;

	if (attest_check(claims, &e)) {
		assert(e.kind == ERR_NO || e.kind == ERR_INPUT);
	} else {
		json_copy(&out, NULL, claims);
		assert(!json_parse(&again, out.data, out.len, &e));
		assert(!attest_check(&again, &e));
		json_release(&again);
	}
	buf_reset(&out);
	certificate_write(&out, claims, "k");
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	struct err e = { 0 };
	struct json root;

	check_token(text, n);
	if (!json_parse(&root, text, n, &e)) {
		check_claims(&root);
		json_release(&root);
	}
	return 0;
}
