/* bzn-ping - who is up: sweeps, uptime, incidents, alerts. */
#include "ping/check.h"
#include "ping/ping.h"

static struct ping_check check;

static int
verb_check(struct cli *c, struct err *e)
{
	return ping_check(c, &check, e);
}

static const struct opt check_opts[] = {
	OPT_STR(0, "max-age", "TIME", &check.max_age,
	    "what was found before is no answer"),
	OPT_STR(0, "window", "TIME", &check.window, "of the uptime: 24h"),
	OPT_FLAG(0, "nagios", &check.nagios,
	    "speak as plugins of Nagios do: statuses 0 to 3"),
	OPT_STR('w', "warning", "RANGE", &check.warning,
	    "of seconds, and behind a comma of percent"),
	OPT_STR('c', "critical", "RANGE", &check.critical, "the same"),
	OPT_STR('H', "host", "NODE", &check.host, "the node"),
	OPT_NUM('t', "timeout", "SEC", &check.timeout_s,
	    "with --nagios: end after so many, 10"),
	OPT_END
};

int
main(int argc, char *argv[])
{
	static const struct opt none[] = { OPT_END };
	static const struct verb verbs[] = {
		{ "stats", "", "how much is kept of it all", 0, 0, CLI_READ,
		    none, NULL, ping_stats },
		{ "check", "[node]", "what is known of a node, or when the "
		    "last sweep was", 0, 1, CLI_READ, check_opts,
		    "name family state >age_s >latency_ms >uptime "
		    ">coverage code", verb_check },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-ping",
		.brief = "who is up: sweeps, uptime, incidents, alerts",
		.examples = "  bzn-ping stats\n"
		    "  bzn-ping check node-b --max-age 10m || page-someone\n"
		    "  bzn-ping check --max-age 10m   # are there sweeps?\n",
		.statuses = "0 1 2 4 6 7",
		.verbs = verbs, .end = ping_check_end,
	};

	return cli_main(&prog, argc, argv);
}
