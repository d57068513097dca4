/*
 * Sweeps at the edges: clocks that are set, maintenance that ends unseen,
 * sweeps that come twice, probes that are days apart.
 */
#include "tap.h"

#include "health/report.h"

#include "sweeps.h"

static int64_t
down_of(const char *node, int64_t from_ms, int64_t to_ms)
{
	struct window w = { from_ms, to_ms };
	struct health_series h = series(node);
	struct health_incident i;
	struct err e = { 0 };
	struct query q;
	struct span s;
	int64_t sum = 0;

	health_incidents_open(&q, store, h.id, &w);
	while (health_incidents_next(&q, &i, &e) > 0) {
		s = span_of(node, i.began_ms, i.ended_ms ? i.ended_ms : to_ms,
		    to_ms);
		sum += s.ms[STATE_DOWN];
	}
	return sum;
}

/* What is down is told at once, also if it was so "later" already. */
static void
test_clock_back(void)
{
	int64_t at = HOME_MS + 3 * DAY_MS, swept_ms;
	struct health_incident i;
	struct err e = { 0 };

	start("edge");
	run(A, &at, "ooo");
	at -= DAY_MS;
	run(A, &at, "offf");
	IS(told(), "D");
	run(A, &at, "oo");
	IS(told(), "DR");
	OK(count(A, &i) == 1 && i.ended_ms == i.began_ms &&
	    i.began_ms == HOME_MS + 3 * DAY_MS + 240 * S);
	/* The last sweep is the last one, not that of the latest time. */
	OK(!health_swept(store, &swept_ms, &e) && swept_ms == at - 120 * S);
	stop();
}

/*
 * It was down when maintenance ended; a sweep that was cut off had begun before
 * that; then the clock was set back, and it is up.
 */
static void
test_clock_cut_off(void)
{
	int64_t at = HOME_MS + 3 * DAY_MS, to = at + 20 * M;
	struct health_sweep w = { .offline = true, .params = &params,
	    .chance = &chance };
	struct health_incident i;
	struct err e = { 0 };
	struct sample s;

	start("edge");
	maintain(A, at + M, to, at);
	run(A, &at, "o");
	while (at < to + 2 * M)
		run(A, &at, "f");
	OK(count(A, &i) == 1 && i.began_ms == to);
	w.began_ms = to - M;
	w.ended_ms = at + S;
	s = sample(A, at, 'f');
	id_new(w.id, at, &chance);
	hold(at);
	OK(!health_take_in(ledger, &w, &s, 1, &taken, &e));
	at -= DAY_MS;
	run(A, &at, "oo");
	OK(count(A, &i) == 1 && i.ended_ms == i.began_ms);
	stop();
}

/* It was down when maintenance ended, and nobody looked for a while. */
static void
test_maint_gap(void)
{
	int64_t at = HOME_MS + DAY_MS, from = at + 4 * M, to = at + 39 * M;
	struct health_incident i;
	struct span s;

	start("edge");
	maintain(A, from, to, at);
	run(A, &at, "ooo");
	while (at < to)
		run(A, &at, "f");
	OK(count(A, &i) == 0);
	at += 30 * M;
	run(A, &at, "o");
	OK(count(A, &i) == 1 && i.began_ms == to && !i.ended_ms &&
	    i.class == CLASS_CONNECT && i.good_ms == from);
	run(A, &at, "oo");
	OK(count(A, &i) == 1 && i.ended_ms);
	IS(told(), "");			/* it was over when it was seen */
	s = span_of(A, HOME_MS, at, at);
	OK(s.ms[STATE_DOWN] > 0 && s.ms[STATE_DOWN] == down_of(A, HOME_MS,
	    at));
	stop();
}

