/* What nodes say to the registry: spec/node.md 5. */
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/listed.h"
#include "crypto/sign.h"
#include "key/domain.h"
#include "key/ident.h"
#include "ledger/ledger.h"
#include "registry/registry.h"
#include "sig/ask.h"
#include "sig/nonce.h"
#include "trust/event.h"
#include "trust/tier.h"
#include "trust/trust.h"

/* --- verification --------------------------------------------------------- */

/* Is it the word of a key that is known, said now, and for the first time? */
static int
check_ask(struct call *c, struct ask *a, struct err *e)
{
	struct peer p = { 0 };
	char once[32];
	int got;

	if (ask_read(a, &c->body, e))
		return -1;
	got = peer_get(c->store, a->node_id, &p, e);
	if (!got)
		got = err_set(e, E_node_missing, "no node '%s' is known here",
		    a->node_id);
	else if (got > 0 && p.state == PEER_REVOKED)
		got = err_set(e, E_revoked, "the key of '%s' was revoked",
		    a->node_id);
	if (got > 0 && ask_check(a, &p.key, c->now_ms, e))
		got = -1;
	peer_release(&p);
	if (got < 0)
		return -1;
	/* With a blank, which no nonce of a request has. */
	snprintf(once, sizeof(once), "verify %lld", (long long)a->timestamp);
	return nonce_take_in(c->store, a->node_id, once,
	    (a->timestamp + ASK_WINDOW_S) * 1000, c->now_ms, e) ||
	    peer_used_in(c->store, a->node_id, c->now_ms, e) ? -1 : 0;
}

static int
put_certificate(struct call *c, const char *node_id,
    const struct trust_score *t, const struct sign_key *key, struct err *e)
{
	struct trust_certificate x = {
		.tier = t->tier, .hundredths = t->hundredths,
		.issued_ms = c->now_ms,
		.expires_ms = c->now_ms +
		    c->params->value[PARAM_trust_tier_ttl],
	};
	struct buf text = BUF_INIT(TRUST_TIER_MAX);
	int rc;

	memcpy(x.node_id, node_id, HASH_HEX);
	rc = trust_tier_make(&text, &x, key, e);
	if (!rc)
		json_raw(&c->out, "certificate", text.data, text.len);
	buf_release(&text);
	return rc;
}

static void
put_payment(struct call *c, const char *hash)
{
	const char *contract = param_string(c->params,
	    PARAM_registry_contract);

	if (!*contract)
		return;
	json_open(&c->out, "payment", '{');
	json_int(&c->out, "chain_id",
	    c->params->value[PARAM_registry_chain_id]);
	json_str(&c->out, "contract", contract);
	json_str(&c->out, "function", "verifyNode(bytes32)");
	json_str(&c->out, "node_hash", hash);
	json_str(&c->out, "fee_wei", param_string(c->params,
	    PARAM_registry_fee_wei));
	json_close(&c->out, '}');
}

static int
put_answer(struct call *c, const char *node_id, const struct trust_score *t,
    bool listed, const struct sign_key *key, struct err *e)
{
	char hash[REGISTRY_HASH], own[HASH_HEX], points[TRUST_TEXT];

	trust_node_hash(hash, node_id);
	ident_id(own, &key->pub);
	trust_points_text(t->hundredths, points);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", node_id);
	json_str(&c->out, "node_hash", hash);
	json_str(&c->out, "status", t->in.verified ? "verified" :
	    listed ? "pending" : "self_declared");
	json_str(&c->out, "trust_score", points);
	json_str(&c->out, "tier", trust_tier_word(t->tier));
	json_str(&c->out, "badge", trust_badge_of(t->tier,
	    TRUST_SEEN).words);
	if (t->tier != TRUST_UNVERIFIED &&
	    put_certificate(c, node_id, t, key, e))
		return -1;
	if (listed && !t->in.verified)
		put_payment(c, hash);
	json_time(&c->out, "at", c->now_ms);
	json_str(&c->out, "registry", own);
	if (domain_seal(&c->out, DOMAIN_answer, key, "signature", e))
		return -1;
	json_close(&c->out, '}');
	return 0;
}

