/*
 * eigen.c - what EigenTrust in integers costs, against doubles.
 *
 *	eigen time|memory PEERS EDGES
 *
 * The subject is all of it: edges are sorted into rows, and rounds are made
 * until nothing moves.  The control is as many rounds in doubles over rows
 * that are there already, by one thread: about the least that any program
 * needs.  Who says something is anybody; of whom, mostly a few.
 */
#include <string.h>
#include <sys/resource.h>

#include "bench.h"

#include "base/chance.h"
#include "base/mem.h"
#include "eigen/eigen.h"

#define TRUSTED 200		/* peers with pre-trust */

struct subject {
	int64_t peers, rounds;
	int jobs;
	clockid_t clock;		/* of the wall, or of this process */
	struct eigen *graph;
	uint64_t *share;
};

static void
make(struct subject *s, int64_t edges)
{
	uint64_t n = (uint64_t)s->peers;
	struct chance c;
	struct err e;
	int64_t i, value;
	uint64_t from, a, b;

	chance_seed(&c, 1);
	s->share = mem_zero(n, sizeof(*s->share));
	if (eigen_new(&s->graph, s->peers, &e))
		bench_die("%s", e.msg);
	for (i = 0; i < edges; i++) {
		from = chance_below(&c, n);
		a = chance_below(&c, n);
		b = chance_below(&c, n);
		value = 1 + (int64_t)chance_below(&c, 1000000);
		if (eigen_add(s->graph, (int64_t)from, (int64_t)(a * (b + 1) /
		    n), value, &e))
			bench_die("%s", e.msg);
	}
	for (i = 0; i < TRUSTED; i++)
		if (eigen_prior(s->graph, (int64_t)chance_below(&c, n), 1,
		    &e))
			bench_die("%s", e.msg);
}

static double
now_s(const struct subject *s)
{
	struct timespec t;

	clock_gettime(s->clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds for all of it. */
static double
solving(void *arg)
{
	const struct eigen_alpha alpha = { 1, 10 };
	struct subject *s = arg;
	double start = now_s(s);
	struct err e;

	if (eigen_solve(s->graph, alpha, s->jobs, s->share, &s->rounds, &e))
		bench_die("%s", e.msg);
	return now_s(s) - start;
}

/* --- the same in doubles -------------------------------------------------- */

struct rows {
	size_t *at;
	int32_t *from;
	double *weight;
};

static void
make_rows(struct rows *r, const struct subject *s)
{
	const struct eigen_edge *edge;
	double *sum = mem_zero((size_t)s->peers, sizeof(*sum));
	size_t m, i;

	edge = eigen_edges(s->graph, false, &m);
	r->at = mem_zero((size_t)s->peers + 2, sizeof(*r->at));
	r->from = mem_zero(m, sizeof(*r->from));
	r->weight = mem_zero(m, sizeof(*r->weight));
	for (i = 0; i < m; i++) {
		r->at[edge[i].to + 2]++;
		sum[edge[i].from] += (double)edge[i].value;
	}
	for (i = 2; i < (size_t)s->peers + 2; i++)
		r->at[i] += r->at[i - 1];
	for (i = 0; i < m; i++) {
		size_t k = r->at[edge[i].to + 1]++;

		r->from[k] = edge[i].from;
		r->weight[k] = (double)edge[i].value / sum[edge[i].from];
	}
	free(sum);
}

static void
pass(const struct rows *r, int64_t peers, const double *now, double *next)
{
	double t;
	int64_t j;
	size_t k;

	for (j = 0; j < peers; j++) {
		t = 0;
		for (k = r->at[j]; k < r->at[j + 1]; k++)
			t += r->weight[k] * now[r->from[k]];
		next[j] = 0.9 * t + 0.1 / (double)peers;
	}
}

/* Seconds for as many rounds, from three of them. */
static double
in_doubles(void *arg)
{
	struct subject *s = arg;
	size_t n = (size_t)s->peers;
	double *now = mem_zero(n, sizeof(*now)), start, took;
	double *next = mem_zero(n, sizeof(*next));
	struct rows r;
	size_t i;

	make_rows(&r, s);
	for (i = 0; i < n; i++)
		now[i] = 1 / (double)n;
	pass(&r, s->peers, now, next);
	start = now_s(s);
	pass(&r, s->peers, next, now);
	pass(&r, s->peers, now, next);
	pass(&r, s->peers, next, now);
	took = (now_s(s) - start) / 3 * (double)s->rounds;
	if (!(now[0] > 0))
		bench_die("nothing was computed");
	free(now);
	free(next);
	free(r.at);
	free(r.from);
	free(r.weight);
	return took;
}

/* The most that this process had, against the edges as they are given. */
static void
memory(struct subject *s, int64_t edges)
{
	struct bench_figure f = {
		.metric = "eigen_memory", .unit = "MiB", .less = true,
	};
	struct rusage used;

	s->jobs = 2;
	solving(s);
	getrusage(RUSAGE_SELF, &used);
	f.value = (double)used.ru_maxrss / 1024;
	f.control = (double)edges * sizeof(struct eigen_edge) / 1048576;
	bench_print(&f);
}

int
main(int argc, char *argv[])
{
	struct bench_figure one = {
		.metric = "eigen_cpu", .unit = "s", .less = true,
	};
	struct bench_figure two = {
		.metric = "eigen_solve_2_jobs", .unit = "s", .less = true,
	};
	struct bench_figure rounds = {
		.metric = "eigen_rounds", .unit = "rounds", .less = true,
	};
	struct subject s = { .jobs = 1, .clock = CLOCK_PROCESS_CPUTIME_ID };
	int64_t edges;

	if (argc != 4)
		bench_die("eigen time|memory PEERS EDGES");
	s.peers = strtoll(argv[2], NULL, 10);
	edges = strtoll(argv[3], NULL, 10);
	make(&s, edges);
	if (!strcmp(argv[1], "memory")) {
		memory(&s, edges);
	} else {
		bench_compare(&one, solving, in_doubles, &s);
		s.jobs = 2;
		s.clock = CLOCK_MONOTONIC;
		bench_compare(&two, solving, in_doubles, &s);
		rounds.value = (double)s.rounds;
		rounds.control = 460;	/* where it would end at the latest */
		bench_print(&rounds);
	}
	eigen_free(s.graph);
	free(s.share);
	return 0;
}
