#include <inttypes.h>

#include "tap.h"

#include "base/clock.h"
#include "uptime/zone.h"

static const char *
show(const struct window *w)
{
	static char out[2 * CLOCK_TEXT];
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	clock_text(w->from_ms, from);
	clock_text(w->to_ms, to);
	snprintf(out, sizeof(out), "%.16s %.16s", from, to);
	return out;
}

static const char *
parsed(const char *zone, const char *text)
{
	struct window w;
	struct err e = { 0 };

	return zone_parse(zone, text, &w, &e) ? err_word(e.code) : show(&w);
}

static const char *
around(const char *zone, enum zone_unit unit, const char *at, int on)
{
	struct window w;
	struct err e = { 0 };
	int64_t ms;

	return clock_parse(at, &ms, &e) ||
	    zone_window(zone, unit, ms, on, &w, &e) ? err_word(e.code) :
	    show(&w);
}

static const char *
weekly(const char *zone, int weekday, int minute, const char *at)
{
	struct window w;
	struct err e = { 0 };
	int64_t ms;

	return clock_parse(at, &ms, &e) || zone_weekly(zone, weekday, minute,
	    1800000, ms, &w, &e) ? err_word(e.code) : show(&w);
}

static void
test_bad(void)
{
	static const char *const names[] = { "", "/etc/passwd", "../UTC",
	    "Europe/../../../../etc/passwd", "No/Where", "UTC\n", "a b" };
	static const char *const texts[] = { "", "2026", "2026-13", "2026-00",
	    "2026-02-29", "2026-1", "2026-Q0", "2026-Q5", "2026-W00",
	    "2026-W54", "2025-W53", "2026-03-1", "2026-03-011", "0001-01",
	    "9999-01", "2026-W1", "2026-Q1x" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		IS(parsed(names[i], "2026-03"), "bad_zone");
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		IS(parsed("UTC", texts[i]), "bad_time");
	IS(around("UTC", ZONE_DAY, "9999-06-01", 0), "bad_time");
}

int
main(void)
{
	struct err e = { 0 };
	char text[ZONE_TEXT];

	test_bad();
	IS(parsed("UTC", "2026-03"), "2026-03-01T00:00 2026-04-01T00:00");
	IS(parsed("UTC", "2024-02-29"), "2024-02-29T00:00 2024-03-01T00:00");
	IS(parsed("UTC", "2026-Q4"), "2026-10-01T00:00 2027-01-01T00:00");
	IS(parsed("UTC", "2026-W01"), "2025-12-29T00:00 2026-01-05T00:00");
	IS(parsed("UTC", "2026-W53"), "2026-12-28T00:00 2027-01-04T00:00");
	/* A month with a night of 23 hours, and one with a night of 25. */
	IS(parsed("Europe/Berlin", "2026-03"),
	    "2026-02-28T23:00 2026-03-31T22:00");
	IS(parsed("Europe/Berlin", "2026-03-29"),
	    "2026-03-28T23:00 2026-03-29T22:00");
	IS(parsed("Europe/Berlin", "2026-10-25"),
	    "2026-10-24T22:00 2026-10-25T23:00");
	IS(parsed("America/New_York", "2026-Q1"),
	    "2026-01-01T05:00 2026-04-01T04:00");
	/* Midnights that are not, are twice, and a day that is left out. */
	IS(parsed("America/Sao_Paulo", "2018-11-04"),
	    "2018-11-04T03:00 2018-11-05T02:00");
	IS(parsed("America/Havana", "2025-11-02"),
	    "2025-11-02T04:00 2025-11-03T05:00");
	IS(parsed("Pacific/Apia", "2011-12-30"),
	    "2011-12-30T10:00 2011-12-30T10:00");
	IS(parsed("Asia/Kathmandu", "2026-01-01"),
	    "2025-12-31T18:15 2026-01-01T18:15");
	IS(around("Europe/Berlin", ZONE_DAY, "2026-03-28T23:30:00Z", 0),
	    "2026-03-28T23:00 2026-03-29T22:00");
	IS(around("Europe/Berlin", ZONE_WEEK, "2026-03-29T22:00:00Z", -1),
	    "2026-03-22T23:00 2026-03-29T22:00");
	IS(around("UTC", ZONE_MONTH, "2026-01-31", -2),
	    "2025-11-01T00:00 2025-12-01T00:00");
	IS(around("UTC", ZONE_MONTH, "2026-01-31", 1),
	    "2026-02-01T00:00 2026-03-01T00:00");
	IS(around("UTC", ZONE_QUARTER, "2026-01-31", -1),
	    "2025-10-01T00:00 2026-01-01T00:00");
	/* Sundays at 02:30, of which Berlin has none on 29 March. */
	IS(weekly("UTC", 0, 150, "2026-11-20T12:00:00Z"),
	    "2026-11-15T02:30 2026-11-15T03:00");
	IS(weekly("UTC", 5, 720, "2026-11-20T12:00:00Z"),
	    "2026-11-20T12:00 2026-11-20T12:30");
	IS(weekly("UTC", 5, 721, "2026-11-20T12:00:00Z"),
	    "2026-11-13T12:01 2026-11-13T12:31");
	IS(weekly("Europe/Berlin", 0, 60, "2026-10-25T12:00:00Z"),
	    "2026-10-24T23:00 2026-10-24T23:30");
	OK(!zone_text("Europe/Berlin", INT64_C(1795186800000), text, &e));
	IS(text, "2026-11-20 16:00:00 CET");
	return DONE();
}
