/*
 * Times on a wall, and maintenance: what is read lies where it says; weekly
 * windows begin at their minute of their day, and those of a node are in
 * order and apart.
 *
 * The first byte says of which zone; what lies behind it is a text, and also
 * windows of 16 bytes each.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "health/impl.h"
#include "uptime/zone.h"

#define WINDOWS 16
#define TEXT 64
#define YEARS INT64_C(3155760000)	/* s: a hundred, from 1970 on */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *const zones[] = { "UTC", "Europe/Berlin",
    "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "Asia/Gaza",
    "Africa/Casablanca", "America/Santiago" };

static void
check_text(const char *zone, const char *text)
{
	char out[CLOCK_TEXT], word[ZONE_TEXT];
	struct window w;
	struct err e = { 0 };
	int64_t ms, again;

	if (!zone_parse(zone, text, &w, &e))
		assert(w.from_ms < w.to_ms && w.to_ms - w.from_ms <=
		    94 * CLOCK_DAY_MS);
	else
		assert(e.code == E_bad_time);
	if (!clock_parse(text, &ms, &e)) {
		clock_text(ms, out);
		assert(!clock_parse(out, &again, &e));
		assert(again == ms || ms < INT64_C(-62135596800000) ||
		    ms > INT64_C(253402300799999));
		(void)!zone_text(zone, ms, word, &e);
	}
	if (!clock_span(text, &ms, &e)) {
		clock_span_text(ms, out);
		assert(!clock_span(out, &again, &e) && again == ms);
	}
	(void)!zone_check(text, &e);
}

static int64_t
number(const uint8_t *p, size_t n)
{
	int64_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

static void
make(struct health_maint *m, const uint8_t *p, const char *zone)
{
	int64_t from_s = number(p, 4) % YEARS;

	*m = (struct health_maint){ .weekday = p[4] % 10 - 3,
	    .from_ms = from_s * 1000 };
	strcpy(m->zone, zone);
	m->id[0] = (char)('a' + p[5] % 26);
	if (m->weekday >= 0) {
		m->minute = (int)(number(p + 6, 2) % 1440);
		m->length_ms = 1 + number(p + 8, 4) % (7 * CLOCK_DAY_MS);
		if (p[12])
			m->to_ms = m->from_ms + p[12] * CLOCK_DAY_MS;
	} else {
		m->weekday = -1;
		m->to_ms = m->from_ms + 1 + number(p + 8, 4);
	}
}

/* Its beginning is at that minute, but where the clock leaves that out. */
static void
check_week(const struct health_cut *c)
{
	const struct health_maint *m = c->maint;
	time_t t = (time_t)(c->window.from_ms / 1000);
	struct tm tm;

	setenv("TZ", m->zone, 1);
	tzset();
	localtime_r(&t, &tm);
	assert(c->window.from_ms >= m->from_ms);
	assert(c->window.to_ms - c->window.from_ms == m->length_ms ||
	    c->window.to_ms == m->to_ms);
	if (tm.tm_hour * 60 + tm.tm_min == m->minute)
		assert(tm.tm_wday == m->weekday);
}

/* Is it cut out at that moment, by any? */
static bool
is_cut(const struct health_cut *c, size_t n, int64_t at_ms)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (c[i].window.from_ms <= at_ms && at_ms < c[i].window.to_ms)
			return true;
	return false;
}

static void
check_calendar(const struct health_calendar *c, const struct window *w)
{
	struct health_cut *cut;
	struct window *all;
	struct err e = { 0 };
	int64_t until;
	size_t i, n, merged;

	if (health_calendar_cuts(c, "x", w, &cut, &n, &e)) {
		assert(e.code == E_bad_time);
		return;
	}
	for (i = 0; i < n; i++) {
		assert(cut[i].window.from_ms < w->to_ms &&
		    cut[i].window.to_ms > w->from_ms);
		if (cut[i].maint->weekday >= 0)
			check_week(&cut[i]);
	}
	assert(!health_calendar_windows(c, "x", w, &all, &merged, &e));
	for (i = 0; i < merged; i++) {
		assert(all[i].from_ms < all[i].to_ms);
		assert(!i || all[i - 1].to_ms < all[i].from_ms);
		assert(is_cut(cut, n, all[i].from_ms));
		assert(is_cut(cut, n, all[i].to_ms - 1));
		assert(!is_cut(cut, n, all[i].to_ms));
		if (all[i].from_ms >= w->from_ms)
			assert(health_in_maint(c, "x", all[i].from_ms, &until,
			    &e) == 1 && until > all[i].from_ms);
	}
	free(all);
	free(cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct health_maint maint[WINDOWS];
	struct health_calendar c = { .maint = maint };
	char text[TEXT] = "";
	const char *zone;
	struct window w;

	if (!n)
		return 0;
	zone = zones[*data++ % (sizeof(zones) / sizeof(*zones))];
	n--;
	memcpy(text, data, n < TEXT - 1 ? n : TEXT - 1);
	check_text(zone, text);
	if (n < 8)
		return 0;
	w.from_ms = number(data, 4) % YEARS * 1000;
	w.to_ms = w.from_ms + 1 + number(data + 4, 4);
	for (data += 8, n -= 8; n >= 16 && c.n < WINDOWS; data += 16, n -= 16)
		make(&maint[c.n++], data, zone);
	check_calendar(&c, &w);
	return 0;
}
