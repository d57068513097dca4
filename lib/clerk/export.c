#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "ledger/explain.h"
#include "tlog/tlog.h"

int
clerk_export(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf out = BUF_INIT(CLERK_RECORD);
	struct stored s;
	struct query q;
	int got;

	(void)say;
	if (strcmp(c->argv[0], "ndjson"))
		return err_set(e, E_usage, "no format '%.40s': say ndjson",
		    c->argv[0]);
	if (cli_store(c, e))
		return -1;
	ledger_leaves_open(&q, c->store, 0, INT64_MAX);
	while ((got = ledger_leaves_next(&q, &s, e)) > 0) {
		explain_leaf(&out, &s);
		json_close(&out, '}');
		got = cli_emit_buf(c, &out, e);
		if (got)
			break;
	}
	query_close(&q);
	buf_release(&out);
	return got;
}
