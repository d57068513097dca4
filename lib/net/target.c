#include <arpa/inet.h>
#include <string.h>

#include "base/buf.h"
#include "net/head.h"
#include "net/target.h"

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two hex digits, and not 00: the byte, or -1. */
static int
escaped(const char *c)
{
	int high = digit(c[0]), low = high < 0 ? -1 : digit(c[1]);

	return low < 0 || high + low == 0 ? -1 : high * 16 + low;
}

static bool
sound(const char *c)
{
	for (; *c; c++)
		if (*c == '%' && escaped(c + 1) < 0)
			return false;
	return true;
}

/* Decode n bytes, which are sound, to where there is room for as many. */
static char *
decode(char *out, const char *in, size_t n)
{
	const char *end = in + n;

	while (in < end) {
		if (*in == '%') {
			*out++ = (char)escaped(in + 1);
			in += 3;
		} else
			*out++ = *in++;
	}
	*out++ = '\0';
	return out;
}

/* An empty segment at the end is none; "/" has none at all. */
static const char *
split(struct net_head *h, char *room)
{
	const char *c = h->path;
	char *segment;
	size_t n;

	while (*c == '/') {
		n = strcspn(++c, "/");
		if (!n && !*c)
			break;
		segment = room;
		room = decode(room, c, n);
		c += n;
		if (!strcmp(segment, ".") || !strcmp(segment, ".."))
			return "dots";
		if (h->segments < NET_SEGMENTS)
			h->segment[h->segments] = segment;
		if (h->segments <= NET_SEGMENTS)
			h->segments++;
	}
	return NULL;
}

static bool
prefix(const char *text, const char *lower)
{
	for (; *lower; lower++, text++)
		if (*text != *lower && (*text < 'A' || *text > 'Z' ||
		    (*text | 32) != *lower))
			return false;
	return true;
}

/* http://host/path: cut the host out, and move it to have room for a NUL. */
static char *
absolute(struct net_head *h, char *target)
{
	size_t scheme = prefix(target, "http://") ? 7 :
	    prefix(target, "https://") ? 8 : 0;
	size_t n;

	if (!scheme)
		return NULL;
	n = strcspn(target + scheme, "/?");
	memmove(target, target + scheme, n);
	target[n] = '\0';
	if (!net_host(target))
		return NULL;
	h->host = target;
	return target + scheme + n;
}

const char *
net_target(struct net_head *h, char *target, size_t n, char *room)
{
	char *query;

	target[n] = '\0';
	if (!strcmp(target, "*")) {
		h->path = target;
		return h->method == NET_OPTIONS ? NULL : "target";
	}
	if (*target != '/')
		target = absolute(h, target);
	if (!target)
		return "target";
	if (!sound(target))
		return "escape";
	query = strchr(target, '?');
	if (query) {
		*query = '\0';
		h->query = query + 1;
	}
	h->path = *target ? target : "/";
	return split(h, room);
}

static bool
port(const char *c)
{
	unsigned n = 0;

	if (!*c)
		return false;
	for (; *c; c++) {
		if (*c < '0' || *c > '9')
			return false;
		n = n * 10 + (unsigned)(*c - '0');
		if (n > 65535)
			return false;
	}
	return true;
}

static bool
bracketed(char *c, char **end)
{
	struct in6_addr a;
	bool good;

	*end = strchr(c, ']');
	if (!*end)
		return false;
	**end = '\0';
	good = inet_pton(AF_INET6, c + 1, &a) == 1;
	*(*end)++ = ']';
	return good;
}

static bool
in_name(const char *c)
{
	if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z'))
		return true;
	if (*c == '%')
		return escaped(c + 1) >= 0;
	return *c && strchr("-._~!$&'()*+,;=", *c);
}

bool
net_host(char *host)
{
	char *c;

	for (c = host; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c | 32);
	c = host;
	if (*c == '[') {
		if (!bracketed(host, &c))
			return false;
	} else {
		while (in_name(c))
			c++;
		if (c == host)
			return false;
	}
	return !*c || (*c == ':' && port(c + 1));
}

static void
decode_word(struct buf *out, const char *in, size_t n)
{
	const char *end = in + n;
	int byte;

	buf_reset(out);
	for (; in < end; in++) {
		byte = *in == '%' && end - in > 2 ? escaped(in + 1) : -1;
		if (byte >= 0)
			in += 2;
		buf_addc(out, byte >= 0 ? (char)byte : *in == '+' ? ' ' : *in);
	}
}

bool
net_query(const char **rest, struct buf *name, struct buf *value)
{
	const char *c = *rest;
	size_t n, all;

	if (!c)
		return false;
	c += strspn(c, "&");
	if (!*c)
		return false;
	all = strcspn(c, "&");
	n = strcspn(c, "=&");
	decode_word(name, c, n);
	decode_word(value, c + n + (n < all), all - n - (n < all));
	*rest = c + all;
	return true;
}
