/*
 * status - what is known of all nodes as files: a page for people,
 * summary.json, a feed and badges in a directory that any server can give
 * out, and metrics for Prometheus.  Each file is put in its place whole, and
 * only if it says something else than the one that is there.
 */
#ifndef PING_STATUS_H
#define PING_STATUS_H

#include "cli/cli.h"
#include "cli/pass.h"

struct ping_status {
	const char *out, *title, *url, *zone, *prom;
	struct pass pass;
	bool require_signed, require_sandbox;
};

/* E_no_passphrase and E_no_key only if it has to be signed. */
int ping_status(struct cli *, struct ping_status *, struct err *)
    CHECKED;

/* Metrics into a file; of a verb that has been told --prom. */
int ping_prom(struct cli *, const char *path, struct err *) CHECKED;

#endif
