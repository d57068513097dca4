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

	if (cli_store(c, e) || health_stats(c->store, &c->params,
	    cli_now(c), &n, e))
		return -1;
	json_open(&out, NULL, '{');
	json_int(&out, "series", n.series);
	json_int(&out, "samples", n.samples);
	json_int(&out, "rollups", n.rollups);
	json_int(&out, "changes", n.changes);
	json_int(&out, "incidents", n.incidents);
	json_int(&out, "sweeps", n.sweeps);
	json_int(&out, "samples_bytes", n.sample_bytes);
	json_int(&out, "rollups_bytes", n.rollup_bytes);
	json_int(&out, "changes_bytes", n.change_bytes);
	json_int(&out, "incidents_bytes", n.incident_bytes);
	json_int(&out, "sweeps_bytes", n.sweep_bytes);
	json_int(&out, "bytes", n.bytes);
	json_int(&out, "bytes_per_series", n.series ? n.bytes / n.series : 0);
	json_int(&out, "bytes_per_series_year", n.year_bytes);
	return cli_emit_object(c, &out, e);
}
