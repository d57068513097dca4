/*
 * bzn-ledger - accounts, transfers, history, and whether the books are true.
 */
#include "clerk/clerk.h"

static struct clerk say = {
	.pass = { .of = "the node key" },
	.max_findings = 100,
};

/* What each verb runs: its function in lib/clerk, told what was said. */
#define VERB(name) \
	static int \
	name(struct cli *c, struct err *e) \
	{ \
		return clerk_##name(c, &say, e); \
	}

VERB(init)
VERB(balance)
VERB(history)
VERB(show)
VERB(tail)
VERB(transfer)
VERB(reconcile)
VERB(verify)
VERB(export)

static const struct opt init_opts[] = {
	OPT_FLAG(0, "no-node", &say.no_node,
	    "a log that no node identity certifies"),
	OPT_STR(0, "origin", "NAME", &say.origin,
	    "of the log, for ever: ledger.example.com/main"),
	OPT_PASS(&say.pass), OPT_END
};
static const struct opt balance_opts[] = {
	OPT_STR(0, "at", "AT", &say.at,
	    "then: a seq, a time, or a checkpoint's file"),
	OPT_FLAG(0, "effective", &say.effective, "by business time"),
	OPT_FLAG(0, "subtree", &say.subtree, "with all below, as NAME:..."),
	OPT_STR('u', "unit", "UNIT", &say.unit, "only in this unit"),
	OPT_END
};
static const struct opt history_opts[] = {
	OPT_STR(0, "from", "AT", &say.from, "from this entry or time on"),
	OPT_NUM('l', "limit", "N", &say.limit, "only the last N entries"),
	OPT_FLAG(0, "reverse", &say.reverse, "the newest first"),
	OPT_STR(0, "to", "AT", &say.to, "up to this entry or time"),
	OPT_STR('u', "unit", "UNIT", &say.unit, "only in this unit"),
	OPT_END
};
static const struct opt show_opts[] = {
	OPT_FLAG(0, "explain", &say.explain,
	    "with its hash, group, reversal and checkpoint"),
	OPT_END
};
static const struct opt tail_opts[] = {
	OPT_NUM(0, "from", "SEQ", &say.seq, "from this entry on"),
	OPT_NUM('l', "limit", "N", &say.limit, "at most N entries"),
	OPT_END
};
static const struct opt transfer_opts[] = {
	OPT_STR('t', "type", "TYPE", &say.type, "TRANSFER unless given"),
	OPT_STR('r', "ref", "REF", &say.ref, "what it is about"),
	OPT_END
};
static const struct opt verify_opts[] = {
	OPT_NUM(0, "max-findings", "N", &say.max_findings,
	    "print at most so many: 100"),
	OPT_END
};
static const struct verb verbs[] = {
	{ "init", "", "make a home and its log", 0, 0, CLI_MAKE,
	    init_opts, NULL, init },
	{ "balance", "[account ...]", "what accounts hold", 0, 1000,
	    CLI_READ, balance_opts,
	    "account unit >balance >available >legs", balance },
	{ "history", "account", "entries of an account", 1, 1,
	    CLI_READ, history_opts,
	    ">seq at type ref >amount >balance unit", history },
	{ "show", "entry ...", "entries as they are stored", 1, 1000,
	    CLI_READ, show_opts, NULL, show },
	{ "tail", "", "entries from one on, and what changed", 0, 0,
	    CLI_READ, tail_opts, NULL, tail },
	{ "transfer", "from to amount unit", "move value", 4, 4,
	    CLI_WRITE, transfer_opts, NULL, transfer },
	{ "reconcile", "", "do the books balance?", 0, 0, CLI_READ,
	    NULL, "unit valid >total_minted >total_in_wallets "
	    ">total_in_vault >total_in_escrow >discrepancy",
	    reconcile },
	{ "verify", "", "is every entry still what it was?", 0, 0,
	    CLI_READ, verify_opts, NULL, verify },
	{ "export", "ndjson", "all entries, with their hashes", 1, 1,
	    CLI_READ, NULL, NULL, export },
	{ 0 }
};

int
main(int argc, char *argv[])
{
	static const struct prog prog = {
		.name = "bzn-ledger",
		.brief = "accounts, transfers, and the proof of them",
		.examples =
		    "  bzn-ledger init\n"
		    "  bzn-ledger transfer MINT alice 25 TCK "
		    "--type CREDIT_ISSUE\n"
		    "  bzn-ledger balance alice | jq -r .balance\n"
		    "  bzn-ledger verify -q || page-someone\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
