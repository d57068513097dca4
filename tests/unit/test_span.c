#include <string.h>

#include "tap.h"

#include "uptime/span.h"

static const char *
text(int hundredths)
{
	static char out[SPAN_TEXT];

	span_percent_text(hundredths, out);
	return out;
}

static const char *
uptime(int uptime, int coverage)
{
	static char out[SPAN_TEXT];
	struct span_figures f = { .uptime = uptime, .coverage = coverage };

	span_uptime_text(&f, out);
	return out;
}

static void
test_merge(void)
{
	struct window w[] = { { 50, 60 }, { 10, 20 }, { 15, 30 }, { 30, 31 },
	    { 70, 70 }, { 12, 13 }, { 90, 80 } };

	OK(span_merge(w, 7) == 2);
	OK(w[0].from_ms == 10 && w[0].to_ms == 31);
	OK(w[1].from_ms == 50 && w[1].to_ms == 60);
	OK(span_merge(w, 0) == 0);
}

/* Against counting each millisecond. */
static void
test_add(void)
{
	struct window in = { 100, 1000 };
	struct window maint[3];
	struct span s, want;
	unsigned seed = 7;
	int64_t t, cut[6];
	int wrong = 0, round, i, off;
	size_t n;

	for (round = 0; round < 500; round++) {
		for (i = 0; i < 3; i++) {
			seed = seed * 1103515245 + 12345;
			maint[i].from_ms = seed >> 8 & 1023;
			seed = seed * 1103515245 + 12345;
			maint[i].to_ms = maint[i].from_ms + (seed >> 8 & 255);
		}
		n = span_merge(maint, 3);
		cut[0] = 0;
		for (i = 1; i < 6; i++) {
			seed = seed * 1103515245 + 12345;
			cut[i] = cut[i - 1] + (seed >> 8 & 511);
		}
		memset(&s, 0, sizeof(s));
		memset(&want, 0, sizeof(want));
		for (i = 0; i < 5; i++)
			span_add(&s, &in, maint, n, (enum state)(i % 4),
			    cut[i], cut[i + 1]);
		for (t = in.from_ms; t < in.to_ms && t < cut[5]; t++) {
			for (off = 0, i = 0; i < (int)n; i++)
				off += maint[i].from_ms <= t &&
				    t < maint[i].to_ms;
			for (i = 0; cut[i + 1] <= t; i++)
				;
			if (off)
				want.maint_ms++;
			else
				want.ms[i % 4]++;
		}
		wrong += memcmp(&s, &want, sizeof(s)) != 0;
	}
	OK(wrong == 0);
}

static void
test_figures(void)
{
	struct span s = { .ms = { 0, 99999, 0, 1 } };
	struct span_figures f;

	span_figures(&f, &s, true);
	OK(f.uptime == 9999);		/* never rounded up to 100 */
	s.ms[STATE_DOWN] = 0;
	span_figures(&f, &s, true);
	OK(f.uptime == 10000 && f.coverage == 10000);
	s.ms[STATE_DEGRADED] = 1;
	span_figures(&f, &s, true);
	OK(f.uptime == 10000);
	span_figures(&f, &s, false);
	OK(f.uptime == 9999);
	OK(span_blind(&s, true, 50000) == 5000);
	OK(span_blind(&s, true, 500000) == 0);
	memset(&s, 0, sizeof(s));
	s.ms[STATE_UNKNOWN] = 5;
	span_figures(&f, &s, true);
	OK(f.uptime == SPAN_NONE && f.coverage == 0 && f.worst == 0 &&
	    f.best == 10000);
	s.ms[STATE_UNKNOWN] = 0;
	s.maint_ms = 5;
	span_figures(&f, &s, true);
	OK(f.coverage == SPAN_NONE && f.best == SPAN_NONE);
	/* A thousand years of milliseconds. */
	s.ms[STATE_UP] = INT64_C(31556952000000);
	s.ms[STATE_DOWN] = 1;
	span_figures(&f, &s, true);
	OK(f.uptime == 9999);
	IS(text(10000), "100.00");
	IS(text(9956), "99.56");
	IS(text(5), "0.05");
	IS(text(SPAN_NONE), "n/a");
	IS(uptime(9956, 9808), "99.56");
	IS(uptime(9956, 9500), "99.56");
	IS(uptime(9956, 9499), "~99.56");
	IS(uptime(10000, 9499), "~100.00");
	IS(uptime(9956, 5000), "~99.56");
	IS(uptime(9956, 4999), "n/a");
	IS(uptime(SPAN_NONE, 9999), "n/a");
}

int
main(void)
{
	test_merge();
	test_add();
	test_figures();
	return DONE();
}
