/*
 * The table of routes as an OpenAPI 3.1 document: a function of the table and
 * the version alone, byte for byte.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "api/impl.h"

#define STATUSES 24

static const char components[] =
    "{\"securitySchemes\":{"
    "\"apiKey\":{\"type\":\"apiKey\",\"in\":\"header\","
    "\"name\":\"X-API-KEY\"},"
    "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\","
    "\"description\":\"An API key, an access token, or the key of the "
    "operator\"},"
    "\"httpSignature\":{\"type\":\"apiKey\",\"in\":\"header\","
    "\"name\":\"Signature\",\"description\":\"RFC 9421, with Ed25519\"},"
    "\"internal\":{\"type\":\"apiKey\",\"in\":\"header\","
    "\"name\":\"X-INTERNAL-API-KEY\"},"
    "\"adminKey\":{\"type\":\"apiKey\",\"in\":\"header\","
    "\"name\":\"X-Admin-Key\"}},"
    "\"parameters\":{"
    "\"idempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
    "\"description\":\"The request acts once, however often it is made\","
    "\"schema\":{\"type\":\"string\",\"minLength\":1,"
    "\"maxLength\":130}}},"
    "\"headers\":{"
    "\"RateLimit\":{\"description\":\"The limit that is nearest\","
    "\"schema\":{\"type\":\"string\"}},"
    "\"RateLimit-Policy\":{\"description\":\"All limits that count\","
    "\"schema\":{\"type\":\"string\"}},"
    "\"Idempotency-Replayed\":{\"description\":\"The reply was kept\","
    "\"schema\":{\"type\":\"string\",\"const\":\"true\"}},"
    "\"X-Request-ID\":{\"schema\":{\"type\":\"string\"}}},"
    "\"schemas\":{"
    "\"Refusal\":{\"type\":\"object\",\"properties\":{"
    "\"detail\":{\"type\":\"string\"},\"error\":{\"type\":\"string\"},"
    "\"code\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"}},"
    "\"required\":[\"code\",\"request_id\"]},"
    "\"Faults\":{\"type\":\"object\",\"properties\":{"
    "\"detail\":{\"type\":[\"array\",\"string\"],\"items\":{"
    "\"type\":\"object\",\"properties\":{"
    "\"field\":{\"type\":[\"string\",\"integer\"]},"
    "\"message\":{\"type\":\"string\"},\"path\":{\"type\":\"array\"}}}},"
    "\"code\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"}},"
    "\"required\":[\"detail\",\"code\",\"request_id\"]},"
    "\"NestedRefusal\":{\"type\":\"object\",\"properties\":{"
    "\"error\":{\"type\":\"object\",\"properties\":{"
    "\"code\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"}},"
    "\"required\":[\"code\",\"message\"]},"
    "\"request_id\":{\"type\":\"string\"}},"
    "\"required\":[\"error\",\"request_id\"]},"
    "\"BridgeRefusal\":{\"type\":\"object\",\"properties\":{"
    "\"error_type\":{\"type\":\"string\"},"
    "\"message\":{\"type\":\"string\"},"
    "\"retry_hint\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":[\"string\",\"array\"]},"
    "\"code\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"}},"
    "\"required\":[\"code\",\"request_id\"]}}}";

/* The pattern, where "*" has a name. */
static void
path_of(struct buf *out, const char *pattern)
{
	size_t n = strlen(pattern);

	if (n > 1 && pattern[n - 1] == '*') {
		buf_add(out, pattern, n - 1);
		buf_adds(out, "{path}");
	} else {
		buf_add(out, pattern, n);
	}
}

/* "post_v1_tasks_task_id_claim" */
static void
add_id(struct buf *out, const struct row *r)
{
	struct buf id = BUF_INIT(256);
	const char *p;

	for (p = r->route->method; *p; p++)
		buf_addc(&id, (char)(*p + 'a' - 'A'));
	for (p = r->route->pattern; *p; p++)
		if (strchr("/.-", *p))
			buf_addc(&id, '_');
		else if (*p == '*')
			buf_adds(&id, "path");
		else if (*p != '{' && *p != '}')
			buf_addc(&id, *p);
	json_str(out, "operationId", id.data);
	buf_release(&id);
}

static void
add_param(struct buf *out, const char *name, size_t n)
{
	json_open(out, NULL, '{');
	json_strn(out, "name", name, n);
	json_str(out, "in", "path");
	json_bool(out, "required", true);
	json_raw(out, "schema", "{\"type\":\"string\"}", 17);
	json_close(out, '}');
}

static bool
requires(const struct json *schema, const char *name)
{
	struct json list, it = { 0 };

	if (!json_find(&list, schema, "required"))
		return false;
	while (json_next(&it, &list))
		if (!strcmp(json_string(&it), name))
			return true;
	return false;
}

