#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/impl.h"

/*
 * Calls of fits_node() in one another.  The value is at most JSON_DEPTH
 * deep, and each step down takes a few; those who need more than this go
 * round in circles that widen.
 */
#define FRAMES 1000

int
fits_spend(const struct frame *f, const struct rule *r, size_t work)
{
	f->c->work -= (int64_t)work;
	if (f->c->work >= 0)
		return 0;
	return fault_limit(f, &r->value, "takes more steps than are left");
}

/* Texts are compared as often as the members can be halved. */
int
fits_find(const struct frame *f, const struct rule *r, const char *key,
    struct json *out)
{
	size_t n = json_count(&f->v->at), work = strlen(key) / BYTES_PER_WORK;
	size_t times = 1;

	for (; work && n > 1; n /= 2)
		times++;
	if (fits_spend(f, r, 1 + times * work))
		return -1;
	return json_find(out, &f->v->at, key);
}

int
fits_search(const struct frame *f, const struct rule *r,
    const struct regex *regex, const char *text)
{
	switch (regex_search(regex, text, strlen(text), f->c->budget)) {
	case REGEX_FOUND:
		return 1;
	case REGEX_ABSENT:
		return 0;
	case REGEX_LIMIT:
		break;
	}
	return fault_limit(f, &r->value, "takes a search with more steps than "
	    "are left");
}

enum json_kind
fits_kind(const struct value *v)
{
	return v->name ? JSON_STRING : json_kind(&v->at);
}

const char *
fits_text(const struct value *v)
{
	return v->name ? v->name : json_string(&v->at);
}

/* As many bits as the value has items; nothing if nobody asks for them. */
static struct seen
seen_make(const struct frame *f, bool asked)
{
	struct seen s = { 0 };

	if (asked && fits_kind(f->v) >= JSON_ARRAY) {
		s.n = json_count(&f->v->at);
		s.bits = mem_zero(s.n / 8 + 1, 1);
		f->c->work -= (int64_t)(s.n / 512);
	}
	return s;
}

void
fits_see(struct seen *s, size_t i)
{
	if (s)
		s->bits[i / 8] |= (unsigned char)(1U << i % 8);
}

/* Add what was seen, and give back the memory. */
static void
seen_end(struct seen *from, struct seen *to)
{
	size_t i;

	if (from->bits && to)
		for (i = 0; i < from->n / 8 + 1; i++)
			to->bits[i] |= from->bits[i];
	free(from->bits);
}

int
fits_child(const struct frame *f, uint32_t node, const struct json *at)
{
	const struct value v = { .at = *at };
	const struct frame down = { .c = f->c, .v = &v, .scope = f->scope };

	return fits_node(&down, node);
}

/* Not an error if it does not fit; what it saw counts if it does. */
static int
attempt(const struct frame *f, uint32_t node)
{
	struct seen mine = seen_make(f, f->seen != NULL);
	struct frame in = *f;
	int rc;

	in.seen = mine.bits ? &mine : NULL;
	f->c->quiet++;
	rc = fits_node(&in, node);
	f->c->quiet--;
	seen_end(&mine, rc == 1 ? f->seen : NULL);
	return rc;
}

static int
all_hold(const struct frame *f, const struct rule *r)
{
	const uint32_t *kid = f->c->s->kids + r->u.kids.first;
	uint32_t i;
	int rc = 1;

	for (i = 0; i < r->u.kids.count && rc == 1; i++)
		rc = fits_node(f, kid[i]);
	return rc;
}

/* All are tried if anybody asks what they see. */
static int
any_holds(const struct frame *f, const struct rule *r)
{
	const uint32_t *kid = f->c->s->kids + r->u.kids.first;
	uint32_t i, n = 0;
	int rc;

	for (i = 0; i < r->u.kids.count; i++) {
		rc = attempt(f, kid[i]);
		if (rc < 0)
			return rc;
		n += (uint32_t)rc;
		if (r->op == OP_ANY && n && !f->seen)
			return 1;
		if (r->op == OP_ONE && n > 1)
			return fault_set(f, &r->value, NULL, "is as more than "
			    "one of 'oneOf' says");
	}
	return n ? 1 : fault_set(f, &r->value, NULL, r->op == OP_ANY ?
	    "is as none of 'anyOf' says" : "is as none of 'oneOf' says");
}

static int
not_holds(const struct frame *f, const struct rule *r)
{
	struct frame in = *f;
	int rc;

	in.seen = NULL;
	f->c->quiet++;
	rc = fits_node(&in, r->u.node);
	f->c->quiet--;
	if (rc != 1)
		return rc < 0 ? rc : 1;
	return fault_set(f, &r->value, NULL, "is as 'not' says");
}

