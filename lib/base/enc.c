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

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    "abcdefghijkmnopqrstuvwxyz";

/* Digits of so many bits each, the last filled up with zeros. */
static void
digits(struct buf *out, const void *data, size_t n, const char *digit,
    int width)
{
	const unsigned char *p = data;
	unsigned bits = 0;
	int have = 0;

	while (n--) {
		bits = bits << 8 | *p++;
		for (have += 8; have >= width; have -= width)
			buf_addc(out, digit[bits >> (have - width) &
			    ((1U << width) - 1)]);
	}
	if (have)
		buf_addc(out, digit[bits << (width - have) &
		    ((1U << width) - 1)]);
}

void
enc_base64(struct buf *out, const void *data, size_t n)
{
	digits(out, data, n, base64, 6);
	for (n %= 3; n && n < 3; n++)
		buf_addc(out, '=');
}

void
enc_base64url(struct buf *out, const void *data, size_t n)
{
	digits(out, data, n, base64url, 6);
}

void
enc_base32(struct buf *out, const void *data, size_t n)
{
	digits(out, data, n, base32, 5);
}

static bool
from_digits(void *out, size_t max, size_t *n, const char *text, size_t len,
    const char *digit, int width)
{
	unsigned char *p = out;
	unsigned bits = 0;
	const char *at;
	int have = 0;

	for (*n = 0; len--; text++) {
		at = *text ? strchr(digit, *text) : NULL;
		if (!at)
			return false;
		bits = bits << width | (unsigned)(at - digit);
		have += width;
		if (have < 8)
			continue;
		have -= 8;
		if (*n == max)
			return false;
		p[(*n)++] = (unsigned char)(bits >> have);
	}
	return have < width && !(bits & ((1U << have) - 1));
}

bool
enc_unbase64(void *out, size_t max, size_t *n, const char *text, size_t len)
{
	size_t end = len;

	while (end && len - end < 2 && text[end - 1] == '=')
		end--;
	return len % 4 == 0 &&
	    from_digits(out, max, n, text, end, base64, 6) &&
	    (3 - *n % 3) % 3 == len - end;
}

bool
enc_unbase64url(void *out, size_t max, size_t *n, const char *text,
    size_t len)
{
	return from_digits(out, max, n, text, len, base64url, 6);
}

bool
enc_unbase32(void *out, size_t max, size_t *n, const char *text, size_t len)
{
	return from_digits(out, max, n, text, len, base32, 5);
}

/* Long division; quadratic, which is fast enough for a key. */
void
enc_base58(struct buf *out, const void *data, size_t n)
{
	const unsigned char *p = data;
	unsigned char digit[90];	/* 64 bytes * log(256) / log(58) */
	size_t used = 0, i;
	unsigned carry;

	for (; n && !*p; n--, p++)
		buf_addc(out, *base58);
	while (n--) {
		carry = *p++;
		for (i = 0; i < used || carry; i++) {
			carry += i < used ? 256U * digit[i] : 0;
			digit[i] = (unsigned char)(carry % 58);
			carry /= 58;
			used = i < used ? used : i + 1;
		}
	}
	while (used)
		buf_addc(out, base58[digit[--used]]);
}
