/* Who calls: spec/vmp.md 1.4, spec/protocols.md 2.1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/impl.h"
#include "base/enc.h"
#include "card/peer.h"
#include "crypto/mac.h"
#include "key/apikey.h"
#include "key/imported.h"
#include "node/access.h"
#include "sig/jwt.h"

#define KEY_MAX 256		/* bytes of an API key, or a server's secret */

/* Hashed with a key first, so that the time says nothing of either. */
static bool
same_secret(const struct conf *c, const struct secret *s, const char *given)
{
	struct mac a, b;

	mac_blake(&a, &c->pepper, s->data, s->len);
	mac_blake(&b, &c->pepper, given, strlen(given));
	return mac_same(a.b, b.b, MAC_BYTES);
}

/* What follows a scheme, whatever its case; NULL if it is another. */
static const char *
behind(const char *field, const char *scheme)
{
	size_t n = strlen(scheme);

	if (!field || strncasecmp(field, scheme, n) || field[n] != ' ')
		return NULL;
	while (field[n] == ' ')
		n++;
	return field + n;
}

/* The password of HTTP Basic, into room: NULL if there is none. */
static const char *
basic(const char *field, char room[KEY_MAX])
{
	const char *text = behind(field, "Basic");
	char *colon;
	size_t n;

	if (!text || !enc_unbase64(room, KEY_MAX - 1, &n, text, strlen(text)))
		return NULL;
	room[n] = '\0';
	colon = memchr(room, ':', n);
	return colon && strlen(room) == n ? colon + 1 : NULL;
}

static int
admin(const struct job *j, struct err *e)
{
	const struct net_head *h = net_request(j->x);
	unsigned flags = j->row ? j->row->route->flags : 0;
	const char *field = net_field(h, "authorization");
	const char *key = behind(field, "Bearer");
	char room[KEY_MAX];

	if (!key && (flags & ROUTE_FORBIDS))
		key = net_field(h, "x-admin-key");
	if (!key && (flags & ROUTE_BASIC))
		key = basic(field, room);
	if (key && j->conf->admin.len &&
	    same_secret(j->conf, &j->conf->admin, key))
		return 0;
	if (flags & ROUTE_FORBIDS)
		return err_set(e, E_admin_required, "the admin key is asked "
		    "for");
	if (!key && !field)
		return err_set(e, E_admin_missing, "no admin key");
	if (!j->conf->admin.len)
		return err_set(e, E_admin_unconfigured, "no admin key here");
	return err_set(e, E_admin_denied, "not the admin key");
}

bool
auth_is_admin(const struct job *j)
{
	struct err ignored;

	return !admin(j, &ignored);
}

static int
sync_token(const struct job *j, struct err *e)
{
	const char *key = behind(net_field(net_request(j->x),
	    "authorization"), "Bearer");

	if (!j->conf->sync.len)
		return err_set(e, E_sync_unconfigured, "no sync token here");
	return key && same_secret(j->conf, &j->conf->sync, key) ? 0 :
	    err_set(e, E_sync_denied, "not the sync token");
}

static int
internal(const struct job *j, struct err *e)
{
	const char *key = net_field(net_request(j->x), "x-internal-api-key");

	if (!j->conf->internal.len)
		return err_set(e, E_internal_unconfigured,
		    "no internal key here");
	return key && same_secret(j->conf, &j->conf->internal, key) ? 0 :
	    err_set(e, E_internal_denied, "not the internal key");
}

/* A node that may act now. */
int
auth_node(struct job *j, const char *id, struct node *out, struct err *e)
{
	if (node_get(j->loop->store, id, out, e)) {
		if (e->code != E_node_missing)
			return -1;
		return err_set(e, E_node_unknown_or_banned, "no node '%.80s'",
		    id);
	}
	return node_acts(out, j->call.now_ms) ? 0 : err_set(e,
	    E_node_unknown_or_banned, "'%s' is not active", id);
}

