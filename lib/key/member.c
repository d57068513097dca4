#include <string.h>

#include "base/clock.h"
#include "key/ident.h"
#include "key/member.h"

int
member_v1(const struct json *o, struct err *e)
{
	int64_t v;

	if (json_get_int(o, "v", &v, e))
		return -1;
	return v == 1 ? 0 : json_fail(o, "v", E_bad_json, "is not 1", e);
}

int
member_id(const struct json *o, const char *key, char out[HASH_HEX],
    struct err *e)
{
	const char *id;

	if (json_get_str(o, key, &id, e))
		return -1;
	if (!ident_is_id(id))
		return json_fail(o, key, E_bad_json,
		    "is not 64 hex digits in lower case", e);
	memcpy(out, id, HASH_HEX);
	return 0;
}

int
member_id_of(const struct json *o, const char *key,
    const struct sign_public *of, struct err *e)
{
	char id[HASH_HEX], said[HASH_HEX];

	if (member_id(o, key, said, e))
		return -1;
	ident_id(id, of);
	return strcmp(said, id) ? json_fail(o, key, E_id_mismatch,
	    "is not the id of this key", e) : 0;
}

int
member_pem(const struct json *o, const char *key, struct sign_public *out,
    struct err *e)
{
	const char *pem;

	if (json_get_str(o, key, &pem, e))
		return -1;
	return sign_spki_read(out, pem, strlen(pem)) ? 0 : json_fail(o, key,
	    E_bad_pem, "is not the 113 bytes of an Ed25519 key as PEM", e);
}

int
member_time(const struct json *o, const char *key, int64_t *out,
    struct err *e)
{
	const char *text;
	struct err ignored;
	size_t n;

	if (json_get_str(o, key, &text, e))
		return -1;
	n = strlen(text);
	if (n < 20 || text[n - 1] != 'Z' || clock_parse(text, out, &ignored))
		return json_fail(o, key, E_bad_json,
		    "is not a time like 2026-11-20T06:52:52Z", e);
	return 0;
}
