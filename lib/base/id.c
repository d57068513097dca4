#include <stdio.h>

#include "base/id.h"

/* Method 1 of RFC 9562 6.2: the 12 bits of rand_a count within a moment. */
void
id_new(char out[ID_TEXT], int64_t now_ms, struct chance *c)
{
	unsigned char r[8];

	if (now_ms > c->id_ms) {
		c->id_ms = now_ms;
		c->id_count = 0;
	} else if (++c->id_count > 0xfff) {
		c->id_ms++;
		c->id_count = 0;
	}
	chance_bytes(c, r, sizeof(r));
	snprintf(out, ID_TEXT,
	    "%08x-%04x-7%03x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	    (unsigned)(c->id_ms >> 16 & 0xffffffff),
	    (unsigned)(c->id_ms & 0xffff), c->id_count & 0xfff,
	    (r[0] & 0x3fU) | 0x80U, r[1], r[2], r[3], r[4], r[5], r[6], r[7]);
}
