/*
 * audit - the counters of all nodes against the log.
 *
 * The log is read from its beginning, and what it says is counted anew, by
 * tally: settlements, partners, volume, deliveries, disputes, first and last
 * settlement, badges; when a node was made, whether it came early, when it
 * was banned.  What is stored must be exactly that (spec/vmp.md 5.1); strikes,
 * realms and spending are lib/node/audit.h's.
 */
#ifndef CRI_AUDIT_H
#define CRI_AUDIT_H

#include <stdint.h>

#include "base/err.h"

struct store;

/* A counter that is not what the log makes it. */
struct cri_fault {
	const char *node_id, *other_id;	/* borrowed; other_id of a pair */
	const char *counter;
	int64_t stored, computed;
};

typedef int cri_audit_told(void *arg, const struct cri_fault *, struct err *);

struct cri_audit {
	int64_t size;			/* entries read */
	int64_t settled;		/* escrows, at last */
	int64_t nodes, pairs;		/* compared */
	int64_t faults;
};

/*
 * Compare all; inside store_snapshot(), so that both are of one state.  0 if
 * all was read, whatever was found.
 */
int cri_audit(struct store *, cri_audit_told *, void *, struct cri_audit *,
    struct err *) CHECKED;

#endif
