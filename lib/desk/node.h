/*
 * node - the verbs of bzn-node: what was asked, and what is said of it.  The
 * rules are those of lib/node, lib/gate and lib/strike.
 */
#ifndef DESK_NODE_H
#define DESK_NODE_H

#include <stdbool.h>

#include "cli/cli.h"

/* What the options say; zeroed, nothing. */
struct desk_node {
	const char *solution, *challenge_id;	/* register */
	const char *signup_token;		/* challenge, register */
	const char *alias;			/* sandbox */
	const char *realm, *created_at;		/* add */
	bool inactive, active;
	const char *daily, *per_task, *pct;	/* caps */
	const char *email, *node_name, *agent_type, *capability, *why;
	const char *action, *context;		/* policy */
	const char *skill_id, *seller_id, *category, *amount;
	const char *node, *task_id;		/* report; why, too */
	bool all_or_nothing;			/* of lines on stdin */
};

typedef int desk_node_verb(struct cli *, const struct desk_node *,
    struct err *);

desk_node_verb desk_node_challenge, desk_node_register, desk_node_sandbox,
    desk_node_add, desk_node_signup, desk_node_caps, desk_node_policy,
    desk_node_report, desk_node_strike, desk_node_reports, desk_node_show,
    desk_node_list, desk_node_audit, desk_node_params;

#endif
