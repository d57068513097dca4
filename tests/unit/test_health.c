/*
 * Sweeps in a store: what becomes of nodes, incidents, alerts, figures and
 * sums, by the golden day of spec/ops.md 3.4 and by histories at random.
 */
#include <inttypes.h>

#include "tap.h"

#include "sweeps.h"

/* --- the golden day ------------------------------------------------------- */

static void
test_golden(void)
{
	int64_t day = HOME_MS - HOME_MS % DAY_MS + DAY_MS, at;
	int64_t ten = day + 10 * HOUR_MS, until = day + DAY_MS;
	struct health_change c;
	struct health_incident i;
	struct health_series h;
	struct query q;
	struct err e = { 0 };
	struct span s, spans[48];
	struct window each[48];
	struct health_calendar calendar;
	struct health_series *found;
	struct health_swept last;
	size_t n_found;
	int n = 0;

	start("golden");
	maintain("", day + 20 * HOUR_MS, day + 20 * HOUR_MS + 30 * M, day);
	for (at = day; at <= until; at += 120 * S)
		if (at <= day + 13 * HOUR_MS + 58 * M ||
		    at >= day + 14 * HOUR_MS + 30 * M)
			sweep(A, at, at == ten ? "ff" :
			    at >= ten && at < ten + 6 * M ? "f" : "o");
	s = span_of(A, day, until, until);
	OK(span_length(&s) == DAY_MS);
	OK(s.ms[STATE_DOWN] == 360 * S && s.ms[STATE_UNKNOWN] == 1620 * S);
	OK(s.ms[STATE_UP] == 82620 * S && s.maint_ms == 1800 * S);
	OK(count(A, &i) == 1);
	OK(i.began_ms == ten && i.decided_ms == ten + 2 * M &&
	    i.ended_ms == ten + 6 * M && i.ended_decided_ms == ten + 8 * M);
	OK(i.class == CLASS_CONNECT && i.good_ms == ten - 2 * M);
	IS(told(), "DR");
	h = series(A);
	health_changes_open(&q, store, h.id, 0);
	while (health_changes_next(&q, &c, &e) > 0)
		OK(c.n == n++ && c.seq > 0);
	OK(n == 5);
	/* Of a window within one state, that state is known. */
	s = span_of(A, ten + 60 * S, ten + 61 * S, until);
	OK(s.ms[STATE_DOWN] == S);
	/* What is to come is unknown, and so is what nobody asked. */
	s = span_of(A, until, until + HOUR_MS, until + HOUR_MS);
	OK(s.ms[STATE_UP] == 300 * S &&
	    s.ms[STATE_UNKNOWN] == HOUR_MS - 300 * S);
	s = span_of(A, until, until + HOUR_MS, until + 60 * S);
	OK(s.ms[STATE_UP] == 60 * S);
	s = span_of(A, day - HOUR_MS, day, until);
	OK(s.ms[STATE_UNKNOWN] == HOUR_MS);
	/* Many windows at once are what each is alone. */
	for (n = 0; n < 48; n++) {
		each[n].from_ms = day + (n - 4) * HOUR_MS;
		each[n].to_ms = each[n].from_ms + (n % 7) * 40 * M;
	}
	h = series(A);
	OK(!health_calendar(store, &calendar, &e) && !health_spans(store, &h,
	    &params, &calendar, each, 48, until, spans, &e));
	health_calendar_release(&calendar);
	for (n = 0; n < 48; n++) {
		s = span_of(A, each[n].from_ms, each[n].to_ms, until);
		if (memcmp(&s, &spans[n], sizeof(s)))
			break;
	}
	OK(n == 48);
	/* Now, and when nobody has looked for long. */
	OK(health_now(&h, &params, until, &at) == STATE_UP);
	OK(health_now(&h, &params, until + HOUR_MS, &at) == STATE_UNKNOWN &&
	    at == until + 300 * S);
	OK(!health_find(store, "aaaa", &found, &n_found, &e) && n_found == 1 &&
	    found->id == h.id);
	free(found);
	OK(health_find(store, "bbbb", &found, &n_found, &e) < 0 &&
	    e.code == E_node_missing && !found);
	OK(health_sweep_last(store, &last, &e) > 0 && last.began_ms == until &&
	    last.targets == 1 && last.ok == 1);
	/* The same sweep again is no news. */
	sweep(A, until, "o");
	OK(taken.ok == 0 && taken.changes == 0);
	stop();
}

/* --- who is told ---------------------------------------------------------- */

