#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "net/head.h"
#include "net/peer.h"

#define ELEMENTS 64		/* of one field that is walked */

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool
read_addr(uint8_t out[16], const char *text)
{
	if (inet_pton(AF_INET6, text, out) == 1)
		return true;
	memcpy(out, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out + 12) == 1;
}

bool
peer_is_v4(const uint8_t addr[16])
{
	return !memcmp(addr, mapped, sizeof(mapped));
}

static void
write_addr(char out[PEER_TEXT], const uint8_t addr[16])
{
	if (peer_is_v4(addr))
		inet_ntop(AF_INET, addr + 12, out, PEER_TEXT);
	else
		inet_ntop(AF_INET6, addr, out, PEER_TEXT);
}

static bool
is_loopback(const uint8_t addr[16])
{
	static const uint8_t one[16] = { [15] = 1 };

	return peer_is_v4(addr) ? addr[12] == 127 : !memcmp(addr, one, 16);
}

static bool
in_net(const uint8_t a[16], const uint8_t net[16], unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return !memcmp(a, net, whole) &&
	    (!rest || !((a[whole] ^ net[whole]) >> (8 - rest)));
}

static bool
in_list(const struct cidrs *c, const uint8_t a[16])
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (in_net(a, c->net[i].addr, c->net[i].bits))
			return true;
	return false;
}

/* Up to three digits: the bits of a prefix. */
static bool
read_bits(const char *c, unsigned most, unsigned *bits)
{
	size_t n = strlen(c);

	if (!n || n > 3 || strspn(c, "0123456789") != n)
		return false;
	for (*bits = 0; *c; c++)
		*bits = *bits * 10 + (unsigned)(*c - '0');
	return *bits <= most;
}

static bool
read_cidr(struct cidrs *c, char *text)
{
	char *slash = strchr(text, '/');
	bool v4;

	if (c->n == PEER_CIDRS)
		return false;
	if (slash)
		*slash = '\0';
	if (!read_addr(c->net[c->n].addr, text))
		return false;
	v4 = !strchr(text, ':');
	c->net[c->n].bits = 128;
	if (slash) {
		if (!read_bits(slash + 1, v4 ? 32 : 128,
		    &c->net[c->n].bits))
			return false;
		c->net[c->n].bits += v4 ? 96 : 0;
	}
	c->n++;
	return true;
}

bool
peer_cidrs(struct cidrs *c, const char *text)
{
	char one[PEER_TEXT + 8];
	size_t n;

	c->n = 0;
	if (!text)
		return true;
	for (;;) {
		text += strspn(text, " \t");
		if (!*text)
			return true;
		n = strcspn(text, ", \t");
		if (n >= sizeof(one))
			return false;
		memcpy(one, text, n);
		one[n] = '\0';
		if (!read_cidr(c, one))
			return false;
		text += n + strspn(text + n, " \t");
		if (*text && (*text != ',' || !*++text))
			return false;
	}
}

void
peer_fill(struct peer *p, const struct cidrs *trusted,
    const struct sockaddr_storage *from)
{
	*p = (struct peer){ .unix_socket = false };
	if (from->ss_family == AF_INET) {
		memcpy(p->addr, mapped, sizeof(mapped));
		memcpy(p->addr + 12,
		    &((const struct sockaddr_in *)from)->sin_addr, 4);
	} else if (from->ss_family == AF_INET6)
		memcpy(p->addr,
		    &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
	else {
		p->unix_socket = p->trusted = p->local = true;
		memcpy(p->text, "unix", 5);
		return;
	}
	write_addr(p->text, p->addr);
	p->local = is_loopback(p->addr);
	p->trusted = in_list(trusted, p->addr);
}

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80". */
static bool
read_node(uint8_t out[16], const char *text, size_t n)
{
	char one[PEER_TEXT + 8], *end, *port;

	if (n >= sizeof(one))
		return false;
	memcpy(one, text, n);
	one[n] = '\0';
	if (read_addr(out, one))
		return true;
	if (*one == '[') {
		end = strchr(one, ']');
		if (!end || (end[1] && end[1] != ':'))
			return false;
		port = end[1] ? end + 2 : NULL;
		*end = '\0';
		if (!strchr(one, ':'))
			return false;
		memmove(one, one + 1, strlen(one));
	} else {
		end = strchr(one, ':');
		if (!end)
			return false;
		*end = '\0';
		port = end + 1;
	}
	if (port && (!*port || strlen(port) > 5 ||
	    port[strspn(port, "0123456789")]))
		return false;
	return read_addr(out, one);
}

struct part { const char *at; size_t n; };

static struct part
trim(const char *at, size_t n)
{
	while (n && (*at == ' ' || *at == '\t')) {
		at++;
		n--;
	}
	while (n && (at[n - 1] == ' ' || at[n - 1] == '\t'))
		n--;
	return (struct part){ at, n };
}

/* How long it is to the next of these bytes outside of quotes. */
static size_t
reach(const char *at, size_t n, char stop)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (at[i] == '"')
			quoted = !quoted;
		else if (quoted && at[i] == '\\' && i + 1 < n)
			i++;
		else if (!quoted && at[i] == stop)
			break;
	}
	return i;
}

