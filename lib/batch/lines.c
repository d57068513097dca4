#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/lines.h"
#include "once/once.h"
#include "store/store.h"

#define LINES_MAX ((size_t)1 << 30)
#define RECORD_MAX (4 << 20)

/* The lines, as records that also tell how they came about. */
static int
print(struct cli *c, const struct buf *lines, bool flags, bool again,
    struct err *e)
{
	struct buf record = BUF_INIT(RECORD_MAX);
	const char *p, *end;
	int rc = 0;

	for (p = lines->data; *p && !rc; p = end + 1) {
		end = strchr(p, '\n');
		buf_add(&record, p, (size_t)(end - p) - 1);
		if (flags && again)
			json_bool(&record, "idempotent", true);
		if (flags && c->dry_run)
			json_bool(&record, "dry_run", true);
		json_close(&record, '}');
		rc = cli_emit_buf(c, &record, e);
	}
	buf_release(&record);
	return rc;
}

/* 1 if it was done before, 0 if it is done now, -1. */
static int
act_once(struct cli *c, const struct buf *request, const struct lines *l,
    struct buf *out, struct err *e)
{
	char scope[64];
	struct json in = { 0 };
	const struct once once = {
		.scope = scope, .key = c->id, .request = &in,
	};
	int got;

	if (!c->id)
		return l->act(c, l->arg, out, e);
	snprintf(scope, sizeof(scope), "%s %s", c->prog->name,
	    c->verb->name ? c->verb->name : "");
	if (json_parse(&in, request->data, request->len, e))
		return -1;
	got = once_find_in(c->store, &once, out, e);
	if (!got)
		got = l->act(c, l->arg, out, e) || (!c->worst && once_keep_in(
		    c->store, &once, out->data, cli_now(c), e)) ? -1 : 0;
	json_release(&in);
	return got;
}

int
lines_run(struct cli *c, const struct buf *request, const struct lines *l,
    struct err *e)
{
	struct buf out = BUF_INIT(LINES_MAX);
	int rc = -1, got;

	if (cli_store(c, e) || store_begin(c->store, e))
		goto out;
	got = act_once(c, request, l, &out, e);
	if (got >= 0 && out.full)
		got = err_set(e, E_too_long, "the answer is too long");
	if (got < 0 || store_commit(c->store, e))
		goto out;
	rc = print(c, &out, !l->as_they_are, got > 0, e);
out:
	if (c->store)
		store_rollback(c->store);
	buf_release(&out);
	return rc;
}
