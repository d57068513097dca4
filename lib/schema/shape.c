#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/same.h"
#include "schema/impl.h"

/* Of compiled patterns in one schema: (?:a{9}){999} takes 60 KB. */
#define REGEX_BYTES (4 * 1024 * 1024)

int
shape_bad(struct compile *c, const struct json *v, const char *what)
{
	return json_fail(v, NULL, E_bad_schema, what, c->e);
}

/*
 * The rule of this operation, made at need: some have several keywords.
 * Good until the next one is made, anywhere.
 */
struct rule *
shape_rule(struct compile *c, uint32_t node, enum op op,
    const struct json *value)
{
	struct run_of *run = &c->s->nodes[node].rules;
	struct rule *r = c->s->rules + run->first;
	uint32_t i;

	for (i = 0; i < run->count; i++)
		if (r[i].op == op)
			return r + i;
	r += run->count++;
	*r = (struct rule){ .op = op, .value = *value };
	if (op == OP_MEMBERS)
		r->u.members.rest = NONE;
	else if (op == OP_ITEMS)
		r->u.items.rest = NONE;
	else if (op == OP_CONTAINS)
		r->u.contains.node = NONE;
	if (op == OP_CONTAINS) {
		r->u.contains.least = 1;
		r->u.contains.most = UINT64_MAX;
	} else if (op == OP_IF) {
		r->u.branch.condition = r->u.branch.then =
		    r->u.branch.otherwise = NONE;
	}
	return r;
}

static int
want(struct compile *c, const struct json *v, enum json_kind kind)
{
	static const char *const what[] = {
		"is not null", "is not true or false", "is not a number",
		"is not a string", "is not an array", "is not an object",
	};

	return json_kind(v) == kind ? 0 : shape_bad(c, v, what[kind]);
}

static int
read_number(struct compile *c, const struct keyword *k, const struct json *v,
    uint32_t node)
{
	static const struct decimal zero;
	struct schema *s = c->s;
	struct decimal *d;
	struct rule *r;
	const char *lexeme;
	uint32_t i;
	size_t n;

	if (want(c, v, JSON_NUMBER))
		return -1;
	i = TABLE_ADD(s, numbers, 1);
	d = s->numbers[i] = mem_zero(1, sizeof *d);
	lexeme = json_lexeme(v, &n);
	decimal_read(d, lexeme, n);
	if (k->shape == SHAPE_POSITIVE && decimal_compare(d, &zero) <= 0)
		return shape_bad(c, v, "is not a number above 0");
	if (k->shape == SHAPE_COUNT && (!decimal_whole(d) || d->negative))
		return shape_bad(c, v, "is not an integer from 0 upwards");
	r = shape_rule(c, node, k->op, v);
	if (k->shape != SHAPE_COUNT)
		r->u.number = d;
	else if (k->op != OP_CONTAINS)
		r->u.bound = decimal_count(d);
	else if (!strcmp(k->name, "minContains"))
		r->u.contains.least = decimal_count(d);
	else
		r->u.contains.most = decimal_count(d);
	return 0;
}

static int
read_strings(struct compile *c, const struct json *v)
{
	struct map known = { 0 };
	struct json it = { 0 };
	struct spot *s;
	int rc = -1;

	if (want(c, v, JSON_ARRAY))
		return -1;
	while (json_next(&it, v)) {
		if (want(c, &it, JSON_STRING))
			goto out;
		s = map_add(&known, json_string(&it), NULL);
		if (s->node != NONE) {
			shape_bad(c, &it, "is there twice");
			goto out;
		}
		s->node = 0;
	}
	rc = 0;
out:
	map_release(&known);
	return rc;
}

static int
by_hash(const void *a, const void *b)
{
	uint64_t x = ((const struct hashed *)a)->hash;
	uint64_t y = ((const struct hashed *)b)->hash;

	return (x > y) - (x < y);
}

/* Equal values are neighbours; others that have the same hash may be. */
static int
refuse_twins(struct compile *c, const struct hashed *h, size_t n)
{
	int64_t work = INT64_C(1) << 24;
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = i + 1; k < n && h[k].hash == h[i].hash; k++)
			if (same(&h[i].value, &h[k].value, &work) || work < 0)
				return shape_bad(c, &h[k].value,
				    "is there twice");
	return 0;
}

static int
read_enum(struct compile *c, const struct keyword *k, const struct json *v,
    uint32_t node)
{
	struct run_of run = { .count = (uint32_t)json_count(v) };
	int64_t work = INT64_MAX;
	struct json it = { 0 };
	struct hashed *h;

	if (k->shape == SHAPE_VALUES && !run.count)
		return shape_bad(c, v, "is empty");
	run.first = TABLE_ADD(c->s, hashes, run.count);
	for (h = c->s->hashes + run.first; json_next(&it, v); h++)
		*h = (struct hashed){ same_hash(&it, &work), it };
	h = c->s->hashes + run.first;
	if (run.count)
		qsort(h, run.count, sizeof *h, by_hash);
	shape_rule(c, node, k->op, v)->u.hashes = run;
	return k->shape == SHAPE_VALUES ? refuse_twins(c, h, run.count) : 0;
}

