#include <inttypes.h>
#include <stdlib.h>

#include "tap.h"

#include "uptime/span.h"
#include "uptime/state.h"

#define S INT64_C(1000)
#define M (60 * S)
#define H (60 * M)
#define DAY (24 * H)

static const struct state_rule rule = { 3, 2, 3, 2, 120 * S, 300 * S, 20, 5 };

/* A machine, and all that it has become. */
static struct state_machine m;
static struct state_change said[4000];
static int n_said;

static void
begin(int64_t at)
{
	state_begin(&m, at);
	n_said = 0;
}

static int
probe_by(int64_t at, int64_t mono, enum found f)
{
	struct probed p = { at, mono, f };
	int n = state_step(&m, &rule, &p, said + n_said);

	n_said += n;
	return n;
}

static int
probe(int64_t at, char f)
{
	return probe_by(at, at, f == 'o' ? FOUND_OK : f == 's' ? FOUND_SLOW :
	    FOUND_FAILED);
}

static int
cut_off(int64_t at, int64_t mono)
{
	struct probed p = { at, mono, FOUND_FAILED };
	int n = state_cut_off(&m, &rule, &p, at, said + n_said);

	n_said += n;
	return n;
}

/* One probe each two minutes, a letter each; what it is after each. */
static const char *
after(const char *findings)
{
	static char out[128];
	int i;

	begin(0);
	for (i = 0; findings[i]; i++) {
		probe(i * 120 * S, findings[i]);
		out[i] = "?UGD"[m.state];
	}
	out[i] = '\0';
	return out;
}

static bool
changed(int i, enum state from, enum state to, int64_t effective,
    int64_t decided, enum state_cause cause)
{
	const struct state_change *c = &said[i];

	if (c->from == from && c->to == to && c->effective_ms == effective &&
	    c->decided_ms == decided && c->cause == cause)
		return true;
	printf("# %d: %s to %s at %" PRId64 ", decided %" PRId64 " by %s\n", i,
	    state_word(c->from), state_word(c->to), c->effective_ms,
	    c->decided_ms, state_cause_word(c->cause));
	return false;
}

static void
test_rows(void)
{
	IS(after("o"), "U");
	IS(after("s"), "U");
	IS(after("f"), "?");
	IS(after("fff"), "??D");
	IS(after("ofof"), "UUUU");
	IS(after("offf"), "UUUD");
	OK(changed(1, STATE_UP, STATE_DOWN, 120 * S, 360 * S, CAUSE_PROBE));
	IS(after("fffo"), "??DD");
	IS(after("fffofo"), "??DDDD");
	IS(after("fffos"), "??DDU");
	OK(changed(1, STATE_DOWN, STATE_UP, 360 * S, 480 * S, CAUSE_PROBE));
	IS(after("osss"), "UUUG");
	OK(changed(1, STATE_UP, STATE_DEGRADED, 120 * S, 360 * S,
	    CAUSE_PROBE));
	IS(after("ossoss"), "UUUUUU");
	IS(after("osssoso"), "UUUGGGG");
	IS(after("osssoo"), "UUUGGU");
	OK(changed(2, STATE_DEGRADED, STATE_UP, 480 * S, 600 * S,
	    CAUSE_PROBE));
	IS(after("osssfff"), "UUUGGGD");
	/* A slow run that brought it up began no earlier than it was up. */
	IS(after("fffsss"), "??DDUG");
	OK(changed(2, STATE_UP, STATE_DEGRADED, 360 * S, 600 * S,
	    CAUSE_PROBE));
	OK(state_named("degraded", &m.state) && m.state == STATE_DEGRADED);
	OK(!state_named("Degraded", &m.state));
}

