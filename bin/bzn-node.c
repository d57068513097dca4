/*
 * bzn-node - the registry of this grid, what its nodes may do, and the
 * parameters.
 */
#include "desk/node.h"

static struct desk_node say;

/* What each verb runs: its function in lib/desk, told what was said. */
#define VERB(name) \
	static int \
	verb_##name(struct cli *c, struct err *e) \
	{ \
		return desk_node_##name(c, &say, e); \
	}

VERB(challenge)
VERB(register)
VERB(sandbox)
VERB(add)
VERB(signup)
VERB(caps)
VERB(policy)
VERB(report)
VERB(strike)
VERB(reports)
VERB(show)
VERB(list)
VERB(audit)
VERB(params)

#define ATOMIC	OPT_FLAG(0, "all-or-nothing", &say.all_or_nothing, \
		    "of the requests on stdin")
#define TOKEN	OPT_STR(0, "signup-token", "TOKEN", &say.signup_token, \
		    "of an early access signup")

static const struct opt challenge_opts[] = { ATOMIC, TOKEN, OPT_END };
static const struct opt register_opts[] = {
	OPT_STR('s', "solution", "N", &say.solution,
	    "half the sum of the primes"),
	OPT_STR(0, "challenge", "ID", &say.challenge_id,
	    "the one that is answered"),
	ATOMIC, TOKEN, OPT_END
};
static const struct opt sandbox_opts[] = {
	OPT_STR('a', "alias", "TEXT", &say.alias, "what people call it"),
	ATOMIC, OPT_END
};
static const struct opt add_opts[] = {
	OPT_STR(0, "realm", "REALM", &say.realm,
	    "of a new node: production or sandbox"),
	OPT_STR(0, "created-at", "TIME", &say.created_at, "of a new node"),
	OPT_FLAG(0, "active", &say.active, "it may act"),
	OPT_FLAG(0, "inactive", &say.inactive, "it may not"),
	ATOMIC, OPT_END
};
static const struct opt signup_opts[] = {
	OPT_STR(0, "email", "ADDRESS", &say.email, "of a person: kept secret"),
	OPT_STR(0, "name", "TEXT", &say.node_name, "of the node to be"),
	OPT_STR(0, "type", "TEXT", &say.agent_type, "what kind of agent"),
	OPT_STR(0, "capability", "TEXT", &say.capability,
	    "what it does best"),
	OPT_STR(0, "why", "TEXT", &say.why, "why it wants to join"),
	ATOMIC, OPT_END
};
static const struct opt caps_opts[] = {
	OPT_STR(0, "daily", "AMOUNT", &say.daily,
	    "most in locks of one day, UTC; or none"),
	OPT_STR(0, "per-task", "AMOUNT", &say.per_task,
	    "most in one lock; or none"),
	OPT_STR(0, "exposure-pct", "N", &say.pct,
	    "the most in open locks; 0: off, none: the grid's"),
	ATOMIC, OPT_END
};

static const struct opt policy_opts[] = {
	OPT_STR(0, "action", "WHAT", &say.action,
	    "CREATE_TASK, PUBLISH_SKILL or CREATE_BOUNTY"),
	OPT_STR('s', "skill", "ID", &say.skill_id, "that it would buy"),
	OPT_STR(0, "seller", "NODE", &say.seller_id,
	    "of whom it would buy, without a skill"),
	OPT_STR(0, "category", "WORD", &say.category, "of what it would do"),
	OPT_STR(0, "amount", "AMOUNT", &say.amount, "that it would lock"),
	OPT_STR(0, "context", "FILE", &say.context,
	    "a JSON object that says these; - is stdin"),
	ATOMIC, OPT_END
};
static const struct opt report_opts[] = {
	OPT_STR(0, "as", "NODE", &say.node, "who reports"),
	OPT_STR('r', "reason", "TEXT", &say.why, "kept, and hashed"),
	OPT_STR(0, "task", "ID", &say.task_id, "that it is about"),
	ATOMIC, OPT_END
};
static const struct opt strike_opts[] = {
	OPT_STR('r', "reason", "TEXT", &say.why, "kept, and hashed"),
	OPT_STR(0, "task", "ID", &say.task_id, "that it is about"),
	ATOMIC, OPT_END
};

static const char columns[] = "node_id realm active member_since "
    ">strikes >reputation >balance";
static const struct verb verbs[] = {
	{ "challenge", "[node]", "ask a node to prove that it computes", 0,
	    1, CLI_WRITE, challenge_opts, NULL, verb_challenge },
	{ "register", "[node]", "answer, and be credited", 0, 1, CLI_WRITE,
	    register_opts, NULL, verb_register },
	{ "sandbox", "[-]", "a node with money to play with", 0, 1, CLI_WRITE,
	    sandbox_opts, NULL, verb_sandbox },
	{ "add", "[node]", "a node of the operator's, without money", 0, 1,
	    CLI_WRITE, add_opts, NULL, verb_add },
	{ "signup", "", "ask for early access", 0, 0, CLI_WRITE, signup_opts,
	    NULL, verb_signup },
	{ "caps", "[node]", "what it lets itself spend", 0, 1, CLI_WRITE,
	    caps_opts, NULL, verb_caps },
	{ "policy", "[node]", "may it do that?", 0, 1, CLI_WRITE, policy_opts,
	    NULL, verb_policy },
	{ "report", "[node]", "say that a node deceives", 0, 1, CLI_WRITE,
	    report_opts, NULL, verb_report },
	{ "strike", "[node]", "count one against it, as the operator", 0, 1,
	    CLI_WRITE, strike_opts, NULL, verb_strike },
	{ "reports", "[node]", "who was reported, and why", 0, 1, CLI_READ,
	    NULL, "at node_id reporter_id counted reason", verb_reports },
	{ "show", "node ...", "nodes by name", 1, 1000, CLI_READ, NULL,
	    columns, verb_show },
	{ "list", "", "all nodes", 0, 0, CLI_READ, NULL, columns,
	    verb_list },
	{ "audit", "", "is all that is kept what the log says?", 0, 0,
	    CLI_READ, NULL, NULL, verb_audit },
	{ "params", "", "every tunable, and where it comes from", 0, 0,
	    CLI_READ, NULL, "name >value >default origin meaning",
	    verb_params },
	{ 0 }
};

int
main(int argc, char *argv[])
{
	static const struct prog prog = {
		.name = "bzn-node",
		.brief = "the registry of nodes on this grid",
		.examples =
		    "  bzn-node challenge alice | jq .payload\n"
		    "  bzn-node register alice --solution 40.0\n"
		    "  bzn-node sandbox | jq -r .node_id\n"
		    "  bzn-node caps alice --daily 25 --per-task 10\n"
		    "  bzn-node list | jq -r .node_id\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
