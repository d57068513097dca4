/*
 * probed - what sweeps have found of a node, as the operator's routes tell it
 * (spec/node.md 12, 14).  All of it comes from the rows of health, and is null
 * where there are none.
 */
#ifndef PROBED_H
#define PROBED_H

#include "health/health.h"

struct buf;
struct call;

struct sighted {
	bool known;			/* it was probed, and its state is */
	bool up;
	int64_t us;			/* of the last answer; -1 */
	int64_t good_ms;		/* last seen up; 0: never */
	struct health_series series;	/* the one that these are of */
};

/* Zeroes if it was never probed, or if node_id is "". */
int probed_look(struct call *, const char *node_id, struct sighted *out,
    struct err *) CHECKED;

/*
 * "uptime_pct", of so long until now, or since it is known: one decimal,
 * rounded down; null if less than half of that is known.
 */
int probed_uptime_write(struct call *, const struct health_calendar *,
    const struct sighted *, const char *key, int64_t long_ms, struct err *)
    CHECKED;

/* The members "uptime" and "latency_ms" of a node. */
int probed_windows_write(struct call *, const struct sighted *, struct err *)
    CHECKED;

/* The members "windows" and "sla_pct". */
int probed_downtime_write(struct call *, const struct sighted *, struct err *)
    CHECKED;

/* How many series are what now. */
int probed_count(struct call *, int64_t n[STATE__COUNT], struct err *)
    CHECKED;

#endif
