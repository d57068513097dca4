#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evidence/prove.h"
#include "ledger/tree.h"
#include "store/store.h"
#include "tlog/receipt.h"
#include "tlog/tlog.h"

int
prove_find(struct store *s, const char *what, int64_t *seq, struct err *e)
{
	bool digits = *what && strspn(what, "0123456789") == strlen(what);
	uint64_t number;
	struct query q;
	int got;

	if (digits && checkpoint_number(&number, what, strlen(what)) &&
	    number <= INT64_MAX) {
		*seq = (int64_t)number;
		query_open(&q, s, SQL_LEDGER_ENTRY_BY_SEQ);
		query_int(&q, *seq);
	} else {
		query_open(&q, s, SQL_LEDGER_ENTRY_BY_ID);
		query_text(&q, what);
	}
	got = query_run(&q, seq, e);
	return got < 0 ? -1 : got ? 0 : err_set(e, E_no_entry,
	    "no entry '%.80s'", what);
}

int
prove_find_all(struct store *s, const char *prefix, int64_t **out, size_t *n,
    struct err *e)
{
	struct buf from = BUF_INIT(4096), to = BUF_INIT(4096);
	struct query q;
	int got;

	*out = NULL;
	*n = 0;
	buf_addf(&from, "%s:", prefix);
	buf_addf(&to, "%s;", prefix);	/* what follows the colon */
	query_open(&q, s, SQL_EVIDENCE_BY_PREFIX);
	query_text(&q, from.data);
	query_text(&q, to.data);
	while ((got = query_row(&q, e)) > 0) {
		*out = mem_grow(*out, *n + 1, sizeof(**out));
		(*out)[(*n)++] = query_get_int(&q, 0);
	}
	query_close(&q);
	buf_release(&from);
	buf_release(&to);
	return got < 0 ? -1 : *n ? 0 : err_set(e, E_no_entry,
	    "no entry whose id begins with '%.80s:'", prefix);
}

static int
stored(struct issuer *i, int64_t seq, int64_t size, struct issued *out,
    struct err *e)
{
	if (issue_stored(i, size, out, e))
		return -1;
	return (uint64_t)seq < out->at.size ? 0 : err_set(e, E_no_checkpoint,
	    "the checkpoint of %" PRIu64 " entries does not cover entry %"
	    PRId64, out->at.size, seq);
}

int
prove_against(struct issuer *i, int64_t seq, int64_t size,
    struct issued *out, struct err *e)
{
	struct err why = { 0 };

	if (size >= 0)
		return stored(i, seq, size, out, e);
	if (!stored(i, seq, -1, out, &why))
		return 0;
	if (why.code == E_no_checkpoint && !i->stored)
		return issue_checkpoint(i, out, e);
	*e = why;
	return -1;
}

static int
read_leaf(struct store *s, int64_t seq, struct buf *out, char id[LEAF_ID],
    struct err *e)
{
	const void *leaf;
	struct query q;
	size_t n;
	int got;

	query_open(&q, s, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(&q, seq);
	got = query_row(&q, e);
	if (got > 0) {
		query_put_text(&q, 1, id, LEAF_ID);
		leaf = query_get_bytes(&q, 2, &n);
		buf_add(out, leaf, n);
	}
	query_close(&q);
	return got < 0 ? -1 : got ? 0 : err_set(e, E_no_entry,
	    "no entry %" PRId64, seq);
}

int
prove_receipt(struct issuer *i, int64_t seq, const struct issued *by,
    struct buf *out, char id[LEAF_ID], struct err *e)
{
	struct receipt r = RECEIPT_INIT;
	struct checkpoint at = by->at;
	struct hash leaf;
	int rc = -1;

	r.index = (uint64_t)seq;
	r.note = by->note.data;
	r.note_n = by->note.len;
	if (store_snapshot(i->store, e))
		return -1;
	if (read_leaf(i->store, seq, &r.leaf, id, e) ||
	    proof_leaf(&r.proof, r.index, at.size, tree_read, i->store, e))
		goto out;
	tlog_leaf(&leaf, r.leaf.data, r.leaf.len);
	if (!proof_leaf_holds(&r.proof, &leaf, r.index, at.size, &at.root)) {
		err_set(e, E_store_corrupt, "entry %" PRId64 " is not what "
		    "was signed: run 'bzn-ledger verify'", seq);
		goto out;
	}
	receipt_write(out, &r);
	rc = 0;
out:
	store_rollback(i->store);
	receipt_release(&r);
	return rc;
}
