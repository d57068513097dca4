#include "tap.h"

#include "base/clock.h"

static const char *
back(const char *text)
{
	static char out[CLOCK_TEXT];
	struct err e = { 0 };
	int64_t ms;

	if (clock_parse(text, &ms, &e))
		return err_word(e.code);
	clock_text(ms, out);
	return out;
}

int
main(void)
{
	static const char *const bad[] = { "", "2026", "2026-02-29",
	    "2026-13-01", "2026-00-01", "2026-01-32", "2026-11-20T24:00:00Z",
	    "2026-11-20T00:60:00Z", "2026-11-20T00:00:60Z",
	    "2026-11-20T00:00:00", "2026-11-20 00:00:00Z", "0000-01-01",
	    "2026-11-20T00:00:00.1234Z", "2026-11-20T00:00:00.Z", "@", "@-1",
	    "@1x", "@9223372036854775808", "2026-11-20T00:00:00+0100" };
	char out[CLOCK_TEXT];
	struct err e = { 0 };
	int64_t ms = 0, i;

	IS(back("@0"), "1970-01-01T00:00:00.000Z");
	IS(back("2024-02-29"), "2024-02-29T00:00:00.000Z");
	IS(back("2026-11-20T06:52:52.5Z"), "2026-11-20T06:52:52.500Z");
	IS(back("2026-11-20T06:52:52+01:30"), "2026-11-20T05:22:52.000Z");
	IS(back("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
	IS(back("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
	IS(back("@1795161600000"), "2026-11-20T08:00:00.000Z");
	for (i = 0; i < (int64_t)(sizeof(bad) / sizeof(*bad)); i++)
		IS(back(bad[i]), "bad_time");
	/* Days, over the years 0 to 4400. */
	for (i = -800000; i < 900000; i += 97) {
		clock_text(i * 86400000, out);
		if (i * 86400000 < INT64_C(-62135596800000))
			continue;
		if (clock_parse(out, &ms, &e) || ms != i * 86400000)
			break;
	}
	OK(i >= 900000);
	OK(!clock_span("72h", &ms, &e) && ms == 259200000);
	clock_span_text(ms, out);
	IS(out, "3d");
	OK(!clock_span("30", &ms, &e) && ms == 30000);
	OK(!clock_span("250ms", &ms, &e) && ms == 250);
	OK(clock_span("30x", &ms, &e) && clock_span("", &ms, &e));
	OK(clock_span("99999999999999999d", &ms, &e));
	clock_span_text(0, out);
	IS(out, "0d");
	return DONE();
}
