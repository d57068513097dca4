/*
 * latency - how long answers took: histograms that add up (spec/ops.md 3.4).
 *
 * A bucket holds the durations of one 64th of a power of two of microseconds,
 * so that what is read from one is off by less than 1 %.  What never came is
 * in a bucket of its own above all others: an outage cannot make a percentile
 * better.  Kept as bytes, of which there are two for the first bucket in use,
 * and half a one or so for each other; the sum of two is the histogram of
 * both.
 * Units: _us.
 */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LATENCY_BUCKETS 1665	/* up to 2^32 us, and the one above */
#define LATENCY_NEVER INT64_MAX	/* what never came */

struct buf;

struct latency {
	int64_t count[LATENCY_BUCKETS];
	int64_t n;		/* all of them */
};

void latency_reset(struct latency *);
void latency_add(struct latency *, int64_t us);		/* or LATENCY_NEVER */
void latency_merge(struct latency *, const struct latency *);

/*
 * The duration that so many in 10,000 were not above: the middle of its
 * bucket, or LATENCY_NEVER; -1 if there are none.  10000 is the longest.
 */
int64_t latency_percentile(const struct latency *, int per_10000);

/* Append the bytes; add what such bytes say.  False if they are none. */
void latency_pack(struct buf *, const struct latency *);
bool latency_unpack(struct latency *, const void *, size_t n);

#endif
