#include <string.h>

#include "base/buf.h"
#include "base/enc.h"

void
enc_hex(char *out, const void *data, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *p = data;

	for (; n--; p++) {
		*out++ = digit[*p >> 4];
		*out++ = digit[*p & 15];
	}
	*out = '\0';
}

static int
value_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
enc_unhex(void *out, const char *text, size_t n)
{
	unsigned char *p = out;
	int high, low;

	if (strlen(text) != 2 * n)
		return false;
	for (; n--; text += 2) {
		high = value_of(text[0]);
		low = value_of(text[1]);
		if (high < 0 || low < 0)
			return false;
		*p++ = (unsigned char)(high << 4 | low);
	}
	return true;
}

void
enc_base64(struct buf *out, const void *data, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = data;
	unsigned long bits;
	size_t some, i;

	for (; n; p += some, n -= some) {
		some = n < 3 ? n : 3;
		bits = (unsigned long)p[0] << 16;
		bits |= some > 1 ? (unsigned long)p[1] << 8 : 0;
		bits |= some > 2 ? p[2] : 0;
		for (i = 0; i < 4; i++)
			buf_addc(out, i > some ? '=' :
			    digit[bits >> (18 - 6 * i) & 63]);
	}
}