static void
test_told(void)
{
	int64_t at = HOME_MS + DAY_MS, end;
	struct health_incident i;
	int k;

	start("told");
	run(A, &at, "ooffo");
	IS(told(), "");
	run(A, &at, "offf");
	IS(told(), "D");
	/* After one hour, four, 24, and then each day. */
	end = at + 49 * HOUR_MS;
	while (at < end)
		run(A, &at, "f");
	IS(told(), "Ddddd");
	run(A, &at, "oo");
	IS(told(), "DddddR");
	OK(count(A, &i) == 1);
	stop();
	/* Down, unknown, down again: one incident. */
	start("told");
	at = HOME_MS + DAY_MS;
	run(A, &at, "offf");
	at += HOUR_MS;
	run(A, &at, "fff");
	IS(told(), "Dd");
	OK(count(A, &i) == 1 && !i.ended_ms);
	run(A, &at, "oo");
	IS(told(), "DdR");
	stop();
	/* It flaps: one notice, and no more of each turn. */
	start("told");
	at = HOME_MS + DAY_MS;
	for (k = 0; k < 12; k++)
		run(A, &at, "oofff");
	OK(strchr(told(), 'f') && strrchr(told(), 'f') == strchr(told(), 'f'));
	OK(strlen(told()) < 8 && count(A, &i) == 12);
	stop();
}

static void
test_maint(void)
{
	int64_t at = HOME_MS + DAY_MS, from, to;
	struct health_incident i;
	struct span s;

	start("maint");
	from = at + 10 * M;
	to = at + 40 * M;
	maintain(A, from, to, at);
	run(A, &at, "oooooo");
	run(A, &at, "ffffffffff");		/* all of it within */
	IS(told(), "");
	OK(count(A, &i) == 0);
	while (at < to + 60 * S)
		run(A, &at, "f");
	IS(told(), "D");
	OK(count(A, &i) == 1 && i.began_ms == to);
	run(A, &at, "oo");
	IS(told(), "DR");
	s = span_of(A, HOME_MS + DAY_MS, at, at);
	OK(count(A, &i) == 1 &&
	    s.ms[STATE_DOWN] == i.ended_ms - i.began_ms);
	OK(s.maint_ms == to - from);
	/* Of another node it is none. */
	at = from + 2 * M;
	stop();
	start("maint");
	at = HOME_MS + DAY_MS;
	maintain(B, at, at + DAY_MS, at);
	run(A, &at, "offf");
	IS(told(), "D");
	stop();
}

static void
test_depends(void)
{
	int64_t at = HOME_MS + DAY_MS;
	struct health_setting own = { .node_id = A, .depends = B };
	struct err e = { 0 };
	struct sample s[2];
	int k;

	start("depends");
	hold(at);
	OK(!health_set_in(store, &own, &e));
	for (k = 0; k < 6; k++, at += 120 * S) {
		s[0] = sample(A, at, k ? 'f' : 'o');
		s[1] = sample(B, at, k ? 'f' : 'o');
		take(s, 2, at, false);
	}
	IS(told(), "D");		/* of B */
	for (k = 0; k < 2; k++, at += 120 * S) {
		s[0] = sample(A, at, 'f');
		s[1] = sample(B, at, 'o');
		take(s, 2, at, false);
	}
	IS(told(), "DDR");
	stop();
}

static void
test_offline(void)
{
	int64_t at = HOME_MS + DAY_MS;
	struct health_incident i;
	struct sample one;
	struct span s;
	int k;

	start("offline");
	run(A, &at, "ooo");
	for (k = 0; k < 5; k++, at += 120 * S) {
		one = sample(A, at, 'f');
		take(&one, 1, at, true);
	}
	IS(told(), "o");
	run(A, &at, "oo");
	one = sample(A, at, 'f');
	take(&one, 1, at, true);
	IS(told(), "oo");
	OK(count(A, &i) == 0);
	s = span_of(A, HOME_MS + DAY_MS, at, at);
	OK(s.ms[STATE_DOWN] == 0 && s.ms[STATE_UNKNOWN] == 600 * S);
	stop();
}

static void
test_certificate(void)
{
	int64_t at = HOME_MS + DAY_MS, ends = at + 15 * DAY_MS;
	struct sample one;

	start("certificate");
	for (; at < ends + DAY_MS; at += HOUR_MS) {
		one = sample(A, at, 'o');
		one.cert_expires_ms = ends;
		take(&one, 1, at, false);
	}
	IS(told(), "ccccc");
	stop();
}

/* --- sums ----------------------------------------------------------------- */

static struct health_sum got, want;

