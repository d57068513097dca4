/*
 * The C library knows the zones, by one variable for the whole process; there
 * is nothing else in here that asks for the time on a wall.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "uptime/zone.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789_+-/"
#define NOON 12
#define FAR 64800		/* s from noon it is another day */

struct date { int year, month, day; };	/* month 0 to 11; any day */

int
zone_check(const char *name, struct err *e)
{
	char path[sizeof(ZONE_FILES "/") + ZONE_NAME];

	if (!*name || strlen(name) >= ZONE_NAME || *name == '/' ||
	    name[strspn(name, LETTERS)])
		return err_set(e, E_bad_zone, "'%s' is not the name of a time "
		    "zone, such as Europe/Berlin", name);
	snprintf(path, sizeof(path), ZONE_FILES "/%s", name);
	if (strcmp(name, "UTC") && access(path, R_OK))
		return err_set(e, E_bad_zone, "there is no time zone '%s' in "
		    ZONE_FILES, name);
	return 0;
}

static int
use(const char *name, struct err *e)
{
	if (zone_check(name, e))
		return -1;
	if (setenv("TZ", name, 1))
		return err_sys(e, "cannot use the time zone '%s'", name);
	tzset();
	return 0;
}

static struct date
date_at(time_t t)
{
	struct tm tm = { 0 };

	localtime_r(&t, &tm);
	return (struct date){ tm.tm_year, tm.tm_mon, tm.tm_mday };
}

static int
compare(const struct date *a, const struct date *b)
{
	return a->year != b->year ? a->year - b->year :
	    a->month != b->month ? a->month - b->month : a->day - b->day;
}

static time_t
offset_at(time_t t)
{
	struct tm tm = { 0 };

	localtime_r(&t, &tm);
	return tm.tm_gmtoff;
}

/*
 * What the clock shows twice is the first of the two, and what it leaves out
 * is as long after the gap.  Not mktime(): which of the two that takes depends
 * on what it was asked before.
 */
static time_t
moment(const struct date *d, int hour, int minute)
{
	struct tm tm = { .tm_year = d->year, .tm_mon = d->month,
	    .tm_mday = d->day, .tm_hour = hour, .tm_min = minute };
	time_t shown = timegm(&tm), before = offset_at(shown - FAR);
	time_t after = offset_at(shown + FAR);
	time_t first = shown - before, last = shown - after;

	if (offset_at(first) == before)
		return first;
	return offset_at(last) == after ? last : first;
}

/* The 32nd of a month is a day of the next. */
static struct date
proper(const struct date *d)
{
	struct tm tm = { .tm_year = d->year, .tm_mon = d->month,
	    .tm_mday = d->day, .tm_hour = NOON, .tm_isdst = -1 };

	/* Days are the same in all zones; only in this one none is left out. */
	(void)timegm(&tm);
	return (struct date){ tm.tm_year, tm.tm_mon, tm.tm_mday };
}

/* Midnights may be missing, or come twice: when does the date begin? */
static int64_t
first_ms(const struct date *any)
{
	struct date d = proper(any), at;
	time_t noon = moment(&d, NOON, 0), half;
	time_t after = noon + FAR, before = noon - FAR;

	while (after - before > 1) {
		half = before + (after - before) / 2;
		at = date_at(half);
		if (compare(&at, &d) < 0)
			before = half;
		else
			after = half;
	}
	return (int64_t)after * 1000;
}

static int
check_years(int64_t at_ms, struct err *e)
{
	/* A year is left at both ends for the units around them. */
	if (at_ms < INT64_C(-62104060800000) ||
	    at_ms > INT64_C(253370764800000))
		return err_set(e, E_bad_time, "a time outside of the years 2 "
		    "to 9998");
	return 0;
}

static int
weekday_of(const struct date *d)
{
	struct tm tm = { .tm_year = d->year, .tm_mon = d->month,
	    .tm_mday = d->day, .tm_hour = NOON };

	(void)timegm(&tm);
	return tm.tm_wday;
}

