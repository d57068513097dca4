#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"
#include "sig/jwt.h"

static const char *
text(const struct json *key, const char *name)
{
	struct json value;

	return json_find(&value, key, name) ? json_string(&value) : NULL;
}

/* Is it meant to check signatures, by an algorithm that we have? */
static bool
is_for_us(const struct json *key, bool rsa)
{
	const char *use = text(key, "use"), *alg = text(key, "alg");
	struct json ops, op = { 0 };
	bool verify = false;

	if (use && strcmp(use, "sig"))
		return false;
	if (alg && (rsa ? strcmp(alg, "RS256") != 0 : strcmp(alg, "EdDSA") &&
	    strcmp(alg, "Ed25519")))
		return false;
	if (!json_find(&ops, key, "key_ops"))
		return true;
	while (json_next(&op, &ops))
		verify |= json_string(&op) &&
		    !strcmp(json_string(&op), "verify");
	return verify;
}

static int
number(const struct json *key, const char *name, unsigned char *out,
    size_t max, size_t *n, struct err *e)
{
	const char *s = text(key, name);

	if (!s || !enc_unbase64url(out, max, n, s, strlen(s)))
		return err_set(e, E_bad_jwks, "'%s' of a key is not "
		    "base64url, or too long", name);
	return 0;
}

static int
read_rsa(struct jwk *k, const struct json *key, struct err *e)
{
	unsigned char n[RSA_MOST], x[RSA_EXPONENT];
	size_t n_len, x_len;
	struct err why = { 0 };

	if (number(key, "n", n, sizeof(n), &n_len, e) ||
	    number(key, "e", x, sizeof(x), &x_len, e))
		return -1;
	return rsa_public_of(&k->token, n, n_len, x, x_len, &why) ?
	    err_set(e, E_bad_jwks, "%s", why.msg) : 0;
}

static int
read_ed(struct jwk *k, const struct json *key, struct err *e)
{
	size_t n;

	if (number(key, "x", k->ed.b, SIGN_PUBLIC, &n, e))
		return -1;
	return n == SIGN_PUBLIC ? 0 : err_set(e, E_bad_jwks, "'x' of a key "
	    "is not 32 bytes");
}

/* 1 with a key, 0 with one that is not for us, -1. */
static int
read_key(struct jwk *k, const struct json *key, struct err *e)
{
	const char *kty = text(key, "kty"), *kid = text(key, "kid");
	const char *crv = text(key, "crv");

	*k = (struct jwk){ .rsa = kty && !strcmp(kty, "RSA") };
	if (!kty)
		return err_set(e, E_bad_jwks, "a key has no kty");
	if (!k->rsa && (strcmp(kty, "OKP") || !crv || strcmp(crv, "Ed25519")))
		return 0;
	if (!is_for_us(key, k->rsa))
		return 0;
	if (kid && strlen(kid) >= sizeof(k->kid))
		return err_set(e, E_bad_jwks, "a kid is over %d bytes",
		    JWT_KID - 1);
	memcpy(k->kid, kid ? kid : "", kid ? strlen(kid) + 1 : 1);
	return (k->rsa ? read_rsa(k, key, e) : read_ed(k, key, e)) ? -1 : 1;
}

static int
add(struct jwks *set, const struct json *key, struct err *e)
{
	int got;

	if (set->n == JWT_KEYS)
		return err_set(e, E_bad_jwks, "over %d keys", JWT_KEYS);
	got = read_key(&set->key[set->n], key, e);
	set->n += got > 0;
	return got < 0 ? -1 : 0;
}

int
jwks_read(struct jwks *out, const struct json *root, struct err *e)
{
	struct json keys, one = { 0 };
	struct jwks set = {
		.key = mem_zero(JWT_KEYS, sizeof(struct jwk)),
	};
	int rc = 0;

	if (!json_find(&keys, root, "keys"))
		rc = add(&set, root, e);
	else if (json_kind(&keys) != JSON_ARRAY)
		rc = err_set(e, E_bad_jwks, "'keys' is not an array");
	else
		while (!rc && json_next(&one, &keys))
			rc = add(&set, &one, e);
	if (rc)
		jwks_release(&set);
	else
		*out = set;
	return rc;
}

void
jwks_release(struct jwks *s)
{
	free(s->key);
	*s = (struct jwks){ 0 };
}
