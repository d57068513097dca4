#include "base/buf.h"
#include "base/json.h"
#include "ledger/explain.h"
#include "ledger/own.h"
#include "tlog/tlog.h"


void
explain_leaf(struct buf *out, const struct stored *s)
{
	char hex[HASH_HEX];
	struct hash h;

	tlog_leaf(&h, s->leaf, s->leaf_n);
	hash_hex(hex, &h);
	json_open(out, NULL, '{');
	json_int(out, "seq", s->seq);
	json_str(out, "leaf_hash", hex);
	json_raw(out, "entry", s->leaf, s->leaf_n);
}

static void
put_name(struct buf *out, const char *key, int64_t seq, const char *id)
{
	json_open(out, key, '{');
	json_int(out, "seq", seq);
	json_str(out, "id", id);
	json_close(out, '}');
}

static int
put_group(struct buf *out, struct store *store, const struct entry *x,
    struct err *e)
{
	int64_t first = x->seq - x->group_i;
	struct stored s;
	struct query q;
	int got;

	if (!x->group_n)
		return 0;
	json_open(out, "group", '[');
	ledger_leaves_open(&q, store, first, first + x->group_n);
	while ((got = ledger_leaves_next(&q, &s, e)) > 0)
		put_name(out, NULL, s.seq, s.id);
	query_close(&q);
	json_close(out, ']');
	return got;
}

static int
put_reversal(struct buf *out, struct store *store, const struct entry *x,
    struct err *e)
{
	struct query q;
	int got;

	if (x->kind == ENTRY_REVERSAL)
		put_name(out, "reverses", x->reverses_seq, x->reverses);
	query_open(&q, store, SQL_LEDGER_REVERSED_BY);
	query_int(&q, x->seq);
	got = query_row(&q, e);
	if (got > 0)
		put_name(out, "reversed_by", query_get_int(&q, 0),
		    query_get_text(&q, 1));
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static int
put_checkpoint(struct buf *out, struct store *store, int64_t seq,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, store, SQL_LEDGER_CHECKPOINT_OVER);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0) {
		json_open(out, "checkpoint", '{');
		json_int(out, "size", query_get_int(&q, 0));
		json_time(out, "at", query_get_int(&q, 1));
		json_close(out, '}');
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static int
put_memo(struct buf *out, struct store *store, const struct entry *x,
    struct err *e)
{
	struct buf memo = BUF_INIT(MEMO_MAX);
	int rc = 0;

	if (x->memo_sha256)
		rc = ledger_memo(store, x->seq, &memo, e);
	if (memo.len)
		json_str(out, "memo", memo.data);
	buf_release(&memo);
	return rc < 0 ? -1 : 0;
}

int
explain_write(struct buf *out, struct store *store, const struct stored *s,
    const struct units *units, struct err *e)
{
	struct leaf leaf = { 0 };
	const struct entry *x = &leaf.entry;
	int rc = -1;

	if (leaf_parse(&leaf, s->leaf, s->leaf_n, units, e)) {
		err_wrap(e, "entry %lld", (long long)s->seq);
		goto out;
	}
	explain_leaf(out, s);
	if (put_memo(out, store, x, e) || put_group(out, store, x, e) ||
	    put_reversal(out, store, x, e) ||
	    put_checkpoint(out, store, x->seq, e))
		goto out;
	rc = 0;
out:
	leaf_release(&leaf);
	return rc;
}
