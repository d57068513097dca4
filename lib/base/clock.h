/*
 * clock - what time it is, as text and as milliseconds.
 *
 * Inside, a time is int64_t milliseconds since 1970 UTC and its name ends in
 * _ms; at the edges it is RFC 3339 with Z and milliseconds.  Nothing in here
 * asks the system: the moment is an argument, read once by lib/cli.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#include "base/err.h"

#define CLOCK_DAY_MS INT64_C(86400000)
#define CLOCK_TEXT 32

/* "2026-11-20T06:52:52.000Z"; years 1 to 9999, else the nearest of those. */
void clock_text(int64_t ms, char out[CLOCK_TEXT]);

/*
 * RFC 3339 with Z or an offset, at most milliseconds; a bare date is its
 * first moment UTC; "@N" is milliseconds.  E_bad_time.
 */
int clock_parse(const char *text, int64_t *ms, struct err *) CHECKED;

/* "90", "90s", "15m", "24h", "7d", "250ms" to milliseconds.  E_bad_time. */
int clock_span(const char *text, int64_t *ms, struct err *) CHECKED;

/* The shortest of those forms that says it exactly. */
void clock_span_text(int64_t ms, char out[CLOCK_TEXT]);

#endif
