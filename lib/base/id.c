#include <string.h>

#include "base/enc.h"
#include "base/id.h"

void
id_text(char out[ID_TEXT], const unsigned char from[16])
{
	static const unsigned char part[] = { 4, 2, 2, 2, 6 };	/* bytes */
	size_t i;

	for (i = 0; i < sizeof(part); from += part[i++]) {
		enc_hex(out, from, part[i]);
		out += 2 * part[i];
		*out++ = '-';
	}
	out[-1] = '\0';
}

void
id_from(char out[ID_TEXT], int64_t ms, unsigned count,
    const unsigned char random[ID_RANDOM])
{
	unsigned char b[16];
	size_t i;

	memcpy(b + 8, random, ID_RANDOM);
	for (i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i) & 0xff);
	b[6] = (unsigned char)(0x70 | (count >> 8 & 0xf));
	b[7] = (unsigned char)(count & 0xff);
	b[8] = (b[8] & 0x3f) | 0x80;
	id_text(out, b);
}

/* Method 1 of RFC 9562 6.2: the 12 bits of rand_a count within a moment. */
void
id_new(char out[ID_TEXT], int64_t now_ms, struct chance *c)
{
	unsigned char random[ID_RANDOM];

	if (now_ms > c->id_ms) {
		c->id_ms = now_ms;
		c->id_count = 0;
	} else if (++c->id_count > 0xfff) {
		c->id_ms++;
		c->id_count = 0;
	}
	chance_bytes(c, random, sizeof(random));
	id_from(out, c->id_ms, c->id_count, random);
}
