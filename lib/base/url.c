#include <string.h>
#include <strings.h>

#include "base/url.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define HEX DIGITS "abcdefABCDEF"
#define LABEL_MAX 63
#define ADDRESS_MAX 45		/* characters of one of IPv6 */
#define PORT_DIGITS 5
#define PORT_MAX 65535
/* RFC 3986: unreserved, sub-delims, and what else a path and query have. */
#define TARGET LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "-._~!$&'()*+,;=:@/?"

static const char scheme[] = "https://";

/* A path, or a query right behind the host, or nothing. */
static bool
is_target(const char *s)
{
	if (*s && *s != '/' && *s != '?')
		return false;
	while (*s) {
		s += strspn(s, TARGET);
		if (!*s)
			break;
		if (*s != '%' || strspn(s + 1, HEX) < 2)
			return false;
		s += 3;
	}
	return true;
}

/* ":" and a number, without a zero in front. */
static bool
read_port(unsigned *out, const char *s, size_t n)
{
	size_t i;

	*out = 443;
	if (!n)
		return true;
	if (*s != ':' || n < 2 || n > 1 + PORT_DIGITS || s[1] == '0')
		return false;
	*out = 0;
	for (i = 1; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = 10 * *out + (unsigned)(s[i] - '0');
	}
	return *out <= PORT_MAX;
}

/* Labels of letters, digits and hyphens, parted by single dots. */
static bool
is_name(const char *s)
{
	size_t n;

	for (;; s += n + 1) {
		n = strspn(s, LETTERS DIGITS "-");
		if (!n || n > LABEL_MAX || *s == '-' || s[n - 1] == '-')
			return false;
		if (!s[n])
			return true;
		if (s[n] != '.')
			return false;
	}
}

/* As who reads addresses decides it: by the last label, if it is a number. */
static bool
ends_in_number(const char *host)
{
	const char *last = strrchr(host, '.');

	last = last ? last + 1 : host;
	if (last[0] == '0' && last[1] == 'x')
		return strspn(last + 2, HEX) == strlen(last + 2);
	return strspn(last, DIGITS) == strlen(last);
}

static void
copy_lower(char *out, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = s[i] >= 'A' && s[i] <= 'Z' ?
		    (char)(s[i] - 'A' + 'a') : s[i];
	out[n] = '\0';
}

/* [address]; the C library would take a zone behind it. */
static enum url_is
read_six(struct url *out, const char *s, size_t n)
{
	if (n < 4 || n > ADDRESS_MAX + 2 || s[n - 1] != ']')
		return URL_BAD;
	copy_lower(out->host, s + 1, n - 2);
	out->literal = true;
	return strspn(out->host, HEX ":.") == n - 2 &&
	    addr_read(&out->addr, out->host) && out->addr.six ? URL_GOOD :
	    URL_BAD;
}

static enum url_is
read_host(struct url *out, const char *s, size_t n)
{
	if (n && *s == '[')
		return read_six(out, s, n);
	if (n && s[n - 1] == '.')	/* the root, which a name may show */
		n--;
	if (!n || n >= URL_HOST)
		return URL_BAD;
	copy_lower(out->host, s, n);
	if (!is_name(out->host))
		return URL_BAD;
	if (!ends_in_number(out->host))
		return URL_GOOD;
	out->literal = addr_read(&out->addr, out->host);
	return out->literal ? URL_GOOD : URL_NUMBER;
}

enum url_is
url_read(struct url *out, const char *text)
{
	const char *host = text + strlen(scheme);
	size_t n, whole;

	*out = (struct url){ 0 };
	if (strncasecmp(text, scheme, strlen(scheme)))
		return URL_BAD;
	whole = strcspn(host, "/?#");
	n = *host == '[' ? strcspn(host, "]/?#") + 1 : strcspn(host, ":/?#");
	if (n > whole || !is_target(host + whole) ||
	    !read_port(&out->port, host + n, whole - n))
		return URL_BAD;
	return read_host(out, host, n);
}
