#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "health/impl.h"
#include "health/report.h"

#define HOUR_MS INT64_C(3600000)
#define FEW 16			/* are read one by one */
#define ROLLED 7		/* pieces that the statements take */
#define SAMPLED 2

struct reading {
	struct store *store;
	const struct health_ask *ask;
	struct health_line *line;	/* by name */
	struct health_line **by_id;
	size_t n;
	struct window *maint;		/* of all nodes, merged; owned */
	size_t n_maint;
	struct health_sum *sum;		/* owned: it is large */
};

static int
compare_ids(const void *a, const void *b)
{
	const struct health_line *x = *(struct health_line *const *)a;
	const struct health_line *y = *(struct health_line *const *)b;

	return x->series.id < y->series.id ? -1 : x->series.id > y->series.id;
}

static int
read_series(struct reading *r, struct err *e)
{
	const struct health_ask *ask = r->ask;
	struct health_line *line;
	struct query q;
	size_t cap = 0, i;
	int got;

	health_list_open(&q, r->store);
	for (;;) {
		if (r->n == cap) {
			cap = 2 * cap + 64;
			r->line = mem_grow(r->line, cap, sizeof(*r->line));
		}
		line = &r->line[r->n];
		memset(line, 0, sizeof(*line));
		got = health_list_next(&q, &line->series, e);
		if (got <= 0)
			break;
		if (ask->wants && !ask->wants(ask->arg, &line->series))
			continue;
		line->state = health_now(&line->series, ask->params,
		    ask->now_ms, &line->since_ms);
		r->n++;
	}
	query_close(&q);
	r->by_id = mem_grow(NULL, r->n + 1, sizeof(*r->by_id));
	for (i = 0; i < r->n; i++)
		r->by_id[i] = &r->line[i];
	qsort(r->by_id, r->n, sizeof(*r->by_id), compare_ids);
	return got;
}

/* Rows come by id; so do we.  NULL: it is none of those that are wanted. */
static struct health_line *
line_of(const struct reading *r, size_t *at, int64_t id)
{
	while (*at < r->n && r->by_id[*at]->series.id < id)
		++*at;
	return *at < r->n && r->by_id[*at]->series.id == id ?
	    r->by_id[*at] : NULL;
}

/* --- what they were ------------------------------------------------------- */

/*
 * One that has maintenance of its own is read alone: windows of all nodes are
 * the same for the rest, and weekly ones are dear to find.
 */
static bool
is_plain(const struct reading *r, const struct health_series *h)
{
	return !health_calendar_knows(r->ask->calendar, h->node_id);
}

static void
trace(const struct reading *r, struct health_trace *t,
    struct health_line *line)
{
	*t = (struct health_trace){
		.w = &r->ask->window, .n = 1, .out = &line->span,
		.maint = r->maint, .n_maint = r->n_maint,
	};
	health_trace_begin(t, &line->series, r->ask->params, r->ask->now_ms);
}

/* All changes; lines that have none are passed by. */
static int
read_changes(struct reading *r, struct query *q, struct err *e)
{
	struct health_line *line, *last = NULL;
	struct health_trace t;
	size_t at = 0;
	int got;

	while ((got = query_row(q, e)) > 0) {
		line = line_of(r, &at, query_get_int(q, 0));
		if (!line)
			continue;
		if (line != last) {
			if (last)
				health_trace_end(&t);
			trace(r, &t, line);
			last = line;
		}
		health_trace_change(&t, (enum state)query_get_int(q, 1),
		    query_get_int(q, 2));
	}
	if (last)
		health_trace_end(&t);
	return got;
}

static int
read_spans(struct reading *r, struct err *e)
{
	const struct health_ask *ask = r->ask;
	struct health_trace t;
	struct query q;
	size_t i;

	for (i = 0; r->n <= FEW && i < r->n; i++)
		if (health_span(r->store, &r->line[i].series, ask->params,
		    ask->calendar, &ask->window, ask->now_ms,
		    &r->line[i].span, e))
			return -1;
	if (r->n <= FEW)
		return 0;
	if (health_calendar_windows(ask->calendar, "", &ask->window,
	    &r->maint, &r->n_maint, e))
		return -1;
	query_open(&q, r->store, SQL_HEALTH_CHANGE_ALL);
	query_int(&q, ask->window.from_ms);
	query_int(&q, ask->window.to_ms);
	if (read_changes(r, &q, e))
		return -1;
	for (i = 0; i < r->n; i++) {
		/* A window has some length: nothing is one without a row. */
		if (!span_length(&r->line[i].span)) {
			trace(r, &t, &r->line[i]);
			health_trace_end(&t);
		}
		if (!is_plain(r, &r->line[i].series) && health_span(r->store,
		    &r->line[i].series, ask->params, ask->calendar,
		    &ask->window, ask->now_ms, &r->line[i].span, e))
			return -1;
	}
	return 0;
}

static int
read_incidents(struct reading *r, struct err *e)
{
	struct health_line *line;
	struct query q;
	size_t at = 0;
	int got;

	query_open(&q, r->store, SQL_HEALTH_INCIDENT_COUNT);
	query_int(&q, r->ask->window.from_ms);
	query_int(&q, r->ask->window.to_ms);
	while ((got = query_row(&q, e)) > 0) {
		line = line_of(r, &at, query_get_int(&q, 0));
		if (line)
			line->incidents = query_get_int(&q, 1);
	}
	return got;
}

/* --- what probes found ---------------------------------------------------- */

