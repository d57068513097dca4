/* Who this node is, and which others it knows: spec/node.md 4, 12. */
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "base/clock.h"
#include "card/doc.h"
#include "card/own.h"
#include "card/qr.h"
#include "crypto/sign.h"
#include "key/domain.h"
#include "key/ident.h"

#define CARD_DAYS 365		/* of a card that is made here */
#define KEYS_MOST "10000"

/* --- the card ------------------------------------------------------------- */

/* A card out of what is known: another's, or nothing. */
static int
sign_own(struct call *c, const struct own_wish *say, const struct card *old,
    const struct sign_key *key, struct own *out, struct err *e)
{
	struct own_wish w = *say;

	w.endpoint = fit_endpoint(c->base_url) ? c->base_url : NULL;
	w.issued_ms = c->now_ms / 1000 * 1000;
	w.expires_ms = w.issued_ms + CARD_DAYS * CLOCK_DAY_MS;
	return own_make(out, &w, old, key, e);
}

/*
 * The card that is kept; one that was never made, or has expired, is signed
 * for this reply, if the key is open.
 */
static int
get_own(struct call *c, struct own *out, struct err *e)
{
	const struct sign_public *pub = call_node_public(c);
	const char *home = api_home(c->api);
	const struct own_wish none = { 0 };
	struct own old = OWN_INIT;
	const struct sign_key *key;
	struct err why = { 0 };
	int rc;

	if (!pub)
		return err_set(e, E_no_card, "this node has no key, and so "
		    "no card");
	if (!own_read(&old, home, pub, e)) {
		if (old.card.expires_ms > c->now_ms) {
			*out = old;
			return 0;
		}
	} else if (e->code != E_no_card || call_node_key(c, &key, &why)) {
		own_release(&old);
		return -1;
	} else if (own_before(&old, home, pub, &why)) {
		own_release(&old);
		old = (struct own)OWN_INIT;
	}
	*e = why = (struct err){ 0 };
	if (call_node_key(c, &key, &why)) {	/* it says that it is old */
		*out = old;
		return 0;
	}
	rc = sign_own(c, &none, &old.card, key, out, e);
	own_release(&old);
	return rc;
}

static bool
wants_text(const struct call *c)
{
	const char *accept = call_field(c, "accept");

	return accept && strstr(accept, "text/plain") &&
	    !strstr(accept, "image/");
}

static int
put_qr(struct call *c, const struct own *o, struct err *e)
{
	struct buf uri = BUF_INIT(URI_MAX + 1);
	bool text = wants_text(c);
	int rc = own_uri(&uri, o, e);

	c->type = text ? "text/plain; charset=utf-8" : "image/png";
	call_header(c, "Vary", "Accept");
	if (!rc)
		rc = qr_draw(&c->out, text ? "text" : "png", uri.data,
		    uri.len, e);
	buf_release(&uri);
	return rc;
}

static int
card(struct call *c, struct err *e)
{
	const char *format = call_str(&c->query, "format", "json");
	struct own o = OWN_INIT;
	int rc = get_own(c, &o, e);

	if (!rc && !strcmp(format, "qr")) {
		rc = put_qr(c, &o, e);
	} else if (!rc && !strcmp(format, "uri")) {
		c->type = "text/plain; charset=utf-8";
		rc = own_uri(&c->out, &o, e);
		buf_addc(&c->out, '\n');
	} else if (!rc) {
		rc = card_write(&c->out, &o.card, e);
	}
	own_release(&o);
	return rc;
}

/* --- the cards of others -------------------------------------------------- */

/* The key in a card, of whom nobody else knows it. */
static int
key_of_card(const struct call *c, struct sign_public *out, struct err *e)
{
	struct doc d;

	if (doc_read(&d, c->raw, c->raw_n, e))
		return -1;
	if (d.kind == DOC_CARD)
		*out = d.card.key;
	else if (d.kind == DOC_URI)
		*out = d.uri.key;
	else
		(void)err_set(e, E_unknown_peer, "a statement has no key");
	doc_release(&d);
	return e->kind ? -1 : 0;
}

