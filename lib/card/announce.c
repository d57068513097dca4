#include "base/buf.h"
#include "base/json.h"
#include "card/announce.h"
#include "card/card.h"
#include "store/store.h"

#define SEQ "announce_seq"

int
announce_make(struct buf *out, const struct card *c, int64_t seq,
    int64_t now_ms, int64_t life_ms, const struct sign_key *key,
    struct err *e)
{
	struct buf text = BUF_INIT(CARD_MAX);
	char pem[SIGN_SPKI + 1];
	struct json member;
	int rc;

	sign_spki(pem, &key->pub);
	json_open(&text, NULL, '{');
	json_int(&text, "v", 1);
	json_str(&text, "node_id", c->node_id);
	json_str(&text, "public_key_pem", pem);
	json_str(&text, "endpoint", c->endpoint);
	if (json_find(&member, &c->json, "capabilities"))
		json_copy(&text, "capabilities", &member);
	if (json_has(&c->json, "class") &&
	    json_find(&member, &c->json, "class"))
		json_copy(&text, "class", &member);
	json_int(&text, "seq", seq);
	card_put_time(&text, "issued_at", now_ms);
	card_put_time(&text, "expires_at", now_ms + life_ms);
	rc = card_seal(out, &text, DOMAIN_announce, key, e);
	buf_release(&text);
	return rc;
}

int
announce_next_in(struct store *s, struct buf *out, const struct card *c,
    int64_t now_ms, int64_t life_ms, const struct sign_key *key,
    struct err *e)
{
	int64_t seq;

	return store_number(s, SEQ, &seq, e) ||
	    store_keep_number_in(s, SEQ, seq + 1, e) ||
	    announce_make(out, c, seq + 1, now_ms, life_ms, key, e) ? -1 : 0;
}
