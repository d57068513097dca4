/*
 * census - what the operator of a grid wants to know of it as a whole.
 *
 * Counts over nodes, trades, skills and bounties, made when they are asked
 * for; nothing is stored.  They read whole tables, so they belong into a
 * snapshot that runs beside the work, not into it.  All are of the production
 * realm unless it is said; money is that of unit TCK.  Units: minor units,
 * _ms since 1970 UTC.
 */
#ifndef CENSUS_H
#define CENSUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/param.h"

struct buf;
struct store;

/* Where a period begins: "today", "24h", "7d", "30d", "quarter", "year", "all";
 * false for other words.  All begins with 0. */
bool census_period(const char *word, int64_t now_ms, int64_t *from_ms);

/* GET /v1/admin/metrics (spec/vmp.md 2.14), in numbers. */
struct census {
	int64_t tasks, tasks_today, tasks_7d, tasks_30d;
	int64_t settled, refunded, disputed;	/* ever; of escrows */
	int64_t gmv, gmv_7d, gmv_30d, vault;
	int64_t pending, awaiting, in_dispute;	/* escrows that are open */
	int64_t nodes, nodes_active, active_7d, genesis, genesis_max;
	int64_t skills, skills_offered;
	int64_t bounties, awarded, bounties_open;
	int64_t auto_disputes, parked;
	int64_t overdue_settle, overdue_refund, stale;
	int64_t hooks_pending, hooks_exhausted;
	int64_t first_ms;			/* the first node; 0: none */
};

int census_take(struct store *, const struct params *, int64_t now_ms,
    struct census *out, struct err *) CHECKED;

/* Tenths of a percent of the second, or of both together; 0 of nothing. */
int64_t census_share(int64_t part, int64_t whole);

/* Timers that were due this long ago and were not served: at most 1,000. */
int census_overdue(struct store *, const struct params *, int64_t now_ms,
    int64_t *settle, int64_t *refund, struct err *) CHECKED;

/* Tax that came to VAULT since then. */
int census_tax(struct store *, int64_t from_ms, int64_t *minor,
    struct err *) CHECKED;

/* A day in which anything happened; days since 1970. */
struct census_day {
	int64_t day, joined, bought, settled, refunded, disputed, minor;
};

#define CENSUS_DAYS 366

/* The days since then, at most CENSUS_DAYS of them, without those in which
 * nothing happened; out has room for that.  How many, or -1. */
int census_days(struct store *, int64_t from_ms, int64_t now_ms,
    struct census_day *out, struct err *) CHECKED;

/* Records.  Those of stats and analytics are whole; the object of metrics
 * stays open. */
void census_write(struct buf *, const struct census *, int64_t now_ms);
int census_stats_write(struct buf *, struct store *, const char *period,
    const struct params *, int64_t now_ms, struct err *) CHECKED;
int census_analytics_write(struct buf *, struct store *, const char *period,
    const struct params *, int64_t now_ms, struct err *) CHECKED;

/*
 * A table for a spreadsheet: "daily_active", "tasks", "escrows", "nodes",
 * "funnel", "cri"; from a moment on, a page of it, as members of a JSON array
 * or as CSV with a line of names.  The number of rows, or -1; E_no_table.
 */
struct census_page {
	int64_t from_ms, limit, offset;
	bool csv;
};
int64_t census_export(struct buf *, struct store *, const char *table,
    const struct census_page *, struct err *) CHECKED;

#endif
