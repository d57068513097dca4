/*
 * How much there is of it all, and how much there will be.  What is of one
 * length in each row was measured once, with what the engine adds and with
 * indexes; what is not is summed up.
 */
#include "base/clock.h"
#include "health/impl.h"
#include "health/rollup.h"

#define SAMPLE 70			/* and its texts */
#define ROLLUP 34			/* and its histograms */
#define CHANGE 70
#define INCIDENT 170
#define WITNESS 213			/* and what was said */
#define SWEEP 148
#define YEAR_MS (366 * CLOCK_DAY_MS)

/* Of sums of one width: how many, and how long; how many a year makes. */
struct kept {
	int64_t width_s, in_year;
	int64_t rows, bytes;
};

static int
rollups(struct store *s, struct kept *kept, size_t n, struct health_stats *out,
    struct err *e)
{
	struct query q;
	size_t i;
	int got;

	query_open(&q, s, SQL_HEALTH_STATS_ROLLUP);
	while ((got = query_row(&q, e)) > 0) {
		out->rollups += query_get_int(&q, 1);
		out->rollup_bytes += query_get_int(&q, 2) +
		    ROLLUP * query_get_int(&q, 1);
		for (i = 0; i < n; i++)
			if (kept[i].width_s == query_get_int(&q, 0)) {
				kept[i].rows = query_get_int(&q, 1);
				kept[i].bytes = query_get_int(&q, 2);
			}
	}
	query_close(&q);
	return got;
}

static int
rows(struct store *s, struct health_stats *out, int64_t *first_ms,
    int64_t *texts, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HEALTH_STATS);
	got = query_row(&q, e);
	if (got > 0) {
		out->series = query_get_int(&q, 0);
		out->samples = query_get_int(&q, 1);
		out->changes = query_get_int(&q, 2);
		out->incidents = query_get_int(&q, 3);
		out->sweeps = query_get_int(&q, 4);
		*texts = query_get_int(&q, 5);
		*first_ms = query_get_int(&q, 6);
		out->incident_bytes = WITNESS * query_get_int(&q, 7) +
		    query_get_int(&q, 8);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/*
 * Samples and the finest sums soon are as many as they ever are.  What is
 * coarser and is not there yet is taken to be twice as long as what is finer:
 * it was seen to be a little more than that.
 */
static int64_t
in_a_year(const struct health_stats *now, const struct kept *kept, size_t n,
    int64_t texts, int64_t age_ms, int64_t interval_ms)
{
	int64_t each = 0, sum = 0;
	size_t i;

	if (!now->series || !now->samples || !kept->rows || age_ms <= 0)
		return 0;
	sum = (SAMPLE + texts / now->samples) *
	    (HEALTH_SAMPLES_KEPT_MS / interval_ms);
	for (i = 0; i < n; i++) {
		each = kept[i].rows ? kept[i].bytes / kept[i].rows : 2 * each;
		sum += (each + ROLLUP) * kept[i].in_year;
	}
	return sum + (now->change_bytes + now->incident_bytes) / now->series *
	    (YEAR_MS / CLOCK_DAY_MS) / (age_ms / CLOCK_DAY_MS + 1);
}

int
health_stats(struct store *s, const struct params *p, int64_t now_ms,
    struct health_stats *out, struct err *e)
{
	struct kept kept[] = {
		{ .width_s = 300, .in_year = 8640 },
		{ .width_s = 3600, .in_year = 8784 },
		{ .width_s = 86400, .in_year = 366 },
		{ .width_s = 2764800, .in_year = 12 },
	};
	const size_t n = sizeof(kept) / sizeof(*kept);
	int64_t first_ms = 0, texts = 0;

	*out = (struct health_stats){ 0 };
	if (rows(s, out, &first_ms, &texts, e) ||
	    rollups(s, kept, n, out, e))
		return -1;
	out->sample_bytes = texts + SAMPLE * out->samples;
	out->change_bytes = CHANGE * out->changes;
	out->incident_bytes += INCIDENT * out->incidents;
	out->sweep_bytes = SWEEP * out->sweeps;
	out->bytes = out->sample_bytes + out->rollup_bytes +
	    out->change_bytes + out->incident_bytes + out->sweep_bytes;
	out->year_bytes = in_a_year(out, kept, n, texts, now_ms - first_ms,
	    p->value[PARAM_health_check_interval]);
	return 0;
}
