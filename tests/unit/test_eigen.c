/*
 * EigenTrust: the cases of others, cases of our own that were solved in
 * rationals, and what must be so for any graph.
 */
#include <inttypes.h>

#include "tap.h"
#include "cases.h"

#include "base/amount.h"
#include "base/chance.h"
#include "base/mem.h"
#include "eigen/eigen.h"

#define MOST 400		/* peers of a random graph */

static struct err e;

static void
must(int rc)
{
	if (rc) {
		printf("Bail out! %s\n", e.msg);
		exit(1);
	}
}

static struct eigen *
graph(int64_t peers)
{
	struct eigen *g;

	must(eigen_new(&g, peers, &e));
	return g;
}

static void
solve(const struct eigen *g, int64_t num, int64_t den, uint64_t *share)
{
	must(eigen_solve(g, (struct eigen_alpha){ num, den }, 1, share, NULL,
	    &e));
}

static uint64_t
sum(const uint64_t *share, int64_t n)
{
	uint64_t all = 0;

	while (n--)
		all += share[n];
	return all;
}

/* --- the vectors ---------------------------------------------------------- */

static int64_t
place(const struct json *peers, const char *name)
{
	struct json it = { 0 };
	int64_t i = 0, at = -1;

	for (; json_next(&it, peers); i++)
		if (!strcmp(json_string(&it), name))
			at = i;
	return at;
}

static void
get_alpha(const struct json *one, struct eigen_alpha *out)
{
	const char *text = case_text(one, "alpha");

	if (sscanf(text, "%" SCNd64 "/%" SCNd64, &out->num, &out->den) != 2)
		out->num = out->den = 0;
}

static void
get_edges(struct eigen *g, const struct json *one, const struct json *peers)
{
	struct json list, it = { 0 };
	int64_t value = 0;

	must(json_get(&list, one, "local_trust", JSON_ARRAY, &e));
	while (json_next(&it, &list)) {
		must(json_get_int(&it, "value", &value, &e));
		must(eigen_add(g, place(peers, case_text(&it, "from")),
		    place(peers, case_text(&it, "to")), value, &e));
	}
	must(json_get(&list, one, "pre_trust", JSON_OBJECT, &e));
	while (json_next(&it, &list)) {
		must(json_to_int(&it, &value, &e));
		must(eigen_prior(g, place(peers, json_key(&it)), value, &e));
	}
}

/* All 18 decimals of all peers, and one in all. */
static bool
right(const struct json *one)
{
	struct eigen_alpha alpha;
	uint64_t share[16] = { 0 };
	struct json peers, want, it = { 0 };
	char text[AMOUNT_TEXT];
	struct eigen *g;
	bool good = true;
	int64_t i, n;

	must(json_get(&peers, one, "peers", JSON_ARRAY, &e));
	must(json_get(&want, one, "fixed_point", JSON_OBJECT, &e));
	n = (int64_t)json_count(&peers);
	g = graph(n);
	get_edges(g, one, &peers);
	get_alpha(one, &alpha);
	must(eigen_solve(g, alpha, 1, share, NULL, &e));
	while (json_next(&it, &want)) {
		i = place(&peers, json_key(&it));
		amount_print((int64_t)share[i], EIGEN_DECIMALS, text);
		if (strcmp(text, case_text(&it, "decimal"))) {
			printf("# %s: %s is %s\n", case_text(one, "name"),
			    json_key(&it), text);
			good = false;
		}
	}
	good = good && sum(share, n) == EIGEN_ONE;
	eigen_free(g);
	return good;
}

static int64_t
whole(const struct json *list, size_t i)
{
	struct json v;
	int64_t out;

	must(json_at(&v, list, i));
	must(json_to_int(&v, &out, &e));
	return out;
}

static bool
same_edges(const struct eigen *g, bool distrust, const struct json *want)
{
	const struct eigen_edge *x;
	struct json it = { 0 };
	size_t n;

	x = eigen_edges(g, distrust, &n);
	if (n != json_count(want))
		return false;
	for (; json_next(&it, want); x++)
		if (x->from != whole(&it, 0) || x->to != whole(&it, 1) ||
		    x->value != whole(&it, 2))
			return false;
	return true;
}

