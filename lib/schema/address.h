/*
 * address - URI references resolved, as far as JSON Schema needs them.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "base/buf.h"

#define ADDRESS_MAX 1000	/* bytes */

/*
 * Set out to what the reference means in a document at base (RFC 3986 5.2),
 * without a fragment.  Both may be "".
 */
void address_resolve(struct buf *out, const char *base, const char *reference);

/*
 * Set out to the fragment, "" without one, %XX decoded: -1 if it holds a % of
 * another kind, or a NUL.
 */
int address_fragment(struct buf *out, const char *reference);

#endif
