#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

/* Ranges, not isalnum(): the locale must not decide where commas go. */
static bool
ends_value(char c)
{
	return c == '"' || c == ']' || c == '}' || (c >= '0' && c <= '9') ||
	    (c >= 'a' && c <= 'z');
}

static void
begin(struct buf *b, const char *key)
{
	if (b->len && ends_value(b->data[b->len - 1]))
		buf_addc(b, ',');
	if (key) {
		json_quote(b, key, strlen(key));
		buf_addc(b, ':');
	}
}

static void
escape(struct buf *b, char c)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *s;

	for (s = shorts; *s; s += 2) {
		if (*s == c) {
			buf_addc(b, '\\');
			buf_addc(b, s[1]);
			return;
		}
	}
	buf_addf(b, "\\u%04x", (unsigned)(unsigned char)c);
}

/* Most bytes of most texts, which stand for themselves. */
static bool
is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

void
json_quote(struct buf *b, const char *s, size_t n)
{
	size_t from = 0, i = 0, len;

	buf_addc(b, '"');
	while (i < n) {
		if (is_plain(s[i])) {
			i++;
			continue;
		}
		len = utf8_len(s + i, n - i);
		if (len > 1 || (len == 1 && (unsigned char)s[i] >= ' ' &&
		    s[i] != '"' && s[i] != '\\')) {
			i += len;
			continue;
		}
		buf_add(b, s + from, i - from);
		if (len)
			escape(b, s[i]);
		else
			buf_adds(b, "\xef\xbf\xbd");
		from = ++i;
	}
	buf_add(b, s + from, n - from);
	buf_addc(b, '"');
}

void
json_open(struct buf *b, const char *key, char bracket)
{
	begin(b, key);
	buf_addc(b, bracket);
}

void
json_close(struct buf *b, char bracket)
{
	buf_addc(b, bracket);
}

void
json_str(struct buf *b, const char *key, const char *s)
{
	json_strn(b, key, s, strlen(s));
}

void
json_str_if(struct buf *b, const char *key, const char *s)
{
	if (s)
		json_str(b, key, s);
}

void
json_null(struct buf *b, const char *key)
{
	begin(b, key);
	buf_adds(b, "null");
}

void
json_str_or_null(struct buf *b, const char *key, const char *s)
{
	if (s)
		json_str(b, key, s);
	else
		json_null(b, key);
}

void
json_field_or_null(struct buf *b, const char *key, const char *s)
{
	json_str_or_null(b, key, *s ? s : NULL);
}

void
json_raw_or_null(struct buf *b, const char *key, const char *json)
{
	if (json)
		json_raw(b, key, json, strlen(json));
	else
		json_null(b, key);
}

void
json_strn(struct buf *b, const char *key, const char *s, size_t n)
{
	begin(b, key);
	json_quote(b, s, n);
}

void
json_int(struct buf *b, const char *key, int64_t v)
{
	begin(b, key);
	buf_addf(b, "%" PRId64, v);
}

void
json_bool(struct buf *b, const char *key, bool v)
{
	begin(b, key);
	buf_adds(b, v ? "true" : "false");
}

void
json_raw(struct buf *b, const char *key, const char *bytes, size_t n)
{
	begin(b, key);
	buf_add(b, bytes, n);
}

void
json_copy(struct buf *b, const char *key, const struct json *value)
{
	struct json it = { 0 };
	const char *text;
	size_t n;

	begin(b, key);
	switch (json_kind(value)) {
	case JSON_NULL:
		buf_adds(b, "null");
		return;
	case JSON_BOOL:
		buf_adds(b, json_true(value) ? "true" : "false");
		return;
	case JSON_NUMBER:
		text = json_lexeme(value, &n);
		buf_add(b, text, n);
		return;
	case JSON_STRING:
		text = json_string(value);
		json_quote(b, text, strlen(text));
		return;
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	buf_addc(b, json_kind(value) == JSON_ARRAY ? '[' : '{');
	while (json_next(&it, value))
		json_copy(b, json_key(&it), &it);
	buf_addc(b, json_kind(value) == JSON_ARRAY ? ']' : '}');
}