static int
api_key(struct job *j, const char *key, struct node *out, struct err *e)
{
	char id[NODE_ID], kept[ACCESS_HASH], hash[HASH_HEX];
	const char *last;
	size_t n;
	int got;

	if (strncmp(key, "bn_", 3))
		return err_set(e, E_api_key_format, "no key that begins with "
		    "bn_");
	last = strrchr(key + 3, '_');
	if (!last)
		return err_set(e, E_api_key_structure, "no '_' behind the "
		    "node");
	n = (size_t)(last - (key + 3));
	if (n >= sizeof(id))
		return err_set(e, E_node_unknown_or_banned, "no such node");
	memcpy(id, key + 3, n);
	id[n] = '\0';
	if (auth_node(j, id, out, e))
		return -1;
	got = access_get(j->loop->store, id, kept, e);
	if (got < 0)
		return -1;
	apikey_hash(hash, &j->conf->pepper, key, strlen(key));
	memcpy(j->came_with, hash, sizeof(j->came_with));
	if (got && imported_is(kept)) {
		/* It takes long, and so is not for who only guesses. */
		if (!limit_may_fail(j))
			return err_set(e, E_auth_failed, "there were too many "
			    "that are not");
		if (imported_fits(kept, last + 1)) {
			memcpy(j->rehash, hash, sizeof(j->rehash));
			return 0;
		}
	}
	return got && strlen(kept) == HASH_HEX - 1 &&
	    mac_same(kept, hash, HASH_HEX - 1) ? 0 :
	    err_set(e, E_auth_failed, "not the key of '%s'", id);
}

int
call_key_holds(struct call *c, struct err *e)
{
	const struct job *j = (const struct job *)c;
	char kept[ACCESS_HASH];
	int got;

	if (!*j->came_with)
		return 0;
	got = access_get(c->store, c->node.id, kept, e);
	if (got < 0)
		return -1;
	return got && !strcmp(kept, j->came_with) ? 0 : err_set(e,
	    E_auth_failed, "the key of '%s' is another by now", c->node.id);
}

static int
token_claims(struct job *j, const struct jwt *t, struct node *out,
    struct err *e)
{
	const struct jwt_rules rules = {
		API_AUDIENCE, API_ISSUER, j->call.now_ms
	};
	struct json claims = { 0 };
	const char *role, *sub;
	int rc = -1;

	if (!json_parse(&claims, t->payload.data, t->payload.len, e) &&
	    !jwt_claims(&claims, &rules, e) &&
	    !json_get_str(&claims, "sub", &sub, e) &&
	    !json_get_str(&claims, "role", &role, e)) {
		if (strcmp(role, "node"))
			err_set_(e, E_bad_token, "its role is not node");
		else
			rc = auth_node(j, sub, out, e);
	}
	json_release(&claims);
	return rc;
}

/* One that names no key is by any of ours: vmp 1.4. */
static int
check_token(const struct job *j, const struct jwt *t, const struct jwk **key,
    struct err *e)
{
	const struct jwks *all = &j->conf->jwks;
	struct jwks one = { .n = 1 };
	size_t i;

	if (*t->kid)
		return jwt_check(t, all, key, e);
	for (i = 0; i < all->n; i++) {
		one.key = all->key + i;
		if (!jwt_check(t, &one, key, e)) {
			*e = (struct err){ 0 };
			return 0;
		}
	}
	return -1;
}

static int
access_token(struct job *j, const char *text, struct node *out,
    struct err *e)
{
	const struct jwk *key;
	struct err why;
	struct jwt t;
	int rc = 0;

	if (jwt_read(&t, text, strlen(text), e) ||
	    check_token(j, &t, &key, e) ||
	    token_claims(j, &t, out, e))
		rc = -1;
	if (!rc && !key->rsa)
		rc = err_set(e, E_bad_alg, "it is not signed with RS256");
	jwt_release(&t);
	if (!rc || e->kind == ERR_SYSTEM || e->kind == ERR_BUSY ||
	    e->code == E_node_unknown_or_banned)
		return rc;
	why = *e;
	return err_set(e, why.code == E_expired ? E_token_expired :
	    E_token_invalid, "Invalid token: %.200s", why.msg);
}

static int
node_key(struct job *j, struct node *out, struct err *e)
{
	const struct net_head *h = net_request(j->x);
	const char *field = net_field(h, "authorization"), *bearer;
	const char *key = net_field(h, "x-api-key");

	if (!field)
		return api_key(j, key ? key : "", out, e);
	bearer = behind(field, "Bearer");
	if (!bearer)
		return err_set(e, E_auth_scheme, "not Bearer");
	return strncmp(bearer, "bn_", 3) ? access_token(j, bearer, out, e) :
	    api_key(j, bearer, out, e);
}

