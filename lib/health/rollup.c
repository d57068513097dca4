#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "health/impl.h"
#include "health/rollup.h"

#define MINUTE_MS INT64_C(60000)
#define LATE_MS (10 * MINUTE_MS)	/* sweeps bring samples at their end */
#define PACKED_MAX (64 * 1024)

/* Coarser and coarser; each width is so many of the one before. */
static const struct width {
	int64_t ms, kept_ms;		/* 0: for good */
} widths[] = {
	{ 5 * MINUTE_MS, 30 * CLOCK_DAY_MS },
	{ 60 * MINUTE_MS, 366 * CLOCK_DAY_MS },
	{ CLOCK_DAY_MS, 0 },
	{ 32 * CLOCK_DAY_MS, 0 },
};

#define WIDTHS (sizeof(widths) / sizeof(*widths))
#define SAMPLES_KEPT_MS HEALTH_SAMPLES_KEPT_MS

static int64_t
down_to(int64_t ms, int64_t width_ms)
{
	int64_t over = ms % width_ms;

	return ms - over - (over < 0 ? width_ms : 0);
}

static int64_t
up_to(int64_t ms, int64_t width_ms)
{
	return down_to(ms + width_ms - 1, width_ms);
}

/* --- adding --------------------------------------------------------------- */

/* The columns are: finding, class, total, and the other phases. */
void
health_sum_sample(struct health_sum *out, const struct query *q, bool phases)
{
	enum found f = (enum found)query_get_int(q, 0);
	int i;

	out->ok += f == FOUND_OK;
	out->slow += f == FOUND_SLOW;
	out->failed += f == FOUND_FAILED;
	if (f == FOUND_FAILED) {
		if (query_get_int(q, 1) == CLASS_TIMEOUT)
			latency_add(&out->phase[PHASE_TOTAL], LATENCY_NEVER);
		return;
	}
	if (!query_get_null(q, 2))
		latency_add(&out->phase[PHASE_TOTAL], query_get_int(q, 2));
	for (i = 0; phases && i < PHASE_TOTAL; i++)
		if (!query_get_null(q, 3 + i))
			latency_add(&out->phase[i], query_get_int(q, 3 + i));
}

static int
add_samples(struct store *s, int64_t series, int64_t from_ms, int64_t to_ms,
    struct health_sum *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HEALTH_SAMPLE_SUM);
	query_int(&q, series);
	query_int(&q, from_ms);
	query_int(&q, to_ms);
	while ((got = query_row(&q, e)) > 0)
		health_sum_sample(out, &q, true);
	query_close(&q);
	return got;
}

/* The total apart, for it is what most ask for; the others, each with its
   length in two bytes. */
static void
pack(struct buf *total, struct buf *phases, const struct health_sum *sum)
{
	size_t at, n;
	int i;

	latency_pack(total, &sum->phase[PHASE_TOTAL]);
	for (i = 0; i < PHASE_TOTAL; i++) {
		at = phases->len;
		buf_add(phases, "\0\0", 2);
		latency_pack(phases, &sum->phase[i]);
		n = phases->len - at - 2;
		if (!phases->full) {
			phases->data[at] = (char)(n >> 8);
			phases->data[at + 1] = (char)n;
		}
	}
}

static bool
unpack(struct health_sum *out, const struct query *q, bool phases)
{
	const unsigned char *p;
	size_t n, len;
	int i;

	p = query_get_bytes(q, 3, &n);
	if (!latency_unpack(&out->phase[PHASE_TOTAL], p, n))
		return false;
	if (!phases)
		return true;
	p = query_get_bytes(q, 4, &n);
	for (i = 0; i < PHASE_TOTAL; i++) {
		if (n < 2)
			return false;
		len = (size_t)p[0] << 8 | p[1];
		if (n - 2 < len || !latency_unpack(&out->phase[i], p + 2, len))
			return false;
		p += 2 + len;
		n -= 2 + len;
	}
	return !n;
}

int
health_sum_row(struct health_sum *out, const struct query *q, bool phases,
    struct err *e)
{
	out->ok += query_get_int(q, 0);
	out->slow += query_get_int(q, 1);
	out->failed += query_get_int(q, 2);
	return unpack(out, q, phases) ? 0 : err_set(e, E_store_corrupt, "a "
	    "sum of samples cannot be read: its histogram is none");
}

