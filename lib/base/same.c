#include <string.h>

#include "base/decimal.h"
#include "base/same.h"

#define BYTES_PER_WORK 64

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t
mix_bytes(uint64_t h, const char *s, size_t n)
{
	uint64_t word;
	size_t part;

	for (h = mix(h, n); n; s += part, n -= part) {
		word = 0;
		part = n < sizeof word ? n : sizeof word;
		memcpy(&word, s, part);
		h = mix(h, word);
	}
	return h;
}

static void
read_number(struct decimal *d, const struct json *v)
{
	const char *lexeme;
	size_t n;

	lexeme = json_lexeme(v, &n);
	decimal_read(d, lexeme, n);
}

uint64_t
same_hash_text(const char *s)
{
	return mix_bytes(JSON_STRING, s, strlen(s));
}

/* No deeper than JSON_DEPTH, as all that recurs here. */
uint64_t
same_hash(const struct json *v, int64_t *work)
{
	struct json it = { 0 };
	struct decimal d;
	const char *s;
	uint64_t h = json_kind(v);
	size_t i, n;

	if (--*work < 0)
		return 0;
	switch (json_kind(v)) {
	case JSON_NULL:
		break;
	case JSON_BOOL:
		h = mix(h, json_true(v));
		break;
	case JSON_NUMBER:
		read_number(&d, v);
		h = mix(mix(h, d.negative), (uint64_t)d.power);
		h = mix_bytes(h, d.digits, d.n);
		break;
	case JSON_STRING:
		s = json_string(v);
		n = strlen(s);
		*work -= (int64_t)(n / BYTES_PER_WORK);
		h = mix_bytes(h, s, n);
		break;
	case JSON_ARRAY:
		while (json_next(&it, v))
			h = mix(h, same_hash(&it, work));
		break;
	case JSON_OBJECT:
		for (i = 0; !json_sorted(&it, v, i); i++) {
			s = json_key(&it);
			n = strlen(s);
			*work -= (int64_t)(n / BYTES_PER_WORK);
			h = mix_bytes(h, s, n);
			h = mix(h, same_hash(&it, work));
		}
		break;
	}
	return h;
}

static bool
same_items(const struct json *a, const struct json *b, int64_t *work)
{
	struct json x = { 0 }, y = { 0 };

	if (json_count(a) != json_count(b))
		return false;
	while (json_next(&x, a) && json_next(&y, b))
		if (!same(&x, &y, work))
			return false;
	return true;
}

static bool
same_members(const struct json *a, const struct json *b, int64_t *work)
{
	const char *key;
	struct json x, y;
	size_t i;

	if (json_count(a) != json_count(b))
		return false;
	for (i = 0; !json_sorted(&x, a, i) && !json_sorted(&y, b, i); i++) {
		key = json_key(&x);
		*work -= (int64_t)(strlen(key) / BYTES_PER_WORK);
		if (strcmp(key, json_key(&y)) || !same(&x, &y, work))
			return false;
	}
	return true;
}

bool
same(const struct json *a, const struct json *b, int64_t *work)
{
	struct decimal x, y;
	const char *s;
	size_t n;

	if (json_kind(a) != json_kind(b) || --*work < 0)
		return false;
	switch (json_kind(a)) {
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return json_true(a) == json_true(b);
	case JSON_NUMBER:
		read_number(&x, a);
		read_number(&y, b);
		return decimal_compare(&x, &y) == 0;
	case JSON_STRING:
		s = json_string(a);
		n = strlen(s);
		*work -= (int64_t)(n / BYTES_PER_WORK);
		return !strcmp(s, json_string(b));
	case JSON_ARRAY:
		return same_items(a, b, work);
	case JSON_OBJECT:
		return same_members(a, b, work);
	}
	return false;
}
