/* Who has signed: spec/protocols.md 2.1. */
#include <string.h>

#include "api/impl.h"
#include "card/peer.h"
#include "key/ident.h"

/* What was signed, as lib/sig sees a request. */
static void
as_signed(const struct job *j, struct http_request *r, struct buf *target)
{
	const struct net_head *h = net_request(j->x);
	size_t i;

	*r = (struct http_request){
		.method = net_method_name(h->method),
		.body = j->text.data, .body_n = j->text.len,
		.fields = h->fields,
	};
	for (i = 0; i < h->fields; i++)
		r->field[i] = (struct http_field){
			h->field[i].name, h->field[i].value };
	buf_adds(target, h->path);
	if (h->query) {
		buf_addc(target, '?');
		buf_adds(target, h->query);
	}
	r->target = target->data;
	http_at(r, j->conf->base, j->conf->bases);
}

/* The key that a call brings along for its signer, whom nobody knows. */
static bool
brought(struct job *j, const char *id, struct sign_public *out)
{
	const struct route *r = j->row->route;
	char is[HASH_HEX];
	struct err ignored;

	if (!r->key || r->key(&j->call, out, &ignored))
		return false;
	ident_id(is, out);
	return !strcmp(is, id);
}

/* Need the operator not have vouched for a peer that calls this? */
static bool
any_peer(const struct route *r)
{
	return r->key || (r->flags & ROUTE_ANY_PEER);
}

static int
signer(struct job *j, const struct http_claim *c, bool *pinned,
    struct err *e)
{
	struct peer p = { 0 };
	int rc, got = peer_get(j->loop->store, c->key_id, &p, e);

	if (got < 0)
		return -1;
	*pinned = got && p.state == PEER_PINNED;
	if (!got && !brought(j, c->key_id, &p.key))
		rc = err_set(e, E_unknown_peer, "no key is known of '%s'",
		    c->key_id);
	else if (p.state == PEER_REVOKED)
		rc = err_set(e, E_revoked, "the key of '%s' was revoked",
		    c->key_id);
	else
		rc = sign_check(&c->sig, &p.key, c->text.data, c->text.len) ?
		    0 : err_set(e, E_bad_signature, "not the signature of "
		    "'%s'", c->key_id);
	peer_release(&p);
	return rc;
}

/*
 * The node of a signature, or the peer, if the route takes those.  Its nonce
 * is used up by the writer: see key.c.
 */
int
signer_check(struct job *j, enum caller *who, struct node *out, struct err *e)
{
	unsigned auth = j->row->route->auth;
	struct buf target = BUF_INIT(NET_TARGET_MAX + 2);
	struct http_request r;
	struct http_claim c;
	bool pinned = false;
	int rc = -1;

	as_signed(j, &r, &target);
	if (http_claim(&c, &r, j->call.now_ms, e) ||
	    signer(j, &c, &pinned, e))
		goto out;
	memcpy(j->nonce_key, c.key_id, sizeof(j->nonce_key));
	memcpy(j->nonce, c.nonce, sizeof(j->nonce));
	j->nonce_until_ms = c.created_ms + HTTP_WINDOW_MS;
	memcpy(j->call.peer, c.key_id, sizeof(j->call.peer));
	*who = CALLER_PEER;
	if (auth & AUTH_NODE) {
		rc = auth_node(j, c.key_id, out, e);
		*who = rc ? CALLER_PEER : CALLER_NODE;
	}
	if (!auth)
		rc = 0;
	if (rc && (auth & AUTH_PEER))
		rc = pinned || any_peer(j->row->route) ? 0 : err_set(e,
		    E_unknown_peer, "'%s' is not pinned here", c.key_id);
	if (!rc)
		rc = limit_signer(j, c.key_id, e);
out:
	http_claim_release(&c);
	buf_release(&target);
	return rc;
}