/* The bit of a type's name, or 0. */
static unsigned
type_named(const char *name)
{
	static const char *const names[] = {
		"null", "boolean", "number", "string", "array", "object",
		"integer",
	};
	unsigned i;

	for (i = 0; name && i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return 1U << i;
	return 0;
}

static int
read_types(struct compile *c, const struct json *v, uint32_t node)
{
	bool list = json_kind(v) == JSON_ARRAY;
	struct json it = { 0 };
	unsigned types, bit;

	types = type_named(json_string(v));
	if (!types && (!list || !json_count(v)))
		return shape_bad(c, v, "is not the name of a type, nor a list "
		    "of such");
	while (list && json_next(&it, v)) {
		bit = type_named(json_string(&it));
		if (!bit)
			return shape_bad(c, &it, "is not the name of a type");
		if (types & bit)
			return shape_bad(c, &it, "is there twice");
		types |= bit;
	}
	shape_rule(c, node, OP_TYPE, v)->u.types = types;
	return 0;
}

/* A pattern; v is where it stands, as a string or as a key. */
static int
read_regex(struct compile *c, const char *text, const struct json *v,
    struct regex **out)
{
	struct schema *s = c->s;
	char where[JSON_WHERE];
	uint32_t i;

	*out = NULL;
	if (regex_compile(out, text, c->e)) {
		json_where(v, NULL, where);
		return err_wrap(c->e, "'%s'", where);
	}
	i = TABLE_ADD(s, regexes, 1);
	s->regexes[i] = *out;
	c->regex_bytes += regex_size(*out);
	if (c->regex_bytes > REGEX_BYTES)
		return shape_bad(c, v, "is one pattern too many: together "
		    "they are too large");
	return 0;
}

static int
read_schema(struct compile *c, const struct keyword *k, const struct json *v,
    uint32_t node)
{
	struct json items;
	struct rule *r;
	uint32_t child;

	if (scan_schema(c, v, c->s->nodes[node].resource, &child))
		return -1;
	if (k->op == OP_NONE)
		return 0;
	r = shape_rule(c, node, k->op, v);
	if (k->op == OP_MEMBERS)
		r->u.members.rest = child;
	else if (k->op == OP_CONTAINS)
		r->u.contains.node = child;
	else if (k->op == OP_IF && *k->name == 'i')
		r->u.branch.condition = child;
	else if (k->op == OP_IF && *k->name == 't')
		r->u.branch.then = child;
	else if (k->op == OP_IF)
		r->u.branch.otherwise = child;
	else if (k->op != OP_ITEMS)
		r->u.node = child;
	else if (*k->name == 'i' || (json_find(&items, &c->s->nodes[node].at,
	    "items") && json_kind(&items) == JSON_ARRAY))
		r->u.items.rest = child;
	return 0;
}

static int
read_schemas(struct compile *c, const struct keyword *k, const struct json *v,
    uint32_t node)
{
	struct run_of run = { .count = (uint32_t)json_count(v) };
	struct json it = { 0 };
	uint32_t i, child;
	struct rule *r;

	if (want(c, v, JSON_ARRAY))
		return -1;
	if (!run.count)
		return shape_bad(c, v, "is empty");
	run.first = TABLE_ADD(c->s, kids, run.count);
	for (i = run.first; json_next(&it, v); i++) {
		if (scan_schema(c, &it, c->s->nodes[node].resource, &child))
			return -1;
		c->s->kids[i] = child;
	}
	r = shape_rule(c, node, k->op, v);
	if (k->op == OP_ITEMS)
		r->u.items.first = run;
	else
		r->u.kids = run;
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct prop *)a)->key,
	    ((const struct prop *)b)->key);
}

/* Schemas by name; or, for what depends, lists of names, or either. */
static int
read_props(struct compile *c, const struct keyword *k, const struct json *v,
    uint32_t node)
{
	bool kept = k->op != OP_NONE, names;
	struct json it = { 0 };
	struct run_of run = { 0 };
	struct prop p;
	struct rule *r;
	uint32_t i;

	if (want(c, v, JSON_OBJECT))
		return -1;
	run.count = kept ? (uint32_t)json_count(v) : 0;
	run.first = TABLE_ADD(c->s, props, run.count);
	for (i = run.first; json_next(&it, v); i++) {
		names = k->shape == SHAPE_STRINGS_MAP ||
		    (k->shape == SHAPE_DEPENDENCIES &&
		    json_kind(&it) == JSON_ARRAY);
		p = (struct prop){ json_key(&it), it, NONE };
		if (names ? read_strings(c, &it) :
		    scan_schema(c, &it, c->s->nodes[node].resource, &p.node))
			return -1;
		if (kept)
			c->s->props[i] = p;
	}
	if (!kept)
		return 0;
	r = shape_rule(c, node, k->op, v);
	if (k->op != OP_MEMBERS) {
		r->u.props = run;
		return 0;
	}
	r->u.members.props = run;
	if (run.count)
		qsort(c->s->props + run.first, run.count, sizeof p, by_key);
	return 0;
}

