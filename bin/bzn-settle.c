/* bzn-settle - pay what is due, refund what is late. */
#include "desk/settle.h"

static struct desk_settle say;

static int
run(struct cli *c, struct err *e)
{
	return desk_settle(c, &say, e);
}

int
main(int argc, char *argv[])
{
	static const struct opt opts[] = {
		OPT_NUM('l', "limit", "N", &say.limit,
		    "close at most so many"),
		OPT_STR(0, "only", "PHASES", &say.only,
		    "of settle,refund,shadow,bounty,..."),
		OPT_FLAG('w', "watch", &say.watch,
		    "sweep again and again, until SIGTERM"),
		OPT_NUM(0, "sweeps", "N", &say.sweeps,
		    "with --watch: end after so many"),
		OPT_FLAG('c', "check", &say.check,
		    "does anything wait for a person?"),
		OPT_STR(0, "retry", "ID", &say.retry,
		    "try once more what was parked"),
		OPT_STR(0, "as", "NODE", &say.node,
		    "who asks for it: buyer or seller"),
		OPT_STR(0, "proof-hash", "HASH", &say.proof_hash,
		    "kept beside the escrow"),
		OPT_FLAG(0, "no-checkpoint", &say.no_checkpoint,
		    "do not sign what the log is then"),
		OPT_END
	};
	static const struct verb verbs[] = {
		{ NULL, "[task ... | -]", NULL, 0, 1000, CLI_WRITE, opts,
		    NULL, run },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-settle",
		.brief = "pay what is due, refund what is late",
		.examples =
		    "  bzn-settle                          # from cron\n"
		    "  bzn-settle --watch                  # by a supervisor\n"
		    "  bzn-settle --check || page-someone\n"
		    "  bzn-settle --dry-run | jq -r .payout\n"
		    "  bzn-escrow list --due | bzn-settle -\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
