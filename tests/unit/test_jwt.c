/*
 * Tokens: what is refused, and Wycheproof's json_web_signature, every result
 * of it decided.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/file.h"
#include "seed.h"
#include "sig/jwt.h"
#include "vectors.h"

#define KEY "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":" \
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"a\"}"
#define KEY_B "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":" \
	"\"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw\",\"kid\":\"b\"}"

static struct sign_key key;

static enum err_code
read_set(struct jwks *out, const char *text)
{
	struct err e = { 0 };
	struct json root;

	*out = (struct jwks){ 0 };
	OK(!json_parse(&root, text, strlen(text), &e));
	if (!jwks_read(out, &root, &e))
		e.code = E_ok;
	json_release(&root);
	return e.code;
}

static enum err_code
check(const char *token, size_t n, const struct jwks *set)
{
	const struct jwk *k;
	struct err e = { 0 };
	struct jwt t;

	if (!jwt_read(&t, token, n, &e) && !jwt_check(&t, set, &k, &e))
		e.code = E_ok;
	jwt_release(&t);
	return e.code;
}

/* Sign any header at all. */
static void
forge(struct buf *out, const char *header, const char *payload)
{
	struct sign_sig sig;

	buf_reset(out);
	enc_base64url(out, header, strlen(header));
	buf_addc(out, '.');
	enc_base64url(out, payload, strlen(payload));
	sign_make(&sig, &key, out->data, out->len);
	buf_addc(out, '.');
	enc_base64url(out, sig.b, sizeof(sig.b));
}

#define DID_TAIL "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"
#define DID "did:key:" DID_TAIL

static void
headers(void)
{
	static const struct { const char *text; enum err_code want; } row[] = {
		{ "{\"alg\":\"EdDSA\",\"kid\":\"a\"}", E_ok },
		{ "{\"alg\":\"Ed25519\",\"kid\":\"a\"}", E_ok },
		{ "{\"alg\":\"EdDSA\"}", E_ok },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"" A_ID "\"}", E_ok },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"did:key:z6MktwupdmLXVVqTzC"
		    "w4i46r4uGyosGXRnR3XjN4Zq7oMMsw\"}", E_ok },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"" DID "#" DID_TAIL "\"}",
		    E_ok },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"" DID "#\"}",
		    E_unknown_signer },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"" DID DID_TAIL "\"}",
		    E_unknown_signer },
		{ "{\"alg\":\"EdDSA\",\"kid\":"
		    "\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"}", E_ok },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"c\"}", E_unknown_signer },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"" B_ID "\"}",
		    E_unknown_signer },
		{ "{\"alg\":\"none\",\"kid\":\"a\"}", E_bad_alg },
		{ "{\"alg\":\"None\"}", E_bad_alg },
		{ "{\"alg\":\"HS256\",\"kid\":\"a\"}", E_bad_alg },
		{ "{\"alg\":\"RS256\",\"kid\":\"a\"}", E_bad_alg },
		{ "{\"alg\":\"ES256\"}", E_bad_alg },
		{ "{\"alg\":\"eddsa\"}", E_bad_alg },
		{ "{\"alg\":\"EdDSA \"}", E_bad_alg },
		{ "{\"alg\":\"EdDSAEdDSAEdDSAEdDSA\"}", E_bad_alg },
		{ "{\"alg\":\"EdDSA\",\"crit\":[\"exp\"]}", E_bad_header },
		{ "{\"alg\":\"EdDSA\",\"crit\":[]}", E_bad_header },
		{ "{\"alg\":\"EdDSA\",\"b64\":false}", E_bad_header },
		{ "{\"alg\":\"EdDSA\",\"b64\":true}", E_bad_header },
		{ "{\"alg\":\"EdDSA\",\"jku\":\"https://a\"}", E_bad_header },
		{ "{\"alg\":\"EdDSA\",\"x5u\":\"https://a\"}", E_bad_header },
		{ "{\"alg\":\"EdDSA\",\"x5c\":[]}", E_bad_header },
		{ "{\"alg\":\"EdDSA\",\"jwk\":" KEY "}", E_bad_header },
		{ "{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\"}", E_bad_token },
		{ "{\"alg\":\"none\",\"\\u0061lg\":\"EdDSA\"}", E_bad_token },
		{ "{\"alg\":1}", E_bad_token }, { "{}", E_bad_token },
		{ "{\"alg\":\"EdDSA\",\"kid\":1}", E_bad_token },
		{ "[]", E_bad_token }, { "", E_bad_token },
		{ "{\"alg\":\"EdDSA\"} x", E_bad_token },
	};
	struct buf token = BUF_INIT(JWT_MAX);
	struct jwks set;
	size_t i;

	OK(read_set(&set, "{\"keys\":[" KEY "]}") == E_ok && set.n == 1);
	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		forge(&token, row[i].text, "{}");
		if (check(token.data, token.len, &set) != row[i].want)
			printf("# %s\n", row[i].text);
		OK(check(token.data, token.len, &set) == row[i].want);
	}
	jwks_release(&set);
	OK(read_set(&set, "{\"keys\":[" KEY "," KEY_B "]}") == E_ok);
	forge(&token, "{\"alg\":\"EdDSA\"}", "{}");
	OK(check(token.data, token.len, &set) == E_unknown_signer);
	forge(&token, "{\"alg\":\"EdDSA\",\"kid\":\"b\"}", "{}");
	OK(check(token.data, token.len, &set) == E_bad_signature);
	jwks_release(&set);
	buf_release(&token);
}

