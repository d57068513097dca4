/*
 * host - bzn-serve: what the options say, and the world around the server.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"
#include "cli/pass.h"

struct host_say {
	const char *listen, *sweep, *access_log, *clock;
	int64_t loops, ready_fd;
	bool allow_private;
	struct pass pass;		/* of the node's key */
};

/* Serve until a signal ends it. */
int host_run(struct cli *, const struct host_say *, struct err *) CHECKED;

/* Print the table of routes, and the document that is made of it. */
int host_routes(struct cli *, struct err *) CHECKED;
int host_openapi(struct cli *, struct err *) CHECKED;

#endif
