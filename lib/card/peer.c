#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "card/card.h"
#include "card/peer_impl.h"
#include "card/uri.h"
#include "key/ident.h"
#include "store/store.h"

#define PREFIX_LEAST 4			/* as ident_matches() has it */

static const char *const words[] = {
	[PEER_PENDING] = "pending", [PEER_PINNED] = "pinned",
	[PEER_REVOKED] = "revoked",
};

const char *
peer_state_word(enum peer_state s)
{
	return words[s];
}

bool
peer_state_named(const char *word, enum peer_state *out)
{
	int i;

	for (i = 0; i <= PEER_REVOKED; i++)
		if (!strcmp(word, words[i])) {
			*out = (enum peer_state)i;
			return true;
		}
	return false;
}

void
peer_release(struct peer *p)
{
	free(p->card);
	free(p->reason);
	free(p->proof);
	*p = (struct peer){ 0 };
}

static int
take(const struct query *q, struct peer *out, struct err *e)
{
	const char *state = query_get_text(q, 6);
	const void *key;
	size_t n;

	*out = (struct peer){ 0 };
	key = query_get_bytes(q, 1, &n);
	if (n != SIGN_PUBLIC || !peer_state_named(state, &out->state))
		return err_set(e, E_store_corrupt, "a peer is damaged");
	memcpy(out->key.b, key, n);
	query_put_text(q, 0, out->node_id, sizeof(out->node_id));
	query_put_text(q, 2, out->name, sizeof(out->name));
	query_put_text(q, 3, out->endpoint, sizeof(out->endpoint));
	out->card = query_copy_text(q, 4);
	out->issued_ms = query_get_int(q, 5);
	out->reason = query_copy_text(q, 7);
	if (!query_get_null(q, 8))
		query_put_text(q, 8, out->moved_to, sizeof(out->moved_to));
	out->proof = query_copy_text(q, 9);
	out->made_ms = query_get_int(q, 10);
	out->changed_ms = query_get_int(q, 11);
	out->pinned_ms = query_get_int(q, 12);
	out->revoked_ms = query_get_int(q, 13);
	out->used_ms = query_get_int(q, 14);
	return 0;
}

static int
one(struct store *s, enum sql which, const char *node_id, struct peer *out,
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, which);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0 && take(&q, out, e))
		got = -1;
	query_close(&q);
	return got;
}

int
peer_get(struct store *s, const char *node_id, struct peer *out,
    struct err *e)
{
	return one(s, SQL_CARD_PEER_GET, node_id, out, e);
}

int
peer_next(struct store *s, struct peer *p, struct err *e)
{
	char last[HASH_HEX];

	memcpy(last, p->node_id, sizeof(last));
	peer_release(p);
	return one(s, SQL_CARD_PEER_NEXT, last, p, e);
}

static void
put_int(struct query *q, int64_t ms)
{
	if (ms)
		query_int(q, ms);
	else
		query_null(q);
}

