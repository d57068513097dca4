/*
 * run - how a sweep goes: whose turn it is, whom it asks, what comes of it;
 * for the verbs sweep and watch.
 */
#ifndef PING_RUN_H
#define PING_RUN_H

#include <signal.h>

#include "health/sample.h"
#include "ping/ping.h"

/*
 * The right to sweep: this shard of so many, or of one all.  E_lock_timeout
 * at once, or after --timeout, if that was given.
 */
struct ping_turn { int fd[2]; };
#define PING_NO_TURN (struct ping_turn){ { -1, -1 } }
int ping_turn(struct ping_turn *, struct cli *, int64_t number, int64_t many,
    struct err *) CHECKED;
void ping_turn_end(struct ping_turn *);	/* harmless twice */

struct secret;
struct targets;

/* What a sweep was asked for, read. */
struct sweep_plan {
	const struct ping_sweep *say;
	int64_t number, many;			/* of shards */
	int64_t spread_ms, deadline_ms;
	enum sample_family family[2];
	int families;
	const volatile sig_atomic_t *stop;	/* or NULL */
	struct secret *pass;		/* of the node key; empty: none */
};
int ping_plan(struct sweep_plan *, const struct cli *,
    const struct ping_sweep *, struct err *) CHECKED;

/* What came of it. */
struct swept {
	size_t asked, left, down;
	bool offline;
};

/*
 * Ask them all, print what they answer, and take it in.  It is no error that
 * a node is down, that the time was over, or that whoever looks is cut off:
 * ping_verdict() says so.
 */
int ping_run(struct cli *, const struct sweep_plan *, const struct targets *,
    struct swept *, struct err *) CHECKED;
int ping_verdict(const struct swept *, struct err *) CHECKED;

/*
 * Give up what a sweep does not need, once the passphrase has been fetched
 * and the store is open; again: there will be others.  E_no_sandbox, E_no_file
 * and E_denied where it is to write.
 */
int ping_shut(struct cli *, const struct ping_sweep *, bool again,
    struct err *) CHECKED;

/* Whom the command line means. */
int ping_targets(struct targets *, struct cli *, const struct sweep_plan *,
    struct err *) CHECKED;

/* Tell a URL how it went: <url>/<status>. */
void ping_heartbeat(struct cli *, const struct sweep_plan *, enum err_kind);

#endif
