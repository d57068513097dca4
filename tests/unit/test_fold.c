/* Folding of case (Unicode D144), white space, and counting characters. */
#include <stdint.h>

#include <unicase.h>

#include "tap.h"

#include "base/buf.h"
#include "base/fold.h"
#include "base/utf8.h"

static const char *
fold(const char *s)
{
	static struct buf b = BUF_INIT(1 << 16);

	buf_reset(&b);
	fold_add(&b, s, strlen(s));
	return b.data;
}

/* The UTF-8 of a code point. */
static size_t
put(char *out, unsigned c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	if (n == 1) {
		out[0] = (char)c;
		return 1;
	}
	for (i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf00U >> n & 0xff) | c);
	return n;
}

static void
test_known(void)
{
	IS(fold("Access DENIED 403!"), "access denied 403!");
	IS(fold("Stra\xc3\x9f" "e"), fold("STRASSE"));		/* sharp s */
	IS(fold("\xc5\xbf"), "s");				/* long s */
	IS(fold("\xe2\x84\xaa"), "k");				/* Kelvin */
	IS(fold("\xce\xa3\xcf\x83\xcf\x82"),
	    "\xcf\x83\xcf\x83\xcf\x83");			/* sigmas */
	IS(fold("\xc4\xb0"), "i\xcc\x87");			/* I, dotted */
	IS(fold("\xef\xac\x83"), "ffi");
	IS(fold("\xf0\x90\x90\x80"), "\xf0\x90\x90\xa8");
	IS(fold("I"), "i");				/* not Turkish */
	IS(fold("\xe1\xbe\xb3\xe4\xb8\xad"), "\xce\xb1\xce\xb9\xe4\xb8\xad");
	IS(fold(""), "");
	IS(fold("A\xff\xc3" "B"), "a\xff\xc3" "b");	/* as it is */
}

/* In parts or whole, as the library has it: each character, and a long text. */
static void
test_parts(void)
{
	static char text[5 * 0x110000];
	static uint8_t whole[3 * sizeof text];
	struct buf b = BUF_INIT(sizeof whole);
	size_t n = 0, len = sizeof whole;
	unsigned c;

	for (c = 1; c < 0x110000; c++)
		if (c < 0xd800 || c > 0xdfff) {
			if (c % 1021 == 0)
				text[n++] = 'X';
			n += put(text + n, c);
		}
	OK(n > 4000000);
	OK(u8_casefold((const uint8_t *)text, n, NULL, NULL, whole, &len) ==
	    whole);
	fold_add(&b, text, n);
	OK(!b.full && b.len == len && !memcmp(b.data, whole, len));
	buf_release(&b);
}

static void
test_space(void)
{
	static const unsigned ranges[][2] = {
		{ 0x09, 0x0d }, { 0x1c, 0x20 }, { 0x85, 0x85 },
		{ 0xa0, 0xa0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200a },
		{ 0x2028, 0x2029 }, { 0x202f, 0x202f }, { 0x205f, 0x205f },
		{ 0x3000, 0x3000 },
	};
	unsigned c, wrong = 0;
	size_t i;
	int in;

	for (c = 0; c < 0x110000; c++) {
		in = 0;
		for (i = 0; i < sizeof ranges / sizeof *ranges; i++)
			in |= c >= ranges[i][0] && c <= ranges[i][1];
		wrong += utf8_space(c) != in;
	}
	OK(wrong == 0);
	OK(!utf8_space(0x200b) && !utf8_space(0xfeff) && !utf8_space(0x180e));
}

static void
test_count(void)
{
	static const char text[] = "a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80z";

	OK(utf8_count(text, 11) == 5);
	OK(utf8_count(text, 0) == 0);
	OK(utf8_count("\xff\xc3x", 3) == 3);
	OK(utf8_first(text, 11, 0) == 0);
	OK(utf8_first(text, 11, 2) == 3);
	OK(utf8_first(text, 11, 4) == 10);
	OK(utf8_first(text, 11, 99) == 11);
}

int
main(void)
{
	test_known();
	test_parts();
	test_space();
	test_count();
	return DONE();
}