int
peer_put_in(struct store *s, const struct peer *p, struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_CARD_PEER_PUT);
	query_text(&q, p->node_id);
	query_bytes(&q, p->key.b, sizeof(p->key.b));
	query_text(&q, p->name);
	query_text(&q, p->endpoint);
	query_text(&q, p->card);
	if (p->card)
		query_int(&q, p->issued_ms);
	else
		query_null(&q);
	query_text(&q, words[p->state]);
	query_text(&q, p->reason);
	query_text(&q, *p->moved_to ? p->moved_to : NULL);
	query_text(&q, p->proof);
	query_int(&q, p->made_ms);
	query_int(&q, p->changed_ms);
	put_int(&q, p->pinned_ms);
	put_int(&q, p->revoked_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

/* Up to two ids that a statement gives, behind those that are there. */
static int
collect(struct query *q, char ids[4][HASH_HEX], int *n, struct err *e)
{
	int got, i;

	while ((got = query_row(q, e)) > 0) {
		query_put_text(q, 0, ids[*n], HASH_HEX);
		for (i = 0; strcmp(ids[i], ids[*n]); i++)
			;
		*n += i == *n;
	}
	query_close(q);
	return got;
}

/* Those whose id begins with the digits at the end of what was typed. */
static int
collect_prefix(struct store *s, const char *typed, char ids[4][HASH_HEX],
    int *n, struct err *e)
{
	const char *digits = strrchr(typed, '_');
	struct buf end = BUF_INIT(2 * HASH_HEX);
	struct query q;
	int rc = 0;

	digits = digits ? digits + 1 : typed;
	buf_adds(&end, digits);
	buf_addc(&end, 'g');			/* behind every digit */
	if (!end.full && strspn(digits, "0123456789abcdef") ==
	    strlen(digits) && strlen(digits) >= PREFIX_LEAST) {
		query_open(&q, s, SQL_CARD_PEER_RANGE);
		query_text(&q, digits);
		query_text(&q, end.data);
		rc = collect(&q, ids, n, e);
	}
	buf_release(&end);
	return rc;
}

int
peer_find(struct store *s, const char *typed, struct peer *out,
    struct err *e)
{
	char ids[4][HASH_HEX];
	struct query q;
	int n = 0, got;

	if (ident_is_id(typed)) {
		got = peer_get(s, typed, out, e);
		if (got)
			return got < 0 ? -1 : 0;
	}
	if (collect_prefix(s, typed, ids, &n, e))
		return -1;
	query_open(&q, s, SQL_CARD_PEER_NAMED);
	query_text(&q, typed);
	if (collect(&q, ids, &n, e))
		return -1;
	if (!n)
		return err_set(e, E_node_missing, "no peer '%.128s'", typed);
	if (n > 1)
		return err_set(e, E_ambiguous, "'%.80s' may be %.16s... or "
		    "%.16s...: say more of the id", typed, ids[0], ids[1]);
	return peer_get(s, ids[0], out, e) < 0 ? -1 : 0;
}

static int
refuse_claimed(struct store *s, enum sql which, const char *what,
    const struct peer *p, struct err *e)
{
	char other[HASH_HEX];
	struct query q;
	int got;

	query_open(&q, s, which);
	query_text(&q, what);
	query_text(&q, p->node_id);
	got = query_row(&q, e);
	if (got > 0)
		query_put_text(&q, 0, other, sizeof(other));
	query_close(&q);
	if (got > 0)
		return err_set(e, E_key_changed, "'%.80s' is known with "
		    "another key, that of %.16s..., and is not replaced: ask "
		    "its owner, and revoke the old key if it is gone", what,
		    other);
	return got;
}

int
peer_claim_in(struct store *s, const struct peer *p, struct err *e)
{
	if (refuse_claimed(s, SQL_CARD_PEER_BY_NAME, p->name, p, e))
		return -1;
	return !*p->endpoint || fit_is_loopback(p->endpoint) ? 0 :
	    refuse_claimed(s,
	    SQL_CARD_PEER_BY_ENDPOINT, p->endpoint, p, e);
}

int
peer_check_pins(struct store *s, const struct card *card, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_CARD_PEER_PINNED);
	query_text(&q, card->name);
	query_text(&q, fit_is_loopback(card->endpoint) ? NULL :
	    card->endpoint);
	query_text(&q, card->node_id);
	got = query_row(&q, e);
	if (got > 0)
		err_set_(e, E_key_changed, "'%.80s' is pinned with the key "
		    "%.16s..., and not with %.16s...", query_get_text(&q, 0),
		    query_get_text(&q, 1), card->node_id);
	query_close(&q);
	return got ? -1 : 0;
}

int
peer_refuse_revoked(const struct peer *p, struct err *e)
{
	return p->state == PEER_REVOKED ? err_set(e, E_revoked, "the key of "
	    "'%.128s' is revoked%s%.100s", p->name, p->reason ? ": " : "",
	    p->reason ? p->reason : "") : 0;
}

