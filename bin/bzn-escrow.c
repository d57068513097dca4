/*
 * bzn-escrow - trades, and the escrows that hold their money.
 *
 * Over 200 lines because its verbs have many options; they do nothing here.
 */
#include "desk/bounty.h"
#include "desk/escrow.h"
#include "desk/receipt.h"

static struct desk_escrow say = { .deadline = -1 };
static struct desk_bounty bounty = { .days = -1, .limit = -1 };
static struct desk_receipt paper;

/* What each verb runs: its function in lib/desk, told what was said. */
#define VERB(name) \
	static int \
	verb_##name(struct cli *c, struct err *e) \
	{ \
		return desk_escrow_##name(c, &say, e); \
	}

VERB(lock)
VERB(shadow)
VERB(hire)
VERB(claim)
VERB(complete)
VERB(dispute)
VERB(resolve)
VERB(refund)
VERB(show)
VERB(list)
VERB(rules)
VERB(validations)
VERB(disputes)
VERB(simulate)

static int
verb_receipt(struct cli *c, struct err *e)
{
	return desk_receipt(c, &paper, e);
}

static int
verb_bounty(struct cli *c, struct err *e)
{
	return desk_bounty(c, &bounty, e);
}

#define AS	OPT_STR(0, "as", "NODE", &say.node, "who acts: seller or buyer")
#define ATOMIC	OPT_FLAG(0, "all-or-nothing", &say.all_or_nothing, \
		    "of the requests on stdin")
#define ORDER	OPT_STR('b', "buyer", "NODE", &say.buyer, "who pays"), \
		OPT_STR('s', "skill", "ID", &say.skill, "what is bought"), \
		OPT_STR('i', "input", "FILE", &say.input, \
		    "a JSON object; - is stdin"), \
		OPT_STR(0, "price", "TCK", &say.price, "only at this price"), \
		OPT_STR(0, "quote", "ID", &say.quote, \
		    "at the price of this quote"), \
		OPT_STR(0, "validator", "IDS", &say.validators, \
		    "of the buyer's, parted by commas"), \
		OPT_STR(0, "protocol", "WORD", &say.protocol, "api or sdk")
#define PAGE	OPT_NUM(0, "limit", "N", &say.limit, "at most so many"), \
		OPT_NUM(0, "offset", "N", &say.offset, "after the first N")