static void
split(const struct json *one)
{
	struct json list, trust, distrust, it = { 0 };
	struct eigen *g = graph(3);

	must(json_get(&list, one, "local_trust", JSON_ARRAY, &e));
	must(json_get(&trust, one, "want_trust", JSON_ARRAY, &e));
	must(json_get(&distrust, one, "want_distrust", JSON_ARRAY, &e));
	while (json_next(&it, &list))
		must(eigen_add(g, whole(&it, 0), whole(&it, 1), whole(&it, 2),
		    &e));
	OK(same_edges(g, false, &trust));
	OK(same_edges(g, true, &distrust));
	eigen_free(g);
}

/* A number of JSON as parts; its decimals are few. */
static int64_t
parts(const struct json *list, size_t i, int scale)
{
	struct json v;
	struct err why;
	const char *s;
	char text[64];
	int64_t out;
	size_t n;

	must(json_at(&v, list, i));
	s = json_lexeme(&v, &n);
	snprintf(text, sizeof(text), "%.*s", (int)n, s);
	if (amount_digits(text + (*text == '-'), scale, &out, &why)) {
		printf("Bail out! %s: %s\n", text, why.msg);
		exit(1);
	}
	return *text == '-' ? -out : out;
}

static void
discount(const struct json *one)
{
	struct json t, list, want, it = { 0 };
	struct eigen *g = graph(5);
	uint64_t share[5];
	int64_t got[5];
	size_t i;

	must(json_get(&t, one, "t", JSON_ARRAY, &e));
	must(json_get(&list, one, "discounts", JSON_ARRAY, &e));
	must(json_get(&want, one, "want", JSON_ARRAY, &e));
	for (i = 0; i < 5; i++)
		share[i] = (uint64_t)parts(&t, i, EIGEN_DECIMALS);
	while (json_next(&it, &list))
		must(eigen_add(g, whole(&it, 0), whole(&it, 1),
		    -parts(&it, 2, 6), &e));
	must(eigen_discount(g, share, got, &e));
	for (i = 0; i < 5; i++)
		OK(got[i] == parts(&want, i, EIGEN_DECIMALS));
	eigen_free(g);
}

static void
vectors(void)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json root, list, one, it = { 0 };

	if (case_open(&root, &text, "eigentrust/cases.json")) {
		SKIP(8, "cases of EigenTrust");
		buf_release(&text);
		return;
	}
	must(json_get(&list, &root, "cases", JSON_ARRAY, &e));
	OK(json_count(&list) >= 6);
	while (json_next(&it, &list))
		OK(right(&it));
	must(json_get(&list, &root, "distrust", JSON_OBJECT, &e));
	must(json_get(&one, &list, "extract", JSON_OBJECT, &e));
	split(&one);
	must(json_get(&one, &list, "discount", JSON_OBJECT, &e));
	discount(&one);
	json_release(&root);
	buf_release(&text);
}

/* --- cases of our own ----------------------------------------------------- */

struct golden {
	const char *name;
	int64_t peers, num, den;
	int64_t edge[8][3];		/* ended by a value of 0 */
	int64_t prior[6];		/* all 0: nothing is said of it */
	uint64_t want[6];
};

