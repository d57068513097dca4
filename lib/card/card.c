#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/jcs.h"
#include "card/card.h"
#include "key/ident.h"

int
card_match_id(const char *node_id, const struct sign_public *key,
    struct err *e)
{
	char id[HASH_HEX];

	ident_id(id, key);
	return strcmp(id, node_id) ? err_set(e, E_id_mismatch, "node_id is "
	    "%.16s..., but that of the key is %.16s...", node_id, id) : 0;
}

int
card_check_key(const struct card *c, struct err *e)
{
	return card_match_id(c->node_id, &c->key, e) ||
	    domain_check(DOMAIN_card, &c->json, "signature", &c->key, e) ?
	    -1 : 0;
}

int
card_check_time(const char *what, int64_t issued_ms, int64_t expires_ms,
    int64_t at_ms, struct err *e)
{
	char text[CLOCK_TEXT];

	if (issued_ms > at_ms && issued_ms - at_ms > CARD_SKEW_MS) {
		clock_text(issued_ms, text);
		return err_set(e, E_not_yet_valid, "%s is issued at %s only",
		    what, text);
	}
	if (at_ms >= expires_ms) {
		clock_text(expires_ms, text);
		return err_set(e, E_expired, "%s expired at %s", what, text);
	}
	return 0;
}

int
card_check(const struct card *c, int64_t at_ms, struct err *e)
{
	return card_check_key(c, e) || card_check_time("the card",
	    c->issued_ms, c->expires_ms, at_ms, e) ? -1 : 0;
}

int
card_seal(struct buf *out, struct buf *text, enum domain d,
    const struct sign_key *key, struct err *e)
{
	if (domain_seal(text, d, key, "signature", e))
		return -1;
	json_close(text, '}');
	return text->full ? err_set(e, E_too_long, "the document is over %zu "
	    "bytes", text->max) : jcs_text(out, text->data, text->len, e);
}

/* The writer of JSON would make U+FFFD of what is not UTF-8. */
static int
check_draft(const struct card_draft *d, struct err *e)
{
	size_t i;

	if (!fit_name(d->name))
		return err_set(e, E_bad_json, "'/name' " FIT_NAME_IS_NOT);
	for (i = 0; i < d->n; i++)
		if (!fit_text(d->capability[i], FIT_NAME))
			return err_set(e, E_bad_json, "'/capabilities/%zu' "
			    FIT_TEXT_IS_NOT, i);
	return 0;
}

int
card_make(struct card *out, const struct card_draft *d,
    const struct sign_key *key, struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX), made = BUF_INIT(CARD_MAX);
	char pem[SIGN_SPKI + 1], id[HASH_HEX];
	size_t i;
	int rc;

	if (check_draft(d, e))
		return -1;
	sign_spki(pem, &key->pub);
	ident_id(id, &key->pub);
	json_open(&text, NULL, '{');
	json_int(&text, "v", 1);
	json_str(&text, "node_id", id);
	json_str(&text, "name", d->name);
	json_str(&text, "endpoint", d->endpoint);
	json_str(&text, "public_key_pem", pem);
	json_str(&text, "alg", "Ed25519");
	json_open(&text, "capabilities", '[');
	for (i = 0; i < d->n; i++)
		json_str(&text, NULL, d->capability[i]);
	json_close(&text, ']');
	json_str_if(&text, "class", d->class);
	json_str_if(&text, "wallet", d->wallet);
	json_str_if(&text, "dns", d->dns);
	json_str_if(&text, "channel_key", d->channel_key);
	card_put_time(&text, "issued_at", d->issued_ms);
	if (d->expires_ms != INT64_MAX)
		card_put_time(&text, "expires_at", d->expires_ms);
	rc = card_seal(&made, &text, DOMAIN_card, key, e) ||
	    card_read(out, made.data, made.len, e) ? -1 : 0;
	buf_release(&text);
	buf_release(&made);
	return rc;
}

void
card_release(struct card *c)
{
	json_release(&c->json);
	*c = (struct card){ 0 };
}