static const struct opt lock_opts[] = {
	ORDER,
	OPT_STR(0, "seller", "NODE", &say.seller,
	    "direct: who is to be paid"),
	OPT_STR(0, "amount", "TCK", &say.amount, "direct: how much"),
	ATOMIC, OPT_END
};
static const struct opt shadow_opts[] = { ORDER, ATOMIC, OPT_END };
static const struct opt hire_opts[] = {
	OPT_STR('b', "buyer", "NODE", &say.buyer, "who pays"),
	OPT_STR('c', "capability", "NAME", &say.capability,
	    "what is wanted: bzn-market capabilities"),
	OPT_STR(0, "integration", "NAME", &say.integration,
	    "through what it is asked for"),
	OPT_STR('i', "input", "FILE", &say.input,
	    "a JSON object; - is stdin"),
	OPT_STR(0, "max-price", "TCK", &say.most, "at most that: 1.00"),
	OPT_NUM(0, "deadline", "SECONDS", &say.deadline,
	    "wished for, 1 to 3600: 30"),
	ATOMIC, OPT_END
};
static const struct opt claim_opts[] = { AS, ATOMIC, OPT_END };
static const struct opt complete_opts[] = {
	OPT_STR('o', "output", "FILE", &say.output,
	    "a JSON object; - is stdin"),
	OPT_STR(0, "proof-hash", "TEXT", &say.proof_hash,
	    "vouching for the output"),
	OPT_STR(0, "llm-provider", "WORD", &say.provider,
	    "whose model did the work"),
	AS, ATOMIC, OPT_END
};
static const struct opt dispute_opts[] = {
	OPT_STR('r', "reason", "TEXT", &say.reason, "what is wrong"),
	OPT_STR(0, "evidence", "FILE", &say.evidence,
	    "what a verifier says, a JSON object"),
	AS, ATOMIC, OPT_END
};
static const struct opt resolve_opts[] = {
	OPT_STR(0, "to", "WHOM", &say.resolution,
	    "refund_buyer or release_to_seller"),
	OPT_STR('r', "reason", "TEXT", &say.reason, "kept, and hashed"),
	OPT_STR(0, "by", "WORD", &say.by,
	    "MANUAL_REVIEW or VERIFIER_EVIDENCE"),
	OPT_STR(0, "dispute", "ID", &say.dispute, "in place of the task"),
	ATOMIC, OPT_END
};
static const struct opt refund_opts[] = {
	OPT_STR('r', "reason", "WORD", &say.reason,
	    "MANUAL unless given; TIMEOUT, DISPUTE_RESOLVED, ..."),
	AS, ATOMIC, OPT_END
};
static const struct opt receipt_opts[] = {
	OPT_STR(0, "as", "NODE", &paper.as,
	    "with the balances of this party"),
	OPT_STR(0, "sign", "HOW", &paper.sign,
	    "both, ed25519 (the node) or rs256 (the token key)"),
	OPT_FLAG(0, "check", &paper.check, "are these files true?"),
	OPT_STR(0, "vkey", "VKEY", &paper.vkey,
	    "trust this key of a log"),
	OPT_STR(0, "policy", "FILE", &paper.policy,
	    "trust the logs and witnesses named there"),
	OPT_STR(0, "card", "FILE", &paper.card,
	    "trust the node, and the log it certifies"),
	OPT_STR(0, "jwks", "FILE", &paper.jwks,
	    "trust these keys of a node and of its tokens"),
	OPT_PASS(&paper.pass), OPT_END
};
static const struct opt list_opts[] = {
	OPT_STR('b', "buyer", "NODE", &say.buyer, "bought by it"),
	OPT_STR('s', "seller", "NODE", &say.seller, "sold by it"),
	OPT_STR(0, "as", "NODE", &say.node, "of this node, on either side"),
	OPT_STR(0, "role", "WORD", &say.role,
	    "of --as: seller, buyer or any"),
	OPT_STR(0, "status", "WORD", &say.state, "OPEN, COMPLETED, ..."),
	OPT_FLAG(0, "due", &say.due, "whose timer has run out"),
	OPT_FLAG(0, "full", &say.full, "with input and output"),
	PAGE, OPT_END
};
static const struct opt rules_opts[] = {
	OPT_STR(0, "rule", "WORD", &say.rule, "PROOF_MISSING, ..."),
	OPT_STR(0, "action", "WORD", &say.action, "AUTO_REFUND, ..."),
	OPT_STR(0, "escrow-status", "WORD", &say.status, "DISPUTED, ..."),
	PAGE, OPT_END
};
static const struct opt simulate_opts[] = {
	OPT_STR(0, "as", "NODE", &say.node, "who asks: seller or buyer"),
	OPT_END
};
static const struct opt disputes_opts[] = {
	OPT_FLAG(0, "open", &say.open, "that nobody has resolved"),
	OPT_FLAG(0, "resolved", &say.resolved, "that somebody has"),
	PAGE, OPT_END
};

static const struct opt bounty_opts[] = {
	OPT_STR(0, "as", "NODE", &bounty.node,
	    "who acts; show: who looks; list: of this creator"),
	OPT_STR('t', "title", "TEXT", &bounty.title,
	    "create: 5 to 200 characters"),
	OPT_STR('d', "description", "TEXT", &bounty.description,
	    "create: 10 to 5000 characters"),
	OPT_STR('r', "reward", "TCK", &bounty.reward,
	    "create: 10.00 to 100000.00"),
	OPT_STR('c', "category", "WORD", &bounty.category,
	    "general, code, research, translation, data, ..."),
	OPT_STR(0, "tags", "LIST", &bounty.tags,
	    "create: up to 20, parted by commas"),
	OPT_NUM(0, "days", "N", &bounty.days,
	    "create: until it expires, 1 to 90; else never"),
	OPT_STR(0, "content", "FILE", &bounty.content,
	    "submit: the solution; - is stdin"),
	OPT_STR(0, "proof-url", "URL", &bounty.proof_url,
	    "submit: where more is to be seen"),
	OPT_STR('s', "skill", "ID", &bounty.skill,
	    "submit: the skill that has made it"),
	OPT_STR(0, "status", "WORD", &bounty.status,
	    "list: open, awarded, cancelled, expired or all"),
	OPT_STR(0, "min-reward", "TCK", &bounty.min_reward,
	    "list: that or more"),
	OPT_STR(0, "sort", "KEY", &bounty.sort,
	    "list: newest, reward or deadline"),
	OPT_STR(0, "realm", "WORD", &bounty.realm,
	    "list: production, sandbox or all"),
	OPT_NUM(0, "limit", "N", &bounty.limit,
	    "list: at most so many, 1 to 100"),
	OPT_NUM(0, "offset", "N", &bounty.offset,
	    "list: after so many"),
	OPT_FLAG(0, "total", &bounty.total,
	    "list: only say how many there are"),
	OPT_FLAG(0, "all-or-nothing", &bounty.all_or_nothing,
	    "of the requests on stdin"),
	OPT_END
};

