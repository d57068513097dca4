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

#define CLERK_JOBS -1			/* nobody said how many */

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
	bool memos;			/* export; out, too */
	const char *account;		/* reconcile; and unit */
	int64_t days;
	int64_t seq;			/* tail */
	const char *type, *ref;		/* transfer */
	/* post, import, account, unit, memo, reverse, assert */
	const char *memo, *condition;	/* transfer, reverse */
	const char *replay;		/* import; and from and min */
	const char *receipts;
	const char *id_prefix, *account_prefix, *unit_map;
	bool all_or_nothing, problems;
	const char *min, *max;		/* account */
	bool nonzero;
	int64_t scale;			/* unit; -1: not said */
	int64_t max_findings;		/* verify */
	bool fast, allow_self;
	const char *since, *proof_out, *layers, *file, *leaves, *checkpoint;
	const char *anchors, *assertions, *max_age, *max_checkpoint_age;
	int64_t min_size, jobs;
	const char *successor;		/* init */
	const char *vkey, *policy;	/* checkpoint, receipt: whom to trust */
	const char *card, *cert;	/* receipt */
	int64_t print;			/* checkpoint: -1 if not said */
	const char *key, *reason;	/* checkpoint rotate, cosign */
	const char *name, *proof;	/* checkpoint cosign; and at */
	int64_t size;			/* receipt: -1 if not said */
	const char *prefix, *out;	/* receipt */
	bool check;			/* receipt, assert */
	bool force;			/* backup */
	const char *verify_root;	/* restore */
	bool rebuild;			/* doctor */
};

typedef int clerk_verb(struct cli *, const struct clerk *, struct err *);

clerk_verb clerk_init, clerk_balance, clerk_history, clerk_transfer,
    clerk_reconcile, clerk_verify, clerk_export, clerk_show, clerk_tail,
    clerk_checkpoint, clerk_receipt;
clerk_verb clerk_post, clerk_import, clerk_account, clerk_unit, clerk_memo,
    clerk_reverse, clerk_assert;
clerk_verb clerk_backup, clerk_restore, clerk_doctor, clerk_migrate;

/*
 * What doctor looks at: engine, disk, lock, log, clock, keys.  Each is told
 * of, whether well or not; nonzero ends it.  The store is open then, in a
 * snapshot, if it can be.
 */
enum clerk_look { CLERK_OK, CLERK_NOTE, CLERK_BAD };
typedef int clerk_looked(void *arg, const char *check, enum clerk_look,
    const char *text, struct err *);
int clerk_look(struct cli *, clerk_looked *, void *arg, struct err *) CHECKED;

#endif
