/*
 * Which ask begins when: limits that are never passed, nothing forgotten or
 * done twice, no one idle who could begin, over many drawn plans.
 */
#include <stdlib.h>

#include "tap.h"

#include "base/chance.h"
#include "base/mem.h"
#include "net/client_plan.h"

#define ASKS 60
#define HOSTS 12

struct world {
	struct client_how how;
	struct client_ask ask[ASKS];
	char host[HOSTS][16];
	size_t n, in_flight, of_host[HOSTS];
	size_t host_of[ASKS];
	int left[ASKS];			/* times that it is still to begin */
	int64_t not_before[ASKS];
	bool flying[ASKS];
	int64_t now_us;
	const char *wrong;
};

static void
draw(struct world *w, struct chance *c)
{
	size_t i, hosts = 1 + (size_t)chance_below(c, HOSTS);

	*w = (struct world){
		.n = 1 + (size_t)chance_below(c, ASKS),
		.how = {
			.in_flight = 1 + (unsigned)chance_below(c, 9),
			.per_host = 1 + (unsigned)chance_below(c, 3),
			.spread_ms = (int64_t)chance_below(c, 3) * 100,
			.chance = c,
		},
	};
	for (i = 0; i < HOSTS; i++)
		snprintf(w->host[i], sizeof(w->host[i]), "h%zu", i);
	for (i = 0; i < w->n; i++) {
		w->host_of[i] = (size_t)chance_below(c, hosts);
		w->ask[i].host = w->host[w->host_of[i]];
		w->left[i] = 1;
	}
}

static void
begin_all(struct world *w, struct client_plan *p)
{
	size_t i;

	while ((i = client_plan_take(p, w->now_us)) != CLIENT_NONE) {
		if (i >= w->n || w->flying[i] || !w->left[i])
			w->wrong = "one that is not to begin";
		else if (w->not_before[i] > w->now_us)
			w->wrong = "too early";
		if (w->wrong)
			return;
		w->flying[i] = true;
		w->left[i]--;
		if (++w->in_flight > w->how.in_flight ||
		    ++w->of_host[w->host_of[i]] > w->how.per_host)
			w->wrong = "more than the limit";
	}
	/* Those that are due, could begin, and did not. */
	for (i = 0; i < w->n && w->in_flight < w->how.in_flight; i++)
		if (w->left[i] && !w->flying[i] && !w->how.spread_ms &&
		    w->not_before[i] <= w->now_us &&
		    w->of_host[w->host_of[i]] < w->how.per_host)
			w->wrong = "idle";
}

static void
end_one(struct world *w, struct client_plan *p, struct chance *c)
{
	size_t i = (size_t)chance_below(c, w->n);
	int64_t again = -1;

	while (!w->flying[i])
		i = (i + 1) % w->n;
	w->flying[i] = false;
	w->in_flight--;
	w->of_host[w->host_of[i]]--;
	if (!chance_below(c, 4)) {
		again = w->now_us + (int64_t)chance_below(c, 50000);
		w->not_before[i] = again;
		w->left[i]++;
	}
	client_plan_end(p, i, again);
}

static const char *
live(struct world *w, struct chance *c)
{
	struct client_plan p;
	int64_t next;
	size_t i;
	int steps;

	client_plan_open(&p, &w->how, w->ask, w->n);
	for (steps = 0; steps < 10000 && !client_plan_done(&p); steps++) {
		begin_all(w, &p);
		if (w->wrong)
			break;
		if (w->in_flight && chance_below(c, 3)) {
			end_one(w, &p, c);
			continue;
		}
		next = client_plan_next(&p);
		if (next == CLIENT_NEVER && !w->in_flight)
			break;
		w->now_us = next == CLIENT_NEVER || next < w->now_us ?
		    w->now_us + 1000 : next;
	}
	if (!w->wrong && !client_plan_done(&p))
		w->wrong = "no end";
	for (i = 0; i < w->n; i++)
		if (!w->wrong && (w->left[i] || w->flying[i]))
			w->wrong = "forgotten";
	client_plan_close(&p);
	return w->wrong;
}

static void
test_worlds(void)
{
	struct world *w = mem_zero(1, sizeof(*w));
	const char *wrong = NULL;
	struct chance c;
	uint64_t seed;

	for (seed = 0; seed < 20000 && !wrong; seed++) {
		chance_seed(&c, seed);
		draw(w, &c);
		wrong = live(w, &c);
	}
	if (wrong)
		printf("# seed %d: %s\n", (int)seed - 1, wrong);
	OK(!wrong);
	free(w);
}

static void
test_spread(void)
{
	struct chance c;
	struct client_how how = { .in_flight = 9, .per_host = 9,
	    .spread_ms = 1000, .chance = &c };
	struct client_ask ask[4] = { { .host = "a" }, { .host = "b" },
	    { .host = "c" }, { .host = "d" } };
	struct client_plan p;
	int first[4] = { 0 }, i;

	chance_seed(&c, 1);
	client_plan_open(&p, &how, ask, 4);
	OK(client_plan_take(&p, 0) != CLIENT_NONE);
	OK(client_plan_take(&p, 249999) == CLIENT_NONE);
	OK(client_plan_next(&p) == 250000);
	OK(client_plan_take(&p, 250000) != CLIENT_NONE);
	OK(client_plan_take(&p, 250000) == CLIENT_NONE);
	/* Who was kept from it makes up for it. */
	OK(client_plan_take(&p, 2000000) != CLIENT_NONE);
	OK(client_plan_take(&p, 2000000) != CLIENT_NONE);
	OK(client_plan_next(&p) == CLIENT_NEVER && !client_plan_done(&p));
	client_plan_close(&p);
	/* Each is the first as often. */
	for (i = 0; i < 4000; i++) {
		client_plan_open(&p, &how, ask, 4);
		first[client_plan_take(&p, 0)]++;
		client_plan_close(&p);
	}
	for (i = 0; i < 4; i++)
		OK(first[i] > 880 && first[i] < 1120);
}

int
main(void)
{
	test_worlds();
	test_spread();
	return DONE();
}