/* Down and up again within one sweep is an incident. */
static void
test_one_sweep(void)
{
	int64_t at = HOME_MS + DAY_MS;
	struct health_incident i;
	struct span s;

	start("edge");
	params.value[PARAM_health_down_after] = 1;
	params.value[PARAM_health_up_after] = 1;
	run(A, &at, "o");
	sweep(A, at, "fo");
	OK(count(A, &i) == 1 && i.ended_ms == at + 3 * S);
	at += 120 * S;
	run(A, &at, "o");
	s = span_of(A, HOME_MS, at, at);
	OK(s.ms[STATE_DOWN] == 3 * S && down_of(A, HOME_MS, at) == 3 * S);
	sweep(A, at, "fof");
	OK(count(A, &i) == 3 && !i.ended_ms);
	IS(told(), "f");
	stop();
}

/* Whoever does not know whether it was taken in takes it in again. */
static void
test_again(void)
{
	int64_t at = HOME_MS + DAY_MS;
	struct health_sweep w = { .params = &params, .chance = &chance };
	struct hash before, after;
	struct err e = { 0 };
	struct sample s;

	start("edge");
	run(A, &at, "off");
	w.began_ms = w.ended_ms = at;
	s = sample(A, at, 'f');
	id_new(w.id, at, &chance);
	hold(at);
	OK(!health_take_in(ledger, &w, &s, 1, &taken, &e));
	OK(taken.opened == 1);
	let_go();
	home_hash(store, &before);
	hold(at);
	OK(!health_take_in(ledger, &w, &s, 1, &taken, &e));
	OK(taken.opened == 0 && taken.series == 0);
	let_go();
	home_hash(store, &after);
	OK(!memcmp(&before, &after, sizeof(before)));
	IS(told(), "D");
	stop();
}

/* What is not true any more when maintenance ends is not told. */
static void
test_held(void)
{
	int64_t at = HOME_MS + DAY_MS, to = at + HOUR_MS;

	start("edge");
	maintain(A, at, to, at);
	run(A, &at, "osssoo");
	while (at < to + 10 * M)
		run(A, &at, "o");
	IS(told(), "");
	stop();
	start("edge");
	at = HOME_MS + DAY_MS;
	maintain(A, at, to, at);
	run(A, &at, "o");
	while (at < to)
		run(A, &at, "s");
	IS(told(), "");
	run(A, &at, "ss");
	IS(told(), "g");
	stop();
}

/* One that nobody asks any more holds nothing back. */
static void
test_upstream(void)
{
	int64_t at = HOME_MS + DAY_MS;
	struct health_setting own = { .node_id = A, .depends = B };
	struct err e = { 0 };
	struct sample s[3];
	int k;

	start("edge");
	hold(at);
	OK(!health_set_in(store, &own, &e));
	run(B, &at, "offf");
	run(A, &at, "o");
	at += HOUR_MS;
	run(A, &at, "offf");
	IS(told(), "DD");
	stop();
	/* It is down by addresses that this one is not asked by. */
	start("edge");
	hold(at);
	OK(!health_set_in(store, &own, &e));
	at = HOME_MS + DAY_MS;
	for (k = 0; k < 4; k++, at += 120 * S) {
		s[0] = sample(A, at, k ? 'f' : 'o');
		s[1] = sample(B, at, 'o');
		s[2] = sample(B, at, k ? 'f' : 'o');
		s[0].family = s[1].family = FAMILY_V4;
		s[2].family = FAMILY_V6;
		take(s, 3, at, false);
	}
	IS(told(), "DD");
	stop();
}

static struct health_sum sum;

static int64_t
probes(int64_t from_ms, int64_t to_ms)
{
	struct window w = { from_ms, to_ms };
	struct health_series h = series(A);
	struct err e = { 0 };

	memset(&sum, 0, sizeof(sum));
	if (health_sum(store, &h, &w, to_ms, &sum, &e))
		home_die("health_sum", &e);
	return sum.ok + sum.slow + sum.failed;
}