static int
add_rollups(struct store *s, int64_t series, int64_t width_s,
    int64_t from_ms, int64_t to_ms, struct health_sum *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_HEALTH_ROLLUP_LIST);
	query_int(&q, series);
	query_int(&q, width_s);
	query_int(&q, from_ms);
	query_int(&q, to_ms);
	while ((got = query_row(&q, e)) > 0)
		if (health_sum_row(out, &q, true, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	return got;
}

/* --- rolling -------------------------------------------------------------- */

static int
write(struct store *s, int64_t series, const struct width *w, int64_t from_ms,
    const struct health_sum *sum, struct err *e)
{
	struct buf total = BUF_INIT(PACKED_MAX), phases = BUF_INIT(PACKED_MAX);
	struct query q;
	int rc;

	pack(&total, &phases, sum);
	assert(!total.full && !phases.full);
	query_open(&q, s, SQL_HEALTH_ROLLUP_ADD);
	query_int(&q, series);
	query_int(&q, w->ms / 1000);
	query_int(&q, from_ms);
	query_int(&q, sum->ok);
	query_int(&q, sum->slow);
	query_int(&q, sum->failed);
	query_bytes(&q, total.data, total.len);
	query_bytes(&q, phases.data, phases.len);
	rc = query_run(&q, NULL, e) < 0 ? -1 : 0;
	buf_release(&total);
	buf_release(&phases);
	return rc;
}

/* One block, of what is finer: 1, or 0 if there was nothing, or -1. */
static int
roll(struct store *s, int64_t series, size_t level, int64_t from_ms,
    struct health_sum *sum, struct err *e)
{
	const struct width *w = &widths[level];
	int rc;

	memset(sum, 0, sizeof(*sum));
	rc = level ? add_rollups(s, series, (w - 1)->ms / 1000, from_ms,
	    from_ms + w->ms, sum, e) : add_samples(s, series, from_ms,
	    from_ms + w->ms, sum, e);
	if (rc || !(sum->ok + sum->slow + sum->failed))
		return rc;
	return write(s, series, w, from_ms, sum, e) ? -1 : 1;
}

/* The first that there is of what is finer, from a moment on: 1, 0, -1. */
static int
next_finer(struct store *s, int64_t series, size_t level, int64_t from_ms,
    int64_t *at_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, level ? SQL_HEALTH_ROLLUP_NEXT :
	    SQL_HEALTH_SAMPLE_NEXT);
	query_int(&q, series);
	query_int(&q, from_ms);
	if (level)
		query_int(&q, widths[level - 1].ms / 1000);
	return query_run(&q, at_ms, e);
}

/* All blocks of a width that end in (from, to], but for those of times in
   which nobody looked, which may have been long. */
static int
roll_level(struct store *s, int64_t series, size_t level, int64_t from_ms,
    int64_t to_ms, struct health_sum *sum, struct err *e)
{
	int64_t width = widths[level].ms, next;
	int64_t at = down_to(from_ms, width);
	int got;

	if (at + width <= from_ms)
		at += width;
	while (at + width <= to_ms) {
		got = roll(s, series, level, at, sum, e);
		at += width;
		if (got < 0)
			return -1;
		if (got || at + width > to_ms)
			continue;
		got = next_finer(s, series, level, at, &next, e);
		if (got <= 0)
			return got;
		at = down_to(next, width);
	}
	return 0;
}

static int
forget(struct store *s, int64_t series, int64_t now_ms, struct err *e)
{
	struct query q;
	size_t i;

	query_open(&q, s, SQL_HEALTH_SAMPLE_FORGET);
	query_int(&q, series);
	query_int(&q, now_ms - SAMPLES_KEPT_MS);
	if (query_run(&q, NULL, e) < 0)
		return -1;
	for (i = 0; i < WIDTHS; i++) {
		if (!widths[i].kept_ms)
			continue;
		query_open(&q, s, SQL_HEALTH_ROLLUP_FORGET);
		query_int(&q, series);
		query_int(&q, widths[i].ms / 1000);
		query_int(&q, now_ms - widths[i].kept_ms);
		if (query_run(&q, NULL, e) < 0)
			return -1;
	}
	return 0;
}

/* A clock that was set back leaves what is rolled as it is. */
int
health_roll_in(struct store *s, struct health_series *h, int64_t now_ms,
    struct err *e)
{
	int64_t to_ms = down_to(now_ms - LATE_MS, widths[0].ms);
	int64_t from_ms = h->rolled_ms;
	struct health_sum *sum;
	size_t i;
	int rc = 0;

