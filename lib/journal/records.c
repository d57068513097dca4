/* The entries as they are: leaves, NDJSON, CSV. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "journal/impl.h"
#include "ledger/explain.h"
#include "ledger/own.h"

static int
put_leaf(struct journal *j, const struct stored *s, struct err *e)
{
	(void)e;
	buf_add(&j->out, s->leaf, s->leaf_n);
	buf_addc(&j->out, '\n');
	return 0;
}

const struct journal_format journal_leaves = {
	.word = "leaves", .raw = put_leaf,
};

static int
put_record(struct journal *j, const struct stored *s, struct err *e)
{
	struct buf memo = BUF_INIT(MEMO_MAX);
	int rc = 0;

	explain_leaf(&j->out, s);
	if (j->want->memos)
		rc = ledger_memo(j->store, s->seq, &memo, e);
	if (memo.len)
		json_str(&j->out, "memo", memo.data);
	buf_release(&memo);
	json_close(&j->out, '}');
	buf_addc(&j->out, '\n');
	return rc < 0 ? -1 : 0;
}

const struct journal_format journal_ndjson = {
	.word = "ndjson", .raw = put_record,
};

/* RFC 4180: lines end in CR LF; none of our texts holds a quote. */
static void
begin_csv(struct journal *j)
{
	buf_adds(&j->out, "seq,at,effective,kind,type,id,ref,account,unit,"
	    "amount,group_i,group_n,reverses\r\n");
}

static void
put_time(struct buf *out, int64_t ms)
{
	char text[CLOCK_TEXT];

	clock_text(ms, text);
	buf_adds(out, text);
}

static void
put_head(struct buf *out, const struct entry *x)
{
	static const char *const kinds[] = { "transfer", "event", "reversal" };
	bool quote = x->ref && strchr(x->ref, ',');

	journal_int(out, x->seq);
	buf_addc(out, ',');
	put_time(out, x->at_ms);
	buf_addc(out, ',');
	if (x->effective_ms)
		put_time(out, *x->effective_ms);
	buf_addc(out, ',');
	buf_adds(out, kinds[x->kind]);
	buf_addc(out, ',');
	buf_adds(out, x->type);
	buf_addc(out, ',');
	buf_adds(out, x->id);
	buf_adds(out, quote ? ",\"" : ",");
	buf_adds(out, x->ref ? x->ref : "");
	buf_adds(out, quote ? "\"," : ",");
}

static void
put_tail(struct buf *out, const struct entry *x)
{
	buf_addc(out, ',');
	if (x->group_n)
		journal_int(out, x->group_i);
	buf_addc(out, ',');
	if (x->group_n)
		journal_int(out, x->group_n);
	buf_addc(out, ',');
	buf_adds(out, x->reverses ? x->reverses : "");
	buf_adds(out, "\r\n");
}

static void
put_rows(struct journal *j, const struct entry *x)
{
	size_t i;

	for (i = 0; i < x->n_legs; i++) {
		put_head(&j->out, x);
		buf_adds(&j->out, x->legs[i].account);
		buf_addc(&j->out, ',');
		buf_adds(&j->out, x->legs[i].unit->code);
		buf_addc(&j->out, ',');
		journal_amount(&j->out, x->legs[i].minor, x->legs[i].unit);
		put_tail(&j->out, x);
	}
}

const struct journal_format journal_csv = {
	.word = "csv", .begin = begin_csv, .entry = put_rows,
};
