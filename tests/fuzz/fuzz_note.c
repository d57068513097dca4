/*
 * A receipt that is read is written as the same bytes; its note parses or is
 * refused, and what it says of a checkpoint, too.
 */
#include <assert.h>
#include <string.h>

#include "tlog/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
notes(const char *text, size_t n)
{
	struct buf again = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	struct err e = { 0 };
	struct note note;

	if (note_parse(&note, text, n, &e)) {
		assert(e.code == E_bad_note);
		return;
	}
	assert(note.n && note.n <= NOTE_LINES && note.text_n < n);
	if (!checkpoint_read(&c, note.text, note.text_n, &e)) {
		checkpoint_write(&again, &c);
		assert(again.len <= note.text_n &&
		    !memcmp(again.data, note.text, again.len));
	}
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf again = BUF_INIT(RECEIPT_MAX + 64);
	struct receipt r = RECEIPT_INIT;
	const char *text = (const char *)data;
	struct err e = { 0 };

	notes(text, n);
	if (receipt_read(&r, text, n, &e)) {
		assert(e.code == E_bad_receipt);
	} else {
		notes(r.note, r.note_n);
		receipt_write(&again, &r);
		assert(!r.leaf.len || (again.len == n &&
		    !memcmp(again.data, text, n)));
	}
	receipt_release(&r);
	buf_release(&again);
	return 0;
}
