/*
 * clerk - the verbs of bzn-ledger: what a person or a script asked for, and
 * what is said of it.  The rules are those of lib/ledger and its neighbours.
 */
#ifndef CLERK_H
#define CLERK_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"
#include "cli/pass.h"

/* What the options say; zeroed, nothing. */
struct clerk {
	const char *origin;		/* init */
	bool no_node;
	struct pass pass;
	const char *unit;		/* balance, history */
	int64_t limit;			/* history, tail */
	const char *at;			/* balance */
	bool effective, subtree;
	const char *from, *to;		/* history, export */
	bool reverse;			/* history */
	bool explain;			/* show */
	int64_t seq;			/* tail */
	const char *type, *ref;		/* transfer */
	int64_t max_findings;		/* verify */
};

typedef int clerk_verb(struct cli *, const struct clerk *, struct err *);

clerk_verb clerk_init, clerk_balance, clerk_history, clerk_transfer,
    clerk_reconcile, clerk_verify, clerk_export, clerk_show, clerk_tail;

#endif
