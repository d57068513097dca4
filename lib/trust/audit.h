/*
 * audit - what is stored of trust, against the log.
 *
 * The log is folded from its beginning, and each fact of each node, each
 * wallet and what its endorsements weigh must be what is stored; and a stored
 * score must be what the formula makes of the inputs that are stored with it.
 */
#ifndef TRUST_AUDIT_H
#define TRUST_AUDIT_H

#include <stdint.h>

#include "base/err.h"
#include "base/param.h"

struct store;

struct trust_fault {
	const char *node_id;		/* borrowed, as all */
	const char *what;		/* fact, wallet, weight or score */
	const char *name;		/* an entry, a wallet, or NULL */
	const char *fault;		/* "missing", "extra" or "different" */
};

typedef int trust_audit_told(void *arg, const struct trust_fault *,
    struct err *);

struct trust_audit {
	int64_t size;			/* entries read */
	int64_t nodes, facts;		/* compared */
	int64_t faults;
};

/* Inside store_snapshot().  0 if all was read, whatever was found. */
int trust_audit(struct store *, const struct params *, trust_audit_told *,
    void *arg, struct trust_audit *out, struct err *) CHECKED;

#endif
