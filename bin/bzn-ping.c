/* bzn-ping - who is up: sweeps, uptime, incidents, alerts. */
#include "ping/ping.h"

int
main(int argc, char *argv[])
{
	static const struct opt none[] = { OPT_END };
	static const struct verb verbs[] = {
		{ "stats", "", "how much is kept of it all", 0, 0, CLI_READ,
		    none, NULL, ping_stats },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-ping",
		.brief = "who is up: sweeps, uptime, incidents, alerts",
		.examples = "  bzn-ping stats\n",
		.statuses = "0 2 4 6 7",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
