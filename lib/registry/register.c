/* Nodes that come, change, and are still there. */
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "key/ident.h"
#include "registry/impl.h"
#include "trust/event.h"

static int
check_ids(const struct registry_wish *w, struct err *e)
{
	char hash[REGISTRY_HASH], id[HASH_HEX];

	if (!ident_is_id(w->node_id))
		return err_set(e, E_bad_id, "node_id is not 64 digits of "
		    "hex in lower case");
	trust_node_hash(hash, w->node_id);
	if (strcmp(hash, w->node_hash))
		return err_set(e, E_hash_mismatch, "node_hash is not the "
		    "Keccak-256 of node_id");
	if (!w->key)
		return 0;
	ident_id(id, w->key);
	return strcmp(id, w->node_id) ? err_set(e, E_id_mismatch, "node_id "
	    "is not the hash of public_key") : 0;
}

static int
put_wallet(struct registry_node *r, const char *text, struct err *e)
{
	struct wallet_address a;

	if (!text)
		return 0;
	if (wallet_address_read(&a, text, e))
		return -1;
	wallet_address_text(r->wallet, &a);
	return 0;
}

static int
put_place(struct registry_node *r, const struct registry_wish *w,
    struct err *e)
{
	struct addr a;

	if (w->ip) {
		if (strlen(w->ip) >= REGISTRY_IP || !addr_read(&a, w->ip))
			return err_set(e, E_bad_json, "'ip_address' is not "
			    "an address of the internet");
		snprintf(r->ip, sizeof(r->ip), "%s", w->ip);
	}
	if (w->endpoint) {
		if (!fit_endpoint(w->endpoint))
			return err_set(e, E_bad_json, "'endpoint' is not "
			    "http:// or https://, a host, perhaps a port, "
			    "and nothing else");
		snprintf(r->endpoint, sizeof(r->endpoint), "%s",
		    w->endpoint);
	}
	return 0;
}

/* Is a name of this node to be had by that one? */
static int
is_free(struct store *s, const struct registry_node *holder,
    const char *node_id, struct err *e)
{
	struct peer p;
	int got = peer_get(s, holder->node_id, &p, e);

	if (got <= 0)
		return got;
	got = p.state == PEER_REVOKED || !strcmp(p.moved_to, node_id);
	peer_release(&p);
	return got;
}

static int
put_name(struct store *s, struct registry_node *r, const char *name,
    struct err *e)
{
	struct registry_node holder;
	int got;

	if (!name || !strcmp(name, r->dns_name))
		return 0;
	if (!fit_dns(name))
		return err_set(e, E_bad_name, "'%.80s' is not alias.1bz in "
		    "lower case", name);
	got = registry_named(s, name, &holder, e);
	if (got > 0) {
		got = is_free(s, &holder, r->node_id, e);
		if (!got)
			return err_set(e, E_name_taken, "another node has "
			    "'%.80s'", name);
		holder.dns_name[0] = '\0';
		if (got > 0 && registry_put_in(s, &holder, e))
			got = -1;
	}
	if (got < 0)
		return -1;
	snprintf(r->dns_name, sizeof(r->dns_name), "%s", name);
	return 0;
}

/* Its key is a peer's from now on, or was before. */
static int
put_peer(struct store *s, const struct registry_wish *w, int64_t now_ms,
    struct err *e)
{
	enum peer_news news;
	struct peer p = { 0 };
	int got;

	if (w->key)
		got = peer_key_in(s, w->key, now_ms, &p, &news, e) ? -1 : 1;
	else
		got = peer_get(s, w->node_id, &p, e);
	if (!got)
		err_set_(e, E_unknown_peer, "the key of '%s' is not known: "
		    "send it as public_key", w->node_id);
	if (got > 0 && p.state == PEER_REVOKED)
		got = err_set(e, E_revoked, "the key of '%s' was revoked",
		    w->node_id);
	peer_release(&p);
	return got > 0 ? 0 : -1;
}

static int
check_room(struct store *s, const struct params *p, struct err *e)
{
	int64_t n;

	if (registry_total(s, &n, e))
		return -1;
	return n < p->value[PARAM_registry_nodes] ? 0 : err_set(e,
	    E_registry_full, "there are %d nodes already", (int)n);
}

static int
count_one(struct store *s, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_REGISTRY_COUNTED);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
registry_register_in(struct store *s, const struct registry_wish *w,
    const struct params *p, int64_t now_ms, struct registry_node *out,
    bool *updated, struct err *e)
{
	struct registry_node r = { .made_ms = now_ms };
	int got;

	if (check_ids(w, e))
		return -1;
	got = registry_get(s, w->node_hash, &r, e);
	if (got < 0 || (!got && check_room(s, p, e)) ||
	    put_peer(s, w, now_ms, e))
		return -1;
	memcpy(r.node_hash, w->node_hash, sizeof(r.node_hash));
	memcpy(r.node_id, w->node_id, sizeof(r.node_id));
	r.changed_ms = r.seen_ms = now_ms;
	if (put_wallet(&r, w->wallet, e) || put_place(&r, w, e) ||
	    put_name(s, &r, w->dns_name, e) || registry_put_in(s, &r, e) ||
	    (!got && count_one(s, e)))
		return -1;
	*updated = got > 0;
	*out = r;
	return 0;
}

int
registry_seen_in(struct store *s, const struct registry_wish *w,
    int64_t now_ms, struct registry_node *out, struct err *e)
{
	int got = registry_get(s, w->node_hash, out, e);

	if (!got)
		return err_set(e, E_node_missing, "no node '%.80s' is "
		    "registered", w->node_hash);
	if (got < 0 || put_place(out, w, e))
		return -1;
	out->seen_ms = now_ms;
	return registry_put_in(s, out, e);
}