int
main(int argc, char *argv[])
{
	static const char columns[] = "task_id buyer_id seller_id >amount "
	    "status escrow_status label";
	static const char rule_columns[] = "created_at rule_applied "
	    "action_taken task_id escrow_id escrow_status";
	static const char check_columns[] = ">index source type result "
	    "validator_id";
	static const char dispute_columns[] = "dispute_id escrow_id "
	    "escrow_status created_at resolution resolved_by";
	static const struct verb verbs[] = {
		{ "lock", "", "buy: lock the price of a skill", 0, 0,
		    CLI_WRITE, lock_opts, NULL, verb_lock },
		{ "shadow", "", "rehearse: a task without money", 0, 0,
		    CLI_WRITE, shadow_opts, NULL, verb_shadow },
		{ "hire", "", "buy the cheapest that can do it", 0, 0,
		    CLI_WRITE, hire_opts, NULL, verb_hire },
		{ "claim", "[task]", "begin the work", 0, 1, CLI_WRITE,
		    claim_opts, NULL, verb_claim },
		{ "complete", "[task]", "deliver: the dispute window opens",
		    0, 1, CLI_WRITE, complete_opts, NULL, verb_complete },
		{ "dispute", "[task]", "object, within the window", 0, 1,
		    CLI_WRITE, dispute_opts, NULL, verb_dispute },
		{ "resolve", "[task]", "end a dispute", 0, 1, CLI_WRITE,
		    resolve_opts, NULL, verb_resolve },
		{ "refund", "[task]", "give the money back", 0, 1, CLI_WRITE,
		    refund_opts, NULL, verb_refund },
		{ "receipt", "id|file ...", "what was traded, and the proof",
		    1, 1000, CLI_STRAY, receipt_opts,
		    "receipt_id final summary", verb_receipt },
		{ "show", "task ...", "tasks, with input and output", 1, 1000,
		    CLI_READ, NULL, columns, verb_show },
		{ "list", "", "tasks, oldest first", 0, 0, CLI_READ,
		    list_opts, columns, verb_list },
		{ "rules", "[task]", "what rules and buyers did", 0, 1,
		    CLI_READ, rules_opts, rule_columns, verb_rules },
		{ "validations", "task", "what validators said", 1, 1,
		    CLI_READ, NULL, check_columns, verb_validations },
		{ "disputes", "[dispute]", "what is or was disputed", 0, 1,
		    CLI_READ, disputes_opts, dispute_columns,
		    verb_disputes },
		{ "simulate", "task", "how it would end, and what then", 1,
		    1, CLI_READ, simulate_opts, NULL, verb_simulate },
		{ "bounty", "create|list|show|submit|award|cancel [id ...]",
		    "rewards for who solves a task best", 1, 1001, CLI_WRITE,
		    bounty_opts, "bounty_id creator_node_id >reward status "
		    ">submission_count deadline_at title", verb_bounty },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-escrow",
		.brief = "tasks, and the escrows that hold their price",
		.examples =
		    "  bzn-escrow lock --buyer alice --skill \"$S\" "
		    "--input job.json\n"
		    "  bzn-escrow show \"$T\" | jq .input\n"
		    "  bzn-escrow complete \"$T\" --output out.json\n"
		    "  bzn-escrow list --due | bzn-settle -\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
