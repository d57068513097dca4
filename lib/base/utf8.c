#include <string.h>

#include "base/utf8.h"

/* The Unicode standard, table 3-7: no overlong forms, no surrogates. */
size_t
utf8_len(const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned char low = 0x80, high = 0xbf;
	size_t i, len;

	if (!n)
		return 0;
	if (u[0] < 0x80)
		return 1;
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;
	len = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (len > n)
		return 0;
	switch (u[0]) {
	case 0xe0: low = 0xa0; break;
	case 0xed: high = 0x9f; break;
	case 0xf0: low = 0x90; break;
	case 0xf4: high = 0x8f; break;
	}
	if (u[1] < low || u[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if (u[i] < 0x80 || u[i] > 0xbf)
			return 0;
	return len;
}

unsigned
utf8_number(const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned c = n == 1 ? *u : *u & (0x7fU >> n);
	size_t i;

	for (i = 1; i < n; i++)
		c = c << 6 | (u[i] & 0x3fU);
	return c;
}

size_t
utf8_first(const char *s, size_t n, size_t most)
{
	size_t i, len;

	for (i = 0; i < n && most; i += len ? len : 1, most--)
		len = utf8_len(s + i, n - i);
	return i;
}

size_t
utf8_count(const char *s, size_t n)
{
	size_t i, len, count = 0;

	for (i = 0; i < n; i += len ? len : 1, count++)
		len = utf8_len(s + i, n - i);
	return count;
}

bool
utf8_space(unsigned c)
{
	return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) ||
	    c == 0x85 || c == 0xa0 || c == 0x1680 ||
	    (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	    c == 0x202f || c == 0x205f || c == 0x3000;
}

bool
utf8_steers(unsigned c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
	    c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

bool
utf8_plain(const char *s)
{
	size_t left = strlen(s), n;
	const unsigned char *p;

	for (; left; left -= n, s += n) {
		n = utf8_len(s, left);
		p = (const unsigned char *)s;
		if (!n || (n == 1 && (*p < ' ' || *p == 0x7f)) ||
		    (n == 2 && *p == 0xc2 && p[1] < 0xa0))
			return false;
	}
	return true;
}
