/* impl - what the verbs share; for lib/ping only. */
#ifndef PING_IMPL_H
#define PING_IMPL_H

#include "crypto/hash.h"
#include "ping/ping.h"

#define PING_RECORD 65536		/* bytes of a record */

/*
 * Whom a person means: a peer, as peer_find() has it, or else a node that was
 * asked before, by name, id or a prefix of it.  E_node_missing, E_ambiguous.
 */
int ping_find(struct store *, const char *typed, char node_id[HASH_HEX],
    struct err *) CHECKED;

/* A span of time that an option says, at least so long.  E_bad_time. */
int ping_span(const char *option, const char *text, int64_t least_ms,
    int64_t *out, struct err *) CHECKED;

#endif
