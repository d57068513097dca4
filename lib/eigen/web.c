#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "eigen/web.h"

struct peer {
	struct table_item item;		/* its key is the name */
	char *name;			/* owned */
	int64_t weight;			/* -1: none was given */
	int64_t said, unsaid;		/* trust in others, and distrust */
	int64_t number;
};

struct said {
	struct peer *from, *to;
	int64_t value;
};

struct web {
	struct table names;
	struct peer **peer;		/* as they came, then by name */
	struct said *said;
	struct web_place *place;
	size_t n, room, n_said, said_room, solved;
	int64_t total;			/* of all weights */
	bool given;			/* has anybody a weight? */
};

struct web *
web_new(void)
{
	return mem_zero(1, sizeof(struct web));
}

static void
end(struct table_item *item)
{
	struct peer *p = (struct peer *)item;

	free(p->name);
	free(p);
}

void
web_free(struct web *w)
{
	if (!w)
		return;
	table_release(&w->names, end);
	free(w->peer);
	free(w->said);
	free(w->place);
	free(w);
}

static struct peer *
find(const struct web *w, const char *name)
{
	return (struct peer *)table_find(&w->names, name);
}

/* It begins with the table's item, so NULL stays NULL. */
static struct peer *
peer_of(struct web *w, const char *name, struct err *e)
{
	struct peer *p = find(w, name);

	if (p)
		return p;
	if (!*name || strlen(name) >= WEB_NAME || w->n == EIGEN_PEERS) {
		(void)err_set(e, E_bad_graph, !*name ? "a peer has no name" :
		    w->n == EIGEN_PEERS ? "there are too many peers" :
		    "the name of a peer is longer than 255 bytes");
		return NULL;
	}
	p = mem_zero(1, sizeof(*p));
	p->item.key = p->name = mem_text(name);
	p->weight = -1;
	table_add(&w->names, &p->item);
	if (w->n == w->room) {
		w->room = w->room ? 2 * w->room : 64;
		w->peer = mem_grow(w->peer, w->room, sizeof(*w->peer));
	}
	return w->peer[w->n++] = p;
}

int
web_peer(struct web *w, const char *name, struct err *e)
{
	return peer_of(w, name, e) ? 0 : -1;
}

/* Here, where it has a name, and not when all has been read. */
static int
count(struct peer *p, int64_t value, struct err *e)
{
	int64_t *sum = value < 0 ? &p->unsaid : &p->said;

	if (value == INT64_MIN ||
	    (value < 0 ? -value : value) > INT64_MAX - *sum)
		return err_set(e, E_amount_overflow, "what '%.100s' says does "
		    "not fit into 63 bits", p->name);
	*sum += value < 0 ? -value : value;
	return 0;
}

int
web_add(struct web *w, const char *from, const char *to, int64_t value,
    struct err *e)
{
	struct peer *a = peer_of(w, from, e), *b = a ? peer_of(w, to, e) :
	    NULL;

	if (!b)
		return -1;
	if (a == b || !value)
		return 0;
	if (w->n_said == EIGEN_EDGES)
		return err_set(e, E_bad_graph, "more than %d edges",
		    EIGEN_EDGES);
	if (count(a, value, e))
		return -1;
	if (w->n_said == w->said_room) {
		w->said_room = w->said_room ? 2 * w->said_room : 64;
		w->said = mem_grow(w->said, w->said_room, sizeof(*w->said));
	}
	w->said[w->n_said++] = (struct said){ a, b, value };
	return 0;
}

int
web_prior(struct web *w, const char *name, int64_t weight, struct err *e)
{
	struct peer *p = find(w, name);

	if (!p)
		return err_set(e, E_node_missing, "no peer '%.100s'", name);
	if (weight < 0)
		return err_set(e, E_bad_graph, "the pre-trust of '%.100s' is "
		    "negative", name);
	if (p->weight >= 0)
		return err_set(e, E_bad_graph, "'%.100s' has a pre-trust "
		    "already", name);
	if (weight > INT64_MAX - w->total)
		return err_set(e, E_amount_overflow, "the pre-trust of all "
		    "peers does not fit into 63 bits");
	p->weight = weight;
	w->total += weight;
	w->given = true;
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct peer *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int
by_place(const void *a, const void *b)
{
	const struct web_place *x = a, *y = b;

	if (x->left != y->left)
		return x->left < y->left ? 1 : -1;
	return strcmp(x->peer, y->peer);
}

/* The same with numbers. */
static int
number(struct web *w, struct eigen *g, struct err *e)
{
	const struct said *s;
	size_t i;

	qsort(w->peer, w->n, sizeof(struct peer *), by_name);
	for (i = 0; i < w->n; i++) {
		w->peer[i]->number = (int64_t)i;
		if (w->given && eigen_prior(g, (int64_t)i,
		    w->peer[i]->weight > 0 ? w->peer[i]->weight : 0, e))
			return -1;
	}
	for (s = w->said; w->n_said && s < w->said + w->n_said; s++)
		if (eigen_add(g, s->from->number, s->to->number, s->value, e))
			return -1;
	return 0;
}

int
web_solve(struct web *w, struct eigen_alpha alpha, int jobs, struct err *e)
{
	struct eigen *g = NULL;
	uint64_t *share;
	int64_t *left;
	size_t i;
	int rc;

	if (!w->n)
		return err_set(e, E_bad_graph, "there are no peers");
	if (eigen_new(&g, (int64_t)w->n, e))
		return -1;
	share = mem_zero(w->n, sizeof(*share));
	left = mem_zero(w->n, sizeof(*left));
	rc = number(w, g, e) || eigen_solve(g, alpha, jobs, share, NULL, e) ||
	    eigen_discount(g, share, left, e) ? -1 : 0;
	eigen_free(g);
	if (!rc) {
		w->place = mem_grow(w->place, w->n, sizeof(*w->place));
		w->solved = w->n;
		for (i = 0; i < w->n; i++)
			w->place[i] = (struct web_place){
				w->peer[i]->name, share[i], left[i],
			};
		qsort(w->place, w->n, sizeof(*w->place), by_place);
	}
	free(share);
	free(left);
	return rc;
}

const struct web_place *
web_places(const struct web *w, size_t *n)
{
	*n = w->solved;
	return w->place;
}
