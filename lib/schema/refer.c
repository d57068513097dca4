#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "schema/address.h"
#include "schema/impl.h"

/* A name in the map is the URI of a resource, a '#', and an anchor or "". */
#define NAME_MAX_BYTES (2 * ADDRESS_MAX)

static int
too_long(struct compile *c, const struct json *v)
{
	return shape_bad(c, v, "makes a URI of more than 1000 bytes");
}

static void
make_name(struct buf *out, const char *uri, const char *anchor)
{
	buf_reset(out);
	buf_adds(out, uri);
	buf_addc(out, '#');
	buf_adds(out, anchor);
}

int
refer_name(struct compile *c, const struct json *v, const char *uri,
    const char *anchor, uint32_t node, bool dynamic)
{
	struct buf name = BUF_INIT(NAME_MAX_BYTES);
	struct spot *s;
	int rc = -1;

	make_name(&name, uri, anchor);
	if (name.full) {
		too_long(c, v);
		goto out;
	}
	s = map_add(&c->names, name.data, NULL);
	if (s->node != NONE && s->node != node) {
		shape_bad(c, v, "is the name of another schema too");
		goto out;
	}
	s->node = node;
	s->dynamic |= dynamic;
	rc = 0;
out:
	buf_release(&name);
	return rc;
}

static const struct spot *
find_name(const struct compile *c, const char *uri, const char *anchor)
{
	struct buf name = BUF_INIT(NAME_MAX_BYTES);
	const struct spot *s = NULL;

	make_name(&name, uri, anchor);
	if (!name.full)
		s = map_find(&c->names, name.data, NULL);
	buf_release(&name);
	return s;
}

uint32_t
refer_resource(struct schema *s, const char *uri, unsigned dialect)
{
	uint32_t i = TABLE_ADD(s, resources, 1);

	s->resources[i] = (struct resource){ mem_text(uri), dialect };
	return i;
}

static const struct schema_known *
find_known(const struct compile *c, const char *uri)
{
	size_t i, n = strcspn(uri, "#");

	for (i = 0; i < c->known_n; i++)
		if (strlen(c->known[i].uri) == n &&
		    !memcmp(c->known[i].uri, uri, n))
			return &c->known[i];
	return NULL;
}

/* What a metaschema's $vocabulary makes of the dialect. */
static int
read_vocabulary(struct compile *c, const struct json *meta,
    const struct json *at, unsigned *dialect)
{
	static const char base[] = "https://json-schema.org/draft/2020-12/"
	    "vocab/";
	static const char *const ours[] = {
		"core", "applicator", "unevaluated", "validation",
		"meta-data", "format-annotation", "content",
	};
	struct json all, it = { 0 };
	const char *name;
	size_t i;

	*dialect = TWENTY | ASSERT;
	if (!json_find(&all, meta, "$vocabulary") ||
	    json_kind(&all) != JSON_OBJECT) {
		*dialect = TWENTY;
		return 0;
	}
	while (json_next(&it, &all)) {
		name = json_key(&it);
		if (!strncmp(name, base, sizeof base - 1))
			name += sizeof base - 1;
		for (i = 0; i < sizeof ours / sizeof *ours; i++)
			if (name != json_key(&it) && !strcmp(name, ours[i]))
				break;
		if (i == sizeof ours / sizeof *ours && json_true(&it))
			return shape_bad(c, at, "is of a vocabulary that is "
			    "not known here");
		if (i < sizeof ours / sizeof *ours && !strcmp(name,
		    "validation"))
			*dialect = TWENTY;
	}
	return 0;
}

/* A dialect's own URI, which may end in an empty fragment. */
static bool
is_uri(const char *s, const char *uri)
{
	size_t n = strlen(uri);

	return !strncmp(s, uri, n) && (!s[n] || !strcmp(s + n, "#"));
}

