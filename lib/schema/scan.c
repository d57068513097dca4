#include "schema/address.h"
#include "schema/impl.h"

/* How many rules the members of a schema can become. */
static uint32_t
count_rules(const struct json *v, unsigned dialect)
{
	const struct keyword *k;
	struct json it = { 0 };
	uint32_t n = 0;

	while (json_next(&it, v)) {
		k = keyword_find(json_key(&it), dialect);
		n += k && k->op != OP_NONE;
	}
	return n;
}

/* minContains without contains, and then without if, say nothing. */
static bool
says_nothing(const struct rule *r)
{
	return (r->op == OP_CONTAINS && r->u.contains.node == NONE) ||
	    (r->op == OP_IF && r->u.branch.condition == NONE);
}

/* Put the rules of a node into their order; only the reference, if alone. */
static void
finish(struct schema *s, uint32_t node, bool alone)
{
	struct run_of *run = &s->nodes[node].rules;
	struct rule *first = s->rules + run->first, kept;
	uint32_t i, k, n = 0;

	for (i = 0; i < run->count; i++) {
		kept = first[i];
		if (says_nothing(&kept) ||
		    (alone && kept.op != OP_REFERENCE))
			continue;
		for (k = n++; k > 0 && first[k - 1].op > kept.op; k--)
			first[k] = first[k - 1];
		first[k] = kept;
		if (kept.op >= OP_OTHER_ITEMS)
			s->nodes[node].others = true;
	}
	run->count = n;
}

static int
scan_object(struct compile *c, const struct json *v, uint32_t node)
{
	struct schema *s = c->s;
	const struct keyword *k;
	struct json it = { 0 };
	unsigned dialect = s->resources[s->nodes[node].resource].dialect;
	bool alone;

	/* Draft-07, 8.3: what stands beside $ref is ignored. */
	alone = (dialect & SEVEN) && json_find(&it, v, "$ref") &&
	    json_kind(&it) == JSON_STRING;
	if (!alone && json_find(&it, v, "$id") &&
	    json_kind(&it) == JSON_STRING && refer_id(c, &it, node))
		return -1;
	dialect = s->resources[s->nodes[node].resource].dialect;
	s->nodes[node].rules.first = TABLE_ADD(s, rules,
	    count_rules(v, dialect));
	it = (struct json){ 0 };
	while (json_next(&it, v)) {
		k = keyword_find(json_key(&it), dialect);
		if (k && shape_read(c, k, &it, node))
			return -1;
	}
	finish(s, node, alone);
	return 0;
}

/* It recurs as deep as the document goes: JSON_DEPTH. */
int
scan_schema(struct compile *c, const struct json *v, uint32_t resource,
    uint32_t *node)
{
	const struct spot *known = map_find(&c->places, NULL, v->node);
	struct schema *s = c->s;

	if (known) {
		*node = known->node;
		return 0;
	}
	*node = TABLE_ADD(s, nodes, 1);
	s->nodes[*node].at = *v;
	s->nodes[*node].resource = resource;
	map_add(&c->places, NULL, v->node)->node = *node;
	if (json_kind(v) == JSON_BOOL)
		return 0;
	if (json_kind(v) != JSON_OBJECT)
		return shape_bad(c, v, "is not a schema, which is an object, "
		    "true or false");
	return scan_object(c, v, *node);
}

int
scan_document(struct compile *c, const struct json *root, const char *uri,
    unsigned dialect, uint32_t *node)
{
	struct buf clean = BUF_INIT(ADDRESS_MAX);
	uint32_t resource;
	int rc = -1;

	if (refer_dialect(c, root, &dialect))
		goto out;
	address_resolve(&clean, "", uri);
	if (clean.full) {
		shape_bad(c, root, "has too long a URI");
		goto out;
	}
	resource = refer_resource(c->s, clean.data, dialect);
	if (scan_schema(c, root, resource, node))
		goto out;
	rc = refer_name(c, root, clean.data, "", *node, false);
out:
	buf_release(&clean);
	return rc;
}
