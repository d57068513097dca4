/* What is hashed of a request under a key: spec/vmp.md 12.3. */
#include "tap.h"

#include "api/impl.h"
#include "key/imported.h"

static void
hashes(const char *want, const char *body, const char *path,
    const char *query)
{
	struct json root = { 0 };
	char hex[HASH_HEX];
	struct hash h;
	struct err e;

	OK(!json_parse(&root, body, strlen(body), &e));
	OK(!key_hash(&h, &root, path, query, &e));
	hash_hex(hex, &h);
	IS(hex, want);
	json_release(&root);
}

static void
requests(void)
{
	static const char vector[] =
	    "18dc2d1d16710ba70dc8d6261f15b23dbf255ec84da5deb41bd921ba18efd5d2";
	static const char path[] = "/v1/tasks/create";

	hashes(vector, "{\"skill_id\":\"s\",\"input_data\":{\"n\":1.5},"
	    "\"idempotency_key\":\"k\"}", path, NULL);
	hashes(vector, "{\"input_data\": {\"n\": 15e-1}, \"skill_id\": "
	    "\"\\u0073\"}", path, "");
	/* {"body":{},"path":"/p","query":"a=1&b=2&b=3"}, by sha256sum(1) */
	hashes("5c8809cec11e2b1fd01359f214021eb5"
	    "8f47318fd6999fc65205c0795ecf2168", "{}", "/p",
	    "b=3&a=1&&b=2");
}

static void
imported(void)
{
	static const char kept[] = "$pbkdf2-sha256$29000$"
	    "MDEyMzQ1Njc4OWFiY2RlZg$"
	    "Yvwo8JrmLnqdij2NIPLfe5tTuBJma9QIDGA5YNCR8C4";

	OK(imported_is(kept));
	OK(imported_fits(kept, "0123456789abcdef0123456789abcdef"));
	OK(!imported_fits(kept, "0123456789abcdef0123456789abcdee"));
	OK(!imported_fits(kept, ""));
	OK(!imported_is("$pbkdf2-sha256$29000$MDEy$"));
	OK(!imported_is("$pbkdf2-sha256$99999999$MDEyMzQ1Njc4OWFiY2RlZg$"
	    "Yvwo8JrmLnqdij2NIPLfe5tTuBJma9QIDGA5YNCR8C4"));
	OK(!imported_is("$pbkdf2-sha512$29000$MDEyMzQ1Njc4OWFiY2RlZg$"
	    "Yvwo8JrmLnqdij2NIPLfe5tTuBJma9QIDGA5YNCR8C4"));
	OK(!imported_is("e312d3678751d8974c4ff1899f57431e"
	    "6c2d992b19d92a28e1732762e82a22aa"));
}

int
main(void)
{
	requests();
	imported();
	return DONE();
}