static int
verify(struct call *c, struct err *e)
{
	char hash[REGISTRY_HASH];
	const struct sign_key *key;
	struct registry_node r;
	struct trust_score t;
	struct ask a;
	int listed;

	if (check_ask(c, &a, e) || call_node_key(c, &key, e))
		return -1;
	trust_node_hash(hash, a.node_id);
	listed = registry_get(c->store, hash, &r, e);
	return listed < 0 ||
	    trust_score(c->store, a.node_id, c->now_ms, c->params, &t, e) ||
	    put_answer(c, a.node_id, &t, listed > 0, key, e) ? -1 : 0;
}

/* --- registration --------------------------------------------------------- */

static int
read_key(const struct call *c, const char *member, struct sign_public *out,
    struct err *e)
{
	const char *pem = call_str(&c->body, member, "");

	return sign_spki_read(out, pem, strlen(pem)) ? 0 : err_set(e,
	    E_bad_pem, "%s is not the 113 bytes of a public key in PEM",
	    member);
}

static int
key_of_node(const struct call *c, struct sign_public *out, struct err *e)
{
	return read_key(c, "public_key", out, e);
}

static int
key_of_event(const struct call *c, struct sign_public *out, struct err *e)
{
	return read_key(c, "public_key_pem", out, e);
}

static int
not_signed_by(const char *whose, struct err *e)
{
	return err_set(e, E_unknown_peer, "the request is not signed by the "
	    "key of '%.66s'", whose);
}

static int
enroll(struct call *c, struct err *e)
{
	const struct json *b = &c->body;
	struct registry_wish w = {
		.node_hash = call_str(b, "node_hash", ""),
		.node_id = call_str(b, "node_id", ""),
		.wallet = call_str(b, "wallet", NULL),
		.dns_name = call_str(b, "dns_name", NULL),
		.endpoint = call_str(b, "endpoint", NULL),
		.ip = call_str(b, "ip_address", NULL),
	};
	struct sign_public key;
	struct registry_node r;
	bool updated;

	if (call_str(b, "public_key", NULL)) {
		if (key_of_node(c, &key, e))
			return -1;
		w.key = &key;
	}
	if (registry_register_in(c->store, &w, c->params, c->now_ms, &r,
	    &updated, e))
		return -1;
	if (strcmp(r.node_id, c->peer))
		return not_signed_by(r.node_id, e);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", updated ? "updated" : "registered");
	json_str(&c->out, "node_hash", r.node_hash);
	json_close(&c->out, '}');
	return 0;
}

/* The node of the path, which is who has signed. */
static int
find_self(struct call *c, struct registry_node *out, struct err *e)
{
	if (listed_find(c, out, e))
		return -1;
	return strcmp(out->node_id, c->peer) ?
	    not_signed_by(out->node_hash, e) : 0;
}

