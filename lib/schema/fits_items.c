#include <string.h>

#include "schema/impl.h"

/* The member's own schema in "properties", or NONE; as fits_find() pays. */
static uint32_t
find_prop(const struct frame *f, struct run_of run, const char *key)
{
	const struct prop *p = f->c->s->props + run.first;
	size_t low = 0, high = run.count, mid;
	size_t work = strlen(key) / BYTES_PER_WORK;
	int order;

	while (low < high) {
		f->c->work -= (int64_t)work;
		mid = low + (high - low) / 2;
		order = strcmp(key, p[mid].key);
		if (order == 0)
			return p[mid].node;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NONE;
}

/* All that has a say about one member; *known: something has. */
static int
member_holds(const struct frame *f, const struct rule *r,
    const struct json *member, bool *known)
{
	const struct schema *s = f->c->s;
	const struct pattern *p = s->patterns + r->u.members.patterns.first;
	const struct pattern *end = p + r->u.members.patterns.count;
	uint32_t node = find_prop(f, r->u.members.props, json_key(member));
	int rc = 1;

	*known = node != NONE;
	if (*known)
		rc = fits_child(f, node, member);
	for (; p < end && rc == 1; p++) {
		if (fits_spend(f, r, WORK_STEP))
			return -1;
		rc = fits_search(f, r, p->regex, json_key(member));
		if (rc == 1) {
			*known = true;
			rc = fits_child(f, p->node, member);
		} else if (rc == 0) {
			rc = 1;
		}
	}
	if (rc == 1 && !*known && r->u.members.rest != NONE) {
		*known = true;
		rc = fits_child(f, r->u.members.rest, member);
	}
	return rc;
}

/* "properties" alone, and fewer of them than members: look those up. */
static int
few_hold(const struct frame *f, const struct rule *r)
{
	const struct prop *p = f->c->s->props + r->u.members.props.first;
	const struct prop *end = p + r->u.members.props.count;
	struct json member;
	int rc = 1;

	for (; p < end && rc == 1; p++) {
		rc = fits_find(f, r, p->key, &member);
		if (rc == 1)
			rc = fits_child(f, p->node, &member);
		else if (!rc)
			rc = 1;
	}
	return rc;
}

int
fits_members(const struct frame *f, const struct rule *r)
{
	struct json member = { 0 };
	bool known;
	size_t i;
	int rc = 1;

	if (fits_kind(f->v) != JSON_OBJECT)
		return 1;
	if (!f->seen && !r->u.members.patterns.count &&
	    r->u.members.rest == NONE &&
	    r->u.members.props.count < json_count(&f->v->at))
		return few_hold(f, r);
	for (i = 0; rc == 1 && json_next(&member, &f->v->at); i++) {
		if (fits_spend(f, r, 1))
			return -1;
		rc = member_holds(f, r, &member, &known);
		if (known)
			fits_see(f->seen, i);
	}
	return rc;
}

int
fits_names(const struct frame *f, const struct rule *r)
{
	struct value v = { 0 };
	const struct frame down = { .c = f->c, .v = &v, .scope = f->scope };
	int rc = 1;

	if (fits_kind(f->v) != JSON_OBJECT)
		return 1;
	while (rc == 1 && json_next(&v.at, &f->v->at)) {
		v.name = json_key(&v.at);
		if (fits_spend(f, r, 1))
			return -1;
		rc = fits_node(&down, r->u.node);
	}
	return rc;
}

int
fits_items(const struct frame *f, const struct rule *r)
{
	const uint32_t *first = f->c->s->kids + r->u.items.first.first;
	struct json item = { 0 };
	uint32_t node;
	size_t i;
	int rc = 1;

	if (fits_kind(f->v) != JSON_ARRAY)
		return 1;
	for (i = 0; rc == 1 && json_next(&item, &f->v->at); i++) {
		node = i < r->u.items.first.count ? first[i] :
		    r->u.items.rest;
		if (node == NONE)
			break;
		if (fits_spend(f, r, 1))
			return -1;
		rc = fits_child(f, node, &item);
		fits_see(f->seen, i);
	}
	return rc;
}

int
fits_contains(const struct frame *f, const struct rule *r)
{
	uint64_t least = r->u.contains.least, most = r->u.contains.most;
	struct json item = { 0 };
	uint64_t count = 0;
	size_t i;
	int rc;

	if (fits_kind(f->v) != JSON_ARRAY)
		return 1;
	for (i = 0; json_next(&item, &f->v->at); i++) {
		if (!f->seen && most == UINT64_MAX && count >= least)
			break;
		if (fits_spend(f, r, 1))
			return -1;
		f->c->quiet++;
		rc = fits_child(f, r->u.contains.node, &item);
		f->c->quiet--;
		if (rc < 0)
			return rc;
		if (rc)
			fits_see(f->seen, i);
		count += (uint64_t)rc;
	}
	if (count < least)
		return fault_set(f, &r->value, NULL, "has too few items that "
		    "are as 'contains' says");
	if (count > most)
		return fault_set(f, &r->value, NULL, "has too many items that "
		    "are as 'contains' says");
	return 1;
}

/* Those that no other keyword has seen; then all are seen. */
int
fits_others(const struct frame *f, const struct rule *r)
{
	enum json_kind kind = r->op == OP_OTHER_ITEMS ? JSON_ARRAY :
	    JSON_OBJECT;
	struct json item = { 0 };
	size_t i;
	int rc = 1;

	if (fits_kind(f->v) != kind)
		return 1;
	for (i = 0; rc == 1 && json_next(&item, &f->v->at); i++) {
		if (fits_spend(f, r, 1))
			return -1;
		if (f->seen->bits[i / 8] >> i % 8 & 1)
			continue;
		rc = fits_child(f, r->u.node, &item);
		fits_see(f->seen, i);
	}
	return rc;
}
