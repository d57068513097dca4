/* At the edges of who is told what, and when; of maintenance above all. */
#include "tap.h"

#include "sweeps.h"

/* The moment before which an alert of that kind does not go; of the last. */
static int64_t
due(enum alert_kind kind)
{
	struct alert_told t;
	struct err e = { 0 };
	struct query q;
	int64_t ms = -1;

	alert_told_open(&q, store);
	while (alert_told_next(&q, &t, &e) > 0)
		if (t.kind == kind)
			ms = t.due_ms;
	return ms;
}

static int64_t
pending(void)
{
	struct alert_stats s;
	struct err e = { 0 };

	if (alert_stats(store, &s, &e))
		home_die("alert_stats", &e);
	return s.pending;
}

/* All weeks of it, without an end. */
static void
for_ever(int64_t now_ms)
{
	struct health_maint m = { .from_ms = now_ms, .minute = 0,
	    .length_ms = 7 * DAY_MS, .zone = "UTC", .reason = "old" };
	struct err e = { 0 };

	hold(now_ms);
	OK(!health_maint_add_in(ledger, &m, now_ms, &chance, &e));
}

/* It recovers within maintenance: nobody is called before all of it ends. */
static void
test_recovered(void)
{
	int64_t at = HOME_MS + DAY_MS, to;

	start("told");
	run(A, &at, "offf");
	to = at + HOUR_MS + 1;
	maintain(A, at, to - 10 * M, at);
	maintain("", at + 30 * M, to, at);
	run(A, &at, "foo");
	IS(told(), "DR");
	OK(due(ALERT_RECOVERED) == to);
	stop();
	start("told");
	at = HOME_MS + DAY_MS;
	run(A, &at, "offf");
	for_ever(at - 10 * DAY_MS);
	run(A, &at, "foo");
	OK(due(ALERT_RECOVERED) > at + 300 * DAY_MS);
	stop();
	start("told");
	at = HOME_MS + DAY_MS;
	run(A, &at, "offfoo");
	OK(due(ALERT_RECOVERED) == at - 120 * S);
	stop();
}

/* What says that it is down still does not go once it is up. */
static void
test_still(void)
{
	int64_t at = HOME_MS + DAY_MS, end;

	start("told");
	run(A, &at, "offf");
	for (end = at + 5 * HOUR_MS; at < end;)
		run(A, &at, "f");
	IS(told(), "Ddd");
	OK(pending() == 3);
	run(A, &at, "oo");
	IS(told(), "DddR");
	OK(pending() == 2);
	stop();
}

/* What it stands on is seen to fail, though not yet down. */
static void
test_upstream(void)
{
	int64_t at = HOME_MS + DAY_MS;
	struct health_setting own = { .node_id = A, .depends = B };
	struct err e = { 0 };
	struct sample s[4];
	int k;

	start("told");
	hold(at);
	OK(!health_set_in(store, &own, &e));
	for (k = 0; k < 3; k++, at += 120 * S) {
		s[0] = sample(A, at, k ? 'f' : 'o');
		s[1] = sample(A, at + S, k ? 'f' : 'o');
		s[1].confirm = true;
		s[2] = sample(B, at, k ? 'f' : 'o');
		take(s, 3, at, false);
	}
	OK(series(A).machine.state == STATE_DOWN &&
	    series(B).machine.state == STATE_UP);
	IS(told(), "");
	s[0] = sample(A, at, 'f');
	s[1] = sample(B, at, 'o');
	take(s, 2, at, false);
	IS(told(), "D");
	stop();
}

/* Two weeks before it ends, to the millisecond. */
static void
test_certificate(void)
{
	int64_t at = HOME_MS + DAY_MS, ends = at + 14 * DAY_MS;
	struct sample one;
	int k;

	start("told");
	for (k = -1; k < 1; k++) {
		one = sample(A, at + k, 'o');
		one.cert_expires_ms = ends;
		take(&one, 1, at + k, false);
		IS(told(), k < 0 ? "" : "c");
	}
	stop();
}

