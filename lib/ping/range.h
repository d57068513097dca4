/*
 * range - thresholds as plugins of Nagios have them.
 *
 *	10	alert if less than 0 or more than 10
 *	10:	alert if less than 10
 *	~:10	alert if more than 10
 *	10:20	alert if less than 10 or more than 20
 *	@10:20	alert if at least 10 and at most 20
 *
 * Values are in millionths of their unit; a range has up to six decimals.
 */
#ifndef RANGE_H
#define RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define RANGE_UNIT INT64_C(1000000)
#define RANGE_TEXT 48

struct range {
	bool given, inside;		/* inside: alert within */
	int64_t from, to;		/* INT64_MIN, INT64_MAX: no end */
	char text[RANGE_TEXT];		/* as it was typed; "" */
};

/* Read one of n bytes; "" is none.  E_usage, which says what of. */
int range_parse(struct range *out, const char *text, size_t n,
    const char *what, struct err *) CHECKED;

/* Is that a value to alert of?  Never, if none was given. */
bool range_alerts(const struct range *, int64_t value);

#endif