	assert(store_writing(s));
	if (to_ms <= from_ms)
		return 0;
	sum = mem_zero(1, sizeof(*sum));
	for (i = 0; i < WIDTHS && !rc; i++)
		rc = roll_level(s, h->id, i, from_ms, to_ms, sum, e);
	free(sum);
	if (!rc && down_to(from_ms, 60 * MINUTE_MS) !=
	    down_to(to_ms, 60 * MINUTE_MS))
		rc = forget(s, h->id, now_ms, e);
	if (!rc)
		h->rolled_ms = to_ms;
	return rc;
}

/* --- late ----------------------------------------------------------------- */

static void
add_late(struct health_sum *out, const struct sample *s)
{
	enum found f = sample_finding(s);
	int i;

	out->ok += f == FOUND_OK;
	out->slow += f == FOUND_SLOW;
	out->failed += f == FOUND_FAILED;
	if (s->class == CLASS_TIMEOUT)
		latency_add(&out->phase[PHASE_TOTAL], LATENCY_NEVER);
	for (i = 0; f != FOUND_FAILED && i < PHASE__COUNT; i++)
		if (s->us[i] >= 0)
			latency_add(&out->phase[i], s->us[i]);
}

int
health_roll_late_in(struct store *s, const struct health_series *h,
    const struct sample *late, struct err *e)
{
	struct health_sum *sum;
	int64_t at;
	size_t i;
	int rc = 0;

	assert(store_writing(s));
	if (late->confirm || late->started_ms >= h->rolled_ms)
		return 0;
	sum = mem_zero(1, sizeof(*sum));
	for (i = 0; i < WIDTHS && !rc; i++) {
		at = down_to(late->started_ms, widths[i].ms);
		if (at + widths[i].ms > h->rolled_ms)
			break;
		memset(sum, 0, sizeof(*sum));
		rc = add_rollups(s, h->id, widths[i].ms / 1000, at, at + 1, sum,
		    e);
		add_late(sum, late);
		if (!rc)
			rc = write(s, h->id, &widths[i], at, sum, e);
	}
	free(sum);
	return rc;
}

/* --- sums ----------------------------------------------------------------- */

/* The finest that is still kept of what lay then; NULL: samples are. */
static const struct width *
finest(int64_t at_ms, int64_t now_ms)
{
	size_t i = 0;

	if (at_ms >= now_ms - SAMPLES_KEPT_MS)
		return NULL;
	while (widths[i].kept_ms && at_ms < now_ms - widths[i].kept_ms)
		i++;
	return &widths[i];
}

/* The widest block that begins here and ends in time, and is made already. */
static const struct width *
widest(int64_t at_ms, int64_t to_ms, int64_t rolled_ms)
{
	size_t i = WIDTHS;

	while (i--)
		if (!(at_ms % widths[i].ms) && at_ms + widths[i].ms <= to_ms &&
		    at_ms + widths[i].ms <= rolled_ms)
			return &widths[i];
	return NULL;
}

size_t
health_pieces(const struct window *window, int64_t rolled_ms, int64_t now_ms,
    struct health_piece out[HEALTH_PIECES])
{
	const struct width *first = finest(window->from_ms, now_ms);
	const struct width *last = finest(window->to_ms, now_ms), *w;
	int64_t at = window->from_ms, to = window->to_ms, next;
	size_t n = 0;

	if (first)
		at = down_to(at, first->ms);
	if (last)
		to = up_to(to, last->ms);
	for (; at < to; at = next) {
		w = widest(at, to, rolled_ms);
		next = at;
		while (w && next < to && widest(next, to, rolled_ms) == w)
			next += w->ms;
		/* Up to where sums begin, or else to the end. */
		if (!w) {
			next = up_to(at + 1, widths[0].ms);
			if (next > to || next > rolled_ms)
				next = to;
		}
		assert(n < HEALTH_PIECES);
		out[n++] = (struct health_piece){ w ? w->ms / 1000 : 0,
		    { at, next } };
	}
	return n;
}

int
health_sum(struct store *s, const struct health_series *h,
    const struct window *window, int64_t now_ms, struct health_sum *out,
    struct err *e)
{
	struct health_piece piece[HEALTH_PIECES];
	size_t i, n = health_pieces(window, h->rolled_ms, now_ms, piece);
	const struct window *w;

	for (i = 0; i < n; i++) {
		w = &piece[i].window;
		if (piece[i].width_s ? add_rollups(s, h->id, piece[i].width_s,
		    w->from_ms, w->to_ms, out, e) : add_samples(s, h->id,
		    w->from_ms, w->to_ms, out, e))
			return -1;
	}
	return 0;
}