/* A node by its key or token, by its signature, or by both, if they agree. */
static int
node(struct job *j, struct err *e)
{
	const struct net_head *h = net_request(j->x);
	bool has_key = net_field(h, "authorization") ||
	    net_field(h, "x-api-key");
	bool is_signed = net_field(h, "signature-input");
	struct node by_key = { 0 }, by_sig = { 0 };
	enum caller who = CALLER_NODE;

	if ((has_key || !is_signed) && node_key(j, &by_key, e))
		return -1;
	if (is_signed && signer_check(j, &who, &by_sig, e))
		return -1;
	if (has_key && is_signed &&
	    (who != CALLER_NODE || strcmp(by_key.id, by_sig.id)))
		return err_set(e, E_auth_failed, "two credentials of two "
		    "nodes");
	j->call.who = who;
	j->call.node = is_signed ? by_sig : by_key;
	return 0;
}

/*
 * Who has signed a request that need not be: nobody, where it is not signed
 * well.  It is no caller for that.
 */
static void
look_signer(struct job *j)
{
	enum caller ignored_too;
	struct err ignored = { 0 };

	if (signer_check(j, &ignored_too, &j->call.node, &ignored))
		*j->call.peer = *j->nonce_key = *j->nonce = '\0';
}

bool
auth_tried(const struct job *j)
{
	static const char *const fields[] = {
		"authorization", "x-api-key", "x-admin-key",
		"x-internal-api-key", "signature-input",
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (net_field(net_request(j->x), fields[i]))
			return true;
	return false;
}

/* Who calls a public route; what is wrong with the credentials is no matter. */
static void
look(struct job *j)
{
	const struct net_head *h = net_request(j->x);
	struct err ignored = { 0 };
	struct node n;

	if (auth_is_admin(j)) {
		j->call.who = CALLER_ADMIN;
	} else if (!node_key(j, &n, &ignored)) {
		j->call.who = CALLER_NODE;
		j->call.node = n;
	} else if (net_field(h, "authorization") ||
	    net_field(h, "x-api-key")) {
		limit_failed(j);
	}
}

/*
 * Is it on this machine?  A page that had a name turned to point here is, but
 * calls us by that name.
 */
static bool
is_local(const struct job *j)
{
	const struct net_head *h = net_request(j->x);

	return h->local && head_is_here(h);
}

int
auth_call(struct job *j, struct err *e)
{
	const struct route *r = j->row->route;
	enum caller *who = &j->call.who;
	struct err why = { 0 };

	if (!r->auth) {
		if (r->flags & ROUTE_KNOWS)
			look(j);
		if (r->flags & ROUTE_SIGNER)
			look_signer(j);
		return 0;
	}
	*who = CALLER_ADMIN;
	if (((r->flags & ROUTE_LOCAL) && is_local(j)) ||
	    ((r->auth & AUTH_ADMIN) && !admin(j, &why)))
		return 0;
	*who = CALLER_SYNC;
	if ((r->auth & AUTH_SYNC) && !sync_token(j, &why))
		return 0;
	*who = CALLER_INTERNAL;
	if ((r->auth & AUTH_INTERNAL) && !internal(j, &why))
		return 0;
	*who = CALLER_NOBODY;
	if (r->auth & AUTH_NODE)
		return node(j, e);
	if (r->auth & AUTH_PEER)
		return signer_check(j, who, &j->call.node, e);
	*e = why;
	return -1;
}

/*
 * A signature was for that moment, and its nonce is used up: of a signer it is
 * asked whether he is still who he was.
 */
static int
still_signer(struct job *j, struct err *e)
{
	struct node n;
	struct peer p;
	int got = peer_get(j->loop->store, j->nonce_key, &p, e);

	if (got < 0)
		return -1;
	if (got && p.state == PEER_REVOKED)
		err_set_(e, E_revoked, "the key of '%s' was revoked",
		    j->nonce_key);
	peer_release(&p);
	if (e->kind)
		return -1;
	return j->call.who == CALLER_NODE ? auth_node(j, j->call.node.id, &n,
	    e) : 0;
}

int
auth_again(struct job *j, struct err *e)
{
	const struct net_head *h = net_request(j->x);
	struct node n;

	if (!*j->nonce)
		return auth_call(j, e);
	if ((net_field(h, "authorization") || net_field(h, "x-api-key")) &&
	    node_key(j, &n, e))
		return -1;
	return still_signer(j, e);
}
