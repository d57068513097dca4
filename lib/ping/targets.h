/*
 * targets - whom a sweep asks: nodes with a key and an endpoint, by id, each
 * once.  The endpoint is that of the registry, if the node is listed there,
 * else that of its card.
 */
#ifndef PING_TARGETS_H
#define PING_TARGETS_H

#include <stdint.h>

#include "card/fit.h"
#include "cli/cli.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "health/sample.h"

struct target {
	char node_id[HASH_HEX];
	char name[FIT_NAME + 1], endpoint[FIT_ENDPOINT + 1];
	char version[SAMPLE_VERSION];	/* what its card says, or "" */
	struct sign_public key;
	int64_t interval_ms;		/* its own; 0: as all others */
	bool is_signed;			/* or it has failed */
	bool pinned;			/* as a peer, by the operator */
};

struct targets {
	struct target *target;		/* owned */
	size_t n, cap;
};

void targets_release(struct targets *);

/* All peers that have an endpoint, and are neither revoked nor moved. */
int targets_known(struct targets *, struct cli *, struct err *) CHECKED;

/* These peers.  E_node_missing, E_ambiguous, E_revoked, E_wrong_state. */
int targets_named(struct targets *, struct cli *, char **typed,
    struct err *) CHECKED;

/*
 * Those of a file, "-" is standard input: lines that are cards, records of
 * bzn-card list, or names of peers.  What cannot be asked is complained of,
 * with its line: E_key_changed if a peer that was pinned has that name or
 * endpoint.  *lines says how many there were.
 */
int targets_read(struct targets *, struct cli *, const char *path,
    size_t *lines, struct err *) CHECKED;

/* In order; of each node only one stays, and of shard number of many. */
void targets_sort(struct targets *, int64_t number, int64_t many);

/* NULL if there is none. */
const struct target *targets_find(const struct targets *,
    const char *node_id);

#endif
