#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/enc.h"
#include "key/ident.h"
#include "registry/impl.h"
#include "trust/event.h"
#include "trust/trust.h"

#define LABEL 52		/* of an id: base32 */
#define HALF 32			/* of an id: hex */

static void
take(const struct query *q, struct registry_node *out)
{
	*out = (struct registry_node){ 0 };
	query_put_text(q, 0, out->node_hash, sizeof(out->node_hash));
	query_put_text(q, 1, out->node_id, sizeof(out->node_id));
	query_put_text(q, 2, out->wallet, sizeof(out->wallet));
	query_put_text(q, 3, out->dns_name, sizeof(out->dns_name));
	query_put_text(q, 4, out->endpoint, sizeof(out->endpoint));
	query_put_text(q, 5, out->ip, sizeof(out->ip));
	out->made_ms = query_get_int(q, 6);
	out->changed_ms = query_get_int(q, 7);
	out->seen_ms = query_get_int(q, 8);
}

static int
one(struct store *s, enum sql which, const char *key,
    struct registry_node *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, which);
	query_text(&q, key);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	return got;
}

int
registry_get(struct store *s, const char *node_hash,
    struct registry_node *out, struct err *e)
{
	return one(s, SQL_REGISTRY_GET, node_hash, out, e);
}

int
registry_named(struct store *s, const char *dns_name,
    struct registry_node *out, struct err *e)
{
	return one(s, SQL_REGISTRY_NAMED, dns_name, out, e);
}

static void
bind(struct query *q, const char *text)
{
	query_text(q, *text ? text : NULL);
}

int
registry_put_in(struct store *s, const struct registry_node *r,
    struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_REGISTRY_PUT);
	query_text(&q, r->node_hash);
	bind(&q, r->node_id);
	bind(&q, r->wallet);
	bind(&q, r->dns_name);
	bind(&q, r->endpoint);
	bind(&q, r->ip);
	query_int(&q, r->made_ms);
	query_int(&q, r->changed_ms);
	query_int(&q, r->seen_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
registry_total(struct store *s, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_REGISTRY_COUNT);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

int
registry_list(struct store *s, bool verified, int64_t limit, int64_t skip,
    registry_told *told, void *arg, struct err *e)
{
	struct registry_node r;
	struct query q;
	int got;

	query_open(&q, s, verified ? SQL_REGISTRY_PAGE_VERIFIED :
	    SQL_REGISTRY_PAGE);
	query_int(&q, limit);
	query_int(&q, skip);
	while ((got = query_row(&q, e)) > 0) {
		take(&q, &r);
		if (told(arg, &r, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got;
}

/* --- names ---------------------------------------------------------------- */

static bool
is_hex(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") >= n;
}

/* The id that a name without its zone spells; false if it is an alias. */
static bool
spells_id(const char *s, size_t n, char out[HASH_HEX])
{
	struct hash h;
	size_t got;

	if (n == HASH_HEX - 1 && is_hex(s, n)) {
		memcpy(out, s, n);
	} else if (n == 2 * HALF + 1 && s[HALF] == '.' && is_hex(s, HALF) &&
	    is_hex(s + HALF + 1, HALF)) {
		memcpy(out, s, HALF);
		memcpy(out + HALF, s + HALF + 1, HALF);
	} else if (n == LABEL && enc_unbase32(h.b, sizeof(h.b), &got, s, n) &&
	    got == sizeof(h.b)) {
		hash_hex(out, &h);
	} else {
		return false;
	}
	out[HASH_HEX - 1] = '\0';
	return true;
}

static int
find(struct store *s, const char *name, struct registry_node *out,
    struct err *e)
{
	char id[HASH_HEX], hash[REGISTRY_HASH];
	size_t n = strlen(name);

	if (n == REGISTRY_HASH - 1 && !strncmp(name, "0x", 2) &&
	    is_hex(name + 2, n - 2))
		return registry_get(s, name, out, e);
	if (n > 4 && (!strcmp(name + n - 4, ".1bz") ||
	    !strcmp(name + n - 4, ".bzn")))
		n -= 4;
	if (spells_id(name, n, id)) {
		trust_node_hash(hash, id);
		return registry_get(s, hash, out, e);
	}
	return fit_dns(name) ? registry_named(s, name, out, e) :
	    err_set(e, E_bad_name, "'%.80s' is neither alias.1bz nor an id",
	    name);
}

int
registry_find(struct store *s, const char *name, struct registry_node *out,
    struct err *e)
{
	char lower[80];
	size_t n = strlen(name), i;
	int got;

	if (n >= sizeof(lower))
		return err_set(e, E_bad_name, "a name has at most %zu "
		    "characters", sizeof(lower) - 1);
	for (i = 0; i <= n; i++)
		lower[i] = name[i] >= 'A' && name[i] <= 'Z' ?
		    (char)(name[i] + 'a' - 'A') : name[i];
	got = find(s, lower, out, e);
	return got ? (got < 0 ? -1 : 0) : err_set(e, E_node_missing,
	    "no node '%.80s' is registered", name);
}

static bool
is_nobody(const struct err *e)
{
	return e->code == E_node_missing || e->code == E_bad_name ||
	    e->code == E_ambiguous;
}

int
registry_meant(struct store *s, const char *name, struct registry_node *out,
    struct err *e)
{
	struct peer p = { .made_ms = 0 };
	struct err why;
	int rc;

	if (!registry_find(s, name, out, e))
		return 0;
	if (!is_nobody(e))
		return -1;
	err_set_(e, E_node_missing, "no node '%.80s' is registered", name);
	if (peer_find(s, name, &p, &why)) {
		if (why.code == E_ambiguous)
			*e = why;
		return -1;
	}
	rc = registry_find(s, p.node_id, out, &why);
	peer_release(&p);
	if (!rc)
		*e = (struct err){ 0 };
	return rc;
}

int
registry_standing(struct store *s, const char *name, int64_t now_ms,
    const struct params *params, struct trust_score *out, struct err *e)
{
	struct registry_node r;
	const char *id = name;
	struct peer p = { 0 };
	struct err why = { 0 };

	if (!registry_find(s, name, &r, &why)) {
		id = r.node_id;
	} else if (is_nobody(&why)) {
		why = (struct err){ 0 };
		if (!peer_find(s, name, &p, &why))
			id = memcpy(r.node_id, p.node_id, HASH_HEX);
		peer_release(&p);
	}
	if (is_nobody(&why))
		why = (struct err){ 0 };
	if (!why.kind && ident_is_id(id) &&
	    !trust_score(s, id, now_ms, params, out, &why))
		return 1;
	if (!why.kind || is_nobody(&why))
		return 0;
	*e = why;
	return -1;
}

/* --- what is known of one ------------------------------------------------- */

int
registry_look(struct store *s, const struct registry_node *r, int64_t now_ms,
    const struct params *p, struct registry_view *out, struct err *e)
{
	struct registry_view v = { .node = *r, .endpoint = "" };
	int got = 0;

	if (*r->node_id) {
		got = peer_get(s, r->node_id, &v.peer, e);
		if (got < 0 || trust_score(s, r->node_id, now_ms, p,
		    &v.score, e)) {
			peer_release(&v.peer);
			return -1;
		}
	}
	v.known = got > 0;
	v.active = v.known && v.peer.state != PEER_REVOKED &&
	    !*v.peer.moved_to;
	*out = v;
	out->endpoint = *out->node.endpoint ? out->node.endpoint :
	    out->peer.endpoint;
	return 0;
}

void
registry_view_release(struct registry_view *v)
{
	peer_release(&v->peer);
}
