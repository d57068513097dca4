#include <string.h>

#include "base/json.h"

int
json_fail(const struct json *v, const char *key, enum err_code code,
    const char *what, struct err *e)
{
	char where[JSON_WHERE];

	json_where(v, key, where);
	if (!*where)
		return err_set(e, code, "the document %s", what);
	return err_set(e, code, "'%s' %s", where, what);
}

int
json_want(const struct json *v, enum json_kind kind, struct err *e)
{
	static const char *const what[] = {
		[JSON_NULL] = "is not null",
		[JSON_BOOL] = "is not true or false",
		[JSON_NUMBER] = "is not a number",
		[JSON_STRING] = "is not a string",
		[JSON_ARRAY] = "is not an array",
		[JSON_OBJECT] = "is not an object",
	};

	if (json_kind(v) == kind)
		return 0;
	return json_fail(v, NULL, E_bad_json, what[kind], e);
}

/* The sum is kept negative, because INT64_MIN has no positive. */
int
json_to_int(const struct json *v, int64_t *out, struct err *e)
{
	const char *s;
	int64_t sum = 0;
	size_t i, n;
	bool minus;
	int digit;

	s = json_lexeme(v, &n);
	if (!s)
		return json_fail(v, NULL, E_bad_json, "is not an integer", e);
	minus = s[0] == '-';
	for (i = minus; i < n; i++) {
		digit = s[i] - '0';
		if (digit < 0 || digit > 9)
			return json_fail(v, NULL, E_bad_json,
			    "is not an integer written in digits", e);
		if (sum < (INT64_MIN + digit) / 10)
			return json_fail(v, NULL, E_bad_json,
			    "does not fit into 64 bits", e);
		sum = sum * 10 - digit;
	}
	if (!minus && sum == INT64_MIN)
		return json_fail(v, NULL, E_bad_json,
		    "does not fit into 64 bits", e);
	*out = minus ? sum : -sum;
	return 0;
}

bool
json_has(const struct json *object, const char *key)
{
	struct json v;

	return json_find(&v, object, key) && json_kind(&v) != JSON_NULL;
}

static int
require(struct json *out, const struct json *object, const char *key,
    struct err *e)
{
	if (json_want(object, JSON_OBJECT, e))
		return -1;
	if (!json_find(out, object, key))
		return json_fail(object, key, E_bad_json, "is missing", e);
	return 0;
}

int
json_get(struct json *out, const struct json *object, const char *key,
    enum json_kind kind, struct err *e)
{
	struct json v;

	if (require(&v, object, key, e) || json_want(&v, kind, e))
		return -1;
	*out = v;
	return 0;
}

int
json_get_str(const struct json *object, const char *key, const char **out,
    struct err *e)
{
	struct json v;

	if (json_get(&v, object, key, JSON_STRING, e))
		return -1;
	*out = json_string(&v);
	return 0;
}

int
json_get_int(const struct json *object, const char *key, int64_t *out,
    struct err *e)
{
	struct json v;

	if (require(&v, object, key, e))
		return -1;
	return json_to_int(&v, out, e);
}

int
json_get_bool(const struct json *object, const char *key, bool *out,
    struct err *e)
{
	struct json v;

	if (json_get(&v, object, key, JSON_BOOL, e))
		return -1;
	*out = json_true(&v);
	return 0;
}

/* That it is an object is checked even if nothing is required of it. */
static bool
absent(const struct json *object, const char *key)
{
	return json_kind(object) == JSON_OBJECT && !json_has(object, key);
}

int
json_opt_str(const struct json *object, const char *key, const char **out,
    struct err *e)
{
	return absent(object, key) ? 0 : json_get_str(object, key, out, e);
}

int
json_opt_int(const struct json *object, const char *key, int64_t *out,
    struct err *e)
{
	return absent(object, key) ? 0 : json_get_int(object, key, out, e);
}

int
json_opt_bool(const struct json *object, const char *key, bool *out,
    struct err *e)
{
	return absent(object, key) ? 0 : json_get_bool(object, key, out, e);
}

int
json_get_decimal(const struct json *object, const char *key,
    const char **out, struct err *e)
{
	struct json v;

	if (json_find(&v, object, key) && json_kind(&v) == JSON_NUMBER)
		return json_fail(&v, NULL, E_bad_json, "is a number: amounts "
		    "are strings, such as \"1.50\"", e);
	return json_get_str(object, key, out, e);
}

int
json_only(const struct json *object, const char *const *keys, struct err *e)
{
	const char *const *k;
	struct json member = { 0 };

	if (json_want(object, JSON_OBJECT, e))
		return -1;
	while (json_next(&member, object)) {
		for (k = keys; *k && strcmp(*k, json_key(&member)); k++)
			;
		if (!*k)
			return json_fail(&member, NULL, E_unknown_member,
			    "is not known here", e);
	}
	return 0;
}
