/*
 * audit - what is kept of nodes against the log.
 *
 * The log is read from its beginning, and what it says of who registered, of
 * realms, purses, strikes, bans, ends and caps is counted anew.  What is
 * stored must be exactly that.
 */
#ifndef NODE_AUDIT_H
#define NODE_AUDIT_H

#include <stdint.h>

#include "base/err.h"

struct store;

/* A number that is not what the log makes it. */
struct node_fault {
	const char *node_id, *counter;	/* borrowed */
	int64_t stored, computed;
};

typedef int node_audit_told(void *arg, const struct node_fault *,
    struct err *);

struct node_audit {
	int64_t size;			/* entries read */
	int64_t nodes;			/* compared */
	int64_t faults;
};

/*
 * Compare all; inside store_snapshot(), so that both are of one state.  0 if
 * all was read, whatever was found.
 */
int node_audit(struct store *s, node_audit_told *told, void *arg,
    struct node_audit *out, struct err *e) CHECKED;

#endif
