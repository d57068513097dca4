/* Wallets of nodes: as both keys vouch for them, or as a card claims. */
#include <string.h>

#include "card/peer.h"
#include "key/bind.h"
#include "ledger/ledger.h"
#include "trust/impl.h"

bool
trust_is_binding(const struct json *o)
{
	return json_kind(o) == JSON_OBJECT && json_has(o, "signature_wallet");
}

static int
add(struct ledger *l, const char *node_id, const char *wallet, bool proven,
    struct err *e)
{
	struct trust_entry x = { .said = TRUST_SAID_BOUND };
	struct query q;

	memcpy(x.node_id, node_id, HASH_HEX);
	memcpy(x.bond.wallet, wallet, WALLET_TEXT);
	x.bond.proven = proven;
	query_open(&q, ledger_store(l), SQL_TRUST_WALLET_ADD);
	query_text(&q, node_id);
	query_text(&q, wallet);
	query_int(&q, proven);
	query_int(&q, ledger_now(l));
	return query_run(&q, NULL, e) < 0 ||
	    trust_post_in(l, &x, NULL, NULL, e) ? -1 : 0;
}

/* The wallet in a peer's card: 1, 0 if it names none, -1. */
static int
claimed(struct store *s, const char *node_id, char out[WALLET_TEXT],
    struct err *e)
{
	const char *wallet = NULL;
	struct json card = { 0 };
	struct peer peer;
	struct err ignored;
	int got = peer_get(s, node_id, &peer, e);

	if (got <= 0)
		return got;
	got = 0;
	if (peer.card && !json_parse(&card, peer.card, strlen(peer.card),
	    &ignored) && !json_opt_str(&card, "wallet", &wallet, &ignored) &&
	    wallet && strlen(wallet) < WALLET_TEXT) {
		memcpy(out, wallet, strlen(wallet) + 1);
		got = 1;
	}
	json_release(&card);
	peer_release(&peer);
	return got;
}

int
trust_claim_in(struct ledger *l, const char *node_id, struct err *e)
{
	struct store *s = ledger_store(l);
	char now[WALLET_TEXT], was[WALLET_TEXT] = "";
	struct query q;
	int got = claimed(s, node_id, now, e);

	if (got <= 0)
		return got;
	query_open(&q, s, SQL_TRUST_WALLET_CLAIMED);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0)
		query_put_text(&q, 0, was, sizeof(was));
	query_close(&q);
	if (got < 0 || !strcmp(now, was))
		return got < 0 ? -1 : 0;
	query_open(&q, s, SQL_TRUST_WALLET_FORGET);
	query_text(&q, node_id);
	return query_run(&q, NULL, e) < 0 || add(l, node_id, now, false, e) ?
	    -1 : 0;
}

/* Has it proven that one before?  1, 0, -1. */
static int
proven(struct store *s, const struct key_bind *b, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_TRUST_WALLET_PROVEN);
	query_text(&q, b->node_id);
	query_text(&q, b->wallet);
	return query_run(&q, NULL, e);
}

int
trust_bind_in(struct ledger *l, const struct json *o,
    const struct sign_public *own, const struct params *p,
    struct trust_taken *out, struct err *e)
{
	struct store *s = ledger_store(l);
	struct trust_entry x = { .said = TRUST_SAID_BOUND };
	struct sign_public key;
	struct key_bind b;
	int got;

	*out = (struct trust_taken){ .binding = true };
	if (key_bind_read(&b, o, e) ||
	    trust_key_find(s, b.node_id, own, NULL, &key, e) ||
	    key_bind_check(&b, &key, e))
		return -1;
	memcpy(x.node_id, b.node_id, HASH_HEX);
	memcpy(x.bond.wallet, b.wallet, WALLET_TEXT);
	x.bond.proven = true;
	trust_entry_id(&x, out->id);
	memcpy(out->node_id, b.node_id, HASH_HEX);
	memcpy(out->from_id, b.node_id, HASH_HEX);
	got = proven(s, &b, e);
	out->existed = got > 0;
	if (got < 0 || (!got && add(l, b.node_id, b.wallet, true, e)))
		return -1;
	return trust_keep_in(l, b.node_id, p, &out->score, e);
}
