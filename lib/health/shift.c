/* Do answers take much longer than they did? */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "health/impl.h"

static int
compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The last of them that were answers, in no order; how many there are. */
static int
read_last(struct store *s, const struct health_series *h, int64_t now_ms,
    int64_t us[HEALTH_SHIFT], struct err *e)
{
	const struct window w = { now_ms - CLOCK_DAY_MS, now_ms + 1 };
	struct sample one;
	struct query q;
	int got, n = 0;

	health_samples_of(&q, s, h->id, &w);
	while ((got = health_samples_next(&q, &one, e)) > 0)
		if (one.ok && !one.confirm && one.us[PHASE_TOTAL] >= 0 &&
		    !health_sample_offline(&q))
			us[n++ % HEALTH_SHIFT] = one.us[PHASE_TOTAL];
	query_close(&q);
	return got < 0 ? -1 : n;
}

int
health_shift(struct store *s, const struct health_series *h, int64_t now_ms,
    struct health_shift *out, struct err *e)
{
	const struct window day = { now_ms - CLOCK_DAY_MS, now_ms };
	int64_t us[HEALTH_SHIFT];
	struct health_sum *sum;
	int rc, n = read_last(s, h, now_ms, us, e);

	*out = (struct health_shift){ -1, -1, false };
	if (n < HEALTH_SHIFT)
		return n < 0 ? -1 : 0;
	qsort(us, HEALTH_SHIFT, sizeof(*us), compare);
	out->last_us = (us[HEALTH_SHIFT / 2 - 1] + us[HEALTH_SHIFT / 2]) / 2;
	sum = mem_zero(1, sizeof(*sum));
	rc = health_sum(s, h, &day, now_ms, sum, e);
	if (!rc)
		out->day_us = latency_percentile(&sum->phase[PHASE_TOTAL],
		    5000);
	free(sum);
	out->shifted = !rc && out->day_us > 0 &&
	    out->last_us / HEALTH_SHIFT_MOST > out->day_us;
	return rc;
}
