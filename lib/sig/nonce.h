/*
 * nonce - what was accepted once is not accepted again.
 *
 * A pair of key and nonce is kept in the store, so that a restart forgets
 * nothing, until the request it belongs to is too old to pass.  There is room
 * for NONCE_MOST: beyond that nothing is accepted, rather than anything twice.
 */
#ifndef NONCE_H
#define NONCE_H

#include <stdint.h>

#include "base/err.h"

#define NONCE_MOST (1 << 20)

struct store;

/*
 * Keep it, inside a transaction; a caller that fails later rolls back.
 * E_replayed if it is kept already, E_nonces_full.
 */
int nonce_take_in(struct store *, const char *key_id, const char *nonce,
    int64_t until_ms, int64_t now_ms, struct err *) CHECKED;

#endif