static int
if_holds(const struct frame *f, const struct rule *r)
{
	int rc = attempt(f, r->u.branch.condition);
	uint32_t next = rc == 1 ? r->u.branch.then : r->u.branch.otherwise;

	if (rc < 0)
		return rc;
	return next == NONE ? 1 : fits_node(f, next);
}

/* Names that a member asks for, or a schema for the whole. */
static int
depend_holds(const struct frame *f, const struct rule *r)
{
	const struct prop *p = f->c->s->props + r->u.props.first;
	const struct prop *end = p + r->u.props.count;
	struct json found;
	int rc = 1;

	if (fits_kind(f->v) != JSON_OBJECT)
		return 1;
	for (; p < end && rc == 1; p++) {
		rc = fits_find(f, r, p->key, &found);
		if (rc == 1)
			rc = p->node != NONE ? fits_node(f, p->node) :
			    fits_required(f, r, &p->value);
		else if (!rc)
			rc = 1;
	}
	return rc;
}

static int
refer(const struct frame *f, const struct rule *r, uint32_t node)
{
	struct frame in = *f;

	if (++in.references > SCHEMA_REFERENCES)
		return fault_limit(f, &r->value, "takes more than 64 "
		    "references without a step down");
	return fits_node(&in, node);
}

/*
 * Of the resources that were entered on the way here, the outermost that has
 * a $dynamicAnchor of this name decides (2020-12 core, 8.2.3.2).
 */
static int
refer_dynamic(const struct frame *f, const struct rule *r)
{
	const struct schema *s = f->c->s;
	uint32_t node = r->u.target.node, i;
	const struct scope *scope;
	const struct dynamic *d;

	for (scope = f->scope; scope && r->u.target.name != NONE;
	    scope = scope->up) {
		if (fits_spend(f, r, 1 + s->dynamics_n / 8))
			return -1;
		for (i = r->u.target.name; i < s->dynamics_n; i++) {
			d = &s->dynamics[i];
			if (d->id == r->u.target.name &&
			    d->resource == scope->resource)
				node = d->node;
		}
	}
	return refer(f, r, node);
}

static int
rule_holds(const struct frame *f, const struct rule *r)
{
	if (fits_spend(f, r, WORK_STEP))
		return -1;
	switch (r->op) {
	case OP_REFERENCE:
		return refer(f, r, r->u.target.node);
	case OP_DYNAMIC:
		return refer_dynamic(f, r);
	case OP_NAMES:
		return fits_names(f, r);
	case OP_MEMBERS:
		return fits_members(f, r);
	case OP_ITEMS:
		return fits_items(f, r);
	case OP_CONTAINS:
		return fits_contains(f, r);
	case OP_ALL:
		return all_hold(f, r);
	case OP_ANY:
	case OP_ONE:
		return any_holds(f, r);
	case OP_NOT:
		return not_holds(f, r);
	case OP_IF:
		return if_holds(f, r);
	case OP_DEPEND:
	case OP_DEPEND_SCHEMAS:
		return depend_holds(f, r);
	case OP_OTHER_ITEMS:
	case OP_OTHER_MEMBERS:
		return fits_others(f, r);
	default:
		return fits_assert(f, r);
	}
}

/*
 * A schema that asks for what others have not seen does not ask about those
 * beside it, only about its own keywords: it looks at bits of its own.
 */
static int
object_holds(const struct frame *f, const struct node *n)
{
	const struct rule *r = f->c->s->rules + n->rules.first;
	const struct rule *end = r + n->rules.count;
	struct scope here = { .up = f->scope, .resource = n->resource };
	struct seen mine = seen_make(f, n->others);
	struct frame in = *f;
	int rc = 1;

	if (n->resource != f->scope->resource)
		in.scope = &here;
	if (mine.bits)
		in.seen = &mine;
	for (; r < end && rc == 1; r++)
		rc = rule_holds(&in, r);
	seen_end(&mine, rc == 1 ? f->seen : NULL);
	return rc;
}

int
fits_node(const struct frame *f, uint32_t node)
{
	const struct node *n = f->c->s->nodes + node;
	int rc;

	if (json_kind(&n->at) == JSON_BOOL)
		return json_true(&n->at) ? 1 : fault_set(f, &n->at, NULL,
		    "is not allowed");
	if (f->c->frames == FRAMES)
		return fault_limit(f, &n->at, "takes schemas within schemas "
		    "without end");
	f->c->frames++;
	rc = object_holds(f, n);
	f->c->frames--;
	return rc;
}
