/*
 * /openapi.json as a page for people: what the document does not say is not
 * there either.
 */
#include <string.h>

#include "api/impl.h"
#include "api/page.h"

#define DATA_MAX (2 << 20)
#define TEXT_MAX (64 << 10)

/* A parameter: what is there, or what it names. */
static void
follow(struct json *out, const struct json *document, const struct json *at)
{
	static const char place[] = "#/components/parameters/";
	struct json components, list, found;
	const char *to = NULL;
	struct err ignored;

	*out = *at;
	if (!json_opt_str(at, "$ref", &to, &ignored) && to &&
	    !strncmp(to, place, sizeof(place) - 1) &&
	    json_find(&components, document, "components") &&
	    json_find(&list, &components, "parameters") &&
	    json_find(&found, &list, to + sizeof(place) - 1))
		*out = found;
}

static void
put_member(struct buf *data, const char *name, const char *in, bool required,
    const struct json *schema)
{
	struct buf text = BUF_INIT(TEXT_MAX);

	json_copy(&text, NULL, schema);
	json_open(data, NULL, '{');
	json_str(data, "name", name);
	json_str(data, "in", in);
	json_bool(data, "required", required);
	json_strn(data, "schema", text.data, text.len);
	json_close(data, '}');
	buf_release(&text);
}

static bool
is_in(const struct json *list, const char *name)
{
	struct json it = { 0 };

	while (json_next(&it, list))
		if (!strcmp(json_string(&it), name))
			return true;
	return false;
}

/* The one value of an object. */
static bool
only(struct json *out, const struct json *object)
{
	*out = (struct json){ 0 };
	return json_next(out, object);
}

static void
put_body(struct buf *data, const struct json *media)
{
	struct json schema, properties, required, it = { 0 };
	bool some;

	if (!json_find(&schema, media, "schema") ||
	    !json_find(&properties, &schema, "properties"))
		return;
	some = json_find(&required, &schema, "required");
	while (json_next(&it, &properties))
		put_member(data, json_key(&it), "body",
		    some && is_in(&required, json_key(&it)), &it);
}

static int
put_members(struct buf *data, const struct json *document,
    const struct json *operation, const struct json *media, struct err *e)
{
	struct json list, p, schema, it = { 0 };
	const char *name, *in;
	bool required;

	json_open(data, "members", '[');
	if (json_get(&list, operation, "parameters", JSON_ARRAY, e))
		return -1;
	while (json_next(&it, &list)) {
		follow(&p, document, &it);
		required = false;
		if (json_get_str(&p, "name", &name, e) ||
		    json_get_str(&p, "in", &in, e) ||
		    json_opt_bool(&p, "required", &required, e) ||
		    json_get(&schema, &p, "schema", JSON_OBJECT, e))
			return -1;
		put_member(data, name, in, required, &schema);
	}
	if (media)
		put_body(data, media);
	json_close(data, ']');
	return 0;
}

/* What a reply is made of, in the words of reply.h; shapes are told apart. */
static void
put_shape(struct buf *data, const struct json *shapes, const char *text)
{
	struct buf name = BUF_INIT(256);
	const char *p = text;
	size_t n;

	json_open(data, "shape", '[');
	for (; *p; text = p) {
		p += strcspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "abcdefghijklmnopqrstuvwxyz_");
		buf_reset(&name);
		buf_add(&name, p, n);
		if (n && !json_has(shapes, name.data)) {
			p += n;
			n = 0;
		}
		json_open(data, NULL, '{');
		json_strn(data, "text", text, (size_t)(p - text));
		if (n)
			json_str(data, "name", name.data);
		json_close(data, '}');
		p += n;
	}
	json_close(data, ']');
	buf_release(&name);
}

/* The shapes that replies have in common. */
static int
put_shapes(struct buf *data, const struct json *document, struct err *e)
{
	struct json components, shapes, it = { 0 };
	const char *text;

	if (json_get(&components, document, "components", JSON_OBJECT, e) ||
	    json_get(&shapes, &components, "schemas", JSON_OBJECT, e))
		return -1;
	json_open(data, "shapes", '[');
	while (json_next(&it, &shapes)) {
		text = NULL;
		if (json_opt_str(&it, "x-shape", &text, e))
			return -1;
		if (!text)
			continue;
		json_open(data, NULL, '{');
		json_str(data, "is", json_key(&it));
		put_shape(data, &shapes, text);
		json_close(data, '}');
	}
	json_close(data, ']');
	return 0;
}

