/* impl - what the files of trust share; nobody else includes it. */
#ifndef TRUST_IMPL_H
#define TRUST_IMPL_H

#include "store/store.h"
#include "trust/event.h"
#include "trust/trust.h"

/* The stored epoch of a node: 1, 0 if it has no row yet, -1. */
int trust_row_epoch(struct store *, const char *node_id,
    struct trust_epoch *out, struct err *) CHECKED;

/* Store a score, with all that went into it. */
int trust_row_write_in(struct ledger *, const char *node_id,
    const struct trust_score *, const struct params *, struct err *) CHECKED;

/* Post the entry of what is said. */
int trust_post_in(struct ledger *, const struct trust_entry *,
    const char *event_sha256, const char *rules, struct err *) CHECKED;

/* The score of a node, made anew and stored. */
int trust_keep_in(struct ledger *, const char *node_id,
    const struct params *, struct trust_score *out, struct err *) CHECKED;

/* If its card claims another wallet than before, remember that. */
int trust_claim_in(struct ledger *, const char *node_id, struct err *)
    CHECKED;

/*
 * Whose key: the registry's own, a peer's, or the one that came along, which
 * may be NULL.  E_unknown_peer, E_revoked.
 */
int trust_key_find(struct store *, const char *id,
    const struct sign_public *own, const struct sign_public *brought,
    struct sign_public *out, struct err *) CHECKED;

#endif
