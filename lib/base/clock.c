#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define FIRST_MS INT64_C(-62135596800000)	/* 0001-01-01T00:00:00.000Z */
#define LAST_MS INT64_C(253402300799999)	/* 9999-12-31T23:59:59.999Z */

static char *
put_digits(char *p, unsigned value, int n)
{
	int i;

	for (i = n; i--; value /= 10)
		p[i] = (char)('0' + value % 10);
	return p + n;
}

/*
 * Each record has times in it, and gmtime_r() takes a lock: so the date is
 * counted here.  Years begin in March for that, and the day of a leap year
 * comes last; 719468 days lie between 0000-03-01 and 1970.
 */
static char *
put_date(char *p, int64_t days)
{
	unsigned day, year, of_year, month;

	days += 719468;				/* never negative: FIRST_MS */
	day = (unsigned)(days % 146097);	/* of 400 years */
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	of_year = day - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;	/* from March on */
	day = of_year - (153 * month + 2) / 5 + 1;
	month = month < 10 ? month + 3 : month - 9;
	year += (unsigned)(days / 146097) * 400 + (month <= 2);
	p = put_digits(p, year, 4);
	*p++ = '-';
	p = put_digits(p, month, 2);
	*p++ = '-';
	return put_digits(p, day, 2);
}

void
clock_text(int64_t ms, char out[CLOCK_TEXT])
{
	int64_t day_ms;
	unsigned rest;
	char *p;

	ms = ms < FIRST_MS ? FIRST_MS : ms > LAST_MS ? LAST_MS : ms;
	day_ms = ms % CLOCK_DAY_MS;
	day_ms += day_ms < 0 ? CLOCK_DAY_MS : 0;
	p = put_date(out, (ms - day_ms) / CLOCK_DAY_MS);
	rest = (unsigned)day_ms;
	*p++ = 'T';
	p = put_digits(p, rest / 3600000, 2);
	*p++ = ':';
	p = put_digits(p, rest / 60000 % 60, 2);
	*p++ = ':';
	p = put_digits(p, rest / 1000 % 60, 2);
	*p++ = '.';
	p = put_digits(p, rest % 1000, 3);
	*p++ = 'Z';
	*p = '\0';
}

/* Exactly n digits and the byte that ends them; moves *p past both. */
static bool
field(const char **p, int n, char end, int64_t *out)
{
	*out = 0;
	while (n--) {
		if (**p < '0' || **p > '9')
			return false;
		*out = *out * 10 + *(*p)++ - '0';
	}
	return !end || *(*p)++ == end;
}

/* ".5", ".52", ".520"; nothing is no fraction. */
static bool
fraction(const char **p, int64_t *ms)
{
	int64_t weight = 100;

	*ms = 0;
	if (**p != '.')
		return true;
	for (++*p; **p >= '0' && **p <= '9'; ++*p, weight /= 10) {
		if (!weight)
			return false;
		*ms += (**p - '0') * weight;
	}
	return weight < 100;
}

/* "Z" or "+01:30", to the milliseconds that it is ahead of UTC. */
static bool
zone(const char *p, int64_t *ahead)
{
	int64_t h, m, sign = *p == '-' ? -1 : 1;

	*ahead = 0;
	if (!strcmp(p, "Z"))
		return true;
	if (*p != '+' && *p != '-')
		return false;
	p++;
	if (!field(&p, 2, ':', &h) || !field(&p, 2, '\0', &m) || *p ||
	    h > 23 || m > 59)
		return false;
	*ahead = sign * (h * 60 + m) * 60000;
	return true;
}

static bool
read_time(const char *p, int64_t *out)
{
	int64_t y, mo, d, h = 0, mi = 0, s = 0, ms = 0, ahead = 0;
	struct tm tm = { 0 };

	if (!field(&p, 4, '-', &y) || !field(&p, 2, '-', &mo) ||
	    !field(&p, 2, '\0', &d) || y < 1)
		return false;
	if (*p && (*p++ != 'T' || !field(&p, 2, ':', &h) ||
	    !field(&p, 2, ':', &mi) || !field(&p, 2, '\0', &s) ||
	    !fraction(&p, &ms) || !zone(p, &ahead)))
		return false;
	tm.tm_year = (int)y - 1900;
	tm.tm_mon = (int)mo - 1;
	tm.tm_mday = (int)d;
	tm.tm_hour = (int)h;
	tm.tm_min = (int)mi;
	tm.tm_sec = (int)s;
	*out = timegm(&tm) * INT64_C(1000) + ms - ahead;
	/* What does not exist, such as February 30, comes back changed. */
	return tm.tm_mon == mo - 1 && tm.tm_mday == d && tm.tm_hour == h &&
	    tm.tm_min == mi && tm.tm_sec == s;
}

/* A run of digits that fits; moves *p past it. */
static bool
digits(const char **p, int64_t *out)
{
	const char *start = *p;

	*out = 0;
	for (; **p >= '0' && **p <= '9'; ++*p)
		if (__builtin_mul_overflow(*out, 10, out) ||
		    __builtin_add_overflow(*out, **p - '0', out))
			return false;
	return *p > start;
}

int
clock_parse(const char *text, int64_t *ms, struct err *e)
{
	const char *p = text + 1;
	int64_t out;

	if (*text == '@' ? !digits(&p, &out) || *p || out > LAST_MS :
	    !read_time(text, &out))
		return err_set(e, E_bad_time,
		    "'%.40s' is not a time like 2026-11-20T06:52:52Z", text);
	*ms = out;
	return 0;
}

static const struct { const char *word; int64_t ms; } spans[] = {
	{ "d", CLOCK_DAY_MS }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 },
	{ "ms", 1 }, { "", 1000 },
};

int
clock_span(const char *text, int64_t *ms, struct err *e)
{
	const char *p = text;
	int64_t n;
	size_t i;

	if (digits(&p, &n))
		for (i = 0; i < sizeof(spans) / sizeof(*spans); i++)
			if (!strcmp(p, spans[i].word) &&
			    !__builtin_mul_overflow(n, spans[i].ms, ms))
				return 0;
	return err_set(e, E_bad_time, "'%.40s' is not a span like 24h", text);
}

void
clock_span_text(int64_t ms, char out[CLOCK_TEXT])
{
	size_t i = 0;

	while (ms % spans[i].ms)
		i++;
	snprintf(out, CLOCK_TEXT, "%" PRId64 "%s", ms / spans[i].ms,
	    spans[i].word);
}
