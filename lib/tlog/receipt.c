#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"
#include "tlog/receipt.h"
#include "tlog/tlog.h"

#define HEAD "c2sp.org/tlog-proof@v1"
#define EXTRA "extra "
#define INDEX "index "

struct cursor { const char *p, *end; };

void
receipt_write(struct buf *out, const struct receipt *r)
{
	size_t i;

	buf_adds(out, HEAD "\n" EXTRA);
	enc_base64(out, r->leaf.data, r->leaf.len);
	buf_addf(out, "\n" INDEX "%" PRIu64 "\n", r->index);
	for (i = 0; i < r->proof.n; i++) {
		enc_base64(out, r->proof.h[i].b, HASH_BYTES);
		buf_addc(out, '\n');
	}
	buf_addc(out, '\n');
	buf_add(out, r->note, r->note_n);
}

/* The next line, without its line feed; false at the end. */
static bool
next_line(struct cursor *c, const char **line, size_t *n)
{
	const char *feed = memchr(c->p, '\n', (size_t)(c->end - c->p));

	if (!feed)
		return false;
	*line = c->p;
	*n = (size_t)(feed - c->p);
	c->p = feed + 1;
	return true;
}

static bool
begins(const char *word, const char **line, size_t *n)
{
	size_t len = strlen(word);

	if (*n < len || memcmp(*line, word, len))
		return false;
	*line += len;
	*n -= len;
	return true;
}

static bool
read_leaf(struct buf *out, const char *base64, size_t n)
{
	unsigned char *raw = mem_zero(n / 4 * 3 + 1, 1);
	bool ok = enc_unbase64(raw, n / 4 * 3, &n, base64, n);

	if (ok)
		buf_add(out, raw, n);
	free(raw);
	return ok && !out->full;
}

/* What is not in one form only would not come back from receipt_write(). */
static bool
read_body(struct receipt *r, struct cursor *c)
{
	const char *line;
	size_t n, got;

	if (!next_line(c, &line, &n) || !begins(HEAD, &line, &n) || n ||
	    !next_line(c, &line, &n))
		return false;
	if (begins(EXTRA, &line, &n) && (!read_leaf(&r->leaf, line, n) ||
	    !next_line(c, &line, &n)))
		return false;
	if (!begins(INDEX, &line, &n) ||
	    !checkpoint_number(&r->index, line, n))
		return false;
	while (next_line(c, &line, &n) && n)
		if (r->proof.n == PROOF_MOST ||
		    !enc_unbase64(r->proof.h[r->proof.n++].b, HASH_BYTES,
		    &got, line, n) || got != HASH_BYTES)
			return false;
	r->note = c->p;
	r->note_n = (size_t)(c->end - c->p);
	return c->p > line && !n && r->note_n;
}

int
receipt_read(struct receipt *out, const char *text, size_t n, struct err *e)
{
	struct cursor c = { text, text + n };

	buf_reset(&out->leaf);
	out->proof.n = 0;
	if (n > RECEIPT_MAX || memchr(text, '\0', n) || !read_body(out, &c))
		return err_set(e, E_bad_receipt, "not a receipt");
	return 0;
}

int
receipt_covers(const struct receipt *r, const struct checkpoint *at,
    struct err *e)
{
	struct hash leaf;

	tlog_leaf(&leaf, r->leaf.data, r->leaf.len);
	return proof_leaf_holds(&r->proof, &leaf, r->index, at->size,
	    &at->root) ? 0 : err_set(e, E_proof_mismatch, "the leaf is not "
	    "at %" PRIu64 " in the tree of %" PRIu64, r->index, at->size);
}

int
receipt_check(const struct receipt *r, const struct note_key *keys, size_t n,
    struct checkpoint *out, struct err *e)
{
	struct note note;

	if (!r->leaf.len)
		return err_set(e, E_bad_receipt, "the receipt has no leaf");
	if (note_parse(&note, r->note, r->note_n, e) ||
	    note_check(&note, keys, n, e) ||
	    checkpoint_read(out, note.text, note.text_n, e))
		return -1;
	return receipt_covers(r, out, e);
}

void
receipt_release(struct receipt *r)
{
	buf_release(&r->leaf);
}