/* Solved by elimination in rationals: tests/eigen.py does that for any. */
static const struct golden goldens[] = {
	{ "one peer is all", 1, 1, 2, { { 0 } }, { 0 }, { EIGEN_ONE } },
	{ "nobody says anything", 3, 1, 10, { { 0 } }, { 1, 0, 3 },
	    { 250000000000000000, 0, 750000000000000000 } },
	{ "thirds, and the first has the part left over", 3, 1, 7, { { 0 } },
	    { 0 }, { 333333333333333334, 333333333333333333,
	    333333333333333333 } },
	/* t = p, whatever is said */
	{ "alpha 1", 3, 1, 1, { { 0, 2, 5 }, { 1, 2, 5 } }, { 1, 1, 0 },
	    { 500000000000000000, 500000000000000000, 0 } },
	/* a = 1/2 + c/2, b = a/2, c = b/2: 4/7, 2/7, 1/7 */
	{ "a circle", 3, 1, 2, { { 0, 1, 1 }, { 1, 2, 1 }, { 2, 0, 1 } },
	    { 1, 0, 0 }, { 571428571428571429, 285714285714285714,
	    142857142857142857 } },
	/* a = 1/2 (1 + d), b = a/3, c = a/6, d = b + c silent: a = 2/3 */
	{ "two to one, and a silent one", 3, 1, 2, { { 0, 1, 2 },
	    { 0, 2, 1 } }, { 1, 0, 0 }, { 666666666666666667,
	    222222222222222222, 111111111111111111 } },
	/* the same, said in pieces, and with what does not count */
	{ "said twice adds up", 3, 1, 2, { { 0, 1, 1 }, { 0, 0, 99 },
	    { 0, 2, 1 }, { 1, 0, -7 }, { 0, 1, 1 } }, { 1, 0, 0 },
	    { 666666666666666667, 222222222222222222, 111111111111111111 } },
	/* a tenth of a tenth of ...: a = 1/10 / (1 - 81/100) = 10/19 */
	{ "two, of whom one is trusted", 2, 1, 10, { { 0, 1, 3 },
	    { 1, 0, 8 } }, { 1, 0 }, { 526315789473684211,
	    473684210526315789 } },
	/* as large as 63 bits allow: a = 1/10 + 9/10 (b + c), b = c */
	{ "the largest values", 3, 1, 10, { { 0, 1, INT64_MAX / 2 },
	    { 0, 2, INT64_MAX / 2 } }, { INT64_MAX, 0, 0 },
	    { 526315789473684210, 236842105263157895, 236842105263157895 } },
	/* b gets a / (2^63 - 1) of what a gives, c the rest */
	{ "one against 2^63 - 2", 3, 1, 2, { { 0, 1, 1 },
	    { 0, 2, INT64_MAX - 1 } }, { 1, 0, 0 }, { 666666666666666667,
	    0, 333333333333333333 } },
};

static void
goldens_hold(void)
{
	uint64_t share[6];
	size_t k;
	int i;

	for (k = 0; k < sizeof(goldens) / sizeof(*goldens); k++) {
		const struct golden *c = &goldens[k];
		struct eigen *g = graph(c->peers);
		int64_t given = 0;

		for (i = 0; i < 8 && c->edge[i][2]; i++)
			must(eigen_add(g, c->edge[i][0], c->edge[i][1],
			    c->edge[i][2], &e));
		for (i = 0; i < c->peers; i++)
			given += c->prior[i] > 0;
		for (i = 0; given && i < c->peers; i++)
			must(eigen_prior(g, i, c->prior[i], &e));
		solve(g, c->num, c->den, share);
		for (i = 0; i < c->peers; i++)
			if (share[i] != c->want[i])
				printf("# %s: %d has %" PRIu64 "\n", c->name,
				    i, share[i]);
		OK(!memcmp(share, c->want, (size_t)c->peers *
		    sizeof(*share)));
		eigen_free(g);
	}
}

/* --- for any graph -------------------------------------------------------- */

struct drawn {
	int64_t peers, edges, given;
	int64_t edge[8 * MOST][3];
	int64_t prior[MOST];
	struct eigen_alpha alpha;
};

static void
draw(struct drawn *d, struct chance *c)
{
	static const int64_t dens[] = { 2, 3, 7, 10, 20 };
	int64_t i;

	memset(d, 0, sizeof(*d));
	d->peers = 2 + (int64_t)chance_below(c, MOST - 1);
	d->edges = (int64_t)chance_below(c, (uint64_t)d->peers * 8);
	for (i = 0; i < d->edges; i++) {
		d->edge[i][0] = (int64_t)chance_below(c, (uint64_t)d->peers);
		d->edge[i][1] = (int64_t)chance_below(c, (uint64_t)d->peers);
		d->edge[i][2] = (int64_t)chance_below(c, 1 << 30) + 1;
		d->edge[i][2] <<= chance_below(c, 20);
	}
	for (i = 0; i < d->peers; i += 1 + (int64_t)chance_below(c, 40))
		d->prior[i] = 1 + (int64_t)chance_below(c, 1000);
	d->alpha.den = dens[chance_below(c, 5)];
	d->alpha.num = 1 + (int64_t)chance_below(c,
	    (uint64_t)d->alpha.den - 1);
}

/* With the peers under other numbers: order[i] is that of i. */
static void
solve_as(const struct drawn *d, const int64_t *order, bool backwards,
    int64_t scale, uint64_t *share)
{
	struct eigen *g = graph(d->peers);
	uint64_t *got = mem_zero((size_t)d->peers, sizeof(*got));
	int64_t i, k;

	for (i = 0; i < d->edges; i++) {
		k = backwards ? d->edges - 1 - i : i;
		must(eigen_add(g, order[d->edge[k][0]], order[d->edge[k][1]],
		    d->edge[k][2] * scale, &e));
	}
	for (i = 0; i < d->peers; i++)
		must(eigen_prior(g, order[i], d->prior[i], &e));
	solve(g, d->alpha.num, d->alpha.den, got);
	for (i = 0; i < d->peers; i++)
		share[i] = got[order[i]];
	free(got);
	eigen_free(g);
}

