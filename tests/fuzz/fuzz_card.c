/*
 * Cards, and whatever else may stand in their place.  A card that is read
 * writes itself in canonical form, which reads and writes as the same, in
 * ASCII too; and it differs in nothing from itself.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "card/diff.h"
#include "card/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
never(void *arg, struct buf *record, struct err *e)
{
	(void)arg;
	(void)record;
	(void)e;
	assert(0);
	return -1;
}

static void
reads_as(const struct buf *text, const struct card *c, const struct buf *want)
{
	struct buf out = BUF_INIT(8 * CARD_MAX);
	struct card again;
	struct err e = { 0 };

	if (text->len > CARD_MAX)		/* escapes may make it longer */
		return;
	assert(!card_read(&again, text->data, text->len, &e));
	assert(!card_write(&out, &again, &e));
	assert(!strcmp(out.data, want->data));
	assert(!strcmp(again.endpoint, c->endpoint));
	assert(again.expires_ms == c->expires_ms);
	assert(!diff_cards(c, &again, never, NULL, &e));
	card_release(&again);
	buf_release(&out);
}

static void
card(const struct card *c)
{
	struct buf text = BUF_INIT(8 * CARD_MAX);
	struct buf ascii = BUF_INIT(8 * CARD_MAX);
	struct err e = { 0 };

	assert(strlen(c->name) && strlen(c->name) <= FIT_NAME);
	assert(fit_endpoint(c->endpoint));
	if (!card_write(&text, c, &e)) {
		assert(!card_write_ascii(&ascii, c, &e));
		reads_as(&text, c, &text);
		reads_as(&ascii, c, &text);
	}
	if (card_check(c, c->issued_ms, &e))
		assert(e.code == E_id_mismatch || e.code == E_bad_signature ||
		    e.code == E_bad_json || e.code == E_too_long);
	buf_release(&text);
	buf_release(&ascii);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf out = BUF_INIT(8 * CARD_MAX);
	const char *state;
	struct err e = { 0 };
	struct doc d;

	if (doc_read(&d, (const char *)data, n, &e)) {
		assert(e.code == E_bad_json || e.code == E_bad_pem ||
		    e.code == E_bad_uri || e.code == E_too_long);
		return 0;
	}
	if (d.kind == DOC_CARD)
		card(&d.card);
	e = (struct err){ 0 };
	(void)!doc_judge(&d, NULL, 0, &state, &e);
	doc_write_verdict(&out, &d, state, &e);
	doc_release(&d);
	buf_release(&out);
	return 0;
}
