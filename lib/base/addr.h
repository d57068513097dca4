/*
 * addr - addresses of the internet, and which of them calls to others may go
 * to: global unicast ones, and no others (spec/ops.md 7).
 */
#ifndef ADDR_H
#define ADDR_H

#include <stdbool.h>
#include <stdint.h>

struct addr {
	bool six;		/* IPv6: 16 bytes, else 4 */
	uint8_t b[16];
};

/* The usual spelling of one: four decimals, or what RFC 4291 2.2 has. */
bool addr_read(struct addr *out, const char *text);

/*
 * Is it one that everybody may be called at?  Not if it is of this machine,
 * of a private or a local net, for documents or measurements, for many, or if
 * it carries another address that nobody would look at.
 */
bool addr_global(const struct addr *);

#endif
