/* Idempotency keys: spec/vmp.md 1.9, spec/protocols.md 2.3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/impl.h"
#include "base/mem.h"
#include "once/once.h"
#include "sig/nonce.h"

#define MEMBER "idempotency_key"
#define MEMBER_MAX 100
#define REPLAY ",\"idempotent\":true}"

/* The field: bare, or a structured string, of which no character is escaped. */
static int
from_field(const char *field, char out[129], struct err *e)
{
	size_t n = strlen(field), at = 0;
	struct err why;

	if (n >= 2 && *field == '"' && field[n - 1] == '"') {
		at = 1;
		n -= 2;
		if (memchr(field + 1, '"', n) || memchr(field + 1, '\\', n))
			n = 0;
	}
	if (n < 129) {
		memcpy(out, field + at, n);
		out[n] = '\0';
		if (!once_check_key(out, &why))
			return 0;
	}
	return err_set(e, E_bad_idempotency_key, "it is not 1 to 128 visible "
	    "characters");
}

static int
from_member(const struct json *v, char out[129], struct err *e)
{
	const char *text = json_string(v);
	struct err why;

	if (!text || strlen(text) > MEMBER_MAX ||
	    once_check_key(text, &why))
		return err_set(e, E_bad_idempotency_key, MEMBER " is not 1 "
		    "to %d visible characters", MEMBER_MAX);
	snprintf(out, 129, "%s", text);
	return 0;
}

static int
find_key(struct job *j, struct err *e)
{
	const char *field = net_field(net_request(j->x), "idempotency-key");
	char other[129];
	struct json v;

	if (field && from_field(field, j->key, e))
		return -1;
	if (!j->call.body.node || !json_find(&v, &j->call.body, MEMBER) ||
	    json_kind(&v) == JSON_NULL)
		return 0;
	if (from_member(&v, field ? other : j->key, e))
		return -1;
	return field && strcmp(other, j->key) ? err_set(e,
	    E_bad_idempotency_key, "header and body differ") : 0;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The pairs of a query as they were sent, in the order of their bytes. */
static void
add_query(struct buf *out, const char *query)
{
	struct buf text = BUF_INIT(NET_TARGET_MAX + 1);
	struct buf sorted = BUF_INIT(NET_TARGET_MAX + 1);
	const char **pair;
	char *p, *next;
	size_t n = 0, i;

	buf_adds(&text, query ? query : "");
	pair = mem_zero(text.len / 2 + 2, sizeof(*pair));
	for (p = text.data; *p; p = next) {
		i = strcspn(p, "&");
		next = p + i + (p[i] == '&');
		p[i] = '\0';
		if (i)
			pair[n++] = p;
	}
	qsort(pair, n, sizeof(*pair), by_bytes);
	for (i = 0; i < n; i++)
		buf_addf(&sorted, "%s%s", i ? "&" : "", pair[i]);
	json_strn(out, "query", sorted.data, sorted.len);
	free(pair);
	buf_release(&sorted);
	buf_release(&text);
}

/* {"body":...,"path":"...","query":"..."}, of which the hash is kept. */
int
key_hash(struct hash *out, const struct json *body, const char *path,
    const char *query, struct err *e)
{
	struct buf text = BUF_INIT(2 * JSON_MAX);
	struct json it = { 0 }, root = { 0 };
	int rc = -1;

	json_open(&text, NULL, '{');
	json_open(&text, "body", '{');
	while (body->node && json_next(&it, body))
		if (strcmp(json_key(&it), MEMBER))
			json_copy(&text, json_key(&it), &it);
	json_close(&text, '}');
	json_str(&text, "path", path);
	add_query(&text, query);
	json_close(&text, '}');
	if (!json_parse(&root, text.data, text.len, e))
		rc = once_hash(out, &root, e);
	json_release(&root);
	buf_release(&text);
	return rc;
}

/*
 * Whose key it is: others' are never met.  A node could be called as a peer
 * is, but none has a bracket in its name.
 */
static bool
add_principal(struct buf *out, const struct job *j)
{
	switch (j->call.who) {
	case CALLER_NOBODY:
		return false;
	case CALLER_NODE:
		buf_adds(out, j->call.node.id);
		break;
	case CALLER_PEER:
		buf_addf(out, "(peer) %s", j->call.peer);
		break;
	case CALLER_ADMIN:
		buf_adds(out, "(admin)");
		break;
	case CALLER_SYNC:
		buf_adds(out, "(sync)");
		break;
	case CALLER_INTERNAL:
		buf_adds(out, "(internal)");
		break;
	}
	return true;
}

int
key_read(struct job *j, struct err *e)
{
	const struct route *r = j->row->route;

	if (r->class != ROUTE_WRITE || !add_principal(&j->scope, j))
		return 0;
	if (find_key(j, e))
		return -1;
	if (!*j->key) {
		if (!(r->flags & ROUTE_KEY))
			return 0;
		j->faulty = true;
		shape_fault(&j->call.more, MEMBER, "Field required");
		return err_set(e, E_validation, MEMBER " is missing");
	}
	j->call.key = j->key;
	buf_addf(&j->scope, " %s %s", r->method, r->pattern);
	return key_hash(&j->hash, &j->call.body, net_request(j->x)->path,
	    net_request(j->x)->query, e);
}

/* Does the answer say already that nothing was done?  Or can it not? */
static bool
tells(const struct buf *answer)
{
	struct json root = { 0 };
	struct err ignored;
	bool so = json_parse(&root, answer->data, answer->len, &ignored) ||
	    json_kind(&root) != JSON_OBJECT || json_has(&root, "idempotent");

	json_release(&root);
	return so;
}

int
key_find_in(struct job *j, struct err *e)
{
	const struct once o = {
		.scope = j->scope.data, .key = j->key, .hash = &j->hash,
		.status = &j->call.status,
	};
	struct buf *out = &j->call.out;
	int got;

	if (!*j->key)
		return 0;
	got = once_find_in(j->call.store, &o, out, e);
	if (got <= 0)
		return got;
	j->replayed = true;
	if (out->len > 2 && !tells(out)) {
		buf_cut(out, out->len - 1);
		buf_adds(out, REPLAY);
	}
	return 1;
}

/* A refusal, which is to be told again in vain, does not use up a key. */
int
key_keep_in(struct job *j, struct err *e)
{
	const struct once o = {
		.scope = j->scope.data, .key = j->key, .hash = &j->hash,
		.status = &j->call.status,
	};
	const struct buf *said = j->call.kept.len ? &j->call.kept :
	    &j->call.out;

	if (!*j->key || (j->call.status && j->call.status / 100 != 2))
		return 0;
	return once_keep_in(j->call.store, &o, said->data, j->call.now_ms, e);
}