/* The unit from this date on: where it begins, and the one behind it. */
static void
bounds(enum zone_unit unit, const struct date *d, int on, struct window *out)
{
	struct date from = *d, to = *d;

	switch (unit) {
	case ZONE_DAY:
		from.day += on;
		to = from;
		to.day++;
		break;
	case ZONE_WEEK:
		from.day += 7 * on - (weekday_of(d) + 6) % 7;
		to = from;
		to.day += 7;
		break;
	case ZONE_MONTH:
		from.day = 1;
		from.month += on;
		to = from;
		to.month++;
		break;
	case ZONE_QUARTER:
		from.day = 1;
		from.month += 3 * on - d->month % 3;
		to = from;
		to.month += 3;
		break;
	}
	out->from_ms = first_ms(&from);
	out->to_ms = first_ms(&to);
}

int
zone_window(const char *name, enum zone_unit unit, int64_t at_ms, int on,
    struct window *out, struct err *e)
{
	struct date d;

	if (use(name, e) || check_years(at_ms, e))
		return -1;
	d = date_at((time_t)(at_ms / 1000 - (at_ms % 1000 < 0)));
	bounds(unit, &d, on, out);
	return 0;
}

/* Just digits, so many: or -1. */
static int
number(const char *text, int digits)
{
	int i, n = 0;

	for (i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + text[i] - '0';
	}
	return n;
}

/* Week 1 has the year's first Thursday in it (ISO 8601). */
static bool
parse_week(const char *text, int year, struct date *out)
{
	struct date monday;
	int week = number(text, 2);

	if (week < 1 || week > 53 || text[2])
		return false;
	*out = (struct date){ year - 1900, 0, 4 };
	out->day += 7 * (week - 1);
	monday = *out;
	monday.day -= (weekday_of(out) + 6) % 7 - 3;	/* its Thursday */
	monday = proper(&monday);
	return monday.year == year - 1900;
}

static bool
parse(const char *text, enum zone_unit *unit, struct date *out)
{
	int year = number(text, 4), month, day = 1;
	struct date back;

	if (year < 2 || year > 9998 || text[4] != '-')
		return false;
	text += 5;
	if (*text == 'W') {
		*unit = ZONE_WEEK;
		return parse_week(text + 1, year, out);
	}
	if (*text == 'Q') {
		*unit = ZONE_QUARTER;
		month = number(text + 1, 1) * 3 - 2;
		if (month < 1 || month > 10 || text[2])
			return false;
	} else {
		*unit = ZONE_MONTH;
		month = number(text, 2);
		if (month < 1 || month > 12)
			return false;
		if (text[2] == '-') {
			*unit = ZONE_DAY;
			text += 3;
			day = number(text, 2);
		}
		if (day < 1 || text[2])
			return false;
	}
	*out = (struct date){ year - 1900, month - 1, day };
	back = proper(out);
	return !compare(&back, out);
}

int
zone_parse(const char *name, const char *text, struct window *out,
    struct err *e)
{
	enum zone_unit unit;
	struct date d;

	if (use(name, e))
		return -1;
	if (!parse(text, &unit, &d))
		return err_set(e, E_bad_time, "'%s' is not a month, a quarter, "
		    "a week or a day: 2026-03, 2026-Q1, 2026-W09, 2026-03-01",
		    text);
	bounds(unit, &d, 0, out);
	return 0;
}

int
zone_text(const char *name, int64_t ms, char out[ZONE_TEXT], struct err *e)
{
	time_t t = (time_t)(ms / 1000 - (ms % 1000 < 0));
	struct tm tm = { 0 };

	if (use(name, e) || check_years(ms, e))
		return -1;
	localtime_r(&t, &tm);
	strftime(out, ZONE_TEXT, "%Y-%m-%d %H:%M:%S %Z", &tm);
	return 0;
}

int
zone_weekly(const char *name, int weekday, int minute_of_day,
    int64_t length_ms, int64_t at_ms, struct window *out, struct err *e)
{
	struct date d;

	if (use(name, e) || check_years(at_ms, e))
		return -1;
	d = date_at((time_t)(at_ms / 1000));
	d.day -= (weekday_of(&d) - weekday + 7) % 7;
	out->from_ms = (int64_t)moment(&d, minute_of_day / 60,
	    minute_of_day % 60) * 1000;
	if (out->from_ms > at_ms) {
		d.day -= 7;
		out->from_ms = (int64_t)moment(&d, minute_of_day / 60,
		    minute_of_day % 60) * 1000;
	}
	out->to_ms = out->from_ms + length_ms;
	return 0;
}
