/* Who is in the registry, and under which names: spec/node.md 5.3, 9. */
#include <string.h>

#include "api/page.h"
#include "api/api.h"
#include "api/listed.h"
#include "crypto/sign.h"
#include "key/ident.h"
#include "registry/registry.h"
#include "trust/trust.h"

#define TTL_S 300		/* of a name */

static int
look(struct call *c, struct registry_view *out, struct err *e)
{
	struct registry_node r;

	return listed_find(c, &r, e) || registry_look(c->store, &r,
	    c->now_ms, c->params, out, e) ? -1 : 0;
}

static int
hello(struct call *c, struct err *e)
{
	const char *accept = call_field(c, "accept");

	call_header(c, "Vary", "Accept");
	if (accept && strstr(accept, "text/html"))
		return pages_home(c, e);	/* a person's browser */
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "ok");
	json_str(&c->out, "service", "BizNode Registry");
	json_str(&c->out, "version", "1.0.0");
	json_close(&c->out, '}');
	return 0;
}

static int
show(struct call *c, struct err *e)
{
	struct registry_view v;

	if (look(c, &v, e))
		return -1;
	registry_node_write(&c->out, &v);
	json_close(&c->out, '}');
	registry_view_release(&v);
	return 0;
}

static int
put_one(void *call, const struct registry_node *r, struct err *e)
{
	struct call *c = call;
	struct registry_view v;

	if (registry_look(c->store, r, c->now_ms, c->params, &v, e))
		return -1;
	registry_node_write(&c->out, &v);
	json_close(&c->out, '}');
	registry_view_release(&v);
	return 0;
}

static int
list(struct call *c, struct err *e)
{
	int rc;

	json_open(&c->out, NULL, '[');
	rc = registry_list(c->store, call_bool(&c->query, "verified_only",
	    false), call_int(&c->query, "limit", 50),
	    call_int(&c->query, "skip", 0), put_one, c, e);
	json_close(&c->out, ']');
	return rc;
}

static void
put_public(struct buf *out, const struct registry_view *v)
{
	char pem[SIGN_SPKI + 1] = "";

	if (v->known)
		sign_spki(pem, &v->peer.key);
	json_field_or_null(out, "public_key", pem);
}

static int
by_name(struct call *c, struct err *e)
{
	struct buf *out = &c->out;
	struct registry_view v;

	if (look(c, &v, e))
		return -1;
	json_open(out, NULL, '{');
	json_field_or_null(out, "dns_name", v.node.dns_name);
	json_str(out, "node_hash", v.node.node_hash);
	json_field_or_null(out, "wallet", v.node.wallet);
	put_public(out, &v);
	json_field_or_null(out, "ip_address", v.node.ip);
	trust_points_write(out, "trust_score", v.score.hundredths);
	json_str(out, "trust_tier", trust_tier_word(v.score.tier));
	json_bool(out, "verified", v.score.in.verified);
	json_bool(out, "active", v.active);
	json_close(out, '}');
	registry_view_release(&v);
	return 0;
}

static int
by_hash(struct call *c, struct err *e)
{
	struct registry_node r;

	if (listed_find(c, &r, e))
		return -1;
	if (!*r.dns_name)
		return err_set(e, E_node_missing, "'%s' has no name",
		    r.node_hash);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_hash", r.node_hash);
	json_str(&c->out, "dns_name", r.dns_name);
	json_close(&c->out, '}');
	return 0;
}

