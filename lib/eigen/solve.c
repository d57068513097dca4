/*
 * Rounds until nothing moves, in parts of 2^-124, and always rounded down.
 *
 * One round gives peer j the sum over i of v[i][j] u[i], and its part of what
 * is p's: u[i] is what peer i has to give for each unit of trust that it has
 * in anybody, (1 - alpha) t[i] / sum of v[i].  So a peer costs one product
 * with a number that is divided once, an edge one product with the value as
 * it was said, and nothing is divided in a round.
 *
 * What a round loses, in parts: u is short by less than 5/4 of its own last
 * digit, which is less than 5/4 for all edges of a speaker together since
 * values are under 2^64 by their sum; each edge by less than one; alpha and
 * the part of those who say nothing by less than one each; each peer's part
 * of p by less than 5/4.  That is under m + 5/2 n + 2, and m + 4 n for two
 * peers or more; with only one, p is all, and only the first loses anything.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/crew.h"
#include "base/mem.h"
#include "eigen/impl.h"

#define ONE_BITS	124
#define ONE		((wide)1 << ONE_BITS)
#define STILL_BITS	(ONE_BITS - 65)	/* alpha 2^-65 is not moving */
#define ROUNDS		46		/* by alpha: 2 e^-46 < 2^-65 */
#define PIECES		256
#define WORTH		65536		/* peers and edges, to start threads */

struct solving {
	int64_t n;
	struct eigen_alpha alpha;
	struct rows in;			/* by whom it is said of */
	wide *give;			/* (1 - alpha) 2^190 / shifted sum */
	wide *prior;			/* p 2^126; NULL: all have equal */
	wide equal;
	wide *now, *next;		/* t */
	wide *unit, *unit_next;		/* u, for values shifted by 64 */
	wide rest;			/* what is p's in this round */
	int64_t piece[PIECES + 1];
	int pieces, taken;
	wide silent, moved;		/* this round */
};

struct piece {
	int64_t first, last;
	wide silent, moved;
};

/* a b / 2^128 */
static inline wide
high(wide a, wide b)
{
	uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64);
	uint64_t b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
	wide p = (wide)a0 * b1, q = (wide)a1 * b0;
	wide mid = ((wide)a0 * b0 >> 64) + (uint64_t)p + (uint64_t)q;

	return (wide)a1 * b1 + (p >> 64) + (q >> 64) + (mid >> 64);
}

/* v u / 2^64 */
static inline wide
times(uint64_t v, wide u)
{
	return (u >> 64) * v + ((wide)v * (uint64_t)u >> 64);
}

/* a num / den for num <= den < 2^20 */
static wide
part(wide a, int64_t num, int64_t den)
{
	wide d = (wide)den, n = (wide)num;

	return a / d * n + a % d * n / d;
}

/* num 2^(bits pieces) / den by long division; num <= den, den 2^bits fits. */
static wide
ratio(wide num, wide den, int bits, int pieces)
{
	wide got = 0;

	while (pieces--) {
		num <<= bits;
		got = (got << bits) + num / den;
		num %= den;
	}
	return got;
}

static wide
prior_of(const struct solving *s, int64_t i)
{
	return s->prior ? s->prior[i] : s->equal;
}

/* --- before the first round ----------------------------------------------- */

static void
set_prior(struct solving *s, const struct eigen *g)
{
	int64_t i;

	s->equal = ratio(1, (wide)s->n, 63, 2);
	if (!g->prior)
		return;
	s->prior = mem_zero((size_t)s->n, sizeof(*s->prior));
	for (i = 0; i < s->n; i++)
		s->prior[i] = ratio((wide)g->prior[i], (wide)g->total, 63, 2);
}

static void
set_give(struct solving *s, const int64_t *sum)
{
	wide kept = (wide)(s->alpha.den - s->alpha.num);
	int64_t i;

	s->give = mem_zero((size_t)s->n, sizeof(*s->give));
	for (i = 0; i < s->n; i++)
		if (sum[i])
			s->give[i] = ratio(kept, (wide)s->alpha.den *
			    ((wide)sum[i] << eigen_shift(sum[i])), 38, 5);
}

/* Pieces of about as much work each: peers and their edges. */
static void
set_pieces(struct solving *s, size_t edges)
{
	size_t all = edges + (size_t)s->n, done = 0;
	int64_t i;

	for (i = 0; i < s->n; i++) {
		if (done >= all / PIECES * (size_t)s->pieces &&
		    s->pieces < PIECES)
			s->piece[s->pieces++] = i;
		done += 1 + s->in.end[i] - s->in.at[i];
	}
	s->piece[s->pieces] = s->n;
}

/* --- a round -------------------------------------------------------------- */

static int
take(void *arg, void *slot, struct err *e)
{
	struct solving *s = arg;
	struct piece *p = slot;

	(void)e;
	if (s->taken == s->pieces)
		return 0;
	*p = (struct piece){
		.first = s->piece[s->taken], .last = s->piece[s->taken + 1],
	};
	s->taken++;
	return 1;
}

static void
work(void *arg, void *slot)
{
	const struct solving *s = arg;
	struct piece *p = slot;
	wide t, was;
	int64_t j;
	size_t k;

	for (j = p->first; j < p->last; j++) {
		t = high(prior_of(s, j), s->rest << 2);
		for (k = s->in.at[j]; k < s->in.end[j]; k++) {
			__builtin_prefetch(
			    &s->unit[s->in.peer[k + EIGEN_AHEAD]]);
			t += times(s->in.value[k], s->unit[s->in.peer[k]]);
		}
		was = s->now[j];
		p->moved += t > was ? t - was : was - t;
		p->silent += s->give[j] ? 0 : t;
		s->next[j] = t;
		s->unit_next[j] = high(t << 2, s->give[j]);
	}
}

