/*
 * lab - attacks on reputation, played through the market itself.
 *
 * A scenario is a population of nodes with aims: honest ones, who trade as
 * the market has it, and those who want a score that they have not earned.
 * All they do are requests to the ledger, the market, escrows and strikes
 * of a store in memory, made anew for each scenario; so what comes out is
 * what the programs would make of it, and nothing here knows a rule of
 * theirs.  Days pass one by one: requests, a day later the sweep, then the
 * scores are read.  What a rule refuses counts, and the play goes on.
 *
 * Equal plans give equal results, on any machine.  Units: minor units of
 * TCK, tenths of a point, days since the play began.
 */
#ifndef LAB_H
#define LAB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/param.h"
#include "cri/formula.h"
#include "node/node.h"

struct buf;

#define LAB_TARGETS 8
#define LAB_DAYS 366		/* at most */
#define LAB_HONEST_MIN 21	/* the honest node has 20 partners */
#define LAB_HONEST_MAX 500
#define LAB_KEYS 2000

struct lab_plan {
	uint64_t seed;
	int64_t days;
	int64_t honest;			/* nodes of the market */
	int64_t keys;			/* of a flood */
	int64_t target[LAB_TARGETS];	/* tenths */
	int targets;
	const struct params *params;	/* borrowed */
};

/* E_usage for numbers that no play can have. */
int lab_check(const struct lab_plan *, struct err *) CHECKED;

/* The scenarios in their order; NULL after the last. */
const char *lab_scenario(int);
const char *lab_brief(int);		/* what is tried there, in a line */

/* Whose score is followed: one node that stands for all of its side. */
enum lab_role { LAB_ATTACKER, LAB_HONEST, LAB_ROLES };
const char *lab_role_word(enum lab_role);

/*
 * What a side has paid, by the log.  lost is what names that were left
 * behind still hold, and left what the others have; bound is the most that
 * was in open escrows at one time.  Always credited + bought + earned =
 * paid + left + lab_cost().
 */
struct lab_money {
	int64_t tax, fees, confiscated, lost;
	int64_t bound;
	int64_t credited, bought;	/* from MINT: for nothing, for money */
	int64_t left;
	int64_t paid, earned;		/* to and from others, tax and all */
	int64_t harm;			/* for what was worth nothing */
};
int64_t lab_cost(const struct lab_money *);	/* what is gone for good */

/* What EigenTrust says, in parts of EIGEN_ONE: of the node, and of its side. */
struct lab_advice {
	bool peer;			/* who is banned is none */
	int64_t trust, names;
};

/* When a score was first seen, and what it had cost by then. */
struct lab_reach {
	bool reached;
	int64_t day, cost, bound;
};

struct lab_side {
	bool there;
	char node_id[NODE_ID];		/* at last */
	int64_t members;		/* names, in all */
	struct cri cri;			/* at last */
	int64_t tenths[LAB_DAYS + 1];	/* by day */
	int64_t best, best_day;
	int64_t done_day;		/* its plan was carried out; 0: none */
	struct lab_money money;
	struct lab_advice advice;
	struct lab_reach reach[LAB_TARGETS];
};

/* What a flood of keys does to a trust score, in hundredths of its points. */
enum lab_stage { LAB_QUIET, LAB_FLOODED, LAB_RATED };
struct lab_trust {
	enum lab_stage stage;		/* how far it came */
	int64_t keys, endorsements, ratings;	/* taken in */
	int64_t before, after, rated;
};

struct lab_result {
	int scenario;
	struct lab_plan plan;
	struct lab_side side[LAB_ROLES];
	int64_t nodes, trades, refused, entries, peers;
	struct lab_trust trust;		/* of a flood */
	bool books;			/* settle_reconcile() */
	bool counters;			/* cri_audit(), node_audit() */
};

/* Play a scenario; nothing is left of its store.  What its rules say. */
int lab_run(const struct lab_plan *, int scenario, struct lab_result *out,
    struct err *) CHECKED;

/* The record of a role and a target; the object stays open. */
void lab_write(struct buf *, const struct lab_result *, enum lab_role,
    int target);

/* Scores over days, one picture below the other, as SVG. */
void lab_plot(struct buf *, const struct lab_result *, int n);

#endif
