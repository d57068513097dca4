/* Single entries, and all from one on. */
#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "ledger/explain.h"
#include "ledger/past.h"

static int
show_one(struct cli *c, const struct clerk *say, const struct units *units,
    const char *name, struct err *e)
{
	struct buf out = BUF_INIT(CLERK_RECORD);
	struct stored s;
	struct query q;
	int rc = -1;

	if (ledger_entry_find(&q, c->store, name, &s, e))
		return -1;
	if (!say->explain) {
		buf_add(&out, s.leaf, s.leaf_n);
	} else {
		if (explain_write(&out, c->store, &s, units, e))
			goto out;
		json_close(&out, '}');
	}
	rc = cli_emit_buf(c, &out, e);
out:
	query_close(&q);
	buf_release(&out);
	return rc;
}

int
clerk_show(struct cli *c, const struct clerk *say, struct err *e)
{
	struct units units = { 0 };
	char **name;
	int rc = 0;

	if (cli_store(c, e) || store_snapshot(c->store, e) ||
	    ledger_units_read(c->store, &units, e))
		return -1;
	for (name = c->argv; !rc && *name; name++)
		rc = show_one(c, say, &units, *name, e);
	ledger_units_free(&units);
	return rc;
}

/* The entry, and what each account that it touches holds after it. */
static int
put_tail(struct cli *c, struct past *p, const struct stored *s,
    struct leaf *leaf, struct buf *out, struct err *e)
{
	const struct entry *x = &leaf->entry;
	const struct leg *leg;
	int64_t minor;

	if (leaf_parse(leaf, s->leaf, s->leaf_n, past_units(p), e))
		return err_wrap(e, "entry %lld", (long long)s->seq);
	past_step(p, x);
	json_open(out, NULL, '{');
	json_int(out, "seq", s->seq);
	json_raw(out, "entry", s->leaf, s->leaf_n);
	json_open(out, "balances", '[');
	for (leg = x->legs; leg < x->legs + x->n_legs; leg++) {
		if (past_minor(p, leg, &minor, e))
			return -1;
		json_open(out, NULL, '{');
		json_str(out, "account", leg->account);
		json_str(out, "unit", leg->unit->code);
		json_amount(out, "balance",
		    (struct amount){ minor, leg->unit });
		json_close(out, '}');
	}
	json_close(out, ']');
	json_close(out, '}');
	return cli_emit_buf(c, out, e);
}

static int
tail_from(struct cli *c, struct past *p, int64_t from, int64_t to,
    struct err *e)
{
	struct buf out = BUF_INIT(CLERK_RECORD);
	struct leaf leaf = { 0 };
	struct stored s;
	struct query q;
	int got;

	ledger_leaves_open(&q, c->store, from, to);
	while ((got = ledger_leaves_next(&q, &s, e)) > 0) {
		if (s.seq != from++) {
			got = err_set(e, E_seq_gap, "entry %lld is missing",
			    (long long)from - 1);
			break;
		}
		got = put_tail(c, p, &s, &leaf, &out, e);
		if (got)
			break;
	}
	query_close(&q);
	leaf_release(&leaf);
	buf_release(&out);
	return got;
}

/* From past the last entry on there is nothing yet, which is no error. */
int
clerk_tail(struct cli *c, const struct clerk *say, struct err *e)
{
	struct ledger_head head;
	int64_t from = say->seq, to;
	struct past *p;
	int rc;

	if (cli_store(c, e) || store_snapshot(c->store, e) ||
	    ledger_head(c->store, &head, e))
		return -1;
	if (from > head.size)
		return err_set(e, E_no_entry, "entry %lld is not the next: "
		    "the log has %lld so far", (long long)from,
		    (long long)head.size);
	to = head.size;
	if (say->limit && say->limit < to - from)
		to = from + say->limit;
	if (past_open(&p, c->store, from, e))
		return -1;
	rc = tail_from(c, p, from, to, e);
	past_close(p);
	return rc;
}
