#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "evidence/prove.h"
#include "evidence/trail.h"
#include "receipt/impl.h"
#include "store/store.h"
#include "tlog/receipt.h"

static int
add_proof(struct buf *out, struct issuer *i, const struct issued *by,
    int64_t seq, struct err *e)
{
	struct buf text = BUF_INIT(RECEIPT_MAX);
	char id[LEAF_ID];
	int rc = prove_receipt(i, seq, by, &text, id, e);

	if (!rc) {
		json_open(out, NULL, '{');
		json_int(out, "seq", seq);
		json_str(out, "id", id);
		json_strn(out, "tlog_proof", text.data, text.len);
		json_close(out, '}');
	}
	buf_release(&text);
	return rc;
}

/*
 * The first leaf, by which the node vouches for its log, and those that put
 * one key in the place of another: with them a receipt can be checked by who
 * knows only the node, or an older key.
 */
static int
add_keys(struct buf *out, struct issuer *i, const struct issued *by,
    const struct trail *t, struct err *e)
{
	size_t k;

	json_open(out, "keys", '[');
	for (k = t->certified ? 0 : 1; k < t->n; k++)
		if (t->key[k].seq < (int64_t)by->at.size &&
		    add_proof(out, i, by, t->key[k].seq, e))
			return -1;
	json_close(out, ']');
	return 0;
}

static int
read_trail(struct trail *t, struct store *s, const struct issued *by,
    struct err *e)
{
	int rc;

	if (store_snapshot(s, e))
		return -1;
	rc = trail_load(t, s, (int64_t)by->at.size, e);
	store_rollback(s);
	return rc;
}

static int
write_proofs(struct proofs *p, struct issuer *i, const struct issued *by,
    const struct trail *t, const struct story *s, struct err *e)
{
	struct buf *out = &p->text, vkey = BUF_INIT(1024);
	size_t k;

	memcpy(p->origin, by->at.origin, sizeof(p->origin));
	note_key_write(&vkey, &trail_at(t, (int64_t)by->at.size)->key);
	json_open(out, NULL, '{');
	json_str(out, "origin", by->at.origin);
	json_str(out, "vkey", vkey.data);
	json_strn(out, "checkpoint", by->note.data, by->note.len);
	buf_release(&vkey);
	json_open(out, "proofs", '[');
	for (k = 0; k < s->n; k++)
		if (add_proof(out, i, by, s->leaf[k].seq, e))
			return -1;
	json_close(out, ']');
	if (add_keys(out, i, by, t, e))
		return -1;
	json_close(out, '}');
	return 0;
}

int
proofs_make(struct proofs *p, struct issuer *i, const struct story *s,
    struct err *e)
{
	struct issued by = ISSUED_INIT;
	struct trail t = { 0 };
	int rc;

	p->text = (struct buf)BUF_INIT(PAPER_MAX);
	rc = prove_against(i, s->n ? s->leaf[s->n - 1].seq : 0, -1, &by, e) ||
	    read_trail(&t, i->store, &by, e) ||
	    write_proofs(p, i, &by, &t, s, e) ? -1 : 0;
	if (!rc && !s->n) {		/* there is nothing to prove */
		buf_reset(&p->text);
		buf_adds(&p->text, "null");
	}
	trail_release(&t);
	issue_release(&by);
	return rc;
}

void
proofs_write(struct buf *out, const struct proofs *p)
{
	json_raw(out, "evidence", p->text.data, p->text.len);
}

void
proofs_release(struct proofs *p)
{
	if (p->text.max)
		buf_release(&p->text);
}
