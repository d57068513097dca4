#include <stdlib.h>

#include "base/mem.h"
#include "schema/impl.h"

/* How many schemas a rule leads to that look at the same value. */
static uint32_t
count_edges(const struct rule *r)
{
	switch (r->op) {
	case OP_REFERENCE:
	case OP_NOT:
		return 1;
	case OP_DYNAMIC:
		/* Where a dynamic one leads is known when checking. */
		return r->u.target.name == NONE;
	case OP_ALL:
	case OP_ANY:
	case OP_ONE:
		return r->u.kids.count;
	case OP_IF:
		return 3;
	case OP_DEPEND:
	case OP_DEPEND_SCHEMAS:
		return r->u.props.count;
	default:
		return 0;
	}
}

static uint32_t
edge(const struct schema *s, const struct rule *r, uint32_t i)
{
	switch (r->op) {
	case OP_REFERENCE:
	case OP_DYNAMIC:
		return r->u.target.node;
	case OP_NOT:
		return r->u.node;
	case OP_IF:
		return i == 0 ? r->u.branch.condition :
		    i == 1 ? r->u.branch.then : r->u.branch.otherwise;
	case OP_DEPEND:
	case OP_DEPEND_SCHEMAS:
		return s->props[r->u.props.first + i].node;
	default:
		return s->kids[r->u.kids.first + i];
	}
}

struct visit {
	uint32_t node, rule, edge;	/* the next to follow */
};

/* Move to the next edge that leads somewhere: NONE after the last. */
static uint32_t
next_edge(const struct schema *s, struct visit *v)
{
	struct run_of run = s->nodes[v->node].rules;
	const struct rule *r;
	uint32_t to;

	for (; v->rule < run.count; v->rule++, v->edge = 0) {
		r = s->rules + run.first + v->rule;
		while (v->edge < count_edges(r)) {
			to = edge(s, r, v->edge++);
			if (to != NONE)
				return to;
		}
	}
	return NONE;
}

/*
 * Search from each node, depth first, with a stack of our own: a chain of
 * references may be as long as the document.
 */
int
circle_refuse(struct compile *c)
{
	enum { NEW, OPEN, DONE };
	const struct schema *s = c->s;
	unsigned char *state = mem_zero(s->nodes_n, 1);
	struct visit *stack = mem_zero(s->nodes_n, sizeof *stack);
	uint32_t i, to, n = 0;
	int rc = -1;

	for (i = 0; i < s->nodes_n; i++) {
		if (state[i] != NEW)
			continue;
		stack[n++] = (struct visit){ .node = i };
		state[i] = OPEN;
		while (n) {
			to = next_edge(s, &stack[n - 1]);
			if (to == NONE) {
				state[stack[--n].node] = DONE;
			} else if (state[to] == NEW) {
				stack[n++] = (struct visit){ .node = to };
				state[to] = OPEN;
			} else if (state[to] == OPEN) {
				shape_bad(c, &s->nodes[to].at, "leads back to "
				    "itself for the same value");
				goto out;
			}
		}
	}
	rc = 0;
out:
	free(stack);
	free(state);
	return rc;
}
