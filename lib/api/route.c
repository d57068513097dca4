#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "api/route.h"
#include "api/shape.h"
#include "base/mem.h"

/* A segment of patterns, and what may follow it. */
struct step {
	const char *word;		/* borrowed; NULL: a {name} */
	size_t len;
	struct step *next;		/* another segment in its place */
	struct step *literal, *param;	/* the segment behind it */
	const struct row *here[NET_METHODS];
	const struct row *rest[NET_METHODS];	/* a "*" behind it */
};

#define FAMILY(name) routes_##name,
static const struct route *const all[] = {
#include "api/families.def"
	NULL
};

const struct route *const *
routes_all(void)
{
	return all;
}

static struct step *
literal_of(const struct step *s, const char *word, size_t n)
{
	struct step *l;

	for (l = s->literal; l; l = l->next)
		if (l->len == n && !memcmp(l->word, word, n))
			return l;
	return NULL;
}

static struct step *
step_to(struct step *s, const char *word, size_t n)
{
	struct step *to;

	if (*word == '{') {
		if (!s->param)
			s->param = mem_zero(1, sizeof(*s));
		return s->param;
	}
	to = literal_of(s, word, n);
	if (to)
		return to;
	to = mem_zero(1, sizeof(*to));
	to->word = word;
	to->len = n;
	to->next = s->literal;
	s->literal = to;
	return to;
}

static int
add(struct step *s, const struct row *r, struct err *e)
{
	const char *p = r->route->pattern;
	const struct row **to = NULL;
	size_t n, params = 0;

	assert(*p == '/');
	while (*p && !to) {
		n = strcspn(++p, "/");
		if (n == 1 && *p == '*')
			to = s->rest;
		else if (n)
			s = step_to(s, p, n);
		params += *p == '{' || *p == '*';
		p += n;
	}
	assert(!*p && params <= ROUTE_PARAMS);
	if (!to)
		to = s->here;
	if (to[r->method])
		return err_set(e, E_internal, "two routes '%s %s'",
		    r->route->method, r->route->pattern);
	to[r->method] = r;
	return 0;
}

static enum net_method
method_of(const char *word)
{
	enum net_method m;

	for (m = 0; m < NET_METHODS; m++)
		if (!strcmp(net_method_name(m), word))
			break;
	assert(m < NET_METHODS && m != NET_HEAD && m != NET_OPTIONS);
	return m;
}

static size_t
count(const struct route *const *family)
{
	const struct route *r;
	size_t n = 0;

	for (; *family; family++)
		for (r = *family; r->method; r++)
			n++;
	return n;
}

int
routes_make(struct routes *out, const struct route *const *family,
    struct err *e)
{
	const struct route *r;
	struct row *row;
	size_t n = count(family);

	*out = (struct routes){
		.row = mem_zero(n, sizeof(*row)),
		.root = mem_zero(1, sizeof(*out->root)),
	};
	for (; *family; family++)
		for (r = *family; r->method; r++) {
			row = out->row + out->n;
			*row = (struct row){
				.route = r, .method = method_of(r->method),
				.number = out->n++,
			};
			if (shape_make(&row->query, r->query, e) ||
			    shape_make(&row->body, r->body, e)) {
				err_wrap_(e, "%s %s", r->method, r->pattern);
				goto fail;
			}
			if (add(out->root, row, e))
				goto fail;
		}
	return 0;
fail:
	routes_release(out);
	return -1;
}

static void
free_steps(struct step *s)
{
	struct step *next;

	for (; s; s = next) {
		next = s->next;
		free_steps(s->literal);
		free_steps(s->param);
		free(s);
	}
}

void
routes_release(struct routes *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		shape_free(r->row[i].query);
		shape_free(r->row[i].body);
	}
	free_steps(r->root);
	free(r->row);
	*r = (struct routes){ 0 };
}

struct look {
	const char *const *segment;
	size_t n;
	const char *param[ROUTE_PARAMS];
	size_t params;
	size_t rest;			/* segments that a "*" takes */
};

static bool
any(const struct row *const *at)
{
	enum net_method m;

	for (m = 0; m < NET_METHODS; m++)
		if (at[m])
			return true;
	return false;
}

/* What is left becomes one text, in which a slash of a segment would part. */
static bool
joins(const struct look *l, size_t i)
{
	while (i < l->n && !strchr(l->segment[i], '/'))
		i++;
	return i == l->n;
}

/* The rows at the end of the path, whatever their method. */
static const struct row *const *
walk(const struct step *s, struct look *l, size_t i)
{
	const struct row *const *at = NULL;
	const struct step *to;
	size_t params = l->params;

	if (i == l->n)
		return any(s->here) ? s->here : NULL;
	to = literal_of(s, l->segment[i], strlen(l->segment[i]));
	if (to)
		at = walk(to, l, i + 1);
	if (!at && s->param && *l->segment[i]) {
		l->params = params;
		l->param[l->params++] = l->segment[i];
		at = walk(s->param, l, i + 1);
	}
	if (!at && any(s->rest) && joins(l, i)) {
		l->params = params;
		l->rest = l->n - i;
		at = s->rest;
	}
	return at;
}

void
routes_find(const struct routes *r, enum net_method method,
    const char *const *segment, size_t segments, struct buf *room,
    struct found *out)
{
	struct look l = { .segment = segment, .n = segments };
	const struct row *const *at;
	enum net_method m;
	size_t i;

	*out = (struct found){ 0 };
	if (segments > NET_SEGMENTS)
		return;
	at = walk(r->root, &l, 0);
	if (!at)
		return;
	for (m = 0; m < NET_METHODS; m++)
		out->methods |= at[m] ? 1u << m : 0;
	out->row = at[method == NET_HEAD ? NET_GET : method];
	for (i = 0; i < l.params; i++)
		out->param[i] = l.param[i];
	if (!l.rest)
		return;
	for (i = segments - l.rest; i < segments; i++) {
		buf_adds(room, i == segments - l.rest ? "" : "/");
		buf_adds(room, segment[i]);
	}
	out->param[l.params] = room->data;
}

void
routes_methods(struct buf *out, unsigned methods)
{
	enum net_method m;
	bool first = true;

	if (methods & 1u << NET_GET)
		methods |= 1u << NET_HEAD;
	methods |= 1u << NET_OPTIONS;
	for (m = 0; m < NET_METHODS; m++)
		if (methods & 1u << m) {
			buf_adds(out, first ? "" : ", ");
			buf_adds(out, net_method_name(m));
			first = false;
		}
}
