/*
 * rollup - samples added up, so that a year of a node is small and quick.
 *
 * Samples are kept for 48 hours; sums of 5 minutes for 30 days, of an hour
 * for a year, of a day and of 32 days for good (spec/ops.md 3.10).  Each is
 * made of the next finer ones once its time is over, and what it was made of
 * goes when it is old.  Confirmations are in no sum: they would make latency
 * that of bad moments only.  Nor is what an observer saw who was cut off.
 */
#ifndef ROLLUP_H
#define ROLLUP_H

#include <stdint.h>

#include "base/err.h"
#include "health/health.h"
#include "uptime/latency.h"

/*
 * Add up what is over of a series, and drop what is old.  Its rolled_ms moves
 * on; the caller writes it.
 */
int health_roll_in(struct store *, struct health_series *, int64_t now_ms,
    struct err *) CHECKED;

/* Samples are kept at least for so long, and so are sweeps. */
#define HEALTH_SAMPLES_KEPT_MS INT64_C(172800000)

/*
 * A sample came that is of a moment that was added up already, for the clock
 * was set back: add it to what there is of that.
 */
int health_roll_late_in(struct store *, const struct health_series *,
    const struct sample *, struct err *) CHECKED;

/* What the probes of a series found; it is large: not for the stack. */
struct health_sum {
	int64_t ok, slow, failed;
	struct latency phase[PHASE__COUNT];
};

/*
 * Add what they found in a window, whose ends are moved outwards to what is
 * kept of that time.  out was zeroed once.
 */
int health_sum(struct store *, const struct health_series *,
    const struct window *, int64_t now_ms, struct health_sum *out,
    struct err *) CHECKED;

/*
 * The middle of the last ten answers, and that of the day: if the one is more
 * than three times the other, something has shifted (spec/ops.md 3.4).  -1
 * before there are ten.
 */
#define HEALTH_SHIFT 10
#define HEALTH_SHIFT_MOST 3
struct health_shift {
	int64_t last_us, day_us;	/* day_us LATENCY_NEVER: most did not
					   come */
	bool shifted;
};
int health_shift(struct store *, const struct health_series *,
    int64_t now_ms, struct health_shift *out, struct err *) CHECKED;

/* Of what there is how much. */
struct health_stats {
	int64_t series, samples, rollups, changes, incidents, sweeps;
	/* Bytes in the store, indexes too, as good as its rows tell. */
	int64_t sample_bytes, rollup_bytes, change_bytes, incident_bytes,
	    sweep_bytes;
	int64_t bytes;			/* all of that */
	int64_t year_bytes;		/* what a series will be in a year,
					   if it goes on so; 0: too early */
};
int health_stats(struct store *, const struct params *, int64_t now_ms,
    struct health_stats *out, struct err *) CHECKED;

#endif
