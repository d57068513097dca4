/* How much there is of it all. */
#include "base/buf.h"
#include "base/json.h"
#include "health/rollup.h"
#include "ping/ping.h"

#define RECORD_MAX 4096

int
ping_stats(struct cli *c, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct health_stats n;

	if (cli_store(c, e) || health_stats(c->store, &n, e))
		return -1;
	json_open(&out, NULL, '{');
	json_int(&out, "series", n.series);
	json_int(&out, "samples", n.samples);
	json_int(&out, "rollups", n.rollups);
	json_int(&out, "changes", n.changes);
	json_int(&out, "incidents", n.incidents);
	return cli_emit_object(c, &out, e);
}
