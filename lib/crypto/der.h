/*
 * der - read ASN.1 in DER (X.690), piece by piece; for lib/crypto only.
 *
 * A struct der is what has not been read yet, borrowed.  Only one encoding of
 * a thing is accepted: lengths and integers are minimal, tags are one byte.
 */
#ifndef DER_H
#define DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DER_INTEGER	0x02
#define DER_BITS	0x03
#define DER_BYTES	0x04
#define DER_NULL	0x05
#define DER_OID		0x06
#define DER_SEQUENCE	0x30

struct der {
	const uint8_t *p;
	size_t n;
};

bool der_is(const struct der *, uint8_t tag);	/* does it come next? */

/* Take the next thing, which must have this tag, and get its content. */
bool der_take(struct der *content, struct der *in, uint8_t tag);

/* An INTEGER that is not negative, without its sign byte; 0 has no bytes. */
bool der_number(struct der *digits, struct der *in);
/* One that fits. */
bool der_small(uint64_t *out, struct der *in);

/* Is this the content, byte for byte? */
bool der_same(const struct der *, const void *bytes, size_t n);

#endif