/* Is anything from p left to be reached? */
static int64_t
unreached(const struct drawn *d, const uint64_t *share)
{
	static bool there[MOST];
	int64_t i, bad = 0;
	bool more = true;

	for (i = 0; i < d->peers; i++)
		there[i] = d->prior[i] > 0;
	while (more) {
		more = false;
		for (i = 0; i < d->edges; i++)
			if (there[d->edge[i][0]] && !there[d->edge[i][1]])
				more = there[d->edge[i][1]] = true;
	}
	for (i = 0; i < d->peers; i++)
		bad += !there[i] && share[i];
	return bad;
}

static void
shuffle(int64_t *order, int64_t n, struct chance *c)
{
	int64_t i, k, was;

	for (i = 0; i < n; i++)
		order[i] = i;
	for (i = n - 1; i > 0; i--) {
		k = (int64_t)chance_below(c, (uint64_t)i + 1);
		was = order[i];
		order[i] = order[k];
		order[k] = was;
	}
}

static void
any_graph(void)
{
	static struct drawn d;
	static uint64_t a[MOST], b[MOST];
	static int64_t same[MOST], order[MOST];
	int64_t not_one = 0, moved = 0, ordered = 0, scaled = 0, ghosts = 0;
	struct chance c;
	int round;
	int64_t i;

	chance_seed(&c, 6);
	for (i = 0; i < MOST; i++)
		same[i] = i;
	for (round = 0; round < 60; round++) {
		draw(&d, &c);
		solve_as(&d, same, false, 1, a);
		not_one += sum(a, d.peers) != EIGEN_ONE;
		ghosts += unreached(&d, a);
		solve_as(&d, same, true, 1, b);
		ordered += memcmp(a, b, (size_t)d.peers * sizeof(*a)) != 0;
		solve_as(&d, same, false, 8, b);
		scaled += memcmp(a, b, (size_t)d.peers * sizeof(*a)) != 0;
		shuffle(order, d.peers, &c);
		solve_as(&d, order, false, 1, b);
		for (i = 0; i < d.peers; i++)
			moved += a[i] > b[i] ? a[i] - b[i] > 1 :
			    b[i] - a[i] > 1;
	}
	OK(!not_one);
	OK(!ghosts);
	OK(!ordered);
	OK(!scaled);
	OK(!moved);
}

/* What a ring outside says to itself changes nothing for anybody. */
static void
sybils(void)
{
	static struct drawn d;
	static uint64_t a[MOST], b[MOST];
	int64_t i, changed = 0, paid = 0;
	struct chance c;
	struct eigen *g;
	int round;

	chance_seed(&c, 7);
	for (round = 0; round < 20; round++) {
		draw(&d, &c);
		d.peers -= d.peers > MOST - 60 ? 60 : 0;
		for (i = 0; i < d.edges; i++) {
			d.edge[i][0] %= d.peers;
			d.edge[i][1] %= d.peers;
		}
		g = graph(d.peers + 50);
		for (i = 0; i < d.edges; i++)
			must(eigen_add(g, d.edge[i][0], d.edge[i][1],
			    d.edge[i][2], &e));
		for (i = 0; i < d.peers; i++)
			must(eigen_prior(g, i, d.prior[i], &e));
		solve(g, d.alpha.num, d.alpha.den, a);
		for (i = 0; i < 50; i++) {
			must(eigen_add(g, d.peers + i, d.peers + (i + 1) % 50,
			    INT64_MAX / 2, &e));
			must(eigen_add(g, d.peers + i, i % d.peers, 1000, &e));
		}
		solve(g, d.alpha.num, d.alpha.den, b);
		changed += memcmp(a, b, (size_t)d.peers * sizeof(*a)) != 0;
		for (i = 0; i < 50; i++)
			paid += b[d.peers + i] != 0;
		eigen_free(g);
	}
	OK(!changed);
	OK(!paid);
}

