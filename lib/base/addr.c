#include <arpa/inet.h>
#include <string.h>

#include "base/addr.h"

struct net {
	uint8_t bits, b[4];		/* the rest of the prefix is zero */
};

/* Of the IANA registries of special purposes, and what is for many. */
static const struct net four[] = {
	{ 8, { 0 } },			/* this network */
	{ 8, { 10 } },			/* private: RFC 1918 */
	{ 10, { 100, 64 } },		/* shared, of carriers: RFC 6598 */
	{ 8, { 127 } },			/* loopback */
	{ 16, { 169, 254 } },		/* link-local; metadata of clouds */
	{ 12, { 172, 16 } },		/* private */
	{ 24, { 192, 0, 0 } },		/* of protocols: RFC 6890 */
	{ 24, { 192, 0, 2 } },		/* documents */
	{ 24, { 192, 88, 99 } },	/* relays of 6to4 */
	{ 16, { 192, 168 } },		/* private */
	{ 15, { 198, 18 } },		/* measurements: RFC 2544 */
	{ 24, { 198, 51, 100 } },	/* documents */
	{ 24, { 203, 0, 113 } },	/* documents */
	{ 4, { 224 } },			/* multicast */
	{ 4, { 240 } },			/* reserved, and broadcast */
};

/*
 * Global unicast is 2000::/3.  Outside are loopback, unspecified, mapped and
 * compatible IPv4, NAT64, discard, ULA, link- and site-local, multicast.
 * Inside are these:
 */
static const struct net six[] = {
	{ 23, { 0x20, 0x01, 0x00 } },	/* of protocols: Teredo, ORCHID */
	{ 32, { 0x20, 0x01, 0x0d, 0xb8 } },	/* documents */
	{ 16, { 0x20, 0x02 } },		/* 6to4 */
	{ 20, { 0x3f, 0xff, 0x00 } },	/* documents: RFC 9637 */
};

static bool
within(const uint8_t *b, const struct net *net)
{
	unsigned whole = net->bits / 8, rest = net->bits % 8;

	return !memcmp(b, net->b, whole) &&
	    (!rest || !((b[whole] ^ net->b[whole]) >> (8 - rest)));
}

static bool
listed(const uint8_t *b, const struct net *nets, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (within(b, &nets[i]))
			return true;
	return false;
}

bool
addr_read(struct addr *out, const char *text)
{
	*out = (struct addr){ .six = strchr(text, ':') != NULL };
	return inet_pton(out->six ? AF_INET6 : AF_INET, text, out->b) == 1;
}

bool
addr_global(const struct addr *a)
{
	static const struct net unicast = { 3, { 0x20 } };

	return a->six ? within(a->b, &unicast) &&
	    !listed(a->b, six, sizeof(six) / sizeof(*six)) :
	    !listed(a->b, four, sizeof(four) / sizeof(*four));
}
