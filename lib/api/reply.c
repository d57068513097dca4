#include <assert.h>
#include <string.h>

#include "api/reply.h"
#include "schema/schema.h"

#define TEXT_MAX (1 << 20)
#define STEPS (1 << 30)
#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
    "0123456789_-.@$"

static const struct {
	const char *name, *text;
} shapes[] = {
#define REPLY(name, text) { #name, text },
#include "api/reply.def"
};

/* Words for types, and what they say beside "type". */
static const struct {
	const char *word, *type, *more;
} types[] = {
	{ "text", "string", "" }, { "int", "integer", "" },
	{ "number", "number", "" }, { "bool", "boolean", "" },
	{ "null", "null", "" }, { "object", "object", "" },
	{ "money", "string", "\"pattern\":\"^-?[0-9]+([.][0-9]+)?$\"" },
	{ "time", "string", "\"format\":\"date-time\",\"pattern\":\"Z$\"" },
	{ "hash", "string", "\"pattern\":\"^[0-9a-f]{64}$\"" },
};

/* What is being read, and where it goes. */
struct reader {
	const char *p;
	bool whole;		/* shapes are copied, and not referred to */
};

/* What stands between "|": kinds, words, and schemas of their own. */
struct choice {
	struct buf type, word, other;
	const char *more;
	size_t types, words, others;
};

static void put_type(struct reader *, struct buf *, const char *key);

static bool
take(struct reader *r, const char *what)
{
	size_t n = strlen(what);

	r->p += strspn(r->p, " ");
	if (strncmp(r->p, what, n))
		return false;
	r->p += n;
	return true;
}

/* Else the text is not what it must be, which is a bug of ours. */
static void
need(struct reader *r, const char *what)
{
	bool got = take(r, what);

	assert(got);
	(void)got;
}

/* Up to one of the characters that cannot be in it; into name. */
static void
take_name(struct reader *r, struct buf *name)
{
	size_t n;

	r->p += strspn(r->p, " ");
	n = strspn(r->p, NAME);
	assert(n);
	buf_add(name, r->p, n);
	r->p += n;
}

static const char *
text_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (!strcmp(shapes[i].name, name))
			return shapes[i].text;
	return NULL;
}

static void
put_ref(struct reader *r, struct buf *out, const char *name)
{
	struct reader inner = { text_of(name), true };
	struct buf ref = BUF_INIT(256);

	assert(inner.p);
	if (r->whole) {
		put_type(&inner, out, NULL);
		return;
	}
	buf_addf(&ref, "#/components/schemas/%s", name);
	json_open(out, NULL, '{');
	json_str(out, "$ref", ref.data);
	json_close(out, '}');
	buf_release(&ref);
}

/* One member; its name, if it must be there, goes to required. */
static void
put_member(struct reader *r, struct buf *out, struct buf *required)
{
	struct buf name = BUF_INIT(256);

	take_name(r, &name);
	if (take(r, ":"))
		put_type(r, out, name.data);
	else
		json_raw(out, name.data, "{\"type\":\"string\"}", 17);
	if (!take(r, "?"))
		json_str(required, NULL, name.data);
	buf_release(&name);
}

static void
put_object(struct reader *r, struct buf *out)
{
	struct buf required = BUF_INIT(TEXT_MAX), rest = BUF_INIT(TEXT_MAX);

	json_open(out, NULL, '{');
	json_str(out, "type", "object");
	json_open(out, "properties", '{');
	json_open(&required, NULL, '[');
	while (!take(r, "}")) {
		if (take(r, "*")) {
			need(r, ":");
			put_type(r, &rest, NULL);
		} else {
			put_member(r, out, &required);
		}
		if (!take(r, ",")) {
			need(r, "}");
			break;
		}
	}
	json_close(out, '}');
	json_close(&required, ']');
	if (required.len > 2)
		json_raw(out, "required", required.data, required.len);
	if (rest.len)
		json_raw(out, "additionalProperties", rest.data, rest.len);
	json_close(out, '}');
	buf_release(&required);
	buf_release(&rest);
}

static void
put_list(struct reader *r, struct buf *out)
{
	json_open(out, NULL, '{');
	json_str(out, "type", "array");
	put_type(r, out, "items");
	json_close(out, '}');
	need(r, "]");
}

static void
add_word(struct reader *r, struct choice *c)
{
	size_t n = strcspn(r->p, "'");

	json_strn(&c->word, NULL, r->p, n);
	r->p += n;
	need(r, "'");
	c->words++;
}

/* A word for a type, if it is one. */
static bool
add_type(struct reader *r, struct choice *c)
{
	size_t i, n;

	r->p += strspn(r->p, " ");
	n = strspn(r->p, NAME);
	for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strlen(types[i].word) != n ||
		    memcmp(types[i].word, r->p, n))
			continue;
		r->p += n;
		json_str(&c->type, NULL, types[i].type);
		if (*types[i].more)
			c->more = types[i].more;
		c->types++;
		return true;
	}
	return false;
}

/* A list, an object, a shape, or anything. */
static void
put_one(struct reader *r, struct buf *out)
{
	struct buf name = BUF_INIT(256);

	if (take(r, "[")) {
		put_list(r, out);
	} else if (take(r, "{")) {
		put_object(r, out);
	} else {
		take_name(r, &name);
		if (strcmp(name.data, "any"))
			put_ref(r, out, name.data);
		else
			json_raw(out, NULL, "{}", 2);
		buf_release(&name);
	}
}