/*
 * The operator and pinned peers may bring any card.  Another node brings its
 * own, for which there is room until too many wait to be vouched for.
 */
static int
may_bring(struct call *c, const struct doc *d, struct err *e)
{
	const char *of = doc_node(d);
	struct peer p = { 0 };
	int64_t n = 0;
	bool pinned;
	int got;

	if (c->who == CALLER_ADMIN)
		return 0;
	got = peer_get(c->store, c->peer, &p, e);
	pinned = got > 0 && p.state == PEER_PINNED;
	peer_release(&p);
	if (got < 0)
		return -1;
	if (pinned)
		return 0;
	if (!of || strcmp(of, c->peer))
		return err_set(e, E_unknown_peer, "'%s' is not pinned here, "
		    "and brings the card of another", c->peer);
	if (got)
		return 0;
	if (peer_pending(c->store, &n, e))
		return -1;
	return n < c->params->value[PARAM_peers_pending] ? 0 : err_set(e,
	    E_registry_full, "%d peers wait to be vouched for", (int)n);
}

static void
put_peer(struct call *c, const struct peer *p, bool created)
{
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "peer", '{');
	json_str(&c->out, "node_id", p->node_id);
	json_str(&c->out, "name", p->name);
	json_str(&c->out, "endpoint", p->endpoint);
	json_str(&c->out, "state", peer_state_word(p->state));
	json_close(&c->out, '}');
	json_bool(&c->out, "created", created);
	json_close(&c->out, '}');
}

/* What is wrong with a card is wrong with the body, not with the caller. */
static int
refuse_card(struct call *c, const struct err *e)
{
	if (e->code == E_bad_signature || e->code == E_expired ||
	    e->code == E_not_yet_valid)
		c->status = 422;
	return -1;
}

static int
import(struct call *c, struct err *e)
{
	enum peer_news news;
	struct peer p = { 0 };
	struct doc d;
	int rc;

	if (doc_read(&d, c->raw, c->raw_n, e))
		return -1;
	rc = may_bring(c, &d, e);
	if (!rc && doc_in(c->store, &d, c->now_ms, &p, &news, e))
		rc = refuse_card(c, e);
	if (!rc) {
		c->status = news == PEER_NEW ? 201 : 200;
		put_peer(c, &p, news == PEER_NEW);
	}
	peer_release(&p);
	doc_release(&d);
	return rc;
}

/* --- keys ----------------------------------------------------------------- */

struct key_line {
	const char *node_id, *name, *endpoint, *trust;
	const struct sign_public *key;
	int64_t added_ms, used_ms;
	bool self;
};

static void
put_key(struct call *c, const struct key_line *k)
{
	char pem[SIGN_SPKI + 1];
	struct ident id;

	ident_of(&id, k->key);
	sign_spki(pem, k->key);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", id.node_id);
	json_str(&c->out, "name", k->name);
	json_str(&c->out, "public_key_pem", pem);
	json_str(&c->out, "fingerprint", id.fingerprint);
	json_str(&c->out, "endpoint", k->endpoint);
	json_time_or_null(&c->out, "added_at", k->added_ms);
	json_time_or_null(&c->out, "last_used_at", k->used_ms);
	json_str(&c->out, "trust", k->trust);
	json_bool(&c->out, "self", k->self);
	json_close(&c->out, '}');
}

static void
put_self(struct call *c)
{
	struct own o = OWN_INIT;
	struct err ignored = { 0 };
	struct key_line k = {
		.name = "", .endpoint = c->base_url, .trust = "pinned",
		.self = true, .key = call_node_public(c),
	};

	if (!k.key)
		return;
	if (!get_own(c, &o, &ignored)) {
		k.name = o.card.name;
		k.endpoint = o.card.endpoint;
		k.added_ms = o.card.issued_ms;
	}
	put_key(c, &k);
	own_release(&o);
}