/* Probes that are days apart, and those before nobody looked for days. */
static void
test_seldom(void)
{
	int64_t from = HOME_MS + DAY_MS, at = from, way = 3 * DAY_MS;
	int k;

	start("edge");
	params.value[PARAM_health_check_interval] = way;
	for (k = 0; k < 40; k++, at += way)
		sweep(A, at, "o");
	OK(probes(from, at) == 40);
	OK(sum.phase[PHASE_TOTAL].n == 40);
	at += 300 * DAY_MS;
	sweep(A, at, "o");
	at += DAY_MS;
	OK(probes(from, at) == 41);
	stop();
}

/* The clock was set back: what is found then counts as well. */
static void
test_late(void)
{
	int64_t from = HOME_MS + 30 * DAY_MS, at = from;
	int k;

	start("edge");
	for (k = 0; k < 1440; k++, at += 120 * S)
		sweep(A, at, "o");
	at -= 12 * HOUR_MS;
	at += S;
	for (k = 0; k < 720; k++, at += 120 * S)
		sweep(A, at, "s");
	OK(probes(from, at) == 2160 && sum.slow == 720);
	/* By more than what is kept. */
	at -= 10 * DAY_MS;
	for (k = 0; k < 720; k++, at += 120 * S)
		sweep(A, at, "ff");		/* a repeat is no probe */
	OK(probes(from - 20 * DAY_MS, from + 3 * DAY_MS) == 2880 &&
	    sum.slow == 720 && sum.failed == 720);
	OK(sum.phase[PHASE_TOTAL].n == 2160 &&
	    sum.phase[PHASE_CONNECT].n == 2160);
	stop();
}

#define MANY 24

/* What is said of many at once is what is said of each, at any moment. */
static void
test_many(void)
{
	int64_t at = HOME_MS + DAY_MS, from = at, end = at + 6 * HOUR_MS;
	struct health_ask ask = { .params = &params };
	struct health_calendar c;
	struct health_line *line;
	struct sample s[MANY];
	struct err e = { 0 };
	struct span one;
	unsigned seed = 3;
	char id[HASH_HEX];
	size_t i, n, wrong = 0;
	int k;

	start("edge");
	maintain("", at + HOUR_MS, at + 2 * HOUR_MS, at);
	for (; at < end; at += 120 * S) {
		for (i = 0, n = 0; i < MANY; i++) {
			seed = seed * 1103515245 + 12345;
			if (at > from && ((seed >> 16) % 9 < 2 || i == 5))
				continue;
			snprintf(id, sizeof(id), "%064zu", i);
			s[n++] = sample(id, at + (int64_t)i, (seed >> 20) % 50 <
			    at / HOUR_MS % 3 * 20 ? 'f' : 'o');
		}
		take(s, n, at + S, false);
	}
	OK(!health_calendar(store, &c, &e));
	ask.calendar = &c;
	for (k = 0; k < 200; k++) {
		seed = seed * 1103515245 + 12345;
		ask.now_ms = from + (seed >> 4) % (7 * HOUR_MS);
		seed = seed * 1103515245 + 12345;
		ask.window.from_ms = from - HOUR_MS + (seed >> 4) %
		    (6 * HOUR_MS);
		seed = seed * 1103515245 + 12345;
		ask.window.to_ms = ask.window.from_ms + 1 + (seed >> 4) %
		    (3 * HOUR_MS);
		if (health_report(store, &ask, &line, &n, &e))
			home_die("health_report", &e);
		wrong += n != MANY;
		for (i = 0; i < n; i++)
			wrong += health_span(store, &line[i].series, &params,
			    &c, &ask.window, ask.now_ms, &one, &e) ||
			    memcmp(&one, &line[i].span, sizeof(one)) ||
			    span_length(&one) != ask.window.to_ms -
			    ask.window.from_ms;
		free(line);
	}
	OK(wrong == 0);
	health_calendar_release(&c);
	stop();
}

int
main(void)
{
	test_clock_back();
	test_clock_cut_off();
	test_maint_gap();
	test_one_sweep();
	test_again();
	test_held();
	test_upstream();
	test_seldom();
	test_late();
	test_many();
	return DONE();
}