/* 40 days, each sum against the samples themselves. */
static void
test_sums(void)
{
	int64_t from = HOME_MS + DAY_MS, at = from, end = from + 40 * DAY_MS;
	struct window w = { from, end };
	struct health_series h;
	struct health_stats stats;
	struct err e = { 0 };
	struct sample one;
	unsigned seed = 5;
	int i;

	start("sums");
	params.value[PARAM_health_check_interval] = 600 * S;
	for (; at < end; at += 600 * S) {
		seed = seed * 1103515245 + 12345;
		one = sample(A, at + (seed >> 20) % 1000, "ooooooosft"
		    [(seed >> 16) % 10]);
		for (i = 0; i < PHASE__COUNT; i++) {
			seed = seed * 1103515245 + 12345;
			one.us[i] = seed >> 10;
			if (one.ok)
				latency_add(&want.phase[i], one.us[i]);
		}
		want.ok += one.ok && !one.slow;
		want.slow += one.slow;
		want.failed += !one.ok;
		if (one.class == CLASS_TIMEOUT)
			latency_add(&want.phase[PHASE_TOTAL], LATENCY_NEVER);
		take(&one, 1, at + 2 * S, false);
	}
	h = series(A);
	OK(!health_sum(store, &h, &w, end, &got, &e));
	OK(got.ok == want.ok && got.slow == want.slow &&
	    got.failed == want.failed);
	OK(!memcmp(&got, &want, sizeof(got)));
	/* The parts are the whole. */
	memset(&got, 0, sizeof(got));
	w.to_ms = from + 17 * DAY_MS + 6 * HOUR_MS;
	OK(!health_sum(store, &h, &w, end, &got, &e));
	w.from_ms = w.to_ms;
	w.to_ms = end;
	OK(!health_sum(store, &h, &w, end, &got, &e));
	OK(!memcmp(&got, &want, sizeof(got)));
	OK(!health_stats(store, &params, end, &stats, &e));
	OK(stats.samples <= 49 * 6 + 12 && stats.series == 1);
	OK(stats.rollups < 31 * 144 + 40 * 24 + 40 + 3);
	stop();
}

/* --- at random ------------------------------------------------------------ */

/* Down seconds of incidents are those of the window (3.10). */
static void
test_random(void)
{
	int64_t at, down;
	struct health_incident i;
	struct health_change c;
	struct health_series h;
	struct window w;
	struct err e = { 0 };
	struct query q;
	struct span s;
	unsigned seed;
	int round, k, wrong = 0, within;
	char one[2] = "";

	for (round = 0; round < 6; round++) {
		start("random");
		seed = (unsigned)round + 11;
		at = HOME_MS + DAY_MS;
		w.from_ms = at;
		maintain(A, at + HOUR_MS, at + 2 * HOUR_MS, at);
		maintain("", at + 90 * M, at + 3 * HOUR_MS, at);
		for (k = 0; k < 300; k++) {
			seed = seed * 1103515245 + 12345;
			one[0] = "ooooffs"[(seed >> 16) % 7];
			within = (int)(seed >> 8 & 15) + 3;
			for (; within && k < 300; within--, k++) {
				sweep(A, at, one);
				at += 120 * S;
			}
			if (!(seed >> 4 & 15))
				at += 20 * M;
		}
		w.to_ms = at;
		s = span_of(A, w.from_ms, w.to_ms, at);
		wrong += span_length(&s) != w.to_ms - w.from_ms;
		/* Each change that is down lies in an incident, but for what
		   of it is maintenance. */
		h = series(A);
		down = 0;
		health_incidents_open(&q, store, h.id, &w);
		while (health_incidents_next(&q, &i, &e) > 0) {
			struct span in = span_of(A, i.began_ms, i.ended_ms ?
			    i.ended_ms : at, at);

			down += in.ms[STATE_DOWN];
		}
		wrong += down != s.ms[STATE_DOWN];
		health_changes_open(&q, store, h.id, 0);
		while (health_changes_next(&q, &c, &e) > 0)
			wrong += c.change.effective_ms > c.change.decided_ms;
		stop();
	}
	OK(wrong == 0);
}

static void
test_record(void)
{
	struct sample s = sample(A, HOME_MS, 't'), back;
	struct buf out = BUF_INIT(4096);
	struct json j;
	struct err e = { 0 };

	s.us[PHASE_DNS] = 0;
	s.us[PHASE_TOTAL] = 10000001;
	s.cert_expires_ms = HOME_MS + 5;
	s.http = 503;
	id_new(s.sweep_id, HOME_MS, &chance);
	sample_write(&out, &s);
	OK(strstr(out.data, "\"total_ms\":10000.001,") &&
	    strstr(out.data, "\"dns_ms\":0,") &&
	    strstr(out.data, "\"tls_ms\":null,") &&
	    strstr(out.data, "\"connect_ms\":0.2,"));
	OK(!json_parse(&j, out.data, out.len, &e) &&
	    !sample_read(&back, &j, &e));
	OK(!memcmp(&s, &back, sizeof(s)));
	json_release(&j);
	buf_release(&out);
}

int
main(void)
{
	test_golden();
	test_told();
	test_maint();
	test_depends();
	test_offline();
	test_certificate();
	test_sums();
	test_random();
	test_record();
	return DONE();
}
