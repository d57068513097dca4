/* Opinions as they are said, and the way back from distrust. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "eigen/impl.h"

int
eigen_new(struct eigen **out, int64_t peers, struct err *e)
{
	struct eigen *g;

	if (peers < 1 || peers > EIGEN_PEERS)
		return err_set(e, E_bad_graph, "%" PRId64 " peers: 1 to %d",
		    peers, EIGEN_PEERS);
	g = mem_zero(1, sizeof(*g));
	g->peers = peers;
	*out = g;
	return 0;
}

void
eigen_free(struct eigen *g)
{
	if (!g)
		return;
	free(g->trust.edge);
	free(g->distrust.edge);
	free(g->prior);
	free(g);
}

static int
check_peer(const struct eigen *g, int64_t peer, struct err *e)
{
	return peer >= 0 && peer < g->peers ? 0 : err_set(e, E_bad_graph,
	    "no peer %" PRId64 " among %" PRId64, peer, g->peers);
}

int
eigen_add(struct eigen *g, int64_t from, int64_t to, int64_t value,
    struct err *e)
{
	struct edges *s = value < 0 ? &g->distrust : &g->trust;

	if (check_peer(g, from, e) || check_peer(g, to, e))
		return -1;
	if (value == INT64_MIN)
		return err_set(e, E_amount_overflow,
		    "distrust of 2^63 does not fit");
	if (!value)
		return 0;
	if (s->n == EIGEN_EDGES)
		return err_set(e, E_bad_graph, "more than %d edges",
		    EIGEN_EDGES);
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->edge = mem_grow(s->edge, s->room, sizeof(*s->edge));
	}
	s->edge[s->n++] = (struct eigen_edge){
		.from = (int32_t)from, .to = (int32_t)to,
		.value = value < 0 ? -value : value,
	};
	return 0;
}

int
eigen_prior(struct eigen *g, int64_t peer, int64_t weight, struct err *e)
{
	if (check_peer(g, peer, e))
		return -1;
	if (weight < 0)
		return err_set(e, E_bad_graph,
		    "the pre-trust of a peer is negative");
	if (weight > INT64_MAX - g->total)
		return err_set(e, E_amount_overflow,
		    "the pre-trust of all peers does not fit into 63 bits");
	if (!g->prior)
		g->prior = mem_zero((size_t)g->peers, sizeof(*g->prior));
	g->prior[peer] += weight;
	g->total += weight;
	return 0;
}

const struct eigen_edge *
eigen_edges(const struct eigen *g, bool distrust, size_t *n)
{
	const struct edges *s = distrust ? &g->distrust : &g->trust;

	*n = s->n;
	return s->edge;
}

int
eigen_discount(const struct eigen *g, const uint64_t *share, int64_t *out,
    struct err *e)
{
	struct rows r = { 0 };
	int64_t i;
	size_t k;

	if (eigen_rows(&r, &g->distrust, g->peers, e))
		return -1;
	for (i = 0; i < g->peers; i++) {
		assert(share[i] <= EIGEN_ONE);
		out[i] = (int64_t)share[i];
	}
	for (i = 0; i < g->peers; i++)
		for (k = r.at[i]; k < r.end[i]; k++)
			out[r.peer[k]] -= (int64_t)((wide)share[i] *
			    r.value[k] / (wide)r.sum[i]);
	eigen_rows_release(&r);
	return 0;
}