static void
test_gap(void)
{
	struct state_change c;

	after("oo");
	OK(!state_lapsed(&m, &rule, 120 * S + 300 * S, &c));
	OK(state_lapsed(&m, &rule, 120 * S + 300 * S + 1, &c));
	OK(c.effective_ms == 420 * S && c.to == STATE_UNKNOWN);
	OK(m.state == STATE_UP);
	OK(probe(H, 'o') == 2);
	OK(changed(1, STATE_UP, STATE_UNKNOWN, 420 * S, H, CAUSE_GAP));
	OK(changed(2, STATE_UNKNOWN, STATE_UP, H, H, CAUSE_PROBE));
	/* What was down has to answer twice, and a run does not span a gap. */
	after("offf");
	OK(probe(H, 'o') == 1 && m.state == STATE_UNKNOWN &&
	    m.before == STATE_DOWN && state_suspect(&m));
	OK(probe(H + 120 * S, 'o') == 1 && m.state == STATE_UP);
	OK(changed(3, STATE_UNKNOWN, STATE_UP, H, H + 120 * S, CAUSE_PROBE));
	after("off");
	OK(probe(H, 'f') == 1 && m.fails == 1);
	/* Once unknown it stays so, however long. */
	OK(probe(2 * H, 'f') == 0 && m.state == STATE_UNKNOWN && m.fails == 1);
	OK(!state_lapsed(&m, &rule, 9 * H, &c));
	begin(0);
	OK(!state_lapsed(&m, &rule, 9 * H, &c));
	/* As long as one speaks at most is not too long. */
	after("oo");
	OK(probe(120 * S + 300 * S, 'o') == 0);
	OK(probe(120 * S + 600 * S + 1, 'o') == 2);
}

