#include "api/books.h"

#include <string.h>

#include "settle/settle.h"

#define RECORD_MAX (8 << 20)

/* A unit's record: of the production realm, of the sandbox, of an operator. */
struct records {
	struct buf production, sandbox, others;
};

static int
keep(void *arg, struct buf *record, struct err *e)
{
	struct records *r = arg;
	struct buf *to = &r->others;

	(void)e;
	if (strstr(record->data, "\"unit\":\"TCK\""))
		to = &r->production;
	else if (strstr(record->data, "\"unit\":\"SBX\""))
		to = &r->sandbox;
	json_raw(to, NULL, record->data, record->len);
	return 0;
}

/* No money was ever made. */
static void
put_none(struct buf *out, bool valid, int64_t now_ms)
{
	json_open(out, NULL, '{');
	json_bool(out, "valid", valid);
	json_str(out, "unit", "TCK");
	json_time(out, "checked_at", now_ms);
	json_close(out, '}');
}

static void
put(struct buf *out, const struct records *r, bool all, bool sound)
{
	buf_add(out, r->production.data, r->production.len - 1);
	if (r->sandbox.len)
		json_raw(out, "sandbox", r->sandbox.data, r->sandbox.len);
	else
		json_null(out, "sandbox");
	json_open(out, "other_units", '[');
	buf_add(out, r->others.data, r->others.len);
	json_close(out, ']');
	json_bool(out, "all_valid", all);
	json_bool(out, "locks_refused", !sound);
	json_close(out, '}');
}

int
books_write(struct call *c, struct buf *out, bool *sound, struct err *e)
{
	struct records r = {
		BUF_INIT(RECORD_MAX), BUF_INIT(RECORD_MAX),
		BUF_INIT(RECORD_MAX),
	};
	const struct reconcile how = {
		.params = c->params, .now_ms = c->now_ms, .told = keep,
		.arg = &r,
	};
	int all = settle_reconcile_here(c->store, &how, sound, e);

	if (all >= 0 && !r.production.len)
		put_none(&r.production, all > 0, c->now_ms);
	if (all >= 0)
		put(out, &r, all > 0, *sound);
	buf_release(&r.production);
	buf_release(&r.sandbox);
	buf_release(&r.others);
	return all < 0 ? -1 : 0;
}
