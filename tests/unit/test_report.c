/*
 * Reports over many nodes at once say what each says alone; and in every day,
 * of 23 and 25 hours too, what was down is what incidents say.
 */
#include "tap.h"

#include "health/health.h"
#include "health/report.h"
#include "health/rollup.h"
#include "home.h"
#include "uptime/zone.h"

#define S INT64_C(1000)
#define M (60 * S)
#define NODES 20

static struct params params;
static struct chance chance;
static struct store *store;
static struct ledger *ledger;
static struct health_calendar calendar;
static unsigned seed;

static unsigned
dice(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

static void
start(const char *home, unsigned with)
{
	param_defaults(&params);
	chance_seed(&chance, 1);
	seed = with;
	store = home_new(home);
	ledger = NULL;
}

static void
stop(void)
{
	health_calendar_release(&calendar);
	ledger_free(ledger);
	store_close(store);
}

static void
read_calendar(void)
{
	struct err e = { 0 };

	health_calendar_release(&calendar);
	if (health_calendar(store, &calendar, &e))
		home_die("health_calendar", &e);
}

static void
name_id(char out[HASH_HEX], int node)
{
	snprintf(out, HASH_HEX, "%064d", node);
}

static void
maintain(int node, int64_t from_ms, int64_t to_ms, int weekday)
{
	struct health_maint m = { .from_ms = from_ms, .to_ms = to_ms,
	    .weekday = weekday, .zone = "Europe/Berlin", .reason = "disks" };
	struct err e = { 0 };

	if (node >= 0)
		name_id(m.node_id, node);
	if (weekday >= 0) {
		m.to_ms = 0;
		m.minute = 150;
		m.length_ms = 90 * M;
	}
	home_begin(store, &ledger, from_ms);
	if (health_maint_add_in(ledger, &m, from_ms, &chance, &e))
		home_die("health_maint_add_in", &e);
	home_commit(ledger);
}

/* How a node goes on: a letter, for so many sweeps more. */
struct mood { char what; unsigned left; };

static void
sweep(struct mood *mood, int nodes, int64_t at_ms)
{
	static struct sample s[NODES];
	struct health_sweep w = { .began_ms = at_ms, .ended_ms = at_ms + S,
	    .params = &params, .chance = &chance };
	struct health_taken taken;
	struct err e = { 0 };
	size_t n = 0;
	int i;

	for (i = 0; i < nodes; i++) {
		if (!mood[i].left--) {
			mood[i].what = "oooosff."[dice(8)];
			mood[i].left = dice(mood[i].what == 'o' ? 90 : 9);
		}
		if (mood[i].what == '.')
			continue;
		s[n] = (struct sample){
			.url = "http://node.example",
			.started_ms = at_ms + (int64_t)dice(1000),
			.ok = mood[i].what != 'f', .slow = mood[i].what == 's',
			.class = mood[i].what != 'f' ? CLASS_NONE :
			    dice(2) ? CLASS_TIMEOUT : CLASS_HTTP,
			.us = { dice(9000), dice(9000), -1, dice(90000),
			    dice(9000000) },
		};
		s[n].mono_ms = s[n].started_ms;
		name_id(s[n++].node_id, i);
	}
	id_new(w.id, at_ms, &chance);
	if (n && health_take_in(ledger, &w, s, n, &taken, &e))
		home_die("health_take_in", &e);
}

static int64_t
sweeps(int nodes, int64_t from_ms, int64_t to_ms, int64_t each_ms)
{
	struct mood mood[NODES] = { { 0, 0 } };
	int64_t at = from_ms;
	int i;

	while (at < to_ms) {
		home_begin(store, &ledger, at);
		for (i = 0; i < 500 && at < to_ms; i++, at += each_ms)
			sweep(mood, nodes, at);
		home_commit(ledger);
	}
	return at - each_ms;
}

/* --- all at once, and each alone ------------------------------------------ */

static int
count(int64_t series, const struct window *w)
{
	struct health_incident i;
	struct query q;
	struct err e = { 0 };
	int n = 0;

	health_incidents_open(&q, store, series, w);
	while (health_incidents_next(&q, &i, &e) > 0)
		n++;
	return n;
}

static bool
same_share(const struct health_share *s, const struct latency *l)
{
	return s->p50 == latency_percentile(l, 5000) &&
	    s->p90 == latency_percentile(l, 9000) &&
	    s->p95 == latency_percentile(l, 9500) &&
	    s->p99 == latency_percentile(l, 9900) &&
	    s->max == latency_percentile(l, 10000);
}

/* Zero if the line says what its series says alone. */
static int
differs(const struct health_ask *ask, const struct health_line *l)
{
	static struct health_sum sum;
	struct span span;
	struct err e = { 0 };
	int64_t since;
	int i, wrong = 0;

	memset(&sum, 0, sizeof(sum));
	if (health_span(store, &l->series, ask->params, ask->calendar,
	    &ask->window, ask->now_ms, &span, &e) ||
	    health_sum(store, &l->series, &ask->window, ask->now_ms, &sum,
	    &e))
		home_die("alone", &e);
	for (i = 0; i < PHASE__COUNT; i++)
		wrong += !same_share(&l->phase[i], &sum.phase[i]);
	return wrong + (memcmp(&span, &l->span, sizeof(span)) != 0) +
	    (l->ok != sum.ok) + (l->slow != sum.slow) +
	    (l->failed != sum.failed) +
	    (l->incidents != count(l->series.id, &ask->window)) +
	    (span_length(&span) != ask->window.to_ms - ask->window.from_ms) +
	    (l->state != health_now(&l->series, ask->params, ask->now_ms,
	    &since)) + (l->since_ms != since);
}

static bool
even(void *arg, const struct health_series *h)
{
	(void)arg;
	return h->id % 2 == 0;
}

static int
compare(const struct health_ask *ask, size_t want)
{
	struct health_line *line;
	struct err e = { 0 };
	size_t i, n;
	int wrong = 0;

	if (health_report(store, ask, &line, &n, &e))
		home_die("health_report", &e);
	for (i = 0; i < n; i++)
		wrong += differs(ask, &line[i]);
	wrong += n != want;
	free(line);
	return wrong;
}

static void
test_at_once(void)
{
	int64_t from = HOME_MS + DAY_MS, end, k;
	struct health_ask ask = { .params = &params, .calendar = &calendar,
	    .latency = true, .phases = true };

	start("at_once", 3);
	params.value[PARAM_health_check_interval] = 1200 * S;
	maintain(-1, from, 0, 0);
	maintain(3, from + 3 * DAY_MS, from + 4 * DAY_MS, -1);
	/* One is not looked at any more, long before the others. */
	end = sweeps(NODES, from, from + 2 * DAY_MS, 1200 * S);
	end = sweeps(NODES - 1, end + 1200 * S, from + 40 * DAY_MS, 1200 * S);
	read_calendar();
	ask.now_ms = end + 100 * S;
	for (k = 0; k < 24; k++) {
		ask.window.to_ms = k < 4 ? ask.now_ms : from + 5 +
		    (int64_t)dice(40 * 24) * HOUR_MS + dice(9999);
		ask.window.from_ms = ask.window.to_ms - 1 -
		    (int64_t)dice(k % 2 ? 41 * 24 : 60) * HOUR_MS;
		OK(compare(&ask, NODES) == 0);
	}
	ask.wants = even;
	OK(compare(&ask, NODES / 2) == 0);
	stop();
}

/* --- what was down -------------------------------------------------------- */

/* Of the incidents, the down time within the window. */
static int64_t
down_of(const struct health_series *h, const struct window *w, int64_t now_ms)
{
	struct health_incident all[256];
	struct query q;
	struct err e = { 0 };
	struct window of;
	struct span s;
	int64_t down = 0;
	int i, n = 0;

	health_incidents_open(&q, store, h->id, w);
	while (n < 256 && health_incidents_next(&q, &all[n], &e) > 0)
		n++;
	for (i = 0; i < n; i++) {
		of.from_ms = all[i].began_ms > w->from_ms ? all[i].began_ms :
		    w->from_ms;
		of.to_ms = all[i].ended_ms && all[i].ended_ms < w->to_ms ?
		    all[i].ended_ms : w->to_ms;
		if (of.to_ms <= of.from_ms)
			continue;
		if (health_span(store, h, &params, &calendar, &of, now_ms,
		    &s, &e))
			home_die("health_span", &e);
		down += s.ms[STATE_DOWN];
	}
	return down;
}

/* Each day of the week in which the clock is changed, and the month. */
static void
test_days(int64_t from_ms, const char *day, int hours)
{
	struct health_series h;
	struct window w, month, of;
	struct err e = { 0 };
	struct span s;
	int64_t end, sum = 0, all = 0;
	char id[HASH_HEX];
	int i, k, wrong = 0, found = 0;

	start("days", (unsigned)hours);
	maintain(-1, from_ms, 0, 0);		/* Sundays at half past two */
	maintain(1, from_ms + 30 * HOUR_MS, from_ms + 35 * HOUR_MS, -1);
	end = sweeps(2, from_ms, from_ms + 7 * DAY_MS, 120 * S);
	read_calendar();
	if (zone_parse("Europe/Berlin", day, &w, &e))
		home_die("zone_parse", &e);
	OK(w.to_ms - w.from_ms == hours * HOUR_MS);
	for (i = 0; i < 2; i++) {
		name_id(id, i);
		if (health_get(store, id, FAMILY_ANY, &h, &e) <= 0)
			home_die("health_get", &e);
		sum = all = 0;
		for (k = -2; k < 9; k++) {
			if (zone_window("Europe/Berlin", ZONE_DAY, from_ms, k,
			    &of, &e) || health_span(store, &h, &params,
			    &calendar, &of, end, &s, &e))
				home_die("health_span", &e);
			wrong += span_length(&s) != of.to_ms - of.from_ms;
			wrong += s.ms[STATE_DOWN] != down_of(&h, &of, end);
			found += of.from_ms == w.from_ms;
			sum += s.ms[STATE_DOWN];
			all += span_length(&s);
			month = k == -2 ? of : (struct window){
			    month.from_ms, of.to_ms };
		}
		if (health_span(store, &h, &params, &calendar, &month, end,
		    &s, &e))
			home_die("health_span", &e);
		OK(s.ms[STATE_DOWN] == sum && span_length(&s) == all);
		OK(sum == down_of(&h, &month, end) && sum > 0);
	}
	OK(wrong == 0 && found == 2);
	stop();
}

int
main(void)
{
	test_at_once();
	test_days(INT64_C(1805932800000), "2027-03-28", 23);
	test_days(INT64_C(1824681600000), "2027-10-31", 25);
	return DONE();
}