static void
share(struct health_share *out, const struct latency *l)
{
	out->p50 = latency_percentile(l, 5000);
	out->p90 = latency_percentile(l, 9000);
	out->p95 = latency_percentile(l, 9500);
	out->p99 = latency_percentile(l, 9900);
	out->max = latency_percentile(l, 10000);
}

static void
begin_sum(struct reading *r)
{
	int i;

	r->sum->ok = r->sum->slow = r->sum->failed = 0;
	for (i = r->ask->phases ? 0 : PHASE_TOTAL; i < PHASE__COUNT; i++)
		latency_reset(&r->sum->phase[i]);
}

static void
end_sum(struct reading *r, struct health_line *line)
{
	int i;

	line->ok = r->sum->ok;
	line->slow = r->sum->slow;
	line->failed = r->sum->failed;
	for (i = 0; i < PHASE__COUNT; i++)
		if (r->ask->phases || i == PHASE_TOTAL)
			share(&line->phase[i], &r->sum->phase[i]);
}

static int
sum_one(struct reading *r, struct health_line *line, struct err *e)
{
	memset(r->sum, 0, sizeof(*r->sum));
	if (health_sum(r->store, &line->series, &r->ask->window,
	    r->ask->now_ms, r->sum, e))
		return -1;
	end_sum(r, line);
	return 0;
}

/*
 * Up to when those are added up that were looked at lately; the few others
 * are read alone.
 */
static int64_t
rolled(const struct reading *r)
{
	int64_t most = INT64_MIN, least;
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->line[i].series.rolled_ms > most)
			most = r->line[i].series.rolled_ms;
	least = most;
	for (i = 0; i < r->n; i++)
		if (r->line[i].series.rolled_ms < least &&
		    r->line[i].series.rolled_ms > most - HOUR_MS)
			least = r->line[i].series.rolled_ms;
	return least;
}

/* Bind pieces of one kind, and as many empty ones as there is room for. */
static void
bind(struct query *q, const struct health_piece *p, size_t n, bool sums,
    size_t room)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if ((p[i].width_s != 0) != sums)
			continue;
		assert(room > 0);
		if (sums)
			query_int(q, p[i].width_s);
		query_int(q, p[i].window.from_ms);
		query_int(q, p[i].window.to_ms);
		room--;
	}
	for (; room; room--) {
		if (sums)
			query_int(q, 0);
		query_int(q, 0);
		query_int(q, 0);
	}
}

/* Two streams of rows in one order, each a row ahead. */
struct stream {
	struct query q;
	int id_column;
	int64_t id;			/* of the row; INT64_MAX: no more */
};

static int
step(struct stream *s, struct err *e)
{
	int got = query_row(&s->q, e);

	s->id = got > 0 ? query_get_int(&s->q, s->id_column) : INT64_MAX;
	return got < 0 ? -1 : 0;
}

static int
sum_streams(struct reading *r, struct stream *sums, struct stream *samples,
    int64_t rolled_ms, struct err *e)
{
	struct health_line *line;
	size_t i;

	for (i = 0; i < r->n; i++) {
		line = r->by_id[i];
		begin_sum(r);
		for (; sums->id <= line->series.id;)
			if ((sums->id == line->series.id &&
			    health_sum_row(r->sum, &sums->q, r->ask->phases,
			    e)) || step(sums, e))
				return -1;
		for (; samples->id <= line->series.id;) {
			if (samples->id == line->series.id)
				health_sum_sample(r->sum, &samples->q,
				    r->ask->phases);
			if (step(samples, e))
				return -1;
		}
		if (line->series.rolled_ms >= rolled_ms)
			end_sum(r, line);
		else if (sum_one(r, line, e))
			return -1;
	}
	return 0;
}

static int
sum_all(struct reading *r, struct err *e)
{
	struct health_piece piece[HEALTH_PIECES];
	int64_t rolled_ms = rolled(r);
	size_t n = health_pieces(&r->ask->window, rolled_ms, r->ask->now_ms,
	    piece);
	struct stream sums = { .id_column = 5 }, samples = { .id_column = 7 };
	int rc;

	query_open(&sums.q, r->store, SQL_HEALTH_ROLLUP_ALL);
	bind(&sums.q, piece, n, true, ROLLED);
	query_open(&samples.q, r->store, SQL_HEALTH_SAMPLE_SUM_ALL);
	bind(&samples.q, piece, n, false, SAMPLED);
	rc = step(&sums, e) || step(&samples, e) ||
	    sum_streams(r, &sums, &samples, rolled_ms, e) ? -1 : 0;
	query_close(&sums.q);
	query_close(&samples.q);
	return rc;
}

static int
read_sums(struct reading *r, struct err *e)
{
	size_t i;
	int rc = 0;

	r->sum = mem_zero(1, sizeof(*r->sum));
	if (r->n > FEW)
		return sum_all(r, e);
	for (i = 0; i < r->n && !rc; i++)
		rc = sum_one(r, &r->line[i], e);
	return rc;
}

int
health_report(struct store *s, const struct health_ask *ask,
    struct health_line **out, size_t *n, struct err *e)
{
	struct reading r = { .store = s, .ask = ask };
	int rc = read_series(&r, e) || read_spans(&r, e) ||
	    read_incidents(&r, e) || (ask->latency && read_sums(&r, e)) ?
	    -1 : 0;

	free(r.by_id);
	free(r.maint);
	free(r.sum);
	*out = NULL;
	*n = 0;
	if (rc) {
		free(r.line);
		return -1;
	}
	*out = r.line;
	*n = r.n;
	return 0;
}
