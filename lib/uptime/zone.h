/*
 * zone - days, weeks, months and quarters as a clock on a wall has them.
 *
 * Days of 23 and of 25 hours are what they are: a day goes from one midnight
 * of its zone to the next, or if there is none from the first moment of that
 * date.  The names are those of the tz database ("Europe/Berlin", "UTC").
 * Threads: one zone is in use at a time, and by one thread.
 */
#ifndef ZONE_H
#define ZONE_H

#include <stdint.h>

#include "base/err.h"
#include "uptime/span.h"

#define ZONE_NAME 64
#define ZONE_FILES "/usr/share/zoneinfo"

enum zone_unit { ZONE_DAY, ZONE_WEEK, ZONE_MONTH, ZONE_QUARTER };

/* E_bad_zone if there is none of that name. */
int zone_check(const char *name, struct err *) CHECKED;

/*
 * The unit in which a moment lies, as many units on: 0 is this one, -1 the
 * one before.  Weeks begin on Monday.  E_bad_zone; E_bad_time if it is not
 * within the years 1 to 9999.
 */
int zone_window(const char *name, enum zone_unit, int64_t at_ms, int on,
    struct window *out, struct err *) CHECKED;

/* "2026-03", a month; "2026-Q1", "2026-W09" or a day.  E_bad_time. */
int zone_parse(const char *name, const char *text, struct window *out,
    struct err *) CHECKED;

/* "2026-11-20 15:04:05 CET": for people. */
#define ZONE_TEXT 48
int zone_text(const char *name, int64_t ms, char out[ZONE_TEXT],
    struct err *) CHECKED;

/*
 * A time of the day on a day of the week, 0 being Sunday, and how long it
 * lasts: the last such window that began at at_ms or before.
 */
int zone_weekly(const char *name, int weekday, int minute_of_day,
    int64_t length_ms, int64_t at_ms, struct window *out, struct err *)
    CHECKED;

#endif
