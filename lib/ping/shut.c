/* What a verb that asks others keeps of its rights: spec/ops.md 8. */
#include "cli/box.h"
#include "ping/run.h"
#include "uptime/zone.h"

/* Zones are those of maintenance. */
int
ping_shut(struct cli *c, const struct ping_sweep *say, bool again,
    struct err *e)
{
	const char *read[4] = { ZONE_FILES }, *write[4] = { c->home };
	size_t reads = 1, writes = 1;

	if (say->targets)
		read[reads++] = say->targets;
	if (say->ca_file)
		read[reads++] = say->ca_file;
	if (say->record)
		write[writes++] = say->record;
	if (say->prom)
		write[writes++] = say->prom;
	return cli_sandbox_connect(c, say->require_sandbox, again, read,
	    write, e);
}
