#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"

int
clerk_migrate(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	int at, have, rc;

	(void)say;
	if (store_schema(c->home, &at, &have, e) ||
	    (!c->dry_run && cli_store(c, e)))
		return -1;
	json_open(&out, NULL, '{');
	json_str(&out, "result", at < have ? "migrated" : "current");
	json_int(&out, "from", at);
	json_int(&out, "to", have);
	if (c->dry_run)
		json_bool(&out, "dry_run", true);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}
