/* One action on the ledger: begin, act, commit, and only then say so. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "ledger/read.h"
#include "ledger/record.h"
#include "ledger/result.h"
#include "strike/strike.h"

/* A dry run tells what the log would have become. */
static int
print(struct cli *c, const struct buf *lines, const struct hash *root,
    struct err *e)
{
	struct buf record = BUF_INIT(CLERK_RECORD);
	const char *p, *end;
	char hex[HASH_HEX];
	int rc = 0;

	hash_hex(hex, root);
	for (p = lines->data; *p && !rc; p = end + 1) {
		end = strchr(p, '\n');
		buf_add(&record, p, (size_t)(end - p) - 1);
		if (c->dry_run) {
			json_bool(&record, "dry_run", true);
			json_str(&record, "root", hex);
		}
		json_close(&record, '}');
		rc = cli_emit_buf(c, &record, e);
	}
	buf_release(&record);
	return rc;
}

int
clerk_act(struct cli *c, clerk_action *act, void *arg, struct err *e)
{
	struct buf lines = BUF_INIT(CLERK_RECORD);
	struct ledger *l = NULL;
	char id[LEAF_ID];
	struct hash root;
	int rc = -1;

	if (cli_store(c, e) || ledger_begin(c->store, &l, cli_now(c),
	    !c->accept_clock, e))
		goto out;
	if (c->id && (leaf_check_id(c->id, e) || record_check_id(l, c->id, e)))
		goto out;
	if (c->id)
		snprintf(id, sizeof(id), "%s", c->id);
	else
		id_new(id, ledger_now(l), &c->chance);
	if (act(c, l, id, arg, &lines, e))
		goto out;
	if (lines.full) {
		err_set(e, E_too_long, "the answer is too long");
		goto out;
	}
	ledger_root_in(l, &root);
	if (!ledger_commit(l, e))
		rc = print(c, &lines, &root, e);
out:
	ledger_free(l);
	buf_release(&lines);
	return rc;
}

void
clerk_result(struct buf *out, const char *id, const struct posted *p)
{
	result_open(out, id, p);
	json_close(out, '}');
	buf_addc(out, '\n');
}

int
clerk_credited(struct ledger *l, int64_t seq, struct err *e)
{
	struct leaf leaf = { 0 };
	struct stored at;
	struct query q;
	int got;

	ledger_leaves_open(&q, ledger_store(l), seq, seq + 1);
	got = ledger_leaves_next(&q, &at, e);
	if (got > 0 && leaf_parse(&leaf, at.leaf, at.leaf_n, ledger_units(l),
	    e))
		got = -1;
	query_close(&q);
	if (!got)
		got = err_set(e, E_store_corrupt, "entry %lld is gone",
		    (long long)seq);
	if (got > 0)
		got = strike_credited_in(l, &leaf.entry, e);
	leaf_release(&leaf);
	return got ? -1 : 0;
}