/* Without $schema, *dialect stays what it is. */
int
refer_dialect(struct compile *c, const struct json *schema, unsigned *dialect)
{
	const struct schema_known *meta;
	struct json at, of;
	const char *s;

	if (json_kind(schema) != JSON_OBJECT ||
	    !json_find(&at, schema, "$schema"))
		return 0;
	s = json_string(&at);
	if (!s)
		return shape_bad(c, &at, "is not a string");
	if (is_uri(s, "http://json-schema.org/draft-07/schema")) {
		*dialect = SEVEN;
		return 0;
	}
	if (is_uri(s, "https://json-schema.org/draft/2020-12/schema")) {
		*dialect = TWENTY;
		return 0;
	}
	meta = find_known(c, s);
	if (meta && json_kind(&meta->root) == JSON_OBJECT &&
	    json_find(&of, &meta->root, "$schema") && json_string(&of) &&
	    is_uri(json_string(&of),
	    "https://json-schema.org/draft/2020-12/schema"))
		return read_vocabulary(c, &meta->root, &at, dialect);
	return shape_bad(c, &at, "is not a dialect that is known here: "
	    "draft-07 and 2020-12 are");
}

/*
 * A schema that names itself begins a resource, to which references below it
 * are relative.  In draft-07 "#name" is an anchor instead.
 */
int
refer_id(struct compile *c, const struct json *id, uint32_t node)
{
	struct schema *s = c->s;
	struct resource *r = &s->resources[s->nodes[node].resource];
	unsigned dialect = r->dialect;
	struct buf uri = BUF_INIT(ADDRESS_MAX);
	const char *text = json_string(id), *hash = strchr(text, '#');
	int rc = -1;

	if ((dialect & SEVEN) && *text == '#')
		return text[1] ? refer_anchor(c, id, text + 1, node, false) :
		    0;
	address_resolve(&uri, r->uri, text);
	if (uri.full) {
		too_long(c, id);
		goto out;
	}
	if (refer_dialect(c, &s->nodes[node].at, &dialect))
		goto out;
	s->nodes[node].resource = refer_resource(s, uri.data, dialect);
	if (refer_name(c, id, uri.data, "", node, false))
		goto out;
	if ((dialect & SEVEN) && hash && hash[1])
		rc = refer_anchor(c, id, hash + 1, node, false);
	else
		rc = 0;
out:
	buf_release(&uri);
	return rc;
}

int
refer_anchor(struct compile *c, const struct json *v, const char *name,
    uint32_t node, bool dynamic)
{
	struct schema *s = c->s;
	uint32_t resource = s->nodes[node].resource, i, id;

	if (refer_name(c, v, s->resources[resource].uri, name, node, dynamic))
		return -1;
	if (!dynamic)
		return 0;
	for (id = 0; id < s->dynamics_n; id++)
		if (!strcmp(s->dynamics[id].name, name))
			break;
	i = TABLE_ADD(s, dynamics, 1);
	s->dynamics[i] = (struct dynamic){ name, id, resource, node };
	return 0;
}

/* The next step of a pointer (RFC 6901), from p, which moves past it. */
static void
next_step(struct buf *out, const char **p)
{
	const char *s = *p + 1;

	buf_reset(out);
	for (; *s && *s != '/'; s++) {
		if (s[0] == '~' && (s[1] == '0' || s[1] == '1'))
			buf_addc(out, *++s == '0' ? '~' : '/');
		else
			buf_addc(out, *s);
	}
	*p = s;
}

static bool
step_into(struct json *v, const char *step)
{
	struct json next;
	size_t i = 0, n = strlen(step);

	if (json_kind(v) == JSON_OBJECT) {
		if (!json_find(&next, v, step))
			return false;
		*v = next;
		return true;
	}
	if (!n || n > 8 || strspn(step, "0123456789") != n ||
	    (*step == '0' && n > 1))
		return false;
	while (*step)
		i = i * 10 + (size_t)(*step++ - '0');
	return !json_at(v, v, i);
}

/*
 * Go from a schema to what a pointer says.  That may be where no keyword
 * leads: then it belongs to the resource of the last schema on the way.
 */
