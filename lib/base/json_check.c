#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "base/json_check.h"
#include "base/mem.h"
#include "base/utf8.h"

struct check {
	const char *text;		/* borrowed */
	size_t n, at;
	int depth;
	struct json_places *places;	/* borrowed */
	struct err *e;			/* borrowed */
};

static int value(struct check *);

/* The byte so far ahead, or -1 past the end. */
static int
peek(const struct check *c, size_t ahead)
{
	if (ahead >= c->n - c->at)
		return -1;
	return (unsigned char)c->text[c->at + ahead];
}

static int
bad(const struct check *c, const char *what)
{
	if (c->at == c->n)
		what = "the text ends too soon";
	return err_set(c->e, E_bad_json, "byte %zu: %s", c->at, what);
}

static void
skip_space(struct check *c)
{
	int ch;

	while ((ch = peek(c, 0)) == ' ' || ch == '\t' || ch == '\n' ||
	    ch == '\r')
		c->at++;
}

static bool
digit(const struct check *c)
{
	return peek(c, 0) >= '0' && peek(c, 0) <= '9';
}

/* The code unit of a \uXXXX so far ahead, or -1: there is none. */
static int
code_unit(const struct check *c, size_t ahead)
{
	int ch, i, unit = 0;

	if (peek(c, ahead) != '\\' || peek(c, ahead + 1) != 'u')
		return -1;
	for (i = 0; i < 4; i++) {
		ch = peek(c, ahead + 2 + (size_t)i);
		if (ch >= '0' && ch <= '9')
			unit = unit * 16 + ch - '0';
		else if (ch >= 'a' && ch <= 'f')
			unit = unit * 16 + ch - 'a' + 10;
		else if (ch >= 'A' && ch <= 'F')
			unit = unit * 16 + ch - 'A' + 10;
		else
			return -1;
	}
	return unit;
}

static int
escape(struct check *c)
{
	int ch = peek(c, 1), unit, low;

	if (ch > 0 && strchr("\"\\/bfnrt", ch)) {
		c->at += 2;
		return 0;
	}
	unit = code_unit(c, 0);
	if (unit < 0)
		return bad(c, "not an escape sequence");
	/* A C string would end there, and so would what is compared. */
	if (unit == 0)
		return bad(c, "\\u0000 is not allowed");
	c->at += 6;
	if (unit < 0xd800 || unit > 0xdfff)
		return 0;
	low = code_unit(c, 0);
	if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) {
		c->at -= 6;
		return bad(c, "half a surrogate pair");
	}
	c->at += 6;
	return 0;
}

static int
string(struct check *c)
{
	size_t len;
	int ch;

	if (peek(c, 0) != '"')
		return bad(c, "a key in double quotes is expected");
	c->at++;
	while ((ch = peek(c, 0)) != '"') {
		if (ch == '\\') {
			if (escape(c))
				return -1;
			continue;
		}
		if (ch < ' ')
			return bad(c, "a control character in a string");
		len = utf8_len(c->text + c->at, c->n - c->at);
		if (!len)
			return bad(c, "not UTF-8");
		c->at += len;
	}
	c->at++;
	return 0;
}

static int
digits(struct check *c)
{
	if (!digit(c))
		return bad(c, "a digit is expected");
	while (digit(c))
		c->at++;
	return 0;
}

static int
number(struct check *c)
{
	size_t start = c->at;
	int ch;

	if (peek(c, 0) == '-')
		c->at++;
	if (peek(c, 0) == '0') {
		c->at++;
		if (digit(c))
			return bad(c, "a number begins with 0");
	} else if (digits(c))
		return -1;
	if (peek(c, 0) == '.') {
		c->at++;
		if (digits(c))
			return -1;
	}
	ch = peek(c, 0);
	if (ch == 'e' || ch == 'E') {
		c->at++;
		ch = peek(c, 0);
		if (ch == '+' || ch == '-')
			c->at++;
		if (digits(c))
			return -1;
	}
	c->places->long_number |= c->at - start > JSON_RAW_DIGITS;
	if (c->at - start > JSON_DIGITS) {
		c->at = start;
		return bad(c, "a number is longer than 127 bytes");
	}
	return 0;
}

static int
word(struct check *c, const char *w)
{
	size_t i;

	for (i = 0; w[i]; i++)
		if (peek(c, i) != w[i])
			return bad(c, "not a JSON value");
	c->at += i;
	return 0;
}

static int
member(struct check *c)
{
	if (string(c))
		return -1;
	skip_space(c);
	if (peek(c, 0) != ':')
		return bad(c, "a colon is expected");
	c->at++;
	return value(c);
}

/* An array or an object, from its opening to its closing bracket. */
static int
container(struct check *c, int (*item)(struct check *), int closing)
{
	if (++c->depth > JSON_DEPTH)
		return bad(c, "nested more than 64 deep");
	c->at++;
	skip_space(c);
	if (peek(c, 0) != closing) {
		for (;;) {
			if (item(c))
				return -1;
			skip_space(c);
			if (peek(c, 0) != ',')
				break;
			c->at++;
			skip_space(c);
		}
	}
	if (peek(c, 0) != closing)
		return bad(c, "a comma or the closing bracket is expected");
	c->at++;
	c->depth--;
	return 0;
}

static void
note_place(struct check *c)
{
	struct json_places *p = c->places;

	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 16;
		p->at = mem_grow(p->at, p->cap, sizeof *p->at);
	}
	p->at[p->n++] = (uint32_t)c->at;
}

/* The depth is bounded, so recursion is. */
static int
value(struct check *c)
{
	skip_space(c);
	note_place(c);
	switch (peek(c, 0)) {
	case '{':
		return container(c, member, '}');
	case '[':
		return container(c, value, ']');
	case '"':
		return string(c);
	case 't':
		return word(c, "true");
	case 'f':
		return word(c, "false");
	case 'n':
		return word(c, "null");
	case '-':
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return number(c);
	default:
		return bad(c, "not a JSON value");
	}
}

int
json_check(struct json_places *places, const char *text, size_t n,
    struct err *e)
{
	struct check c = { .text = text, .n = n, .places = places, .e = e };

	if (n > JSON_MAX)
		return err_set(e, E_too_long, "JSON of %zu bytes: %d are the "
		    "most", n, JSON_MAX);
	if (value(&c))
		return -1;
	skip_space(&c);
	if (c.at < n)
		return bad(&c, "more follows after the value");
	return 0;
}
