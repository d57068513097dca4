/*
 * The table of routes as an OpenAPI 3.1 document: a function of the table and
 * the version alone, byte for byte.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "api/impl.h"
#include "api/reply.h"

/* The shapes of replies follow. */
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
    "\"message\":{\"type\":\"string\"},"
    "\"path\":{\"type\":\"array\",\"items\":{}}}}},"
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
    "\"detail\":{\"type\":[\"string\",\"array\"],\"items\":{}},"
    "\"code\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"}},"
    "\"required\":[\"code\",\"request_id\"]}";

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

bool
openapi_takes_key(const struct route *r)
{
	return r->class == ROUTE_WRITE && r->auth;
}

/* What browsers send by themselves when they come back. */
static const char resume[] = "{\"name\":\"Last-Event-ID\",\"in\":\"header\","
    "\"required\":false,\"description\":\"The leaf behind which the stream "
    "goes on\",\"schema\":{\"type\":\"string\",\"pattern\":\"^[0-9]{1,16}$\"}}";

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
	if (r->class == ROUTE_STREAM)
		json_raw(out, NULL, resume, sizeof(resume) - 1);
	if (openapi_takes_key(r)) {
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
	sample_body(out, "example", r->route->body);
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

static void
add_header(struct buf *out, const char *name)
{
	struct buf ref = BUF_INIT(128);

	buf_addf(&ref, "#/components/headers/%s", name);
	json_open(out, name, '{');
	json_str(out, "$ref", ref.data);
	json_close(out, '}');
	buf_release(&ref);
}

void
openapi_headers(struct buf *out, const struct route *r, bool done)
{
	json_open(out, "headers", '{');
	add_header(out, "X-Request-ID");
	if (r->rate) {
		add_header(out, "RateLimit");
		add_header(out, "RateLimit-Policy");
	}
	if (done && openapi_takes_key(r))
		add_header(out, "Idempotency-Replayed");
	json_close(out, '}');
}

static void
add_media(struct buf *out, const struct route *r, const char *p, size_t n)
{
	char type[64];

	snprintf(type, sizeof(type), "%.*s", (int)n, p);
	json_open(out, type, '{');
	reply_schema(out, "schema", strcmp(type, "application/json") ?
	    "text" : r->reply ? r->reply : "any");
	json_close(out, '}');
}

static void
add_done(struct buf *out, const struct route *r, const char *status)
{
	const char *p;
	size_t n;

	json_open(out, status, '{');
	json_str(out, "description", r->summary);
	if (r->reply)
		json_str(out, "x-shape", r->reply);
	openapi_headers(out, r, true);
	json_open(out, "content", '{');
	for (p = r->media ? r->media : "application/json"; *p; p += n) {
		p += strspn(p, ", ");
		n = strcspn(p, ",");
		add_media(out, r, p, n);
	}
	json_close(out, '}');
	json_close(out, '}');
}

static void
add_responses(struct buf *out, const struct route *r)
{
	json_open(out, "responses", '{');
	add_done(out, r, "200");
	if (r->flags & ROUTE_MAKES)
		add_done(out, r, "201");
	openapi_refusals(out, r);
	json_close(out, '}');
}

/* Who may call, how often, and how much. */
static void
add_description(struct buf *out, const struct route *r)
{
	static const struct {
		unsigned who;
		const char *words;
	} callers[] = {
		{ AUTH_NODE, "a node" }, { AUTH_ADMIN, "the operator" },
		{ AUTH_SYNC, "who has the sync token" },
		{ AUTH_INTERNAL, "who has the internal key" },
		{ AUTH_PEER, "who signs with its key" },
	};
	static const struct {
		const char *param, *words;
	} rates[] = {
		{ NULL, NULL },
#define RATE(name, param, whose, seconds, words) { #param, words },
#include "api/rate.def"
	};
	struct buf text = BUF_INIT(1024);
	size_t i;

	buf_adds(&text, "For ");
	if (!r->auth)
		buf_adds(&text, "everybody");
	for (i = 0; i < sizeof(callers) / sizeof(*callers); i++)
		if (r->auth & callers[i].who)
			buf_addf(&text, "%s%s", text.len > 4 ? " or " : "",
			    callers[i].words);
	buf_addc(&text, '.');
	if (r->rate)
		buf_addf(&text, " Calls in %s: parameter %s.",
		    rates[r->rate].words, rates[r->rate].param);
	if (r->body || (r->flags & ROUTE_ANY_BODY))
		buf_addf(&text, " A body has at most %zu bytes.",
		    r->body_max ? r->body_max : (size_t)ROUTE_BODY_S);
	json_str(out, "description", text.data);
	buf_release(&text);
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
	add_description(out, r->route);
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

static bool
tag_before(const struct routes *r, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (!strcmp(r->row[k].route->tag, r->row[i].route->tag))
			return true;
	return false;
}

static void
add_tags(struct buf *out, const struct routes *r)
{
	size_t i;

	json_open(out, "tags", '[');
	for (i = 0; i < r->n; i++) {
		if (tag_before(r, i))
			continue;
		json_open(out, NULL, '{');
		json_str(out, "name", r->row[i].route->tag);
		json_close(out, '}');
	}
	json_close(out, ']');
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
	json_str(out, "description", "Amounts are decimal text or numbers "
	    "of at most two decimals; times are RFC 3339, in UTC.  A refusal "
	    "has a code, one of the words that its status lists.");
	json_str(out, "version", version);
	json_open(out, "license", '{');
	json_str(out, "name", "Apache License 2.0");
	json_str(out, "identifier", "Apache-2.0");
	json_close(out, '}');
	json_close(out, '}');
	json_open(out, "servers", '[');
	json_open(out, NULL, '{');
	json_str(out, "url", "/");
	json_close(out, '}');
	json_close(out, ']');
	add_tags(out, r);
	json_open(out, "paths", '{');
	for (i = 0; i < r->n; i++)
		if (!seen_before(r, i))
			add_path(out, r, i);
	json_close(out, '}');
	json_raw(out, "components", components, sizeof(components) - 1);
	reply_shapes(out);
	json_close(out, '}');
	json_close(out, '}');
	json_close(out, '}');
	buf_addc(out, '\n');
}
