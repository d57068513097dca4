/* A token or a set of keys is read or refused; no token is signed. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "sig/jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char ours[] = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
	    "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
	const struct jwt_rules rules = { .at_ms = 1 };
	const char *text = (const char *)data;
	struct jwks set = { 0 };
	const struct jwk *key;
	struct err e = { 0 };
	struct json root;
	struct jwt t;

	if (!json_parse(&root, ours, strlen(ours), &e)) {
		assert(!jwks_read(&set, &root, &e) && set.n == 1);
		json_release(&root);
	}
	if (!jwt_read(&t, text, n, &e))
		assert(jwt_check(&t, &set, &key, &e));
	jwt_release(&t);
	jwks_release(&set);
	if (json_parse(&root, text, n, &e))
		return 0;
	if (!jwks_read(&set, &root, &e))
		assert(set.n <= JWT_KEYS);
	if (jwt_claims(&root, &rules, &e))
		assert(e.kind == ERR_NO || e.kind == ERR_INPUT);
	jwks_release(&set);
	json_release(&root);
	return 0;
}
