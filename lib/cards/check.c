/* Is it true, and what has changed? */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "card/diff.h"
#include "cards/impl.h"

static int
judge(struct cli *c, const struct cards *say, const struct text *t,
    int64_t at_ms, struct err *e)
{
	struct buf out = BUF_INIT(CARDS_RECORD);
	struct err output = { 0 };
	const char *known = NULL;
	struct doc d;
	int rc = cards_read(&d, say, t, e);
	bool read = !rc;

	if (read)
		rc = doc_judge(&d, c->store, at_ms, &known, e);
	doc_write_verdict(&out, read ? &d : NULL, known, e);
	json_str(&out, "path", t->file);
	if (t->line)
		json_int(&out, "line", (int64_t)t->line);
	json_close(&out, '}');
	if (read)
		doc_release(&d);
	if (cli_emit_buf(c, &out, &output)) {
		*e = output;
		rc = -1;
	}
	buf_release(&out);
	return rc;
}

int
cards_verify(struct cli *c, const struct cards *say, struct err *e)
{
	int64_t at_ms = cli_now(c);
	struct texts all = { 0 };
	size_t i;
	int rc;

	if ((say->at && clock_parse(say->at, &at_ms, e)) ||
	    cards_open_peers(c, e) || cards_shut_in(c, say, true, e) ||
	    texts_read(&all, c, CARDS_SCHEME, e))
		return -1;
	for (i = 0, rc = 0; i < all.n && !rc; i++)
		if (judge(c, say, &all.text[i], at_ms, e))
			rc = texts_skip(c, &all.text[i], e);
	texts_release(&all);
	return rc;
}

/* A card from a file; if there is none, that of a peer. */
static int
find_card(struct cli *c, const char *from, struct card *out, struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX);
	struct err none = { 0 };
	struct peer p = { 0 };
	int rc = -1;

	if (!file_read(&text, from, &none)) {
		rc = card_read(out, text.data, text.len, e) ||
		    card_check_key(out, e) ? err_wrap(e, "%s", from) : 0;
	} else if (none.code != E_no_file || !c->store) {
		*e = none;
	} else if (!peer_find(c->store, from, &p, e)) {
		rc = p.card ? card_read(out, p.card, strlen(p.card), e) :
		    err_set(e, E_no_card, "of '%s' only a URI is known",
		    from);
	}
	peer_release(&p);
	buf_release(&text);
	return rc;
}

static int
emit_difference(void *c, struct buf *record, struct err *e)
{
	return cli_emit_buf(c, record, e);
}

int
cards_diff(struct cli *c, const struct cards *say, struct err *e)
{
	struct card old = { 0 }, new = { 0 };
	int n = -1;

	if (!cards_open_peers(c, e) && !cards_shut_in(c, say, true, e) &&
	    !find_card(c, c->argv[0], &old, e) &&
	    !find_card(c, c->argv[1], &new, e))
		n = diff_cards(&old, &new, emit_difference, c, e);
	card_release(&old);
	card_release(&new);
	if (n > 0)
		c->worst = err_worse(c->worst, ERR_NO);
	return n < 0 ? -1 : 0;
}