static int
given(void *arg, void *slot, struct err *e)
{
	struct solving *s = arg;
	struct piece *p = slot;

	(void)e;
	s->silent += p->silent;
	s->moved += p->moved;
	return 0;
}

static void
end(void *slot)
{
	(void)slot;
}

static void
swap(wide **a, wide **b)
{
	wide *c = *a;

	*a = *b;
	*b = c;
}

/* What is p's: alpha, and of the others' the part of those who are silent. */
static void
set_rest(struct solving *s)
{
	const struct eigen_alpha *a = &s->alpha;

	s->rest = part(ONE, a->num, a->den) +
	    part(s->silent, a->den - a->num, a->den);
	s->silent = s->moved = 0;
	s->taken = 0;
}

/* From p, where all that is far from trust is 0, and stays so. */
static void
start(struct solving *s)
{
	int64_t i;

	s->now = mem_zero((size_t)s->n, sizeof(*s->now));
	s->next = mem_zero((size_t)s->n, sizeof(*s->next));
	s->unit = mem_zero((size_t)s->n, sizeof(*s->unit));
	s->unit_next = mem_zero((size_t)s->n, sizeof(*s->unit_next));
	for (i = 0; i < s->n; i++) {
		s->now[i] = high(prior_of(s, i), ONE << 2);
		s->unit[i] = high(s->now[i] << 2, s->give[i]);
		s->silent += s->give[i] ? 0 : s->now[i];
	}
}

static int
go_round(struct solving *s, int jobs, int64_t *rounds, struct err *e)
{
	const struct eigen_alpha *a = &s->alpha;
	const struct crew crew = {
		.jobs = jobs, .arg = s, .size = sizeof(struct piece),
		.take = take, .work = work, .give = given, .end = end,
	};
	int64_t most = (ROUNDS * a->den + a->num - 1) / a->num;
	wide still = part((wide)1 << STILL_BITS, a->num, a->den);

	for (*rounds = 0; *rounds < most; ) {
		set_rest(s);
		if (crew_run(&crew, e))
			return -1;
		swap(&s->now, &s->next);
		swap(&s->unit, &s->unit_next);
		++*rounds;
		if (s->moved <= still)
			break;
	}
	return 0;
}

/* --- and after the last --------------------------------------------------- */

struct left {
	wide over;			/* the remainder, by 2^128 */
	int64_t peer;
};

static int
by_left(const void *a, const void *b)
{
	const struct left *x = a, *y = b;

	if (x->over != y->over)
		return x->over < y->over ? 1 : -1;
	return x->peer < y->peer ? -1 : 1;
}

/* Whole parts to all, and one each to the largest remainders. */
static void
hand_out(const struct solving *s, uint64_t *share)
{
	const uint64_t one = (uint64_t)EIGEN_ONE << (128 - ONE_BITS);
	uint64_t short_of = EIGEN_ONE;
	struct left *left = mem_zero((size_t)s->n, sizeof(*left));
	size_t n = 0, k;
	wide low, all;
	int64_t i;

	for (i = 0; i < s->n; i++) {
		low = (wide)(uint64_t)s->now[i] * one;
		all = (s->now[i] >> 64) * one + (low >> 64);
		share[i] = (uint64_t)(all >> 64);
		short_of -= share[i];
		left[n].over = (all << 64) + (uint64_t)low;
		left[n].peer = i;
		n += left[n].over != 0;
	}
	assert(short_of <= n);
	qsort(left, n, sizeof(*left), by_left);
	for (k = 0; k < short_of; k++)
		share[left[k].peer]++;
	free(left);
}

static void
release(struct solving *s)
{
	eigen_rows_release(&s->in);
	free(s->give);
	free(s->prior);
	free(s->now);
	free(s->next);
	free(s->unit);
	free(s->unit_next);
}

int
eigen_check(struct eigen_alpha a, struct err *e)
{
	if (a.den < 1 || a.den > EIGEN_DEN)
		return err_set(e, E_bad_graph, "the denominator of alpha is "
		    "1 to %d", EIGEN_DEN);
	if (a.num < 1 || a.num > a.den)
		return err_set(e, E_bad_graph, "alpha is not over 0 and at "
		    "most 1: %" PRId64 "/%" PRId64, a.num, a.den);
	return 0;
}

int
eigen_solve(const struct eigen *g, struct eigen_alpha alpha, int jobs,
    uint64_t *share, int64_t *rounds, struct err *e)
{
	struct solving s = { .n = g->peers, .alpha = alpha };
	struct rows said = { 0 };
	int64_t took;
	int rc;

	if (eigen_check(alpha, e))
		return -1;
	if (g->prior && !g->total)
		return err_set(e, E_bad_graph, "the pre-trust is zero");
	if (eigen_rows(&said, &g->trust, g->peers, e))
		return -1;
	set_prior(&s, g);
	set_give(&s, said.sum);
	eigen_turn(&s.in, &said, g->peers);
	set_pieces(&s, g->trust.n);
	start(&s);
	if (g->trust.n + (size_t)g->peers < WORTH)
		jobs = 1;
	rc = go_round(&s, jobs, rounds ? rounds : &took, e);
	if (!rc)
		hand_out(&s, share);
	release(&s);
	return rc;
}
