/*
 * Limits on calls: never more than the bound, in any interval, and what a
 * refusal says is exactly so.  $BZN_RATES is how many schedules.
 */
#include <stdlib.h>

#include "tap.h"

#include "api/rate.h"
#include "base/buf.h"
#include "base/chance.h"

#define CALLS 200
#define SECOND INT64_C(1000000)

static void
exact(void)
{
	const struct rate_limit three = { "register", 3, 3600 };
	struct rates *r = rates_new();
	struct rate_told t;
	int64_t now = 5 * SECOND;

	OK(rates_take(r, &three, "a", now, &t) && t.left == 2);
	OK(rates_take(r, &three, "a", now, &t) && t.left == 1);
	OK(rates_take(r, &three, "a", now, &t) && t.left == 0);
	OK(t.full_s == 3600 && t.wait_s == 0);
	OK(!rates_take(r, &three, "a", now, &t));
	OK(t.wait_s == 1200 && t.left == 0 && t.full_s == 3600);
	OK(rates_take(r, &three, "b", now, &t));
	OK(!rates_take(r, &three, "a", now + 1200 * SECOND - 1, &t));
	OK(t.wait_s == 1);
	OK(rates_take(r, &three, "a", now + 1200 * SECOND, &t));
	OK(!rates_take(r, &three, "a", now + 1200 * SECOND, &t));
	OK(t.wait_s == 1200);
	OK(rates_count(r) == 2);
	rates_tidy(r, now + 3600 * SECOND);
	OK(rates_count(r) == 1);
	rates_tidy(r, now + 10000 * SECOND);
	OK(rates_count(r) == 0);
	rates_free(r);
}

static void
addresses(void)
{
	char out[RATE_KEY];

	rate_address(out, "192.0.2.7");
	IS(out, "192.0.2.7");
	rate_address(out, "2001:db8:1:2:3:4:5:6");
	IS(out, "2001:db8:1:2::/64");
	rate_address(out, "2001:db8:1:2::9");
	IS(out, "2001:db8:1:2::/64");
	rate_address(out, "unix");
	IS(out, "unix");
}

static void
headers(void)
{
	const struct rate_told t[] = {
		{ .name = "address", .q = 60, .w_s = 60, .left = 59,
		    .full_s = 1 },
		{ .name = "tasks", .q = 30, .w_s = 60, .left = 12,
		    .full_s = 36 },
	};
	struct buf b = BUF_INIT(1024);

	rate_headers(&b, t, 0);
	IS(b.data, "");
	rate_headers(&b, t, 2);
	IS(b.data, "RateLimit-Policy: \"address\";q=60;w=60, "
	    "\"tasks\";q=30;w=60\r\nRateLimit: \"tasks\";r=12;t=36\r\n");
	buf_release(&b);
}

/*
 * One random schedule: in no interval pass more than q + q*t/w, who waits as
 * long as he is told passes, and as many pass at once as is said.
 */
static bool
schedule(struct chance *c)
{
	const struct rate_limit l = {
		"x", 1 + (int64_t)chance_below(c, 40),
		1 + (int64_t)chance_below(c, 100),
	};
	int64_t passed[CALLS], at = 0, again, now = 0, want;
	struct rate_told t, more;
	size_t n = 0, i, k;

	for (i = 0; i < CALLS; i++) {
		now += (int64_t)chance_below(c, 3) ? (int64_t)chance_below(c,
		    (uint64_t)(2 * l.w_s * SECOND / l.q) + 1) : 0;
		if (rate_step(&at, &l, now, &t)) {
			passed[n++] = now;
		} else {
			again = at;
			if (t.wait_s < 1 || t.left ||
			    !rate_step(&again, &l, now + t.wait_s * SECOND,
			    &more))
				return false;
		}
		again = at;
		for (want = t.left; want; want--)
			if (!rate_step(&again, &l, now, &more))
				return false;
		if (rate_step(&again, &l, now, &more))
			return false;
	}
	for (i = 0; i < n; i++)
		for (k = i; k < n; k++)
			if ((int64_t)(k - i + 1 - (size_t)l.q) * l.w_s *
			    SECOND > (passed[k] - passed[i]) * l.q &&
			    k - i + 1 > (size_t)l.q)
				return false;
	return true;
}

int
main(void)
{
	const char *more = getenv("BZN_RATES");
	long n = more ? strtol(more, NULL, 10) : 300;
	struct chance c = { 0 };
	bool good = true;

	exact();
	addresses();
	headers();
	chance_seed(&c, 7);
	for (; n > 0 && good; n--)
		good = schedule(&c);
	OK(good);
	return DONE();
}