/* Of one that it answers without, from then on, nobody has to hear. */
static void
test_no_certificate(void)
{
	int64_t at = HOME_MS + DAY_MS, ends = at + 10 * DAY_MS;
	struct sample one;
	int k;

	start("told");
	for (k = 0; k < 4; k++, at += 3 * DAY_MS) {
		one = sample(A, at, "ofoo"[k]);
		one.cert_expires_ms = k ? 0 : ends;
		take(&one, 1, at, false);
		IS(told(), k ? "cc" : "c");
	}
	stop();
}

/* How a job went is known by one word of it. */
static void
test_job(void)
{
	int64_t at = HOME_MS + DAY_MS;
	struct sample one;
	int k;

	start("told");
	for (k = 0; k < 4; k++, at += 120 * S) {
		one = sample(A, at, "ofo"[k % 3]);
		one.family = FAMILY_PUSH;
		take(&one, 1, at, false);
	}
	IS(told(), "DR");
	stop();
}

/* It was good again within maintenance, as far as it answered at all. */
static void
test_good(void)
{
	int64_t at = HOME_MS + DAY_MS;
	struct health_incident i;

	start("told");
	params.value[PARAM_health_up_after] = 3;
	run(A, &at, "o");
	maintain(A, at, at + 5 * 120 * S, at);
	run(A, &at, "fffoooo");
	OK(count(A, &i) == 0);
	stop();
	start("told");
	params.value[PARAM_health_up_after] = 4;
	at = HOME_MS + DAY_MS;
	run(A, &at, "o");
	maintain(A, at, at + 4 * 120 * S, at);
	run(A, &at, "fffoo");
	OK(series(A).machine.state == STATE_DOWN && count(A, &i) == 0);
	run(A, &at, "foooo");
	OK(count(A, &i) == 1 && i.ended_ms);
	stop();
}

/* A weekly window that had begun before there was any is none. */
static void
test_weekly(void)
{
	int64_t monday = HOME_MS - HOME_MS % DAY_MS;
	struct health_maint m = { .weekday = 1, .minute = 11 * 60,
	    .length_ms = 4 * HOUR_MS, .zone = "UTC", .reason = "weekly" };
	struct health_calendar c;
	struct window w, *got;
	struct err e = { 0 };
	size_t n;

	while ((monday / DAY_MS + 4) % 7 != 1)
		monday += DAY_MS;
	start("told");
	m.from_ms = monday + 12 * HOUR_MS;
	hold(m.from_ms);
	OK(!health_maint_add_in(ledger, &m, m.from_ms, &chance, &e));
	OK(!health_calendar(store, &c, &e));
	w = (struct window){ monday, monday + 9 * DAY_MS };
	OK(!health_calendar_windows(&c, A, &w, &got, &n, &e) && n == 1 &&
	    got->from_ms == monday + 7 * DAY_MS + 11 * HOUR_MS &&
	    got->to_ms == got->from_ms + 4 * HOUR_MS);
	free(got);
	health_calendar_release(&c);
	/* It is ended in the midst of the next, and so for good. */
	OK(!health_maint_end_in(ledger, m.id, monday + 7 * DAY_MS +
	    12 * HOUR_MS, &e) && !health_calendar(store, &c, &e));
	w.to_ms += 30 * DAY_MS;
	OK(!health_calendar_windows(&c, A, &w, &got, &n, &e) && n == 1 &&
	    got->from_ms == monday + 7 * DAY_MS + 11 * HOUR_MS &&
	    got->to_ms == got->from_ms + HOUR_MS);
	free(got);
	health_calendar_release(&c);
	stop();
}

int
main(void)
{
	test_recovered();
	test_still();
	test_upstream();
	test_certificate();
	test_no_certificate();
	test_job();
	test_good();
	test_weekly();
	return DONE();
}
