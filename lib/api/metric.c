#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/impl.h"
#include "base/mem.h"
#include "health/prom.h"

/* Upper ends of the buckets, in us; of numbers, powers of two from 1. */
static const int64_t ends[METRIC_BUCKETS] = {
	100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000,
	500000, 2500000,
};

struct metric *
metric_new(size_t routes)
{
	struct metric *m = mem_zero(1, sizeof(*m));

	m->routes = routes;
	m->route = mem_zero(routes + 1, sizeof(*m->route));
	return m;
}

void
metric_free(struct metric *m)
{
	if (m)
		free(m->route);
	free(m);
}

static void
add(atomic_ulong *n, unsigned long more)
{
	atomic_fetch_add_explicit(n, more, memory_order_relaxed);
}

void
metric_see(struct metric_hist *h, int64_t us)
{
	size_t i;

	us = us < 0 ? 0 : us;
	for (i = 0; i < METRIC_BUCKETS && us > ends[i]; i++)
		;
	add(&h->bucket[i], 1);
	add(&h->sum, (unsigned long)us);
	add(&h->count, 1);
}

void
metric_see_number(struct metric_hist *h, int64_t n)
{
	size_t i;

	for (i = 0; i < METRIC_BUCKETS && n > INT64_C(1) << i; i++)
		;
	add(&h->bucket[i], 1);
	add(&h->sum, (unsigned long)n);
	add(&h->count, 1);
}

void
metric_commit(struct metric_set *m, const struct err *e)
{
	add(&m->commits[!e ? 0 : e->kind == ERR_UNKNOWN ? 2 : 1], 1);
}

void
metric_request(struct metric *m, const struct row *row, int status,
    int64_t us)
{
	struct metric_route *r = m->route + (row ? row->number : m->routes);
	unsigned was;
	size_t i;

	/* How long somebody listened says nothing of us. */
	if (!row || row->route->class != ROUTE_STREAM || status != 200)
		metric_see(&m->seconds, us);
	for (i = 0; i < METRIC_STATUSES; i++) {
		was = atomic_load(&r->of[i].status);
		if (!was)
			atomic_store(&r->of[i].status, (unsigned)status);
		if (!was || was == (unsigned)status) {
			add(&r->of[i].n, 1);
			return;
		}
	}
}

void
metric_head(struct buf *out, const char *name, const char *type,
    const char *help)
{
	buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
	    type);
}

static void
number(struct buf *out, const char *name, const char *labels, int64_t v)
{
	buf_addf(out, "%s%s %" PRId64 "\n", name, labels, v);
}

/* A counter's name ends in _total, but not the name of its family. */
static void
counter_head(struct buf *out, const char *name, const char *help, bool open)
{
	char family[96];

	snprintf(family, sizeof(family), "%.*s", (int)strlen(name) -
	    (open ? 6 : 0), name);
	metric_head(out, family, "counter", help);
}

static void
show_hist(struct buf *out, const char *name, const char *help,
    const struct metric_hist *const *h, size_t n, bool seconds)
{
	unsigned long sum = 0, total = 0;
	size_t i, k;

	metric_head(out, name, "histogram", help);
	for (i = 0; i <= METRIC_BUCKETS; i++) {
		for (k = 0; k < n; k++)
			total += atomic_load(&h[k]->bucket[i]);
		buf_addf(out, "%s_bucket{le=\"", name);
		if (i == METRIC_BUCKETS)
			buf_adds(out, "+Inf");
		else if (seconds)
			buf_addf(out, "%g", (double)ends[i] / 1e6);
		else
			buf_addf(out, "%" PRId64, INT64_C(1) << i);
		buf_addf(out, "\"} %lu\n", total);
	}
	for (k = 0; k < n; k++)
		sum += atomic_load(&h[k]->sum);
	if (seconds)
		buf_addf(out, "%s_sum %.6f\n", name, (double)sum / 1e6);
	else
		buf_addf(out, "%s_sum %lu\n", name, sum);
	buf_addf(out, "%s_count %lu\n", name, total);
}

static unsigned
loops(const struct api *a)
{
	return net_loops(a->net);
}

