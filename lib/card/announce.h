/*
 * announce - where a node is, for whoever looks for it (spec/node.md 10.1).
 *
 * {v, node_id, public_key_pem, endpoint, capabilities, class?, seq,
 * issued_at, expires_at, signature}.  Receivers keep the highest seq of a
 * node, so it must never be used twice.
 */
#ifndef ANNOUNCE_H
#define ANNOUNCE_H

#include <stdint.h>

#include "base/err.h"
#include "crypto/sign.h"

struct buf;
struct card;
struct store;

#define ANNOUNCE_LIFE_MS INT64_C(86400000)	/* at most */

/* Append that of the node whose card and key these are, as a line. */
int announce_make(struct buf *out, const struct card *, int64_t seq,
    int64_t now_ms, int64_t life_ms, const struct sign_key *, struct err *)
    CHECKED;

/* The same with the seq that follows, inside a transaction. */
int announce_next_in(struct store *, struct buf *out, const struct card *,
    int64_t now_ms, int64_t life_ms, const struct sign_key *, struct err *)
    CHECKED;

#endif