static void
add_query(struct buf *out, const char *text)
{
	struct json root = { 0 }, properties, it = { 0 };
	struct err e;
	int bad;

	if (!text)
		return;
	bad = json_parse(&root, text, strlen(text), &e);
	assert(!bad);		/* it is a shape already */
	(void)bad;
	json_find(&properties, &root, "properties");
	while (json_next(&it, &properties)) {
		json_open(out, NULL, '{');
		json_str(out, "name", json_key(&it));
		json_str(out, "in", "query");
		json_bool(out, "required", requires(&root, json_key(&it)));
		json_copy(out, "schema", &it);
		json_close(out, '}');
	}
	json_release(&root);
}

static bool
takes_key(const struct route *r)
{
	return r->class == ROUTE_WRITE && r->auth;
}

static void
add_parameters(struct buf *out, const struct route *r)
{
	const char *p = r->pattern;
	size_t n;

	json_open(out, "parameters", '[');
	while ((p = strchr(p, '{'))) {
		n = strcspn(++p, "}");
		add_param(out, p, n);
	}
	if (strchr(r->pattern, '*'))
		add_param(out, "path", 4);
	add_query(out, r->query);
	if (takes_key(r)) {
		json_open(out, NULL, '{');
		json_str(out, "$ref",
		    "#/components/parameters/idempotencyKey");
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
add_body(struct buf *out, const struct row *r)
{
	if (!r->route->body)
		return;
	json_open(out, "requestBody", '{');
	json_bool(out, "required", shape_requires(r->body));
	json_open(out, "content", '{');
	json_open(out, "application/json", '{');
	json_raw(out, "schema", r->route->body, strlen(r->route->body));
	json_close(out, '}');
	json_close(out, '}');
	json_close(out, '}');
}

static void
add_scheme(struct buf *out, const char *name)
{
	json_open(out, NULL, '{');
	json_open(out, name, '[');
	json_close(out, ']');
	json_close(out, '}');
}

static void
add_security(struct buf *out, const struct route *r)
{
	json_open(out, "security", '[');
	if (r->auth & AUTH_NODE)
		add_scheme(out, "apiKey");
	if (r->auth & (AUTH_NODE | AUTH_ADMIN | AUTH_SYNC))
		add_scheme(out, "bearer");
	if ((r->auth & AUTH_ADMIN) && (r->flags & ROUTE_FORBIDS))
		add_scheme(out, "adminKey");
	if (r->auth & (AUTH_NODE | AUTH_PEER))
		add_scheme(out, "httpSignature");
	if (r->auth & AUTH_INTERNAL)
		add_scheme(out, "internal");
	json_close(out, ']');
}

/* The words of refusals, by their statuses. */
struct words {
	int status[STATUSES];
	struct buf list[STATUSES];
	size_t n;
};

static void
add_word(struct words *w, int status, const char *word)
{
	size_t i;

	for (i = 0; i < w->n && w->status[i] != status; i++)
		;
	assert(i < STATUSES);
	if (i == w->n) {
		w->status[w->n] = status;
		w->list[w->n++] = (struct buf)BUF_INIT(4096);
	}
	if (strstr(w->list[i].data, word))
		return;
	buf_addf(&w->list[i], "%s%s", w->list[i].len ? ", " : "", word);
}

static void
add_code(struct words *w, enum err_code code)
{
	add_word(w, err_http(code), say_word(code));
}

/* What the steps before the handler may say (vmp 1.3). */
static void
add_steps(struct words *w, const struct route *r)
{
	if (!strncmp(r->pattern, "/v1/", 4))
		add_code(w, E_human_interface);
	if (r->rate)
		add_code(w, E_rate_limited);
	if (r->body || r->query)
		add_code(w, E_validation);
	if (r->body || (r->flags & ROUTE_ANY_BODY))
		add_code(w, E_body_too_large);
	if (r->body && !(r->flags & ROUTE_EXEMPT))
		add_code(w, E_guardian_rejected);
	if (r->auth & AUTH_NODE) {
		add_code(w, E_api_key_format);
		add_code(w, E_api_key_structure);
		add_code(w, E_node_unknown_or_banned);
		add_code(w, E_auth_failed);
		add_code(w, E_auth_scheme);
		add_code(w, E_token_expired);
		add_code(w, E_token_invalid);
	}
	if (r->auth & (AUTH_NODE | AUTH_PEER)) {
		add_code(w, E_bad_signature);
		add_code(w, E_stale);
		add_code(w, E_unknown_peer);
		add_code(w, E_revoked);
		add_code(w, E_replayed);
	}
	if (r->auth & AUTH_ADMIN) {
		if (r->flags & ROUTE_FORBIDS)
			add_code(w, E_admin_required);
		add_code(w, E_admin_missing);
		add_code(w, E_admin_denied);
		add_code(w, E_admin_unconfigured);
	}
	if (r->auth & AUTH_SYNC) {
		add_code(w, E_sync_denied);
		add_code(w, E_sync_unconfigured);
	}
	if (r->auth & AUTH_INTERNAL) {
		add_code(w, E_internal_denied);
		add_code(w, E_internal_unconfigured);
	}
	if (takes_key(r)) {
		add_code(w, E_bad_idempotency_key);
		add_code(w, E_id_conflict);
	}
	if (r->class == ROUTE_WRITE) {
		add_code(w, E_overloaded);
		add_code(w, E_commit_unknown);
	}
	add_code(w, E_wrong_host);
	add_code(w, E_internal);
}

static void
add_own(struct words *w, const char *codes)
{
	char word[64];
	enum err_code code;
	size_t n;

	for (; codes && *codes; codes += n) {
		codes += strspn(codes, " ");
		n = strcspn(codes, " ");
		assert(n < sizeof(word));
		memcpy(word, codes, n);
		word[n] = '\0';
		if (n && err_code_named(word, &code))
			add_code(w, code);
	}
}

static const char *
refusal_of(const struct route *r, int status)
{
	return r->dialect == DIALECT_ERROR ? "NestedRefusal" :
	    r->dialect == DIALECT_MCP ? "BridgeRefusal" :
	    status == 422 ? "Faults" : "Refusal";
}

static void
add_refusals(struct buf *out, const struct route *r)
{
	struct words w = { .n = 0 };
	char status[16], ref[64];
	size_t i;
	int s;

	add_steps(&w, r);
	add_own(&w, r->codes);
	for (s = 400; s < 600; s++)
		for (i = 0; i < w.n; i++) {
			if (w.status[i] != s)
				continue;
			snprintf(status, sizeof(status), "%d", s);
			snprintf(ref, sizeof(ref),
			    "#/components/schemas/%s", refusal_of(r, s));
			json_open(out, status, '{');
			json_str(out, "description", w.list[i].data);
			json_open(out, "content", '{');
			json_open(out, "application/json", '{');
			json_open(out, "schema", '{');
			json_str(out, "$ref", ref);
			json_close(out, '}');
			json_close(out, '}');
			json_close(out, '}');
			json_close(out, '}');
		}
	for (i = 0; i < w.n; i++)
		buf_release(&w.list[i]);
}

static void
add_responses(struct buf *out, const struct route *r)
{
	const char *reply = r->reply ? r->reply : "{}";

	json_open(out, "responses", '{');
	json_open(out, "200", '{');
	json_str(out, "description", r->summary);
	json_open(out, "content", '{');
	json_open(out, "application/json", '{');
	json_raw(out, "schema", reply, strlen(reply));
	json_close(out, '}');
	json_close(out, '}');
	json_close(out, '}');
	add_refusals(out, r);
	json_close(out, '}');
}

static void
add_operation(struct buf *out, const struct row *r)
{
	char method[8];
	size_t i;

	for (i = 0; r->route->method[i] && i < 7; i++)
		method[i] = (char)(r->route->method[i] + 'a' - 'A');
	method[i] = '\0';
	json_open(out, method, '{');
	add_id(out, r);
	json_str(out, "summary", r->route->summary);
	json_open(out, "tags", '[');
	json_str(out, NULL, r->route->tag);
	json_close(out, ']');
	if (r->route->flags & ROUTE_ALIAS)
		json_bool(out, "deprecated", true);
	add_parameters(out, r->route);
	add_body(out, r);
	add_security(out, r->route);
	add_responses(out, r->route);
	json_close(out, '}');
}

static bool
seen_before(const struct routes *r, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (!strcmp(r->row[k].route->pattern,
		    r->row[i].route->pattern))
			return true;
	return false;
}

static void
add_path(struct buf *out, const struct routes *r, size_t i)
{
	const char *pattern = r->row[i].route->pattern;
	struct buf path = BUF_INIT(256);

	path_of(&path, pattern);
	json_open(out, path.data, '{');
	for (; i < r->n; i++)
		if (!strcmp(r->row[i].route->pattern, pattern))
			add_operation(out, r->row + i);
	json_close(out, '}');
	buf_release(&path);
}

void
openapi_make(struct buf *out, const struct routes *r, const char *version)
{
	size_t i;

	json_open(out, NULL, '{');
	json_str(out, "openapi", "3.1.0");
	json_open(out, "info", '{');
	json_str(out, "title", "bzn");
	json_str(out, "summary", "A business node: VMP-1.0, identity, "
	    "registry and administration");
	json_str(out, "version", version);
	json_open(out, "license", '{');
	json_str(out, "name", "see LICENSE");
	json_close(out, '}');
	json_close(out, '}');
	json_open(out, "servers", '[');
	json_open(out, NULL, '{');
	json_str(out, "url", "/");
	json_close(out, '}');
	json_close(out, ']');
	json_open(out, "paths", '{');
	for (i = 0; i < r->n; i++)
		if (!seen_before(r, i))
			add_path(out, r, i);
	json_close(out, '}');
	json_raw(out, "components", components, sizeof(components) - 1);
	json_close(out, '}');
}
