/*
 * metric - what the server counts (spec/protocols.md 4.9, spec/http.md 10).
 *
 * Each loop counts for itself, without locks; what is shown is the sum.
 */
#ifndef METRIC_H
#define METRIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define METRIC_STATUSES 24	/* different ones that a route can give */
#define METRIC_BUCKETS 12

struct api;
struct buf;
struct params;
struct row;
struct routes;
struct store;

struct metric_hist {
	atomic_ulong bucket[METRIC_BUCKETS + 1];
	atomic_ulong sum;		/* us, or a number */
	atomic_ulong count;
};

struct metric_count { atomic_uint status; atomic_ulong n; };

/* Of a route, the last of them for what found none. */
struct metric_route { struct metric_count of[METRIC_STATUSES]; };

struct metric {
	struct metric_route *route;	/* owned; as many as rows, and one */
	size_t routes;
	struct metric_hist seconds;
	atomic_ulong limited[32];	/* by enum rate; 0: of all routes */
};

struct metric_set {
	struct metric_hist lock_seconds, commit_seconds, wait_seconds,
	    batch_jobs;
	atomic_ulong writer_refused[2];	/* full, withdrawn */
	atomic_ulong commits[3];	/* ok, failed, unknown */
};

struct metric *metric_new(size_t routes);
void metric_free(struct metric *);
void metric_request(struct metric *, const struct row *, int status,
    int64_t us);
void metric_see(struct metric_hist *, int64_t us);
void metric_see_number(struct metric_hist *, int64_t);
void metric_commit(struct metric_set *, const struct err *);

/* All of them, as text; of the store what it says of the books. */
int metric_write(struct buf *, struct api *, struct store *,
    const struct params *, int64_t now_ms, bool open, struct err *) CHECKED;

/* metric_store.c */
struct metric_process;
struct metric_process *metric_process_open(void);
void metric_process_close(struct metric_process *);
void metric_process_write(struct buf *, struct metric_process *, bool open);
int metric_store_write(struct buf *, const struct api *, struct store *,
    int64_t now_ms, bool open, struct err *) CHECKED;
void metric_head(struct buf *, const char *name, const char *type,
    const char *help);

#endif
