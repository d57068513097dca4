#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "ledger/read.h"
#include "tlog/tlog.h"

/* The one form there is: {"seq","leaf_hash","entry"}. */
static int
write_leaf(struct buf *out, const struct stored *s)
{
	char hex[HASH_HEX];
	struct hash h;

	tlog_leaf(&h, s->leaf, s->leaf_n);
	hash_hex(hex, &h);
	json_open(out, NULL, '{');
	json_int(out, "seq", s->seq);
	json_str(out, "leaf_hash", hex);
	json_raw(out, "entry", s->leaf, s->leaf_n);
	json_close(out, '}');
	return 0;
}

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
	while ((got = ledger_leaves_next(&q, &s, e)) > 0)
		if (write_leaf(&out, &s) || cli_emit_buf(c, &out, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	buf_release(&out);
	return got;
}