/* The same, and what is added to it by "&". */
static void
add_other(struct reader *r, struct choice *c)
{
	struct buf one = BUF_INIT(TEXT_MAX);

	put_one(r, &one);
	if (!take(r, "&")) {
		json_raw(&c->other, NULL, one.data, one.len);
	} else {
		json_open(&c->other, NULL, '{');
		json_open(&c->other, "allOf", '[');
		json_raw(&c->other, NULL, one.data, one.len);
		do
			put_one(r, &c->other);
		while (take(r, "&"));
		json_close(&c->other, ']');
		json_close(&c->other, '}');
	}
	c->others++;
	buf_release(&one);
}

static void
put_plain(struct buf *out, const struct choice *c)
{
	bool null = strstr(c->type.data, "\"null\"");

	json_open(out, NULL, '{');
	if (c->words) {
		assert(c->types == null);
		json_raw(out, "type", null ? "[\"string\",\"null\"]" :
		    "\"string\"", null ? 17 : 8);
		json_open(out, "enum", '[');
		json_raw(out, NULL, c->word.data + 1, c->word.len - 1);
		if (null)
			json_raw(out, NULL, "null", 4);
		json_close(out, ']');
	} else if (c->types == 1) {
		json_raw(out, "type", c->type.data + 1, c->type.len - 1);
	} else {
		json_open(out, "type", '[');
		json_raw(out, NULL, c->type.data + 1, c->type.len - 1);
		json_close(out, ']');
	}
	if (*c->more) {
		buf_addc(out, ',');
		buf_adds(out, c->more);
	}
	json_close(out, '}');
}

static void
put_choice(struct buf *out, const struct choice *c)
{
	if (c->others == 1 && !c->types && !c->words) {
		json_raw(out, NULL, c->other.data + 1, c->other.len - 1);
		return;
	}
	if (!c->others) {
		put_plain(out, c);
		return;
	}
	json_open(out, NULL, '{');
	json_open(out, "anyOf", '[');
	json_raw(out, NULL, c->other.data + 1, c->other.len - 1);
	if (c->types || c->words)
		put_plain(out, c);
	json_close(out, ']');
	json_close(out, '}');
}

static void
put_type(struct reader *r, struct buf *out, const char *key)
{
	struct choice c = {
		.type = BUF_INIT(4096), .word = BUF_INIT(4096),
		.other = BUF_INIT(TEXT_MAX), .more = "",
	};

	json_open(&c.type, NULL, '[');
	json_open(&c.word, NULL, '[');
	json_open(&c.other, NULL, '[');
	do {
		if (take(r, "'"))
			add_word(r, &c);
		else if (!add_type(r, &c))
			add_other(r, &c);
	} while (take(r, "|"));
	if (key)
		json_raw(out, key, "", 0);
	put_choice(out, &c);
	buf_release(&c.type);
	buf_release(&c.word);
	buf_release(&c.other);
}

static void
put_schema(struct buf *out, const char *key, const char *reply, bool whole)
{
	struct reader r = { reply, whole };

	put_type(&r, out, key);
	need(&r, "");
	assert(!*r.p);
}

void
reply_schema(struct buf *out, const char *key, const char *reply)
{
	put_schema(out, key, reply, false);
}

void
reply_shapes(struct buf *out)
{
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		reply_schema(out, shapes[i].name, shapes[i].text);
		assert(out->data[out->len - 1] == '}');
		buf_cut(out, out->len - 1);
		json_str(out, "x-shape", shapes[i].text);
		json_close(out, '}');
	}
}

static int
check(const char *reply, const struct json *value, struct err *e)
{
	struct regex_budget budget = REGEX_BUDGET;
	struct buf text = BUF_INIT(TEXT_MAX);
	struct schema *schema = NULL;
	struct schema_fault fault;
	struct json root = { 0 };
	int rc = -1;

	budget.left = STEPS;
	put_schema(&text, NULL, reply, true);
	if (json_parse(&root, text.data, text.len, e) ||
	    schema_compile(&schema, &root, NULL, 0, e))
		goto out;
	if (schema_check(schema, value, STEPS, &budget, &fault) !=
	    SCHEMA_VALID) {
		err_set(e, E_internal, "%s", fault.error);
		goto out;
	}
	rc = 0;
out:
	schema_free(schema);
	json_release(&root);
	buf_release(&text);
	return rc;
}

/*
 * Is a media type, whatever its parameters, one of a list?  An asterisk at the
 * end of one of these is for any subtype.
 */
static bool
is_listed(const char *list, const char *type)
{
	size_t n = strcspn(type, ";"), k;
	const char *p;

	for (p = list; *p; p += k + strspn(p + k, ", ")) {
		k = strcspn(p, ", ");
		if (!strncmp(p, "*/*", k) || (k == n && !memcmp(p, type, n)))
			return true;
		if (k > 2 && p[k - 1] == '*' && !strncmp(p, type, k - 1))
			return true;
	}
	return false;
}

int
reply_fits(const struct call *c, struct err *e)
{
	const char *media = c->route->media;
	struct json value = { 0 };
	struct err why = { 0 };

	if (c->type ? !is_listed(media ? media : "application/json",
	    c->type) : !c->route->reply)
		err_set_(&why, E_internal, "it is '%.80s'", c->type ?
		    c->type : "application/json");
	else if (!c->type && !json_parse(&value, c->out.data, c->out.len,
	    &why))
		(void)!check(c->route->reply, &value, &why);
	json_release(&value);
	return !why.kind ? 0 : err_set(e, E_internal, "a reply of %s %s is "
	    "not as the document says: %.150s", c->route->method,
	    c->route->pattern, why.msg);
}
