/*
 * member - what signed objects have in common (spec/node.md 2): a version,
 * ids of nodes, keys, times.  All say where they failed, as json.h does.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

/* "v" is 1.  E_bad_json. */
int member_v1(const struct json *, struct err *) CHECKED;

/* A node_id.  E_bad_json. */
int member_id(const struct json *, const char *key, char out[HASH_HEX],
    struct err *) CHECKED;

/* The node_id of this key.  E_bad_json, E_id_mismatch. */
int member_id_of(const struct json *, const char *key,
    const struct sign_public *, struct err *) CHECKED;

/* The 113 bytes of a public key in PEM.  E_bad_json, E_bad_pem. */
int member_pem(const struct json *, const char *key, struct sign_public *out,
    struct err *) CHECKED;

/* RFC 3339 in UTC, as clock_parse() takes it but for its other forms. */
int member_time(const struct json *, const char *key, int64_t *out,
    struct err *) CHECKED;

#endif
