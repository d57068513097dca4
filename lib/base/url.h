/*
 * url - an https URL that we are to call, read strictly.
 *
 * Of all that RFC 3986 allows: no user, no fragment, no byte outside of
 * ASCII; a host that is a name of letters, digits and hyphens, or an address;
 * a port in decimal, if any.  Only one spelling of an address is taken: what
 * the C library would read as one in decimal, octal, hex or fewer parts is
 * told apart from a name, because it is not asked of the DNS.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>

#include "base/addr.h"

#define URL_HOST 254

struct url {
	char host[URL_HOST];	/* small letters, no last dot, no brackets */
	bool literal;		/* the host is this address: */
	struct addr addr;
	unsigned port;		/* 443 if it has none */
};

enum url_is {
	URL_GOOD,
	URL_BAD,		/* not such a URL */
	URL_NUMBER,		/* but its host is a number, and no address */
};

enum url_is url_read(struct url *out, const char *text);

#endif