static int
keys(struct call *c, struct err *e)
{
	const char *after = call_str(&c->query, "after", "");
	int64_t left = call_int(&c->query, "limit", 10000);
	struct peer p = { 0 };
	int got;

	snprintf(p.node_id, sizeof(p.node_id), "%s", after);
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "keys", '[');
	if (!*after)
		put_self(c);
	while ((got = peer_next(c->store, &p, e)) > 0 && left-- > 0)
		put_key(c, &(struct key_line){
			.name = p.name, .endpoint = p.endpoint,
			.trust = peer_state_word(p.state), .key = &p.key,
			.added_ms = p.made_ms, .used_ms = p.used_ms,
		});
	json_close(&c->out, ']');
	json_bool(&c->out, "more", got > 0);
	json_close(&c->out, '}');
	peer_release(&p);
	return got < 0 ? -1 : 0;
}

static int
keep_card(struct call *c, const char *name, const struct sign_key *key,
    struct err *e)
{
	const struct own_wish w = { .name = name };
	const char *home = api_home(c->api);
	struct own old = OWN_INIT, new = OWN_INIT;
	struct err ignored = { 0 };
	int rc;

	if (own_before(&old, home, &key->pub, &ignored)) {
		own_release(&old);
		old = (struct own)OWN_INIT;
	}
	rc = sign_own(c, &w, &old.card, key, &new, e) ||
	    own_keep(&new, home, e) ? -1 : 0;
	own_release(&old);
	own_release(&new);
	return rc;
}

static int
generate(struct call *c, struct err *e)
{
	const char *name = call_str(&c->body, "name", NULL);
	struct buf statement = BUF_INIT(16384);
	struct sign_key key = { 0 };
	char pem[SIGN_SPKI + 1], id[HASH_HEX];
	int rc = -1;

	if (name && !fit_name(name))
		return call_fault(c, "name", FIT_NAME_IS_NOT, e);
	if (call_node_make(c, call_bool(&c->body, "overwrite", false), &key,
	    &statement, e) || keep_card(c, name, &key, e))
		goto out;
	ident_id(id, &key.pub);
	sign_spki(pem, &key.pub);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", id);
	json_str(&c->out, "public_key_pem", pem);
	json_time(&c->out, "created_at", c->now_ms);
	if (statement.len)
		json_raw(&c->out, "rotation", statement.data, statement.len);
	json_close(&c->out, '}');
	c->status = 201;
	rc = 0;
out:
	sign_key_release(&key);
	buf_release(&statement);
	return rc;
}

/* --- health --------------------------------------------------------------- */

/* A node whose key is locked is up all the same, and cannot prove it. */
static int
sign_health(struct call *c, const char *nonce, struct err *e)
{
	const struct sign_key *key;
	struct err ignored = { 0 };

	if (call_node_key(c, &key, &ignored))
		return 0;
	json_str(&c->out, "nonce", nonce);
	return domain_seal(&c->out, DOMAIN_health, key, "signature", e);
}

/*
 * A model and its memory are no part of this program, so a node has them
 * beside it, or goes without: then it is degraded.
 */
static int
health(struct call *c, struct err *e)
{
	const char *nonce = call_str(&c->query, "nonce", NULL);
	bool reads = call_reads(c), writes = api_writes(c->api);
	const struct sign_public *pub = call_node_public(c);
	struct own o = OWN_INIT;
	struct err ignored = { 0 };
	char id[HASH_HEX] = "";

	if (pub)
		ident_id(id, pub);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", reads && writes ? "degraded" : "down");
	json_str_if(&c->out, "node_id", pub ? id : NULL);
	json_str(&c->out, "name", get_own(c, &o, &ignored) ? c->base_url :
	    o.card.name);
	own_release(&o);
	json_str(&c->out, "version", api_version(c->api));
	json_time(&c->out, "time", c->now_ms);
	json_int(&c->out, "uptime_s",
	    (c->now_ms - api_started_ms(c->api)) / 1000);
	json_open(&c->out, "components", '{');
	json_str(&c->out, "db", reads ? "healthy" : "unhealthy");
	json_str(&c->out, "ledger", writes ? "healthy" : "unhealthy");
	json_str(&c->out, "chain", "unavailable");
	json_str(&c->out, "llm", "unavailable");
	json_str(&c->out, "memory", "unavailable");
	json_close(&c->out, '}');
	if (nonce && sign_health(c, nonce, e))
		return -1;
	json_close(&c->out, '}');
	c->status = reads && writes ? 200 : 503;
	return 0;
}

