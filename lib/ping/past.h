/*
 * past - sweeps that were made before: in a file, or in the store.
 *
 * A file has the samples of a sweep, a line each, and behind them a line
 * {v, sweep_id, began_at, ended_at, unasked, offline} that says how it went;
 * without that line it is taken to have gone well.
 */
#ifndef PING_PAST_H
#define PING_PAST_H

#include "health/health.h"

struct buf;

/* Append the line that says how a sweep went, without its line feed. */
void past_write(struct buf *, const struct health_sweep *);

/*
 * Append a sweep and its line to a file, or nothing of it.  Others may append
 * to the same.  E_disk_full and the like.
 */
int past_append(const char *path, const struct health_sweep *,
    const struct sample *, size_t n, struct err *) CHECKED;

/* In the order of health_take_in(): by series, and in each by time. */
void past_sort(struct sample *, size_t n);

/*
 * Sweep by sweep; their samples are as health_take_in() wants them.  In the
 * sweep only what the line says is filled in.
 */
typedef int past_told(void *arg, const struct health_sweep *,
    const struct sample *, size_t n, struct err *);

/* "-" is standard input.  E_no_file, E_bad_json with file and line. */
int past_file(const char *path, past_told *, void *arg, struct err *)
    CHECKED;
int past_store(struct store *, past_told *, void *arg, struct err *) CHECKED;

#endif
