#include <stdlib.h>

#include "tap.h"

#include "base/buf.h"
#include "uptime/latency.h"

#define N 20000

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static struct latency all, half[2], back;

/* Percentiles of random durations are within 1 % of those of the sorted. */
static void
test_error(void)
{
	static const int at[] = { 1, 100, 5000, 9000, 9500, 9900, 9999,
	    10000 };
	static int64_t us[N];
	uint64_t seed = 3;
	int64_t got, want;
	size_t i, wrong = 0;

	latency_reset(&all);
	for (i = 0; i < N; i++) {
		seed = seed * UINT64_C(6364136223846793005) + 1;
		us[i] = (int64_t)(seed >> 40) >> (seed >> 34 & 15);
		latency_add(&all, us[i]);
		latency_add(&half[i & 1], us[i]);
	}
	qsort(us, N, sizeof(*us), compare);
	for (i = 0; i < sizeof(at) / sizeof(*at); i++) {
		want = us[(N * (int64_t)at[i] + 9999) / 10000 - 1];
		got = latency_percentile(&all, at[i]);
		wrong += llabs(got - want) * 100 > want;
	}
	OK(wrong == 0);
	latency_merge(&half[0], &half[1]);
	OK(!memcmp(&half[0], &all, sizeof(all)));
}

static void
test_edges(void)
{
	int64_t us, wrong = 0;

	latency_reset(&all);
	OK(latency_percentile(&all, 5000) == -1);
	for (us = 1; us < (INT64_C(1) << 32); us = us * 9 / 8 + 1) {
		latency_reset(&all);
		latency_add(&all, us);
		wrong += llabs(latency_percentile(&all, 5000) - us) * 100 >
		    us;
	}
	OK(wrong == 0);
	latency_reset(&all);
	latency_add(&all, -5);
	OK(latency_percentile(&all, 10000) == 0);
	/* An outage cannot make it better. */
	latency_reset(&all);
	latency_add(&all, 100);
	latency_add(&all, LATENCY_NEVER);
	OK(latency_percentile(&all, 5000) == 100);
	OK(latency_percentile(&all, 5001) == LATENCY_NEVER);
	latency_add(&all, INT64_C(1) << 40);
	OK(latency_percentile(&all, 10000) == LATENCY_NEVER);
}

static void
test_pack(void)
{
	struct buf out = BUF_INIT(1 << 20);
	int cut, wrong = 0;
	size_t i;

	test_error();
	latency_add(&all, LATENCY_NEVER);
	latency_pack(&out, &all);
	latency_reset(&back);
	OK(latency_unpack(&back, out.data, out.len));
	OK(!memcmp(&back, &all, sizeof(all)));
	OK(latency_unpack(&back, "", 0));
	OK(!latency_unpack(&back, "\x01", 1));
	OK(!latency_unpack(&back, "\xff\xff\x7f\x01", 4));
	OK(!latency_unpack(&back, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	    10));
	/* Whatever it is, it is read or refused. */
	for (i = 0; i < out.len; i++)
		for (cut = 0; cut < 8; cut++) {
			out.data[i] ^= (char)(1 << cut);
			latency_reset(&back);
			if (latency_unpack(&back, out.data, out.len) &&
			    latency_percentile(&back, 5000) < 0)
				wrong++;
			out.data[i] ^= (char)(1 << cut);
		}
	OK(wrong == 0);
	/* Thirty probes of an hour. */
	buf_reset(&out);
	latency_reset(&all);
	for (i = 0; i < 30; i++)
		latency_add(&all, 50000 + (int64_t)i * 300);
	latency_pack(&out, &all);
	OK(out.len < 24);
	buf_release(&out);
}

/* Sparse and dense, small counts and large, with and without the last. */
static void
test_random_packs(void)
{
	struct buf out = BUF_INIT(1 << 20);
	unsigned seed = 3;
	int round, i, n, wrong = 0;

	for (round = 0; round < 2000; round++) {
		latency_reset(&all);
		latency_reset(&back);
		buf_reset(&out);
		n = 1 << round % 11;
		for (i = 0; i < n; i++) {
			seed = seed * 1103515245 + 12345;
			latency_add(&all, seed & 1 ? seed >> (seed >> 8 & 31) :
			    (int64_t)round * 100 + (seed >> 24));
		}
		if (round % 3 == 0)
			latency_add(&all, LATENCY_NEVER);
		if (round % 5 == 0) {
			all.count[round % LATENCY_BUCKETS] +=
			    INT64_C(1) << round % 47;
			all.n += INT64_C(1) << round % 47;
		}
		latency_pack(&out, &all);
		wrong += !latency_unpack(&back, out.data, out.len) ||
		    memcmp(&all, &back, sizeof(all));
	}
	OK(wrong == 0);
	buf_release(&out);
}

int
main(void)
{
	test_edges();
	test_pack();
	test_random_packs();
	return DONE();
}