static int
put_reply(struct buf *data, const struct json *document,
    const struct json *operation, struct err *e)
{
	struct json list, done, components, shapes;
	const char *text = NULL;

	if (json_get(&list, operation, "responses", JSON_OBJECT, e) ||
	    json_get(&done, &list, "200", JSON_OBJECT, e) ||
	    json_opt_str(&done, "x-shape", &text, e) ||
	    json_get(&components, document, "components", JSON_OBJECT, e) ||
	    json_get(&shapes, &components, "schemas", JSON_OBJECT, e))
		return -1;
	json_bool(data, "shaped", text);
	if (text)
		put_shape(data, &shapes, text);
	return 0;
}

static int
put_replies(struct buf *data, const struct json *operation, struct err *e)
{
	struct json list, content, media, it = { 0 };
	const char *text;

	if (json_get(&list, operation, "responses", JSON_OBJECT, e))
		return -1;
	json_open(data, "replies", '[');
	while (json_next(&it, &list)) {
		if (json_get_str(&it, "description", &text, e))
			return -1;
		json_open(data, NULL, '{');
		json_str(data, "status", json_key(&it));
		if (strcmp(json_key(&it), "200"))
			json_str(data, "words", text);
		else if (json_find(&content, &it, "content") &&
		    only(&media, &content))
			json_str(data, "words", json_key(&media));
		json_close(data, '}');
	}
	json_close(data, ']');
	return 0;
}

static int
put_operation(struct buf *data, const struct json *document, const char *path,
    const struct json *operation, struct err *e)
{
	struct json body, content, media, example;
	struct buf text = BUF_INIT(TEXT_MAX);
	const char *id, *summary, *about;
	bool has;

	if (json_get_str(operation, "operationId", &id, e) ||
	    json_get_str(operation, "summary", &summary, e) ||
	    json_get_str(operation, "description", &about, e))
		return -1;
	has = json_find(&body, operation, "requestBody") &&
	    json_find(&content, &body, "content") && only(&media, &content);
	json_open(data, NULL, '{');
	json_str(data, "id", id);
	json_str(data, "method", json_key(operation));
	json_str(data, "path", path);
	json_str(data, "summary", summary);
	json_str(data, "about", about);
	if (has && json_find(&example, &media, "example")) {
		json_copy(&text, NULL, &example);
		json_strn(data, "example", text.data, text.len);
	}
	buf_release(&text);
	if (put_members(data, document, operation, has ? &media : NULL, e) ||
	    put_replies(data, operation, e) ||
	    put_reply(data, document, operation, e))
		return -1;
	json_close(data, '}');
	return 0;
}

/* The operations of a tag. */
static int
put_tag(struct buf *data, const struct json *document, const char *tag,
    struct err *e)
{
	struct json paths, tags, path = { 0 }, it;

	if (json_get(&paths, document, "paths", JSON_OBJECT, e))
		return -1;
	while (json_next(&path, &paths)) {
		it = (struct json){ 0 };
		while (json_next(&it, &path))
			if (json_find(&tags, &it, "tags") &&
			    is_in(&tags, tag) &&
			    put_operation(data, document, json_key(&path),
			    &it, e))
				return -1;
	}
	return 0;
}

static int
put_all(struct buf *data, const struct json *document, struct err *e)
{
	struct json tags, it = { 0 };
	const char *tag;

	if (json_get(&tags, document, "tags", JSON_ARRAY, e))
		return -1;
	json_open(data, "tags", '[');
	while (json_next(&it, &tags)) {
		if (json_get_str(&it, "name", &tag, e))
			return -1;
		json_open(data, NULL, '{');
		json_str(data, "tag", tag);
		json_open(data, "routes", '[');
		if (put_tag(data, document, tag, e))
			return -1;
		json_close(data, ']');
		json_close(data, '}');
	}
	json_close(data, ']');
	return 0;
}

int
docs_show(struct call *c, struct err *e)
{
	const struct shown page = {
		.file = "docs.html", .title = "Routes", .path = "/docs/",
		.description = "The routes of this grid", .timeless = true,
	};
	struct buf data = BUF_INIT(DATA_MAX);
	struct json document = { 0 };
	int rc = -1;

	json_open(&data, NULL, '{');
	if (!json_parse(&document, c->api->openapi, c->api->openapi_n, e) &&
	    !put_all(&data, &document, e) &&
	    !put_shapes(&data, &document, e))
		rc = page_show(c, &page, &data, e);
	if (!rc)
		call_document(c);
	json_release(&document);
	buf_release(&data);
	return rc;
}
