/*
 * mac - what only the holder of a key can make or check: HMAC-SHA256
 * (RFC 2104), and keyed BLAKE2b (RFC 7693).
 */
#ifndef MAC_H
#define MAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/secret.h"

#define MAC_BYTES 32
#define MAC_KEY 64		/* bytes of a key for BLAKE2b at most */

struct mac { uint8_t b[MAC_BYTES]; };

/* Of a key of any length. */
void mac_hmac(struct mac *out, const void *key, size_t nkey,
    const void *data, size_t n);

/*
 * BLAKE2b with a key of 16 to MAC_KEY bytes (asserted) and 32 bytes of result:
 * how API keys are kept, with a pepper from outside the store.
 */
void mac_blake(struct mac *out, const struct secret *key, const void *data,
    size_t n);

/*
 * Are these n bytes the same?  The time it takes says nothing of where they
 * differ.  A tag that was cut is compared as far as it goes; how short it may
 * be is for the caller to say.
 */
bool mac_same(const void *a, const void *b, size_t n);

#endif
