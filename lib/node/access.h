/*
 * access - what is kept of a node's API key: its keyed hash (key/apikey.h),
 * or for one that came from an older grid the text that was kept there, until
 * the key is used.  A node has one key at a time.
 */
#ifndef NODE_ACCESS_H
#define NODE_ACCESS_H

#include <stdint.h>

#include "base/err.h"

#define ACCESS_HASH 256

struct store;

/* In place of what was kept before, inside a transaction. */
int access_put_in(struct store *, const char *node_id, const char *hash,
    int64_t now_ms, struct err *) CHECKED;

/* 1, 0 if it has none, -1. */
int access_get(struct store *, const char *node_id, char out[ACCESS_HASH],
    struct err *) CHECKED;

#endif