/* One token has one text: no byte of it can be another. */
static void
forms(void)
{
	struct buf token = BUF_INIT(JWT_MAX), other = BUF_INIT(JWT_MAX);
	struct jwks set;
	size_t i;
	int c, taken = 0, cut = 0;
	char old;

	OK(read_set(&set, KEY) == E_ok && set.n == 1);
	jwt_make_ed(&token, "a", &key, "{\"a\":1}", 7);
	OK(check(token.data, token.len, &set) == E_ok);
	for (i = 0; i < token.len; i++) {
		cut += check(token.data, i, &set) == E_ok;
		old = token.data[i];
		for (c = 0; c < 256; c++) {
			token.data[i] = (char)c;
			taken += (char)c != old &&
			    check(token.data, token.len, &set) == E_ok;
		}
		token.data[i] = old;
	}
	OK(taken == 0 && cut == 0);
	buf_addf(&other, "%s.", token.data);
	OK(check(other.data, other.len, &set) == E_bad_token);
	buf_reset(&other);
	buf_addf(&other, "%s=", token.data);
	OK(check(other.data, other.len, &set) == E_bad_token);
	buf_reset(&other);
	buf_addf(&other, "%s\n", token.data);
	OK(check(other.data, other.len, &set) == E_bad_token);
	jwks_release(&set);
	buf_release(&token);
	buf_release(&other);
}

static void
sets(void)
{
	static const struct {
		const char *text;
		enum err_code want;
		size_t n;
	} row[] = {
		{ "{\"keys\":[]}", E_ok, 0 },
		{ "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}", E_ok, 0 },
		{ "{\"keys\":[{\"kty\":\"EC\"}," KEY "]}", E_ok, 1 },
		{ "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}", E_ok,
		    0 },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
		    E_bad_jwks, 0 },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", E_bad_jwks, 0 },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"enc\"}", E_ok,
		    0 },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"key_ops\":"
		    "[\"sign\"]}", E_ok, 0 },
		{ "{\"kty\":\"RSA\",\"alg\":\"PS256\"}", E_ok, 0 },
		{ "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
		    E_bad_jwks, 0 },
		{ "{\"keys\":{}}", E_bad_jwks, 0 },
		{ "{\"keys\":[1]}", E_bad_jwks, 0 },
		{ "{}", E_bad_jwks, 0 }, { "[]", E_bad_jwks, 0 },
	};
	struct jwks set;
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		OK(read_set(&set, row[i].text) == row[i].want);
		OK(set.n == row[i].n);
		jwks_release(&set);
	}
}

static void
claims(void)
{
	static const struct {
		const char *text, *aud, *iss;
		enum err_code want;
	} row[] = {
		{ "{}", NULL, NULL, E_ok },
		{ "{\"exp\":1001}", NULL, NULL, E_ok },
		{ "{\"exp\":1000}", NULL, NULL, E_expired },
		{ "{\"exp\":1000.5}", NULL, NULL, E_ok },
		{ "{\"exp\":\"1001\"}", NULL, NULL, E_bad_token },
		{ "{\"exp\":null}", NULL, NULL, E_bad_token },
		{ "{\"exp\":1e999}", NULL, NULL, E_bad_token },
		{ "{\"nbf\":1000}", NULL, NULL, E_ok },
		{ "{\"nbf\":1001}", NULL, NULL, E_not_yet_valid },
		{ "{\"iat\":1300}", NULL, NULL, E_ok },
		{ "{\"iat\":1301}", NULL, NULL, E_not_yet_valid },
		{ "{\"aud\":\"a\"}", NULL, NULL, E_wrong_audience },
		{ "{\"aud\":\"a\"}", "a", NULL, E_ok },
		{ "{\"aud\":\"a\"}", "b", NULL, E_wrong_audience },
		{ "{\"aud\":[\"b\",\"a\"]}", "a", NULL, E_ok },
		{ "{\"aud\":[]}", "a", NULL, E_wrong_audience },
		{ "{\"aud\":1}", "a", NULL, E_wrong_audience },
		{ "{}", "a", NULL, E_wrong_audience },
		{ "{\"iss\":\"i\"}", NULL, NULL, E_ok },
		{ "{\"iss\":\"i\"}", NULL, "i", E_ok },
		{ "{\"iss\":\"i\"}", NULL, "j", E_wrong_issuer },
		{ "{}", NULL, "i", E_wrong_issuer },
		{ "[]", NULL, NULL, E_bad_token },
	};
	struct json root;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(*row); i++) {
		const struct jwt_rules rules = {
			row[i].aud, row[i].iss, 1000000 };

		e = (struct err){ 0 };
		OK(!json_parse(&root, row[i].text, strlen(row[i].text), &e));
		if (!jwt_claims(&root, &rules, &e))
			e.code = E_ok;
		OK(e.code == row[i].want);
		json_release(&root);
	}
}