static int
heartbeat(struct call *c, struct err *e)
{
	struct registry_node r;
	const struct registry_wish w = {
		.node_hash = r.node_hash,
		.endpoint = call_str(&c->body, "endpoint", NULL),
		.ip = call_str(&c->body, "ip_address", NULL),
	};

	if (find_self(c, &r, e) ||
	    registry_seen_in(c->store, &w, c->now_ms, &r, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "ok");
	json_time(&c->out, "last_seen", r.seen_ms);
	json_close(&c->out, '}');
	return 0;
}

static int
attach(struct call *c, struct err *e)
{
	const struct json *b = &c->body;
	struct registry_document d = {
		.sealed = call_bool(b, "sealed", false),
	};
	struct registry_node r;
	bool existed;

	snprintf(d.cid, sizeof(d.cid), "%s", call_str(b, "cid", ""));
	snprintf(d.kind, sizeof(d.kind), "%s", call_str(b, "kind", ""));
	snprintf(d.sha256, sizeof(d.sha256), "%s", call_str(b, "sha256", ""));
	if (find_self(c, &r, e) || registry_document_in(c->store,
	    r.node_hash, &d, c->params, c->now_ms, &existed, e))
		return -1;
	registry_document_write(&c->out, &d);
	json_str(&c->out, "node_hash", r.node_hash);
	if (existed)
		json_bool(&c->out, "existed", true);
	json_close(&c->out, '}');
	return 0;
}

/* --- trust ---------------------------------------------------------------- */

/* An event, which is signed itself, whoever brings it. */
static int
take_event(struct call *c, struct trust_taken *out, struct err *e)
{
	if (!call_str(&c->body, "signature", NULL))
		return err_set(e, E_no_signature, "the event is not signed");
	return trust_event_in(c->ledger, &c->body, call_node_public(c),
	    c->params, out, e);
}

static int
update_trust(struct call *c, struct err *e)
{
	char hash[REGISTRY_HASH];
	struct trust_facts f = { 0 };
	struct trust_taken t;

	if (take_event(c, &t, e) ||
	    trust_facts_read(c->store, t.node_id, &f, e))
		return -1;
	trust_node_hash(hash, t.node_id);
	trust_explain_write(&c->out, &f, &t.score, c->now_ms, c->params);
	trust_facts_release(&f);
	json_str(&c->out, "node_hash", hash);
	json_str(&c->out, "entry", t.id);
	if (t.existed)
		json_bool(&c->out, "existed", true);
	json_close(&c->out, '}');
	return 0;
}

static int
speak(struct call *c, enum trust_kind kind, const char *status,
    struct err *e)
{
	struct registry_node r;
	struct trust_taken t;

	if (listed_find(c, &r, e) || take_event(c, &t, e))
		return -1;
	if (strcmp(t.from_id, c->peer))
		return not_signed_by(t.from_id, e);
	if (t.kind != kind || strcmp(t.node_id, r.node_id))
		return err_set(e, E_bad_json, "the event is not one to %s "
		    "'%s'", trust_kind_word(kind), r.node_hash);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", status);
	trust_points_write(&c->out, "trust_score", t.score.hundredths);
	json_str(&c->out, "trust_tier", trust_tier_word(t.score.tier));
	json_close(&c->out, '}');
	return 0;
}

static int
endorse(struct call *c, struct err *e)
{
	return speak(c, TRUST_ENDORSE, "endorsed", e);
}

static int
complain(struct call *c, struct err *e)
{
	return speak(c, TRUST_COMPLAIN, "complaint_filed", e);
}

static int
rescore(struct call *c, struct err *e)
{
	struct trust_score t = { 0 };
	struct registry_node r;

	if (listed_find(c, &r, e) || (*r.node_id &&
	    trust_rescore_in(c->ledger, r.node_id, c->params, &t, e)))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_hash", r.node_hash);
	trust_points_write(&c->out, "trust_score", t.hundredths);
	json_str(&c->out, "trust_tier", trust_tier_word(t.tier));
	json_close(&c->out, '}');
	return 0;
}

#define ROW .class = ROUTE_WRITE, .rate = RATE_registry, \
    .dialect = DIALECT_ERROR, .tag = "registry"
#define BODY(members) "{\"type\":\"object\",\"properties\":{" members "}}"
#define NEEDS(members, required) "{\"type\":\"object\",\"properties\":{" \
    members "},\"required\":[" required "]}"
#define TEXT(name, most) "\"" name "\":{\"type\":\"string\"," \
    "\"minLength\":1,\"maxLength\":" #most "}"
#define PLACE TEXT("ip_address", 45) "," TEXT("endpoint", 255)
#define EVENT BODY("\"event\":{\"type\":\"object\"}," TEXT("from", 64) "," \
    TEXT("node_hash", 66) "," TEXT("public_key_pem", 256) "," \
    TEXT("signature", 128))
#define EVENT_CODES "no_signature bad_signature bad_json unknown_member " \
    "bad_pem id_mismatch unknown_peer revoked not_yet_valid not_registry " \
    "self_report task_missing not_escrow_party realm wrong_state " \
    "id_conflict stale endorse_limit"