/* FNV-1a of all parts. */
static uint64_t
digest(const uint64_t *share, int64_t n)
{
	uint64_t h = 0xcbf29ce484222325;
	int64_t i;
	int k;

	for (i = 0; i < n; i++)
		for (k = 0; k < 64; k += 8)
			h = (h ^ (share[i] >> k & 0xff)) * 0x100000001b3;
	return h;
}

/*
 * Enough of both for threads to be started; and whichever compiler made this
 * has made the same of it: what a program in Python makes, in parts of 2^-220.
 */
#define GOLDEN 0x246f762848d2330
static void
threads(void)
{
	enum { N = 20000, M = 60000 };
	static const int jobs[] = { 2, 3, 8 };
	uint64_t *a = mem_zero(N, sizeof(*a)), *b = mem_zero(N, sizeof(*b));
	struct eigen *g = graph(N);
	int64_t took, rounds, from, to;
	struct chance c;
	size_t k;
	int i;

	chance_seed(&c, 8);
	for (i = 0; i < M; i++) {
		from = (int64_t)chance_below(&c, N);
		to = (int64_t)chance_below(&c, N);
		must(eigen_add(g, from, to, 1 + (int64_t)chance_below(&c,
		    1000000), &e));
	}
	for (i = 0; i < N; i += 100)
		must(eigen_prior(g, i, i + 1, &e));
	must(eigen_solve(g, (struct eigen_alpha){ 1, 2 }, 1, a, &took, &e));
	OK(sum(a, N) == EIGEN_ONE && took <= 66);
	OK(digest(a, N) == GOLDEN);
	for (k = 0; k < sizeof(jobs) / sizeof(*jobs); k++) {
		must(eigen_solve(g, (struct eigen_alpha){ 1, 2 }, jobs[k], b,
		    &rounds, &e));
		OK(!memcmp(a, b, N * sizeof(*a)) && took == rounds);
	}
	eigen_free(g);
	free(a);
	free(b);
}

/* --- what is refused ------------------------------------------------------ */

static void
refused(void)
{
	static const struct eigen_alpha bad[] = {
		{ 0, 1 }, { -1, 2 }, { 3, 2 }, { 1, 0 }, { -1, -2 },
		{ 1, EIGEN_DEN + 1 }, { 1, INT64_MIN },
	};
	struct eigen *g = NULL;
	uint64_t share[3];
	int64_t out[3];
	size_t i;

#define NO(call, word) OK((call) == -1 && e.code == E_##word)
	NO(eigen_new(&g, 0, &e), bad_graph);
	NO(eigen_new(&g, (int64_t)EIGEN_PEERS + 1, &e), bad_graph);
	OK(!g);
	g = graph(3);
	NO(eigen_add(g, 3, 0, 1, &e), bad_graph);
	NO(eigen_add(g, 0, -1, 1, &e), bad_graph);
	NO(eigen_add(g, 0, 1, INT64_MIN, &e), amount_overflow);
	NO(eigen_prior(g, 3, 1, &e), bad_graph);
	NO(eigen_prior(g, 0, -1, &e), bad_graph);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		NO(eigen_solve(g, bad[i], 1, share, NULL, &e), bad_graph);
	must(eigen_prior(g, 0, 0, &e));
	NO(eigen_solve(g, (struct eigen_alpha){ 1, 2 }, 1, share, NULL, &e),
	    bad_graph);
	must(eigen_prior(g, 1, INT64_MAX, &e));
	NO(eigen_prior(g, 2, 1, &e), amount_overflow);
	must(eigen_add(g, 0, 1, INT64_MAX, &e));
	must(eigen_add(g, 0, 0, INT64_MAX, &e));	/* counts for nothing */
	solve(g, 1, 2, share);
	OK(share[1] == EIGEN_ONE && !share[0] && !share[2]);
	must(eigen_add(g, 0, 2, -INT64_MAX, &e));
	must(eigen_discount(g, share, out, &e));
	OK(out[2] == 0 && out[1] == EIGEN_ONE);
	must(eigen_add(g, 0, 1, -1, &e));
	NO(eigen_discount(g, share, out, &e), amount_overflow);
	must(eigen_add(g, 0, 2, 1, &e));
	NO(eigen_solve(g, (struct eigen_alpha){ 1, 2 }, 1, share, NULL, &e),
	    amount_overflow);
	eigen_free(g);
	eigen_free(NULL);
}

int
main(void)
{
	vectors();
	goldens_hold();
	any_graph();
	sybils();
	threads();
	refused();
	return DONE();
}