/* Of a card or a URI: what it says, and nothing about trust. */
struct claim {
	const char *node_id, *name, *endpoint;
	const struct sign_public *key;
	const char *card;		/* or NULL */
	int64_t issued_ms;
};

static void
learn(struct peer *p, const struct claim *c, int64_t now_ms)
{
	memcpy(p->node_id, c->node_id, sizeof(p->node_id));
	p->key = *c->key;
	memcpy(p->name, c->name, strlen(c->name) + 1);
	memcpy(p->endpoint, c->endpoint, strlen(c->endpoint) + 1);
	free(p->card);
	p->card = c->card ? mem_text(c->card) : NULL;
	p->issued_ms = c->issued_ms;
	p->changed_ms = now_ms;
}

/* Is there anything in it that is not known, and not older than what is? */
static bool
is_news(const struct peer *p, const struct claim *c)
{
	if (*p->moved_to || (p->card && !c->card))
		return false;
	if (!p->card)
		return c->card || strcmp(p->name, c->name) ||
		    strcmp(p->endpoint, c->endpoint);
	return c->issued_ms >= p->issued_ms && strcmp(p->card, c->card);
}

static int
take_claim(struct store *s, const struct claim *c, int64_t now_ms,
    struct peer *out, enum peer_news *news, struct err *e)
{
	struct peer p = { 0 };
	int known = peer_get(s, c->node_id, &p, e);

	if (known < 0 || (known && peer_refuse_revoked(&p, e)))
		goto bad;
	*news = !known ? PEER_NEW : is_news(&p, c) ? PEER_CHANGED : PEER_SAME;
	if (!known)
		p.made_ms = now_ms;
	if (*news != PEER_SAME) {
		learn(&p, c, now_ms);
		if (peer_claim_in(s, &p, e) || peer_put_in(s, &p, e))
			goto bad;
	}
	*out = p;
	return 0;
bad:
	peer_release(&p);
	return -1;
}

int
peer_card_in(struct store *s, const struct card *card, int64_t now_ms,
    struct peer *out, enum peer_news *news, struct err *e)
{
	struct buf text = BUF_INIT(2 * CARD_MAX);
	struct claim c = {
		.node_id = card->node_id, .key = &card->key,
		.name = card->name, .endpoint = card->endpoint,
		.issued_ms = card->issued_ms,
	};
	int rc = card_write(&text, card, e);

	c.card = text.data;
	if (!rc)
		rc = take_claim(s, &c, now_ms, out, news, e);
	buf_release(&text);
	return rc;
}

int
peer_uri_in(struct store *s, const struct uri *u, int64_t now_ms,
    struct peer *out, enum peer_news *news, struct err *e)
{
	const struct claim c = {
		.node_id = u->node_id, .key = &u->key, .name = u->name,
		.endpoint = u->endpoint,
	};

	return take_claim(s, &c, now_ms, out, news, e);
}

int
peer_key_in(struct store *s, const struct sign_public *key, int64_t now_ms,
    struct peer *out, enum peer_news *news, struct err *e)
{
	char id[HASH_HEX], name[16 + HASH_HEX];
	const struct claim c = {
		.node_id = id, .name = name, .endpoint = "", .key = key,
	};
	struct peer p = { 0 };
	int got;

	ident_id(id, key);
	snprintf(name, sizeof(name), "biz_node_%s", id);
	got = peer_get(s, id, &p, e);
	if (got > 0 && !peer_refuse_revoked(&p, e)) {
		*news = PEER_SAME;
		*out = p;
		return 0;
	}
	peer_release(&p);
	return got ? -1 : take_claim(s, &c, now_ms, out, news, e);
}

int
peer_used_in(struct store *s, const char *node_id, int64_t now_ms,
    struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_CARD_PEER_USED);
	query_text(&q, node_id);
	query_int(&q, now_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
peer_pending(struct store *s, int64_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_CARD_PEER_PENDING);
	return query_run(&q, n, e) < 0 ? -1 : 0;
}
