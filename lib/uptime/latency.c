#include <stdint.h>
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

/*
 * As bits, the highest of a byte first: a parameter k, the first bucket in
 * use, its count; then for each further one how many were passed over, and
 * its count.  Gaps are as Rice has them: what is above k bits as so many ones
 * and a zero, then the k bits; in k that makes it shortest.  A count of one is
 * a zero, any other a one and what it is more, as Elias has it (gamma).  The
 * last byte is filled with ones, which begin no gap that ends.
 */
#define K_BITS 4
#define K_MOST 10
#define INDEX_BITS 11
#define COUNT_BITS 48			/* all of them fit */
#define FAR 12				/* ones: the gap itself follows */

struct bits {
	struct buf *out;		/* NULL: only counted */
	const unsigned char *p, *end;	/* to be read */
	unsigned byte;
	int n;				/* of the byte */
	size_t written;
};

static void
put_bit(struct bits *b, unsigned bit)
{
	b->written++;
	if (!b->out)
		return;
	b->byte = b->byte << 1 | bit;
	if (++b->n == 8) {
		buf_addc(b->out, (char)b->byte);
		b->byte = 0;
		b->n = 0;
	}
}

static void
put_bits(struct bits *b, uint64_t value, int n)
{
	for (; n > 0; n--)
		put_bit(b, value >> (n - 1) & 1);
}

static void
put_gap(struct bits *b, int gap, int k)
{
	int i, ones = gap >> k;

	for (i = 0; i < ones && i < FAR; i++)
		put_bit(b, 1);
	if (i == FAR) {
		put_bits(b, (uint64_t)gap, INDEX_BITS);
		return;
	}
	put_bit(b, 0);
	put_bits(b, (uint64_t)gap, k);
}

static void
put_count(struct bits *b, int64_t count)
{
	uint64_t more = (uint64_t)count - 1;
	int n = 0;

	put_bit(b, more > 0);
	if (!more)
		return;
	while (more >> (n + 1))
		n++;
	put_bits(b, 0, n);
	put_bits(b, more, n + 1);
}

/* Of l the n buckets in use. */
static void
put_all(struct bits *b, const struct latency *l, const int *used, int n, int k)
{
	int i;

	put_bits(b, (uint64_t)k, K_BITS);
	put_bits(b, (uint64_t)used[0], INDEX_BITS);
	put_count(b, l->count[used[0]]);
	for (i = 1; i < n; i++) {
		put_gap(b, used[i] - used[i - 1] - 1, k);
		put_count(b, l->count[used[i]]);
	}
}

void
latency_pack(struct buf *out, const struct latency *l)
{
	struct bits b = { .out = out };
	size_t shortest = SIZE_MAX;
	int used[LATENCY_BUCKETS], i, n = 0, k, best = 0;

	for (i = 0; i < LATENCY_BUCKETS; i++)
		if (l->count[i])
			used[n++] = i;
	if (!n)
		return;
	for (k = 0; k <= K_MOST; k++) {
		struct bits measure = { .out = NULL };

		put_all(&measure, l, used, n, k);
		if (measure.written < shortest) {
			shortest = measure.written;
			best = k;
		}
	}
	put_all(&b, l, used, n, best);
	while (b.n)
		put_bit(&b, 1);
}

/* A bit, or -1 behind the last. */
static int
get_bit(struct bits *b)
{
	if (!b->n) {
		if (b->p == b->end)
			return -1;
		b->byte = *b->p++;
		b->n = 8;
	}
	return b->byte >> --b->n & 1;
}

static bool
get_bits(struct bits *b, int n, int64_t *out)
{
	int bit;

	for (*out = 0; n--; *out = *out << 1 | bit) {
		bit = get_bit(b);
		if (bit < 0)
			return false;
	}
	return true;
}

/* 1, or 0 if there is no further one, or -1. */
static int
get_gap(struct bits *b, int k, int64_t *out)
{
	int64_t ones = 0;
	int bit;

	while (ones < FAR) {
		bit = get_bit(b);
		if (bit < 0)
			return ones < 8 ? 0 : -1;
		if (!bit)
			break;
		ones++;
	}
	if (ones == FAR)
		return get_bits(b, INDEX_BITS, out) ? 1 : -1;
	if (!get_bits(b, k, out))
		return -1;
	*out += ones << k;
	return 1;
}

static bool
get_count(struct bits *b, int64_t *out)
{
	int bit = get_bit(b), n = 0;

	*out = 1;
	if (bit <= 0)
		return !bit;
	while ((bit = get_bit(b)) == 0)
		n++;
	if (bit < 0 || n > COUNT_BITS || !get_bits(b, n, out))
		return false;
	*out += (INT64_C(1) << n) + 1;
	return true;
}

bool
latency_unpack(struct latency *l, const void *bytes, size_t n)
{
	struct bits b = { .p = bytes };
	int64_t k, gap = 0, count, at;
	int got = 1;

	b.end = n ? b.p + n : b.p;
	if (!n)
		return true;
	if (!get_bits(&b, K_BITS, &k) || k > K_MOST ||
	    !get_bits(&b, INDEX_BITS, &at))
		return false;
	while (got > 0) {
		if (at >= LATENCY_BUCKETS || !get_count(&b, &count))
			return false;
		l->count[at] += count;
		l->n += count;
		got = get_gap(&b, (int)k, &gap);
		at += gap + 1;
	}
	return !got;
}
