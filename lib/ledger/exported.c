#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/jcs.h"
#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "ledger/exported.h"
#include "ledger/fold.h"
#include "tlog/tlog.h"

struct exported {
	struct line in;
	struct fold *fold;		/* which units there are */
	struct leaf leaf;
	struct buf canonical;		/* of an entry in a record */
	int64_t n;			/* given out */
};

int
exported_open(struct exported **out, const char *path, struct err *e)
{
	bool named = strcmp(path, "-") != 0;
	int fd = named ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	struct exported *x;

	*out = NULL;
	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	x = mem_zero(1, sizeof(*x));
	line_init(&x->in, fd, named ? path : "stdin");
	x->fold = fold_new();
	x->canonical = (struct buf)BUF_INIT(LEAF_MAX);
	*out = x;
	return 0;
}

void
exported_close(struct exported *x)
{
	if (!x)
		return;
	if (x->in.fd != STDIN_FILENO)
		close(x->in.fd);
	line_release(&x->in);
	fold_free(x->fold);
	leaf_release(&x->leaf);
	buf_release(&x->canonical);
	free(x);
}

static int
check_hash(const struct json *record, const struct exported_entry *out,
    struct err *e)
{
	struct hash said, is;
	const char *hex;

	if (json_get_str(record, "leaf_hash", &hex, e))
		return -1;
	tlog_leaf(&is, out->leaf, out->leaf_n);
	if (!enc_unhex(&said, hex, sizeof(said)))
		return json_fail(record, "leaf_hash", E_bad_json,
		    "is not 64 hex digits", e);
	return memcmp(&said, &is, sizeof(is)) ? err_set(e, E_leaf_mismatch,
	    "the entry has another hash than is said of it") : 0;
}

static int
take_record(struct exported *x, struct exported_entry *out, struct err *e)
{
	struct json record, entry;
	int rc;

	if (json_parse(&record, x->in.text.data, x->in.text.len, e))
		return -1;
	buf_reset(&x->canonical);
	rc = json_get(&entry, &record, "entry", JSON_OBJECT, e) ||
	    jcs_write(&x->canonical, &entry, e) ? -1 : 0;
	if (!rc) {
		out->leaf = x->canonical.data;
		out->leaf_n = x->canonical.len;
		rc = check_hash(&record, out, e);
	}
	json_release(&record);
	return rc;
}

/* Which units it declares; what else is wrong with it others judge. */
static void
learn(struct exported *x, const struct entry *event)
{
	struct err ignored = { 0 };
	int rc = fold_entry(x->fold, event, &ignored);

	(void)rc;
}

static int
take(struct exported *x, struct exported_entry *out, struct err *e)
{
	static const char record[] = "{\"seq\":";

	out->leaf = x->in.text.data;
	out->leaf_n = x->in.text.len;
	if (!strncmp(out->leaf, record, strlen(record)) &&
	    take_record(x, out, e))
		return -1;
	if (leaf_parse(&x->leaf, out->leaf, out->leaf_n, fold_units(x->fold),
	    e))
		return e->code != E_leaf_not_canonical ? -1 : err_set(e,
		    E_bad_json, "not a canonical leaf, and no record of one");
	out->entry = &x->leaf.entry;
	if (out->entry->seq != x->n)
		return err_set(e, E_seq_gap, "it is entry %" PRId64 ", where "
		    "%" PRId64 " has to be", out->entry->seq, x->n);
	x->n++;
	if (out->entry->kind == ENTRY_EVENT)
		learn(x, out->entry);
	return 0;
}

int
exported_next(struct exported *x, struct exported_entry *out, struct err *e)
{
	int got = line_next(&x->in, e);

	if (got < 0 && e->code != E_too_long)
		return -1;		/* not about a line */
	if (got > 0 && take(x, out, e))
		got = -1;
	return got < 0 ? err_wrap(e, "%s:%lu", x->in.name, x->in.number) :
	    got;
}
