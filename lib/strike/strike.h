/*
 * strike - what becomes of nodes that deceive: reports, strikes and the ban.
 *
 * A node reports another; strike_policy says whether that counts.  A counted
 * strike costs score and reputation, and the last of strikes_to_ban bans, in
 * the same transaction: the node is inactive for good, all it has goes to the
 * VAULT, its skills are listed no more (spec/vmp.md 3.7).  Its open escrows
 * run on, and whatever they credit it is confiscated as well.
 */
#ifndef STRIKE_H
#define STRIKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"
#include "base/id.h"
#include "base/param.h"
#include "node/node.h"
#include "store/store.h"

struct buf;
struct json;
struct ledger;

/* Whose reports count, as strike_policy has it. */
enum strike_policy {
	STRIKE_COUNTERPARTY,	/* once a pair, of nodes that have traded */
	STRIKE_OPEN,		/* all, of nodes of the same realm */
	STRIKE_ADMIN,		/* none: the operator strikes */
};

struct report {			/* borrowed */
	const char *target_id;
	const char *reporter_id;	/* NULL: the operator strikes */
	const char *reason, *task_id;	/* or NULL */
};

struct struck {
	char id[ID_TEXT];		/* of the report */
	char node_id[NODE_ID];
	bool counted, banned;
	int64_t strikes;		/* that it has now */
	struct amount taken;		/* if it is banned */
};

/*
 * Take a report.  E_node_missing or E_node_unknown_or_banned for the one who
 * reports; E_self_report, E_node_missing, E_realm, E_already_banned,
 * E_report_not_eligible, in this order; E_bad_label for a reason over 2,000
 * characters, and E_bad_id for a task of a name that no task has.
 */
int strike_report_in(struct ledger *, const struct report *,
    const struct params *, struct chance *, struct struck *out, struct err *)
    CHECKED;

/*
 * After any credit to a node: if it is banned, its whole available balance
 * of that unit goes to VAULT, as CONFISCATION; else nothing happens.
 */
int strike_confiscate_in(struct ledger *, const char *node_id,
    const struct unit *, struct err *) CHECKED;

/*
 * The same for all that an entry credited, where names may be of accounts
 * that are no node's.
 */
struct entry;
int strike_credited_in(struct ledger *, const struct entry *, struct err *)
    CHECKED;

/* Reports of a node, oldest first: 1, 0 after the last, -1. */
struct reported {
	char id[ID_TEXT];
	char target_id[NODE_ID], reporter_id[NODE_ID];	/* "": operator */
	const char *reason, *task_id;	/* until the next, or NULL */
	bool counted;
	int64_t made_ms;
};

void strike_reports_open(struct query *, struct store *,
    const char *target_id);
int strike_reports_next(struct query *, struct reported *out, struct err *)
    CHECKED;

/* strike_factor to the power of the strikes: "1.0", "0.9", "0.5905". */
#define STRIKE_TEXT 32
void strike_reputation(int64_t strikes, const struct params *,
    char out[STRIKE_TEXT]);

/* Records; the objects are closed. */
void strike_write(struct buf *, const struct struck *);
void strike_reported_write(struct buf *, const struct reported *);
int strike_report_read(struct report *out, const struct json *,
    struct err *) CHECKED;

#endif