/* Of one route, each status that it has given. */
static void
show_route(struct buf *out, struct api *a, size_t i)
{
	const struct row *row = i < a->routes.n ? a->routes.row + i : NULL;
	unsigned status[METRIC_STATUSES] = { 0 }, s;
	unsigned long n[METRIC_STATUSES] = { 0 };
	size_t k, at;
	unsigned l;

	for (l = 0; l < loops(a); l++)
		for (k = 0; k < METRIC_STATUSES; k++) {
			const struct metric_count *c =
			    &a->loop[l]->metric->route[i].of[k];

			s = atomic_load(&c->status);
			for (at = 0; s && at < METRIC_STATUSES &&
			    status[at] && status[at] != s; at++)
				;
			if (!s || at == METRIC_STATUSES)
				continue;
			status[at] = s;
			n[at] += atomic_load(&c->n);
		}
	for (k = 0; k < METRIC_STATUSES && status[k]; k++)
		buf_addf(out, "bzn_http_requests_total{route=\"%s\","
		    "method=\"%s\",status=\"%u\"} %lu\n",
		    row ? row->route->pattern : "",
		    row ? row->route->method : "", status[k], n[k]);
}

static void
show_requests(struct buf *out, struct api *a, bool open)
{
	const struct metric_hist *all[64];
	size_t i;

	counter_head(out, "bzn_http_requests_total", "Requests, by route and "
	    "status.", open);
	for (i = 0; i <= a->routes.n; i++)
		show_route(out, a, i);
	for (i = 0; i < loops(a) && i < 64; i++)
		all[i] = &a->loop[i]->metric->seconds;
	show_hist(out, "bzn_http_request_duration_seconds", "From the head "
	    "of a request to the last byte of its reply.", all, i, true);
}

static void
show_limited(struct buf *out, struct api *a, bool open)
{
	static const char *const names[] = {
		"address",
#define RATE(name, param, whose, seconds, words) #name,
#include "api/rate.def"
	};
	char labels[64];
	unsigned long n;
	size_t i;
	unsigned l;

	counter_head(out, "bzn_rate_limited_total", "Requests over a limit.",
	    open);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		for (n = l = 0; l < loops(a); l++)
			n += atomic_load(&a->loop[l]->metric->limited[i]);
		snprintf(labels, sizeof(labels), "{policy=\"%s\"}",
		    names[i]);
		number(out, "bzn_rate_limited_total", labels, (int64_t)n);
	}
}

static void
show_net(struct buf *out, struct api *a, bool open)
{
	struct net_stats s;
	unsigned long denied;
	char labels[32];
	unsigned l;

	net_stats(a->net, &s);
	metric_head(out, "bzn_http_connections", "gauge", "Connections.");
	number(out, "bzn_http_connections", "{state=\"busy\"}",
	    (int64_t)s.busy);
	number(out, "bzn_http_connections", "{state=\"idle\"}",
	    (int64_t)(s.open - s.busy));
	counter_head(out, "bzn_http_accepted_total", "Connections.", open);
	number(out, "bzn_http_accepted_total", "", (int64_t)s.accepted);
	counter_head(out, "bzn_http_refused_total", "Connections over a "
	    "limit.", open);
	number(out, "bzn_http_refused_total", "{reason=\"connections\"}",
	    (int64_t)s.refused_connections);
	number(out, "bzn_http_refused_total", "{reason=\"address\"}",
	    (int64_t)s.refused_address);
	number(out, "bzn_http_refused_total", "{reason=\"descriptors\"}",
	    (int64_t)s.refused_descriptors);
	counter_head(out, "bzn_http_malformed_total", "Requests that are "
	    "none.", open);
	number(out, "bzn_http_malformed_total", "", (int64_t)s.malformed);
	counter_head(out, "bzn_http_timeouts_total", "Deadlines that have "
	    "passed.", open);
	number(out, "bzn_http_timeouts_total", "{phase=\"head\"}",
	    (int64_t)s.timeout_head);
	number(out, "bzn_http_timeouts_total", "{phase=\"body\"}",
	    (int64_t)s.timeout_body);
	number(out, "bzn_http_timeouts_total", "{phase=\"idle\"}",
	    (int64_t)s.timeout_idle);
	number(out, "bzn_http_timeouts_total", "{phase=\"write\"}",
	    (int64_t)s.timeout_write);
	counter_head(out, "bzn_http_bytes_total", "Bytes of requests and "
	    "replies.", open);
	number(out, "bzn_http_bytes_total", "{direction=\"in\"}",
	    (int64_t)s.in);
	number(out, "bzn_http_bytes_total", "{direction=\"out\"}",
	    (int64_t)s.out);
	metric_head(out, "bzn_loop_lag_seconds", "gauge", "Lateness.");
	for (l = 0; l < loops(a); l++) {
		snprintf(labels, sizeof(labels), "{loop=\"%u\"}", l);
		buf_addf(out, "bzn_loop_lag_seconds%s %.6f\n", labels,
		    (double)net_lag_us(a->net, l) / 1e6);
	}
	metric_head(out, "bzn_sse_clients", "gauge", "Streams of events.");
	number(out, "bzn_sse_clients", "", (int64_t)s.streams);
	counter_head(out, "bzn_sse_dropped_total", "Streams that we "
	    "have ended.", open);
	number(out, "bzn_sse_dropped_total", "{reason=\"slow\"}",
	    (int64_t)s.streams_dropped);
	for (denied = l = 0; l < loops(a); l++)
		denied += atomic_load(&a->loop[l]->feeds.denied);
	number(out, "bzn_sse_dropped_total", "{reason=\"denied\"}",
	    (int64_t)denied);
	counter_head(out, "bzn_log_dropped_total", "Lines that the log did "
	    "not take.", open);
	number(out, "bzn_log_dropped_total", "",
	    (int64_t)atomic_load(&a->log_dropped));
}

