/*
 * token - the RSA key that signs tokens, and the keys that check a node's
 * signatures, as a JWK set (spec/protocols.md 2.2).
 *
 * token_private.pem is not locked: a server opens it when it starts.  A key
 * that was replaced is gone, but its public half stays in
 * token_retired.jsonl, and in the set for TOKEN_KEPT_MS: longer than any
 * token lives.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/rsa.h"
#include "crypto/thumb.h"

#define TOKEN_KEPT_MS INT64_C(3600000)

/* A new key: E_id_conflict if there is one, unless it is to be retired. */
int token_make(const char *home, bool replace, int64_t now_ms, struct err *)
    CHECKED;

/* The key, which is the caller's: rsa_key_release().  E_no_key. */
int token_open(const char *home, struct token_key *out, struct err *) CHECKED;

/*
 * Append {"keys":[...]}: the node's key and those it had, by their node ids;
 * the token key and those retired lately, by their thumbprints.
 */
int token_jwks(struct buf *, const char *home, int64_t now_ms, struct err *)
    CHECKED;

/* Append a key of it as a JWK, which is the member of an object or an item. */
void token_jwk(struct buf *, const char *member, const struct token_public *);

#endif
