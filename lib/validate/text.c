#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "validate/text.h"

/* Stop soon after the buffer has this length. */
static void
add_json(struct buf *b, const struct json *v, size_t most)
{
	char close = json_kind(v) == JSON_ARRAY ? ']' : '}';
	struct json it = { 0 };
	const char *s, *comma = "";
	size_t n;

	switch (json_kind(v)) {
	case JSON_NULL:
		buf_adds(b, "null");
		return;
	case JSON_BOOL:
		buf_adds(b, json_true(v) ? "true" : "false");
		return;
	case JSON_NUMBER:
		s = json_lexeme(v, &n);
		buf_add(b, s, n);
		return;
	case JSON_STRING:
		s = json_string(v);
		json_quote(b, s, utf8_first(s, strlen(s), most));
		return;
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	buf_addc(b, close == ']' ? '[' : '{');
	while (b->len < most && json_next(&it, v)) {
		buf_adds(b, comma);
		comma = ", ";
		if (close == '}') {
			s = json_key(&it);
			json_quote(b, s, utf8_first(s, strlen(s), most));
			buf_adds(b, ": ");
		}
		add_json(b, &it, most);
	}
	buf_addc(b, close);
}

void
text_json(struct buf *b, const struct json *v)
{
	add_json(b, v, SIZE_MAX);
}

void
text_cut(struct buf *b, const struct json *v, size_t characters)
{
	size_t from = b->len;

	add_json(b, v, from + 4 * characters);
	buf_cut(b, from + utf8_first(b->data + from, b->len - from,
	    characters));
}

/* The next character from s, which it is moved past. */
static unsigned
next(const char **s, size_t *n)
{
	size_t len;
	unsigned c = (unsigned char)**s;

	if (c < 0x80) {
		++*s;
		--*n;
		return c;
	}
	len = utf8_len(*s, *n);
	c = len ? utf8_number(*s, len) : 0xfffd;
	len += !len;
	*s += len;
	*n -= len;
	return c;
}

size_t
text_words(const char *s, size_t n)
{
	bool inside = false, space;
	size_t words = 0;

	while (n) {
		space = utf8_space(next(&s, &n));
		words += !space && !inside;
		inside = !space;
	}
	return words;
}

size_t
text_letters(const char *s, size_t n)
{
	size_t letters = 0;
	unsigned c;

	while (n) {
		c = next(&s, &n);
		letters += !utf8_space(c) && !(c >= '!' && c <= '@') &&
		    !(c >= '[' && c <= '`') && !(c >= '{' && c <= '~');
	}
	return letters;
}

bool
text_blank(const char *s, size_t n)
{
	while (n)
		if (!utf8_space(next(&s, &n)))
			return false;
	return true;
}