static void
show_one(struct buf *out, const char *name, const char *help,
    const struct metric_hist *h, bool seconds)
{
	show_hist(out, name, help, &h, 1, seconds);
}

static void
show_writer(struct buf *out, struct api *a, bool open)
{
	struct metric_set *m = a->metrics;

	metric_head(out, "bzn_writer_queue_jobs", "gauge", "Jobs that wait.");
	number(out, "bzn_writer_queue_jobs", "", (int64_t)writer_waiting(a));
	show_one(out, "bzn_writer_wait_seconds", "Time in the queue.",
	    &m->wait_seconds, true);
	show_one(out, "bzn_writer_lock_seconds", "Time for the lock of the "
	    "store.", &m->lock_seconds, true);
	show_one(out, "bzn_commit_duration_seconds", "Time for a commit.",
	    &m->commit_seconds, true);
	show_one(out, "bzn_writer_batch_jobs", "Jobs of one commit.",
	    &m->batch_jobs, false);
	counter_head(out, "bzn_writer_refused_total", "Jobs that were not "
	    "run.", open);
	number(out, "bzn_writer_refused_total", "{reason=\"full\"}",
	    (int64_t)atomic_load(&m->writer_refused[0]));
	number(out, "bzn_writer_refused_total", "{reason=\"withdrawn\"}",
	    (int64_t)atomic_load(&m->writer_refused[1]));
	counter_head(out, "bzn_writer_commits_total", "Commits.", open);
	number(out, "bzn_writer_commits_total", "{result=\"ok\"}",
	    (int64_t)atomic_load(&m->commits[0]));
	number(out, "bzn_writer_commits_total", "{result=\"failed\"}",
	    (int64_t)atomic_load(&m->commits[1]));
	number(out, "bzn_writer_commits_total", "{result=\"unknown\"}",
	    (int64_t)atomic_load(&m->commits[2]));
}

int
metric_write(struct buf *out, struct api *a, struct store *s,
    const struct params *params, int64_t now_ms, bool open, struct err *e)
{
	metric_head(out, "bzn_build_info", "gauge", "What runs here.");
	buf_addf(out, "bzn_build_info{version=\"%s\"} 1\n", a->how.version);
	show_requests(out, a, open);
	show_limited(out, a, open);
	show_net(out, a, open);
	show_writer(out, a, open);
	if (metric_store_write(out, a, s, now_ms, open, e) ||
	    health_prom(out, s, params, true, now_ms, e))
		return -1;
	metric_process_write(out, a->process, open);
	if (open)
		buf_adds(out, "# EOF\n");
	return 0;
}