/* What may yet change it, and when it was seen well. */
static void
test_suspect(void)
{
	static const struct { const char *seen; bool suspect; int good; } rows[]
	    = {
		{ "f", true, -1 }, { "o", false, 0 }, { "of", true, 0 },
		{ "os", true, 1 }, { "osss", false, 3 }, { "ossso", true, 4 },
		{ "osssf", true, 3 }, { "offf", false, 0 },
		{ "offfs", true, 4 }, { "offfso", false, 5 },
		{ "", false, -1 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		after(rows[i].seen);
		OK(state_suspect(&m) == rows[i].suspect);
		OK(m.good_ms == (rows[i].good < 0 ? -1 :
		    rows[i].good * 120 * S));
	}
}

static void
test_clock(void)
{
	after("ooo");
	OK(probe_by(100 * S, 360 * S, FOUND_OK) == 2);
	OK(changed(1, STATE_UP, STATE_UNKNOWN, 240 * S, 100 * S, CAUSE_CLOCK));
	/* Moments do not go back with the clock. */
	OK(changed(2, STATE_UNKNOWN, STATE_UP, 240 * S, 100 * S,
	    CAUSE_PROBE));
	/* A step back that leaves the order as it was. */
	after("ooo");
	OK(probe_by(300 * S, 360 * S, FOUND_OK) == 2);
	/* Steering is no step. */
	after("ooo");
	OK(probe_by(360 * S - 999, 360 * S, FOUND_OK) == 0);
	OK(probe_by(480 * S + 119 * S, 480 * S, FOUND_OK) == 0);
	/* Forward by more than an interval. */
	after("ooo");
	OK(probe_by(360 * S + 121 * S, 360 * S, FOUND_OK) == 2);
	OK(said[1].cause == CAUSE_CLOCK && said[1].effective_ms == 240 * S);
	/* The machine was started anew. */
	after("ooo");
	OK(probe_by(360 * S, 5 * S, FOUND_OK) == 0);
	OK(probe_by(480 * S, -1, FOUND_OK) == 0);
}

static void
test_cut_off(void)
{
	after("oof");
	OK(cut_off(360 * S, 360 * S) == 1 && n_said == 2);
	OK(changed(1, STATE_UP, STATE_UNKNOWN, 360 * S, 360 * S,
	    CAUSE_OBSERVER));
	OK(m.fails == 0);
	OK(cut_off(480 * S, 480 * S) == 0);
	OK(probe(600 * S, 'o') == 1 && m.state == STATE_UP);
	after("oo");
	OK(cut_off(H, H) == 1);
	OK(changed(1, STATE_UP, STATE_UNKNOWN, 420 * S, H, CAUSE_GAP));
	/* And its clock was set in the meantime. */
	after("oo");
	OK(cut_off(H, 240 * S) == 1);
	OK(changed(1, STATE_UP, STATE_UNKNOWN, 120 * S, H, CAUSE_CLOCK));
}

static void
test_flap(void)
{
	int i;

	after("oooooooooooooooooooooo");
	OK(state_flap(&m) == 0 && !m.flapping);
	for (i = 22; i < 42; i++)
		probe(i * 120 * S, "fffoo"[i % 5]);
	OK(state_flap(&m) >= 20 && m.flapping);
	for (; m.flapping && i < 100; i++)
		probe(i * 120 * S, 'o');
	OK(i > 50 && i < 66 && state_flap(&m) < 5);
	/* All different is all of it. */
	m.n_seen = STATE_FLAPS;
	m.seen = 0;
	for (i = 0; i < STATE_FLAPS; i++)
		m.seen = m.seen << 2 | (i & 1 ? 3 : 1);
	OK(state_flap(&m) == 100);
}

/* The golden case of ops.md 3.4. */
static void
test_golden(void)
{
	struct window day = { 0, DAY }, maint = { 20 * H, 20 * H + 30 * M };
	struct span span = { .maint_ms = 0 };
	struct span_figures f;
	int64_t at, from = 0;
	enum state was = STATE_UNKNOWN;
	int i;

	begin(0);
	for (at = 0; at <= DAY; at += 120 * S) {
		if (at > 13 * H + 58 * M && at < 14 * H + 30 * M)
			continue;
		probe(at, at >= 10 * H && at < 10 * H + 6 * M ? 'f' : 'o');
		if (at == 10 * H)
			probe(at + 3 * S, 'f');
	}
	OK(n_said == 5);
	OK(changed(1, STATE_UP, STATE_DOWN, 10 * H, 10 * H + 2 * M,
	    CAUSE_PROBE));
	OK(changed(2, STATE_DOWN, STATE_UP, 10 * H + 6 * M, 10 * H + 8 * M,
	    CAUSE_PROBE));
	for (i = 0; i <= n_said; i++) {
		at = i < n_said ? said[i].effective_ms : DAY;
		span_add(&span, &day, &maint, 1, was, from, at);
		from = at;
		was = i < n_said ? said[i].to : was;
	}
	OK(span_length(&span) == DAY);
	OK(span.ms[STATE_DOWN] == 360 * S);
	OK(span.ms[STATE_UNKNOWN] == 1620 * S);
	OK(span.maint_ms == 1800 * S && span.ms[STATE_UP] == 82620 * S);
	span_figures(&f, &span, true);
	OK(f.uptime == 9956 && f.coverage == 9808 && f.worst == 9765 &&
	    f.best == 9957);
}

/*
 * Random histories: what holds follows on what held, moments do not go back,
 * and nothing is said that changes nothing.
 */
static void
test_random(void)
{
	int64_t at, mono, wrong = 0, total;
	struct window all = { 0, INT64_C(1) << 50 };
	struct span span;
	enum state was;
	unsigned seed = 1;
	int round, i, k;

	for (round = 0; round < 200; round++) {
		begin(0);
		at = mono = 0;
		for (i = 0; i < 1000; i++) {
			seed = seed * 1103515245 + 12345;
			k = (int)(seed >> 16 & 255);
			mono += 120 * S;
			at += k == 0 ? -H : k == 1 ? H : 120 * S;
			if (k == 2)
				cut_off(at, mono);
			else
				probe_by(at, mono, k % 7 < 4 ? FOUND_OK :
				    k % 7 < 5 ? FOUND_SLOW : FOUND_FAILED);
		}
		was = STATE_UNKNOWN;
		total = at = 0;
		span = (struct span){ .maint_ms = 0 };
		for (i = 0; i < n_said; i++) {
			wrong += said[i].from != was ||
			    said[i].to == was || said[i].effective_ms < at;
			span_add(&span, &all, NULL, 0, was, at,
			    said[i].effective_ms);
			if (was == STATE_DOWN)
				total += said[i].effective_ms - at;
			at = said[i].effective_ms;
			was = said[i].to;
		}
		wrong += was != m.state || at != m.since_ms;
		wrong += span_length(&span) != at;
		wrong += span.ms[STATE_DOWN] != total;
	}
	OK(wrong == 0);
}

int
main(void)
{
	test_rows();
	test_gap();
	test_suspect();
	test_clock();
	test_cut_off();
	test_flap();
	test_golden();
	test_random();
	return DONE();
}