#define ROW .dialect = DIALECT_ERROR, .tag = "peers"
#define TEXT(name, most) "\"" name "\":{\"type\":\"string\"," \
    "\"minLength\":1,\"maxLength\":" #most "}"

const struct route routes_peers[] = {
	{ "GET", "/api/identity/card", .act = card, ROW,
	    .summary = "The card of this node, as JSON, URI or QR code",
	    .query = "{\"type\":\"object\",\"properties\":{\"format\":{"
		"\"type\":\"string\",\"enum\":[\"json\",\"uri\",\"qr\"]}}}",
	    .codes = "no_card too_long",
	    .media = "application/json, text/plain, image/png",
	    .reply = "Card" },
	{ "POST", "/api/identity/import", .class = ROUTE_WRITE,
	    .auth = AUTH_ADMIN | AUTH_PEER, .rate = RATE_import,
	    .act = import, .key = key_of_card, ROW,
	    .flags = ROUTE_MAKES,
	    .summary = "Bring the card of a node, or its URI",
	    .body = "{\"type\":\"object\",\"properties\":{"
		TEXT("uri", 1024) "," TEXT("name", 1024) ","
		TEXT("endpoint", 1024) "," TEXT("public_key_pem", 1024) ","
		TEXT("signature", 1024) "}}",
	    .codes = "bad_json bad_pem bad_uri too_long id_mismatch expired "
		"not_yet_valid key_changed revoked node_missing "
		"registry_full",
	    .reply = "{ peer: { node_id: hash, name, endpoint, "
		"state: 'pending'|'pinned' }, created: bool }" },
	{ "GET", "/api/mcp-keys", .class = ROUTE_SLOW,
	    .auth = AUTH_ADMIN | AUTH_PEER, .act = keys, ROW,
	    .summary = "The keys of the nodes that are known here",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":" KEYS_MOST "},\"after\":{\"type\":\"string\","
		"\"pattern\":\"^[0-9a-f]{64}$\"}}}",
	    .reply = "{ keys: [{ node_id: hash, name, public_key_pem, "
		"fingerprint, endpoint, added_at: time, "
		"last_used_at: time|null, "
		"trust: 'pinned'|'pending'|'revoked', self: bool }], "
		"more: bool }" },
	{ "POST", "/api/mcp-keys/generate", .class = ROUTE_ALONE,
	    .auth = AUTH_ADMIN, .act = generate, ROW, .flags = ROUTE_MAKES,
	    .summary = "Make the key of this node, or another in its place",
	    .body = "{\"type\":\"object\",\"properties\":{"
		TEXT("name", 128) ",\"overwrite\":{\"type\":\"boolean\"}}}",
	    .codes = "identity_exists key_unconfigured",
	    .reply = "{ node_id: hash, public_key_pem, created_at: time }" },
	{ "GET", "/api/health", .act = health, ROW,
	    .summary = "Is this node up, and is it the one that was asked?",
	    .query = "{\"type\":\"object\",\"properties\":{\"nonce\":{"
		"\"type\":\"string\","
		"\"pattern\":\"^[0-9a-fA-F]{16,64}$\"}}}",
	    .reply = "{ status: 'ok'|'degraded'|'down', node_id: hash?, "
		"name, version, time: time, uptime_s: int, components: { db, "
		"ledger, chain, llm, memory }, nonce: text?, signature: text? "
		"}" },
	{ 0 }
};
