#include <stdio.h>
#include <string.h>

#include "ping/range.h"

#define WHOLE_MOST INT64_C(1000000000000)

/* A number in millionths; how many bytes it has, or 0. */
static size_t
number(const char *p, size_t n, int64_t *out)
{
	bool minus = n && *p == '-', point = false;
	int64_t v = 0, unit = RANGE_UNIT;
	size_t i, digits = 0;

	for (i = minus; i < n; i++) {
		if (p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (p[i] < '0' || p[i] > '9')
			break;
		digits++;
		if (!point) {
			if (v > WHOLE_MOST * RANGE_UNIT / 10)
				return 0;
			v = v * 10 + (p[i] - '0') * RANGE_UNIT;
			continue;
		}
		unit /= 10;
		if (!unit)
			return 0;
		v += (p[i] - '0') * unit;
	}
	*out = minus ? -v : v;
	return digits ? i : 0;
}

static bool
parse(struct range *out, const char *p, size_t n)
{
	const char *colon;
	size_t left;

	out->inside = n && *p == '@';
	p += out->inside;
	n -= out->inside;
	colon = memchr(p, ':', n);
	if (colon) {
		left = (size_t)(colon - p);
		if (left == 1 && *p == '~')
			out->from = INT64_MIN;
		else if (!left || number(p, left, &out->from) != left)
			return false;
		n -= left + 1;
		p = colon + 1;
	}
	if (colon && !n)
		return out->to = INT64_MAX, true;
	return n && number(p, n, &out->to) == n && out->from <= out->to;
}

int
range_parse(struct range *out, const char *text, size_t n, const char *what,
    struct err *e)
{
	*out = (struct range){ .given = n > 0 };
	if (!n)
		return 0;
	if (n >= sizeof(out->text) || !parse(out, text, n))
		return err_set(e, E_usage, "%s: '%.*s' is no range: such are "
		    "10, 10:, ~:10, 10:20 and @10:20", what,
		    (int)(n < 60 ? n : 60), text);
	memcpy(out->text, text, n);
	return 0;
}

bool
range_alerts(const struct range *r, int64_t value)
{
	bool within = value >= r->from && value <= r->to;

	return r->given && within == r->inside;
}
