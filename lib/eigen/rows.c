/* Edges sorted by counting: first by who says it, then by whom it is of. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "eigen/impl.h"

/* Room for rows whose lengths stand in end. */
static void
lay_out(struct rows *r, int64_t peers)
{
	size_t at = 0, n;
	int64_t i;

	r->at = mem_zero((size_t)peers, sizeof(*r->at));
	for (i = 0; i < peers; i++) {
		n = r->end[i];
		r->at[i] = r->end[i] = at;
		at += n;
	}
	r->peer = mem_zero(at + EIGEN_AHEAD, sizeof(*r->peer));
	r->value = mem_zero(at + 1, sizeof(*r->value));
}

static int
count(struct rows *r, const struct edges *s, struct err *e)
{
	const struct eigen_edge *x;

	for (x = s->edge; x < s->edge + s->n; x++) {
		if (x->from == x->to)
			continue;
		if (x->value > INT64_MAX - r->sum[x->from])
			return err_set(e, E_amount_overflow, "what peer %"
			    PRId32 " says does not fit into 63 bits", x->from);
		r->sum[x->from] += x->value;
		r->end[x->from]++;
	}
	return 0;
}

int
eigen_rows(struct rows *r, const struct edges *s, int64_t peers,
    struct err *e)
{
	const struct eigen_edge *x;
	size_t at;

	r->sum = mem_zero((size_t)peers, sizeof(*r->sum));
	r->end = mem_zero((size_t)peers, sizeof(*r->end));
	if (s->n && count(r, s, e)) {
		eigen_rows_release(r);
		return -1;
	}
	lay_out(r, peers);
	for (x = s->edge; s->n && x < s->edge + s->n; x++) {
		if (x->from == x->to)
			continue;
		at = r->end[x->from]++;
		r->peer[at] = x->to;
		r->value[at] = (uint64_t)x->value;
	}
	return 0;
}

/* Who speaks comes in order, so the same one again is the last of the row. */
static void
put(struct rows *r, int32_t to, int32_t from, uint64_t value)
{
	size_t at = r->end[to];

	if (at > r->at[to] && r->peer[at - 1] == from) {
		r->value[at - 1] += value;
		return;
	}
	r->peer[at] = from;
	r->value[at] = value;
	r->end[to]++;
}

void
eigen_turn(struct rows *out, struct rows *r, int64_t peers)
{
	int64_t i;
	size_t k;

	*out = (struct rows){
		.end = mem_zero((size_t)peers, sizeof(*out->end)),
	};
	for (i = 0; i < peers; i++)
		for (k = r->at[i]; k < r->end[i]; k++)
			out->end[r->peer[k]]++;
	lay_out(out, peers);
	for (i = 0; i < peers; i++)
		for (k = r->at[i]; k < r->end[i]; k++)
			put(out, r->peer[k], (int32_t)i,
			    r->value[k] << eigen_shift(r->sum[i]));
	eigen_rows_release(r);
}

void
eigen_rows_release(struct rows *r)
{
	free(r->at);
	free(r->end);
	free(r->peer);
	free(r->value);
	free(r->sum);
	*r = (struct rows){ 0 };
}