static int
read_patterns(struct compile *c, const struct json *v, uint32_t node)
{
	struct run_of run = { 0 };
	struct json it = { 0 };
	struct pattern p;
	uint32_t i;

	if (want(c, v, JSON_OBJECT))
		return -1;
	run.count = (uint32_t)json_count(v);
	run.first = TABLE_ADD(c->s, patterns, run.count);
	for (i = run.first; json_next(&it, v); i++) {
		if (read_regex(c, json_key(&it), &it, &p.regex) ||
		    scan_schema(c, &it, c->s->nodes[node].resource, &p.node))
			return -1;
		c->s->patterns[i] = p;
	}
	shape_rule(c, node, OP_MEMBERS, v)->u.members.patterns = run;
	return 0;
}

static int
read_anchor(struct compile *c, const struct keyword *k, const struct json *v,
    uint32_t node)
{
	const char *name = json_string(v), *rest;

	if (want(c, v, JSON_STRING))
		return -1;
	rest = name + strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");
	if (!*name || *rest || strchr("0123456789-.", *name))
		return shape_bad(c, v, "is not a name: a letter, or _, then "
		    "letters, digits, - _ .");
	if (!strcmp(k->name, "$recursiveAnchor"))
		return 0;
	return refer_anchor(c, v, name, node,
	    !strcmp(k->name, "$dynamicAnchor"));
}

static int
read_reference(struct compile *c, const struct keyword *k,
    const struct json *v, uint32_t node)
{
	uint32_t i;

	if (want(c, v, JSON_STRING))
		return -1;
	shape_rule(c, node, k->op, v)->u.target.node = NONE;
	i = TABLE_ADD(c, pending, 1);
	c->pending[i] = (struct pending){ node, *v, k->op == OP_DYNAMIC };
	return 0;
}

static int
read_id(struct compile *c, const struct json *v, uint32_t node)
{
	uint32_t resource = c->s->nodes[node].resource;
	const char *hash;

	if (want(c, v, JSON_STRING))
		return -1;
	hash = strchr(json_string(v), '#');
	if ((c->s->resources[resource].dialect & TWENTY) && hash && hash[1])
		return shape_bad(c, v, "has a fragment");
	return 0;
}

static int
read_vocabulary(struct compile *c, const struct json *v)
{
	struct json it = { 0 };

	if (want(c, v, JSON_OBJECT))
		return -1;
	while (json_next(&it, v))
		if (want(c, &it, JSON_BOOL))
			return -1;
	return 0;
}

int
shape_read(struct compile *c, const struct keyword *k, const struct json *v,
    uint32_t node)
{
	struct regex *regex;

	switch (k->shape) {
	case SHAPE_ANYTHING:
		shape_rule(c, node, k->op, v);
		return 0;
	case SHAPE_STRING:
		return want(c, v, JSON_STRING);
	case SHAPE_BOOLEAN:
		if (want(c, v, JSON_BOOL))
			return -1;
		if (k->op == OP_UNIQUE)
			shape_rule(c, node, k->op, v)->u.bound = json_true(v);
		return 0;
	case SHAPE_ARRAY:
	case SHAPE_VALUES:
		if (want(c, v, JSON_ARRAY))
			return -1;
		return k->op == OP_ENUM ? read_enum(c, k, v, node) : 0;
	case SHAPE_NUMBER:
	case SHAPE_POSITIVE:
	case SHAPE_COUNT:
		return read_number(c, k, v, node);
	case SHAPE_STRINGS:
		shape_rule(c, node, k->op, v);
		return read_strings(c, v);
	case SHAPE_TYPES:
		return read_types(c, v, node);
	case SHAPE_PATTERN:
		if (want(c, v, JSON_STRING) ||
		    read_regex(c, json_string(v), v, &regex))
			return -1;
		shape_rule(c, node, k->op, v)->u.regex = regex;
		return 0;
	case SHAPE_ITEMS:
		if (json_kind(v) == JSON_ARRAY)
			return read_schemas(c, k, v, node);
		return read_schema(c, k, v, node);
	case SHAPE_SCHEMA:
		return read_schema(c, k, v, node);
	case SHAPE_SCHEMAS:
		return read_schemas(c, k, v, node);
	case SHAPE_STRINGS_MAP:
	case SHAPE_SCHEMA_MAP:
	case SHAPE_DEPENDENCIES:
		return read_props(c, k, v, node);
	case SHAPE_PATTERN_MAP:
		return read_patterns(c, v, node);
	case SHAPE_ID:
		return read_id(c, v, node);
	case SHAPE_ANCHOR:
		return read_anchor(c, k, v, node);
	case SHAPE_REFERENCE:
		return read_reference(c, k, v, node);
	case SHAPE_VOCABULARY:
		return read_vocabulary(c, v);
	}
	return 0;
}
