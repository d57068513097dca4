/*
 * stats - what the skills of a market have in common: prices, and how long
 * they take.
 *
 * Both are counted where they change, never added up when they are asked
 * for: reading them takes some hundred rows of counters, however many skills
 * and tasks there are.  Units: minor units, seconds.
 */
#ifndef STATS_H
#define STATS_H

#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"

struct buf;
struct ledger;
struct store;

/* Of all that active providers offer; halves of a minor unit round up. */
struct stats {
	const struct unit *unit;
	int64_t skills;
	int64_t least, greatest, average, median;	/* 0 without skills */
};

int stats_prices(struct store *, const struct unit *, struct stats *out,
    struct err *) CHECKED;

/* How many of them cost least to most. */
int stats_between(struct store *, const struct unit *, int64_t least,
    int64_t most, int64_t *out, struct err *) CHECKED;

/* min, max, average, median as members; none without skills. */
void stats_write(struct buf *, const struct stats *);

/* A task of the skill was delivered, so long after it was bought. */
int stats_delivered_in(struct ledger *, const char *skill_id,
    int64_t took_ms, struct err *) CHECKED;

/*
 * The median of that, to two digits; -1 if nothing was delivered yet.
 */
int stats_took(struct store *, const char *skill_id, int64_t *seconds,
    struct err *) CHECKED;

/*
 * A delivery of it failed, or is disputed: 1 more, or -1 where that was found
 * to be wrong.
 */
int stats_failed_in(struct ledger *, const char *skill_id, int by,
    struct err *) CHECKED;

/* How many tasks of a skill were delivered, and of those failed. */
struct stats_skill {
	int64_t delivered, failed;
};

int stats_skill(struct store *, const char *skill_id,
    struct stats_skill *out, struct err *) CHECKED;

#endif
