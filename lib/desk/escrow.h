/*
 * escrow - the verbs of bzn-escrow about trades: what a person or a script
 * asked for, and what is said of it.  The rules are those of lib/escrow.
 */
#ifndef DESK_ESCROW_H
#define DESK_ESCROW_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"

/* What the options say; zeroed, but for the deadline, nothing. */
struct desk_escrow {
	const char *buyer, *seller, *skill, *quote, *price, *amount;
	const char *validators, *protocol;	/* lock; ids with commas */
	const char *input, *output, *evidence;	/* files */
	const char *node;			/* --as */
	const char *reason, *resolution, *by, *dispute;
	const char *proof_hash, *provider;
	const char *state, *role;		/* list */
	const char *rule, *action, *status;	/* rules, disputes */
	int64_t limit, offset;
	bool due, full, open, resolved;
	const char *integration, *capability, *most;	/* hire */
	int64_t deadline;			/* -1: none */
	bool all_or_nothing;
};

typedef int desk_escrow_verb(struct cli *, const struct desk_escrow *,
    struct err *);

desk_escrow_verb desk_escrow_lock, desk_escrow_shadow, desk_escrow_claim,
    desk_escrow_complete, desk_escrow_dispute, desk_escrow_resolve,
    desk_escrow_refund, desk_escrow_hire;
desk_escrow_verb desk_escrow_show, desk_escrow_list, desk_escrow_rules,
    desk_escrow_validations, desk_escrow_disputes, desk_escrow_simulate;

#endif