const struct route routes_registry[] = {
	{ "POST", "/verify", .act = verify, ROW,
	    .summary = "Prove who one is, and be told what one is worth",
	    .body = NEEDS(TEXT("node_id", 64) ",\"timestamp\":{"
		"\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":253402300799}," TEXT("signature", 128),
		"\"node_id\",\"timestamp\",\"signature\""),
	    .codes = "bad_json node_missing bad_signature stale replayed "
		"revoked key_unconfigured nonces_full",
	    .reply = "{ node_id: hash, node_hash, "
		"status: 'self_declared'|'pending'|'verified', "
		"trust_score: money, tier, badge, at: time, registry: hash, "
		"signature, payment: { chain_id: int, contract, function, "
		"node_hash, fee_wei }?, certificate: { v: int, node_id: hash, "
		"node_hash, tier, trust_score: money, issued_at: time, "
		"expires_at: time, registry: hash, signature }? }" },
	{ "POST", "/registry/update_trust", .act = update_trust, ROW,
	    .summary = "Say something of a node: a signed event",
	    .body = EVENT, .codes = EVENT_CODES,
	    .reply = "{ node_hash, node_id: hash|null, entry, model, "
		"trust_score: number, tier, badge, at: time, formula: int, "
		"rules: hash, components: { stake: Part & { stake_wei }, "
		"uptime: Part & { ok: int, fail: int }, quality: Part & { "
		"rated: int, good: int }, endorsements: Part & { "
		"endorsers: int, weight: int }, complaints: Part & { "
		"complaints: int, orders: int }, verified: Part & { "
		"verified: bool } }, existed: bool? }" },
	{ "POST", "/node/register", .auth = AUTH_PEER, .act = enroll,
	    .key = key_of_node, ROW, .summary = "Be listed, or change that",
	    .body = NEEDS(TEXT("node_hash", 66) "," TEXT("node_id", 64) ","
		TEXT("public_key", 256) "," TEXT("wallet", 42) ","
		TEXT("dns_name", 128) "," PLACE,
		"\"node_hash\",\"node_id\""),
	    .codes = "bad_id hash_mismatch id_mismatch bad_pem bad_address "
		"bad_name bad_json name_taken revoked registry_full",
	    .reply = "{ status: 'registered'|'updated', node_hash }" },
	{ "POST", "/node/{node_hash}/heartbeat", .auth = AUTH_PEER,
	    .act = heartbeat, ROW, .flags = ROUTE_ANY_PEER,
	    .summary = "Still there", .body = BODY(PLACE),
	    .codes = "node_missing bad_json",
	    .reply = "{ status: 'ok', last_seen: time }" },
	{ "POST", "/node/{node_hash}/documents", .auth = AUTH_PEER,
	    .act = attach, ROW, .flags = ROUTE_ANY_PEER,
	    .summary = "Attach a paper, by what it hashes to",
	    .body = NEEDS(TEXT("cid", 128) "," TEXT("sha256", 64) ","
		TEXT("kind", 64) ",\"sealed\":{\"type\":\"boolean\"}",
		"\"cid\",\"sha256\",\"kind\",\"sealed\""),
	    .codes = "node_missing bad_json id_conflict registry_full",
	    .reply = "Document & { node_hash, existed: bool? }" },
	{ "POST", "/node/{node_hash}/endorse", .auth = AUTH_PEER,
	    .act = endorse, .key = key_of_event, ROW,
	    .summary = "Endorse a node: a signed event", .body = EVENT,
	    .codes = "node_missing " EVENT_CODES,
	    .reply = "Scored & { status: 'endorsed' }" },
	{ "POST", "/node/{node_hash}/complain", .auth = AUTH_PEER,
	    .act = complain, .key = key_of_event, ROW,
	    .summary = "Complain of a node: a signed event", .body = EVENT,
	    .codes = "node_missing " EVENT_CODES,
	    .reply = "Scored & { status: 'complaint_filed' }" },
	{ "POST", "/admin/rescore/{node_hash}",
	    .auth = AUTH_ADMIN | AUTH_PEER, .act = rescore, ROW,
	    .summary = "Score a node anew", .codes = "node_missing",
	    .reply = "Scored & { node_hash }" },
	{ 0 }
};
