#include <string.h>

#include "base/buf.h"
#include "uptime/latency.h"

#define STEPS 64		/* per power of two */
#define TOP (LATENCY_BUCKETS - 1)

void
latency_reset(struct latency *l)
{
	memset(l, 0, sizeof(*l));
}

/* Below 64 us each has a bucket; above, the first seven bits count. */
static int
bucket_of(int64_t us)
{
	int shift = 0;

	if (us == LATENCY_NEVER)
		return TOP;
	if (us < STEPS)
		return us < 0 ? 0 : (int)us;
	while (us >> shift >= 2 * STEPS)
		shift++;
	us = (shift + 1) * STEPS + (us >> shift) - STEPS;
	return us < TOP ? (int)us : TOP;
}

static int64_t
middle_of(int bucket)
{
	int shift = bucket / STEPS - 1;
	int64_t low;

	if (bucket == TOP)
		return LATENCY_NEVER;
	if (shift < 1)
		return bucket;
	low = (int64_t)(bucket % STEPS + STEPS) << shift;
	return low + (INT64_C(1) << shift) / 2;
}

void
latency_add(struct latency *l, int64_t us)
{
	l->count[bucket_of(us)]++;
	l->n++;
}

void
latency_merge(struct latency *l, const struct latency *more)
{
	int i;

	for (i = 0; i < LATENCY_BUCKETS; i++)
		l->count[i] += more->count[i];
	l->n += more->n;
}

int64_t
latency_percentile(const struct latency *l, int per_10000)
{
	int64_t rank, seen = 0;
	int i;

	if (!l->n)
		return -1;
	rank = (l->n * per_10000 + 9999) / 10000;
	for (i = 0; i < TOP; i++) {
		seen += l->count[i];
		if (seen >= rank && seen)
			break;
	}
	return middle_of(i);
}

/* Seven bits a byte, the lowest first; the eighth says that more follow. */
static void
put_number(struct buf *out, uint64_t n)
{
	for (; n >= 128; n >>= 7)
		buf_addc(out, (char)((n & 127) | 128));
	buf_addc(out, (char)n);
}

static bool
get_number(const unsigned char **p, const unsigned char *end, uint64_t *out)
{
	uint64_t n = 0;
	int shift;

	for (shift = 0; *p < end && shift < 63; shift += 7) {
		n |= (uint64_t)(**p & 127) << shift;
		if (!(*(*p)++ & 128)) {
			*out = n;
			return true;
		}
	}
	return false;
}

/* For each bucket in use: how many were passed over, and its count. */
void
latency_pack(struct buf *out, const struct latency *l)
{
	int i, last = -1;

	for (i = 0; i < LATENCY_BUCKETS; i++)
		if (l->count[i]) {
			put_number(out, (uint64_t)(i - last - 1));
			put_number(out, (uint64_t)l->count[i]);
			last = i;
		}
}

bool
latency_unpack(struct latency *l, const void *bytes, size_t n)
{
	const unsigned char *p = bytes, *end = p + n;
	uint64_t skip, count;
	int64_t i = -1;

	while (p < end) {
		if (!get_number(&p, end, &skip) ||
		    !get_number(&p, end, &count) ||
		    skip >= LATENCY_BUCKETS || count > INT64_MAX / 2)
			return false;
		i += (int64_t)skip + 1;
		if (i >= LATENCY_BUCKETS)
			return false;
		l->count[i] += (int64_t)count;
		l->n += (int64_t)count;
	}
	return true;
}
