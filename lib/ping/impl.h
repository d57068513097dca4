/* impl - what the verbs share; for lib/ping only. */
#ifndef PING_IMPL_H
#define PING_IMPL_H

#include "crypto/hash.h"
#include "ping/ping.h"

struct buf;

#define PING_RECORD 65536		/* bytes of a record */

/*
 * Whom a person means: a peer, as peer_find() has it, or else a node that was
 * asked before, by name, id or a prefix of it.  E_node_missing, E_ambiguous.
 */
int ping_find(struct store *, const char *typed, char node_id[HASH_HEX],
    struct err *) CHECKED;

/* A span of time that an option says, at least so long.  E_usage. */
int ping_span(const char *option, const char *text, int64_t least_ms,
    int64_t *out, struct err *) CHECKED;

/*
 * Lock a file of the home, as flock(2) has it; who closes *fd lets go of it,
 * on failure too if it is not negative.  E_lock_timeout at once, or after
 * --timeout.
 */
int ping_lock(const struct cli *, const char *name, int how, int *fd,
    struct err *) CHECKED;

/* One state of the store, and the maintenance in it. */
struct ping_past {
	struct store *store;
	const struct params *params;
	struct health_calendar calendar;
	int64_t now_ms;
};
int ping_past_open(struct ping_past *, struct cli *, struct err *) CHECKED;
void ping_past_close(struct ping_past *);	/* harmless when zeroed */

/* The series of that row. */
int ping_series(struct store *, int64_t id, struct health_series *out,
    struct err *) CHECKED;

/* What the node was in an incident, or in what of it lies in a window. */
int ping_incident_down(const struct ping_past *, const struct health_series *,
    const struct health_incident *, const struct window *, struct span *out,
    struct err *) CHECKED;

/* Append the members of its record. */
void ping_incident_write(struct buf *, const struct health_series *,
    const struct health_incident *, const struct span *);

#endif