static int
follow(struct compile *c, const struct pending *p, const char *pointer,
    uint32_t *node)
{
	struct buf step = BUF_INIT(SCHEMA_MAX);
	uint32_t resource = c->s->nodes[*node].resource;
	struct json v = c->s->nodes[*node].at;
	const struct spot *s;
	int rc = -1;

	while (*pointer) {
		next_step(&step, &pointer);
		if (step.full || !step_into(&v, step.data)) {
			shape_bad(c, &p->value, "refers to what is not there");
			goto out;
		}
		s = map_find(&c->places, NULL, v.node);
		if (s)
			resource = c->s->nodes[s->node].resource;
	}
	rc = scan_schema(c, &v, resource, node);
out:
	buf_release(&step);
	return rc;
}

static int
remote(struct compile *c, const struct pending *p, const char *uri)
{
	char where[JSON_WHERE], shown[81] = "";
	size_t n = 0, len;

	while (uri[n] && n + 4 < sizeof shown) {
		len = utf8_len(uri + n, strlen(uri + n));
		memcpy(shown + n, uri + n, len);
		n += len;
	}
	json_where(&p->value, NULL, where);
	return err_set(c->e, E_bad_schema, "'%s' refers to '%s', which is not "
	    "in this document", where, shown);
}

static uint32_t
id_of(const struct schema *s, const char *name)
{
	uint32_t i;

	for (i = 0; i < s->dynamics_n; i++)
		if (!strcmp(s->dynamics[i].name, name))
			return i;
	return NONE;
}

/* The node that a reference means; *name if a $dynamicAnchor has it. */
static int
find_target(struct compile *c, const struct pending *p, uint32_t *node,
    uint32_t *name)
{
	const struct resource *r =
	    &c->s->resources[c->s->nodes[p->node].resource];
	struct buf uri = BUF_INIT(ADDRESS_MAX), part = BUF_INIT(SCHEMA_MAX);
	const struct schema_known *known;
	const char *text = json_string(&p->value);
	const struct spot *s;
	int rc = -1;

	address_resolve(&uri, r->uri, text);
	if (uri.full) {
		too_long(c, &p->value);
		goto out;
	}
	if (address_fragment(&part, text) || part.full) {
		shape_bad(c, &p->value, "is not a URI reference");
		goto out;
	}
	s = find_name(c, uri.data, "");
	known = s ? NULL : find_known(c, uri.data);
	if (s) {
		*node = s->node;
	} else if (!known) {
		remote(c, p, uri.data);
		goto out;
	} else if (scan_document(c, &known->root, known->uri,
	    r->dialect & (SEVEN | TWENTY), node)) {
		goto out;
	}
	*name = NONE;
	if (*part.data == '/') {
		rc = follow(c, p, part.data, node);
		goto out;
	}
	if (part.len) {
		r = &c->s->resources[c->s->nodes[*node].resource];
		s = find_name(c, r->uri, part.data);
		if (!s) {
			shape_bad(c, &p->value, "refers to a name that no "
			    "schema has");
			goto out;
		}
		*node = s->node;
		if (s->dynamic)
			*name = id_of(c->s, part.data);
	}
	rc = 0;
out:
	buf_release(&uri);
	buf_release(&part);
	return rc;
}

/* Resolving one may bring in more documents, and with them more. */
int
refer_all(struct compile *c)
{
	uint32_t i, k, node, name;
	struct pending p;
	struct run_of run;
	struct rule *r;

	for (i = 0; i < c->pending_n; i++) {
		p = c->pending[i];
		if (find_target(c, &p, &node, &name))
			return -1;
		run = c->s->nodes[p.node].rules;
		r = c->s->rules + run.first;
		for (k = 0; k < run.count; k++, r++) {
			if (r->value.node != p.value.node)
				continue;
			r->u.target.node = node;
			r->u.target.name = p.dynamic ? name : NONE;
		}
	}
	return 0;
}
