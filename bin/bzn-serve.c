/*
 * bzn-serve - the HTTP API of this grid: what the programs do, for agents.
 */
#include "host/host.h"

static struct host_say say = {
	.ready_fd = -1, .pass = { .of = "the node key" },
};
static bool routes, openapi;

static int
run(struct cli *c, struct err *e)
{
	if (routes && openapi)
		return err_set(e, E_usage, "either --routes or --openapi");
	if (routes)
		return host_routes(c, e);
	if (openapi)
		return host_openapi(c, e);
	return host_run(c, &say, e);
}

static const struct opt opts[] = {
	OPT_STR('l', "listen", "ADDRESS", &say.listen,
	    "HOST:PORT or unix:PATH, ...: 127.0.0.1:8080"),
	OPT_NUM(0, "loops", "N", &say.loops, "threads that take requests"),
	OPT_STR(0, "sweep", "SPAN", &say.sweep,
	    "sweep what is due so often; off: others do"),
	OPT_NUM(0, "ready-fd", "FD", &say.ready_fd,
	    "is told the URL, and closed"),
	OPT_STR(0, "access-log", "WHERE", &say.access_log,
	    "a line each request: - is stdout, fd:N, off"),
	OPT_STR(0, "clock", "FILE", &say.clock,
	    "what says the moment, in a home with a test clock"),
	OPT_FLAG(0, "allow-private-webhooks", &say.allow_private,
	    "webhooks may be in private networks: for tests"),
	OPT_PASS(&say.pass),
	OPT_FLAG(0, "routes", &routes, "print the table of routes"),
	OPT_FLAG(0, "openapi", &openapi, "print /openapi.json"),
	OPT_END
};

int
main(int argc, char *argv[])
{
	static const struct verb verbs[] = {
		{ NULL, "", "the HTTP API of this grid", 0, 0, CLI_MAKE, opts,
		    NULL, run },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-serve",
		.brief = "the HTTP API of this grid",
		.examples =
		    "  bzn-serve\n"
		    "  bzn-serve --listen 127.0.0.1:0 --ready-fd 3 3>url\n"
		    "  bzn-serve --access-log - | jq -r .path\n"
		    "  bzn-serve --routes | jq -r '[.method, .path] | @tsv'\n",
		.statuses = "0 2 3 4 5 6 7",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
