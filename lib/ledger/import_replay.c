/* Leaves back into a log, in transactions as large as those of import. */
#include <string.h>

#include "base/json.h"
#include "base/line.h"
#include "ledger/import.h"
#include "ledger/restore.h"

#define CHUNK_LEAVES 8192

struct run {
	const struct import_how *how;
	struct imported *sum;
	struct ledger *ledger;
	int64_t new, old;		/* of the transaction */
};

/* Leaves bring their own time; ours would be later. */
static int
begin(struct run *r, struct err *e)
{
	r->new = r->old = 0;
	return ledger_begin(r->how->store, &r->ledger, 0, false, e);
}

static int
commit(struct run *r, struct err *e)
{
	if (ledger_commit(r->ledger, e))
		return -1;
	r->sum->posted += r->new;
	r->sum->exists += r->old;
	return 0;
}

static int
restore(struct run *r, const struct buf *leaf, struct err *e)
{
	const struct import_how *h = r->how;
	bool whole = h->all_or_nothing || store_is_dry(h->store);
	int got;

	if (!ledger_writing(r->ledger) && begin(r, e))
		return -1;
	got = ledger_restore_in(r->ledger, leaf->data, leaf->len, e);
	if (got < 0)
		return -1;
	r->new += got;
	r->old += !got;
	return !whole && r->new + r->old >= CHUNK_LEAVES &&
	    ledger_may_end_in(r->ledger) ? commit(r, e) : 0;
}

static int
run(struct run *r, struct err *e)
{
	struct line *in = r->how->in;
	int got;

	if (ledger_prepare(r->how->store, e) || begin(r, e))
		return -1;
	while ((got = line_next(in, e)) > 0)
		if (restore(r, &in->text, e))
			return err_wrap(e, "%s:%lu", in->name, in->number);
	if (got < 0)
		return -1;
	if (!ledger_writing(r->ledger) && begin(r, e))
		return -1;
	if (!ledger_may_end_in(r->ledger))
		return err_set(e, E_group_open,
		    "%s: it ends amid a group", in->name);
	return 0;
}

static int
tell(struct run *r, const struct hash *root, int64_t size, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	char hex[HASH_HEX];
	int rc;

	hash_hex(hex, root);
	json_open(&out, NULL, '{');
	json_str(&out, "result", "summary");
	json_int(&out, "posted", r->sum->posted);
	json_int(&out, "exists", r->sum->exists);
	json_int(&out, "size", size);
	json_str(&out, "root", hex);
	if (store_is_dry(r->how->store))
		json_bool(&out, "dry_run", true);
	json_close(&out, '}');
	buf_addc(&out, '\n');
	rc = r->how->put(r->how->arg, out.data, out.len, e);
	buf_release(&out);
	return rc;
}

int
import_replay(const struct import_how *how, struct imported *out,
    struct err *e)
{
	struct run r = { .how = how, .sum = out };
	struct hash root;
	int64_t size = 0;
	int rc;

	*out = (struct imported){ 0 };
	rc = run(&r, e);
	if (!rc) {
		size = (int64_t)ledger_size_in(r.ledger);
		ledger_root_in(r.ledger, &root);
		rc = commit(&r, e);
	}
	if (!rc && !store_is_dry(how->store))
		rc = ledger_project(how->store, &r.ledger, e);
	ledger_free(r.ledger);
	return rc || tell(&r, &root, size, e) ? -1 : 0;
}
