/*
 * imported - API keys as an older grid kept them: PBKDF2-SHA256 over the
 * secret alone, "$pbkdf2-sha256$ROUNDS$SALT$HASH" in base64 with '.' in place
 * of '+' and without padding (spec/vmp.md 12.3).  Such a hash is slow, so it
 * is used once, and then replaced by apikey_hash().
 */
#ifndef IMPORTED_H
#define IMPORTED_H

#include <stdbool.h>

#define IMPORTED_ROUNDS 1000000	/* beyond that it is no key of anybody */

/* Is it one of that form? */
bool imported_is(const char *kept);

/* Is the secret, what follows the last '_' of a key, the one it is of? */
bool imported_fits(const char *kept, const char *secret);

#endif