struct tally { int taken, refused, not_ours, wrong; };

/*
 * Ours is RS256 by a key that is for it; what others take and we do not is
 * counted as not ours.  Among the invalid are none that we may take.
 */
static void
decide(const struct json *group, const struct json *test, struct tally *n)
{
	struct jwks set = { 0 };
	struct err e = { 0 };
	const char *jws, *result, *alg = "", *ours = "RS256";
	struct json jwk;
	bool valid, want, got;

	OK(json_find(&jwk, group, "public") ||
	    json_find(&jwk, group, "private"));
	OK(!json_get_str(test, "jws", &jws, &e));
	OK(!json_get_str(test, "result", &result, &e));
	OK(!json_opt_str(&jwk, "alg", &alg, &e));
	valid = !strcmp(result, "valid");
	want = valid && !strcmp(alg, ours);
	got = !jwks_read(&set, &jwk, &e) &&
	    check(jws, strlen(jws), &set) == E_ok;
	n->taken += got;
	n->refused += !got && !valid;
	n->not_ours += !got && valid && !want;
	n->wrong += got != want;
	if (got != want)
		printf("# wrong about %s\n", jws);
	jwks_release(&set);
}

static void
wycheproof(void)
{
	struct json root, groups, group = { 0 }, tests, test;
	struct buf text = BUF_INIT(JSON_MAX);
	struct tally n = { 0 };
	struct err e = { 0 };

	if (vector_read(&text, "wycheproof/json_web_signature_test.json")) {
		SKIP(401, "JSON web signatures");
		return;
	}
	OK(!json_parse(&root, text.data, text.len, &e));
	OK(!json_get(&groups, &root, "testGroups", JSON_ARRAY, &e));
	while (json_next(&group, &groups)) {
		OK(!json_get(&tests, &group, "tests", JSON_ARRAY, &e));
		test = (struct json){ 0 };
		while (json_next(&test, &tests))
			decide(&group, &test, &n);
	}
	printf("# %d taken, %d invalid refused, %d of algorithms that are not "
	    "ours\n", n.taken, n.refused, n.not_ours);
	OK(n.wrong == 0);
	OK(n.taken + n.refused + n.not_ours == 401);
	OK(n.taken == 8);
	json_release(&root);
	buf_release(&text);
}

static void
rsa(void)
{
	struct buf token = BUF_INIT(JWT_MAX), jwk = BUF_INIT(4096);
	struct token_key k;
	struct jwks set;

	rsa_key_new(&k);
	jwt_make_rsa(&token, "r", &k, "{}", 2);
	buf_adds(&jwk, "{\"kty\":\"RSA\",\"kid\":\"r\",\"n\":\"");
	enc_base64url(&jwk, k.pub.n, k.pub.n_len);
	buf_adds(&jwk, "\",\"e\":\"");
	enc_base64url(&jwk, k.pub.e, k.pub.e_len);
	buf_adds(&jwk, "\"}");
	OK(read_set(&set, jwk.data) == E_ok && set.n == 1);
	OK(check(token.data, token.len, &set) == E_ok);
	token.data[token.len - 10] ^= 1;
	OK(check(token.data, token.len, &set) != E_ok);
	forge(&token, "{\"alg\":\"EdDSA\",\"kid\":\"r\"}", "{}");
	OK(check(token.data, token.len, &set) == E_bad_alg);
	jwks_release(&set);
	rsa_key_release(&k);
	buf_release(&token);
	buf_release(&jwk);
}

int
main(void)
{
	seed_key(&key, SEED_A);
	headers();
	forms();
	sets();
	claims();
	rsa();
	wycheproof();
	sign_key_release(&key);
	return DONE();
}
