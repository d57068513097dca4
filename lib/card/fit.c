#include <string.h>

#include "base/enc.h"
#include "base/utf8.h"
#include "card/fit.h"
#include "crypto/wallet.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define HOST_MAX 253
#define LABEL_MAX 63
#define ID_LABEL 52			/* base32 of a node_id */

bool
fit_text(const char *s, size_t most)
{
	size_t n = strlen(s);

	return n && n <= most && utf8_plain(s);
}

/*
 * Default_Ignorable_Code_Point of the Unicode standard, in which are those of
 * no width and those for the direction of writing; the ends of lines and
 * paragraphs; the blanks that look like the usual one; and annotations.
 */
static bool
is_unseen(unsigned ch)
{
	static const struct { unsigned first, last; } unseen[] = {
		{ 0xa0, 0xa0 }, { 0xad, 0xad }, { 0x34f, 0x34f },
		{ 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x1680, 0x1680 },
		{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x2000, 0x200f },
		{ 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x2800, 0x2800 },
		{ 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};
	size_t i;

	for (i = 0; i < sizeof(unseen) / sizeof(*unseen); i++)
		if (ch >= unseen[i].first && ch <= unseen[i].last)
			return true;
	return false;
}

/* The wide one, of Chinese and Japanese, is seen for what it is. */
static bool
is_blank(unsigned ch)
{
	return ch == ' ' || ch == 0x3000;
}

bool
fit_name(const char *s)
{
	size_t n, left = strlen(s);
	bool blank = true;
	unsigned ch;

	if (!fit_text(s, FIT_NAME))
		return false;
	for (; left; s += n, left -= n) {
		n = utf8_len(s, left);
		ch = utf8_number(s, n);
		if (is_unseen(ch) || (blank && is_blank(ch)))
			return false;
		blank = is_blank(ch);
	}
	return !blank;
}

/* Labels of letters, digits and hyphens, parted by single dots. */
static bool
is_host(const char *s, size_t n)
{
	size_t len;

	if (!n || n > HOST_MAX)
		return false;
	for (;;) {
		len = strspn(s, LOWER DIGITS "-");
		len = len < n ? len : n;
		if (!len || len > LABEL_MAX || *s == '-' || s[len - 1] == '-')
			return false;
		if (len == n)
			return true;
		if (s[len] != '.')
			return false;
		s += len + 1;
		n -= len + 1;
		if (!n)
			return false;
	}
}

/* The length of the host that s begins with, or 0. */
static size_t
host_length(const char *s)
{
	size_t n;

	if (*s == '[') {
		n = 1 + strspn(s + 1, DIGITS "abcdef:.");
		return n > 2 && n < 42 && s[n] == ']' && strchr(s, ':') ?
		    n + 1 : 0;
	}
	n = strcspn(s, ":");
	return is_host(s, n) ? n : 0;
}

/* Digits up to the end, without a zero in front, and not the usual port. */
static bool
is_port(const char *s, const char *usual)
{
	size_t n = strspn(s, DIGITS);

	return n && n <= 5 && !s[n] && *s != '0' && strcmp(s, usual) &&
	    (n < 5 || strcmp(s, "65536") < 0);
}

bool
fit_endpoint(const char *s)
{
	bool tls = !strncmp(s, "https://", 8);
	size_t n;

	if (strlen(s) > FIT_ENDPOINT || (!tls && strncmp(s, "http://", 7)))
		return false;
	s += tls ? 8 : 7;
	n = host_length(s);
	if (!n)
		return false;
	return !s[n] || (s[n] == ':' && is_port(s + n + 1, tls ? "443" :
	    "80"));
}

bool
fit_is_loopback(const char *endpoint)
{
	static const char *const hosts[] = {
		"localhost", "127.0.0.1", "[::1]",
	};
	const char *host = strstr(endpoint, "//") + 2;
	size_t i, n;

	for (i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		n = strlen(hosts[i]);
		if (!strncmp(host, hosts[i], n) &&
		    (!host[n] || host[n] == ':'))
			return true;
	}
	return false;
}

bool
fit_class(const char *s)
{
	return !strcmp(s, "mobile") || !strcmp(s, "edge") ||
	    !strcmp(s, "cloud");
}

bool
fit_dns(const char *s)
{
	size_t n = strcspn(s, ".");

	if (strcmp(s + n, ".1bz") || n > LABEL_MAX || !is_host(s, n))
		return false;
	if (n >= 4 && s[2] == '-' && s[3] == '-' &&
	    (strncmp(s, "xn", 2) || n == 4))
		return false;
	return n != ID_LABEL || strspn(s, LOWER "234567") != n;
}

/* Letters of one case only would be no checksum. */
bool
fit_wallet(const char *s)
{
	struct wallet_address a;
	char text[WALLET_TEXT];
	struct err ignored;

	if (wallet_address_read(&a, s, &ignored))
		return false;
	wallet_address_text(text, &a);
	return !strcmp(s, text);
}

bool
fit_channel_key(const char *s)
{
	unsigned char key[32];
	size_t n;

	return enc_unbase64url(key, sizeof(key), &n, s, strlen(s)) &&
	    n == sizeof(key);
}