/* The value of "for" in an element of Forwarded: RFC 7239. */
static bool
find_for(struct part *out, struct part element)
{
	struct part pair;
	size_t n;

	for (;;) {
		n = reach(element.at, element.n, ';');
		pair = trim(element.at, n);
		if (pair.n >= 4 && (pair.at[0] | 32) == 'f' &&
		    (pair.at[1] | 32) == 'o' && (pair.at[2] | 32) == 'r' &&
		    pair.at[3] == '=')
			break;
		if (n == element.n)
			return false;
		element.at += n + 1;
		element.n -= n + 1;
	}
	*out = (struct part){ pair.at + 4, pair.n - 4 };
	if (out->n >= 2 && *out->at == '"' && out->at[out->n - 1] == '"') {
		out->at++;
		out->n -= 2;
	}
	return true;
}

/*
 * The elements of one field from the right.  1: the client is found.  0: all
 * are trusted, the leftmost is in addr.  -1: one is no address.
 */
static int
walk(const char *value, bool forwarded, const struct cidrs *trusted,
    uint8_t addr[16])
{
	struct part part[ELEMENTS], one;
	size_t i = 0, n, left = strlen(value);

	for (;;) {
		n = forwarded ? reach(value, left, ',') :
		    strcspn(value, ",");
		if (i == ELEMENTS)	/* the last ones count */
			memmove(part, part + 1, sizeof(part) - sizeof(*part));
		else
			i++;
		part[i - 1] = trim(value, n);
		if (n == left)
			break;
		value += n + 1;
		left -= n + 1;
	}
	while (i--) {
		one = part[i];
		if (forwarded && !find_for(&one, part[i]))
			return -1;
		if (!read_node(addr, one.at, one.n))
			return -1;
		if (!in_list(trusted, addr))
			return 1;
	}
	return 0;
}

bool
peer_relayed(const struct net_head *h)
{
	static const char *const signs[] = {
		"forwarded", "x-forwarded-for", "x-forwarded-host",
		"x-forwarded-proto", "x-real-ip", "via",
	};
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (net_field(h, signs[i]))
			return true;
	return false;
}

int
peer_client(struct net_head *h, const struct cidrs *trusted,
    char out[PEER_TEXT])
{
	bool forwarded = net_field(h, "forwarded");
	const char *name = forwarded ? "forwarded" : "x-forwarded-for";
	bool found = false;
	uint8_t addr[16];
	size_t i;
	int rc = 0;

	for (i = h->fields; i-- && rc <= 0;) {
		if (strcmp(h->field[i].name, name))
			continue;
		rc = walk(h->field[i].value, forwarded, trusted, addr);
		if (rc < 0)
			return -1;
		found = true;
	}
	if (!found)
		return 0;
	write_addr(out, addr);
	h->ip = out;
	/* Of two fields the proxy may have passed one on as it came. */
	h->local = is_loopback(addr) &&
	    !(forwarded && net_field(h, "x-forwarded-for"));
	return 0;
}
