/*
 * Thresholds: one that is read says where it alerts, at its ends and beside
 * them, as the protocol has it; and none that is read is long.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ping/range.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* In millionths, as a person would type it. */
static void
put(char *out, size_t size, int64_t v)
{
	int64_t all = v < 0 ? -v : v;

	snprintf(out, size, "%s%lld.%06lld", v < 0 ? "-" : "",
	    (long long)(all / RANGE_UNIT), (long long)(all % RANGE_UNIT));
}

/* Written in full it is the same. */
static void
again(const struct range *r)
{
	char from[32] = "~", to[32] = "", text[80];
	struct range other;
	struct err e;

	if (r->from != INT64_MIN)
		put(from, sizeof(from), r->from);
	if (r->to != INT64_MAX)
		put(to, sizeof(to), r->to);
	snprintf(text, sizeof(text), "%s%s:%s", r->inside ? "@" : "", from,
	    to);
	if (strlen(text) >= RANGE_TEXT)
		return;
	assert(!range_parse(&other, text, strlen(text), "x", &e));
	assert(other.from == r->from && other.to == r->to &&
	    other.inside == r->inside);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct range r;
	struct err e = { 0 };

	if (range_parse(&r, (const char *)data, n, "x", &e)) {
		assert(e.code == E_usage);
		return 0;
	}
	assert(n < RANGE_TEXT && r.given == (n > 0) && strlen(r.text) <= n);
	if (!n)
		return 0;
	assert(r.from <= r.to);
	assert(range_alerts(&r, r.from) == r.inside);
	assert(range_alerts(&r, r.to) == r.inside);
	assert(r.from == INT64_MIN || range_alerts(&r, r.from - 1) !=
	    r.inside);
	assert(r.to == INT64_MAX || range_alerts(&r, r.to + 1) != r.inside);
	again(&r);
	return 0;
}