/* With the key comes its proof: the card that it has signed. */
static int
resolve(struct call *c, struct err *e)
{
	struct buf *out = &c->out;
	struct registry_view v;

	if (look(c, &v, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "name", c->param[0]);
	json_str(out, "node_hash", v.node.node_hash);
	json_field_or_null(out, "node_id", v.node.node_id);
	json_field_or_null(out, "wallet", v.node.wallet);
	put_public(out, &v);
	json_field_or_null(out, "ip", v.node.ip);
	json_field_or_null(out, "endpoint", v.endpoint);
	trust_points_write(out, "trust_score", v.score.hundredths);
	json_str(out, "tier", trust_tier_word(v.score.tier));
	json_bool(out, "verified", v.score.in.verified);
	json_bool(out, "active", v.active);
	if (v.known && v.peer.card)
		json_raw(out, "card", v.peer.card, strlen(v.peer.card));
	if (*v.peer.moved_to)
		json_str(out, "moved_to", v.peer.moved_to);
	json_int(out, "ttl", TTL_S);
	json_str(out, "source", "registry");
	json_close(out, '}');
	registry_view_release(&v);
	return 0;
}

static int
status(struct call *c, struct err *e)
{
	struct trust_score t;
	int got = registry_standing(c->store, call_str(&c->query, "entity",
	    ""), c->now_ms, c->params, &t, e);

	if (got < 0)
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", trust_tier_word(got ? t.tier :
	    TRUST_UNVERIFIED));
	if (got)
		trust_points_write(&c->out, "trust_score", t.hundredths);
	json_close(&c->out, '}');
	return 0;
}

static int
put_document(void *call, const struct registry_document *d, struct err *e)
{
	struct call *c = call;

	(void)e;
	registry_document_write(&c->out, d);
	json_close(&c->out, '}');
	return 0;
}

static int
documents(struct call *c, struct err *e)
{
	struct registry_node r;
	int rc;

	if (listed_find(c, &r, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_hash", r.node_hash);
	json_open(&c->out, "documents", '[');
	rc = registry_documents(c->store, r.node_hash, put_document, c, e);
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	return rc;
}

#define ROW .dialect = DIALECT_ERROR, .tag = "names"
const struct route routes_names[] = {
	{ "GET", "/", .act = hello, ROW, .summary = "A registry of nodes",
	    .media = "application/json, text/html",
	    .reply = "{ status: 'ok', service, version }" },
	{ "GET", "/node/{node_hash}", .act = show, ROW,
	    .summary = "What is known of a node", .codes = "node_missing",
	    .reply = "RegistryNode" },
	{ "GET", "/node/{node_hash}/documents", .act = documents, ROW,
	    .summary = "The papers of a node", .codes = "node_missing",
	    .reply = "{ node_hash, documents: [Document] }" },
	{ "GET", "/nodes", .class = ROUTE_SLOW, .act = list, ROW,
	    .summary = "All nodes, in pages",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"skip\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":10000000},"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":200},"
		"\"verified_only\":{\"type\":\"boolean\"}}}",
	    .reply = "[RegistryNode]" },
	{ "GET", "/dns/{dns_name}", .act = by_name, ROW,
	    .summary = "The node of a name", .codes = "node_missing",
	    .reply = "Scored & { dns_name, node_hash, wallet: text|null, "
		"public_key: text|null, ip_address: text|null, "
		"verified: bool, active: bool }" },
	{ "GET", "/dns/reverse/{node_hash}", .act = by_hash, ROW,
	    .summary = "The name of a node", .codes = "node_missing",
	    .reply = "{ node_hash, dns_name }" },
	{ "GET", "/verify", .act = status, ROW,
	    .summary = "The tier of a node, by name or id",
	    .query = "{\"type\":\"object\",\"properties\":{\"entity\":{"
		"\"type\":\"string\",\"minLength\":1,\"maxLength\":128}},"
		"\"required\":[\"entity\"]}",
	    .reply = "{ status, trust_score: number? }" },
	{ "GET", "/resolve/{name}", .act = resolve, ROW,
	    .summary = "A name, to all that its node can be reached by",
	    .codes = "node_missing",
	    .reply = "{ name, node_hash, node_id: hash|null, "
		"wallet: text|null, public_key: text|null, ip: text|null, "
		"endpoint: text|null, trust_score: number, tier, "
		"verified: bool, active: bool, card: Card?, moved_to: text?, "
		"ttl: int, source: 'chain'|'registry'|'dht'|'cache' }" },
	{ 0 }
};
