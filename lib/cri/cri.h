/*
 * cri - what a node's trades say of it: counters, score, level, badges.
 *
 * Settlements, deliveries, disputes and strikes are counted where they
 * happen, in the transaction that makes them so (spec/vmp.md 5).  A score is
 * computed from those counters when it is asked for, at constant cost and
 * without a write; lists use the one stored at the node's last event, of
 * which each has a snapshot.  Counters are of the node's own realm, because
 * no trade crosses realms; shadow and benchmark tasks settle nothing, so
 * nobody counts them.
 *
 * Functions ending in _in need the transaction of a ledger.  Units: tenths of
 * a point, minor units, _ms since 1970 UTC.
 */
#ifndef CRI_H
#define CRI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"
#include "base/param.h"
#include "cri/formula.h"
#include "cri/level.h"
#include "ledger/leaf.h"
#include "node/node.h"

struct buf;
struct ledger;
struct query;
struct store;

/* An escrow that settled, by whichever path. */
struct cri_trade {
	const char *seller_id, *buyer_id;	/* borrowed, as everywhere */
	struct amount amount;			/* what was locked */
	bool direct;				/* without a task */
};

/*
 * It settled (3.5, steps 4 to 6): counters and pairs of both, the Genesis
 * badges that are due, the scores of both with a snapshot each.  The money
 * has moved.  What node_get() and ledger_post_in() say.
 */
int cri_settled_in(struct ledger *, const struct cri_trade *,
    const struct params *, struct err *) CHECKED;

/* N: the seller delivered; or took that back before any dispute. */
int cri_delivered_in(struct ledger *, const char *seller_id,
    const struct params *, struct err *) CHECKED;
int cri_withdrawn_in(struct ledger *, const char *seller_id,
    const struct params *, struct err *) CHECKED;

/*
 * X: by is 1 if a delivery was disputed, or refunded by a rule without that;
 * -1 if a dispute was resolved for the seller; 0 if one that is counted ended
 * for the buyer.  The seller is scored anew.
 */
int cri_disputed_in(struct ledger *, const char *seller_id, int by,
    const struct params *, struct err *) CHECKED;

/* Its strikes have changed, or it was banned: score it anew. */
int cri_struck_in(struct ledger *, const char *node_id,
    const struct params *, struct err *) CHECKED;

/* A node as it stands at a moment.  E_node_missing. */
int cri_score(struct store *, const char *node_id, int64_t now_ms,
    const struct params *, struct cri *out, struct err *) CHECKED;

/* Have they a settled trade with each other?  1, 0, -1. */
int cri_traded(struct store *, const char *a, const char *b, struct err *)
    CHECKED;

/* The level of a node, by its score then and what it has spent (5.6). */
int cri_level(struct store *, const char *node_id, int64_t now_ms,
    const struct params *, struct cri_level *out, struct err *) CHECKED;

/* Facts of a node beside its score; 0 where there are none. */
struct cri_record {
	int64_t first_ms;		/* first sale that settled */
	int64_t last_ms;		/* last settlement, either side */
	int64_t tenths, scored_ms;	/* as stored; 0 until scored */
	int64_t rank, awarded_ms;	/* of its badge */
	bool waits;			/* entitled to one, and none is left */
	int64_t verified;		/* tasks that it has judged */
};

int cri_record(struct store *, const char *node_id, struct cri_record *out,
    struct err *) CHECKED;

/* A settled verification: who judged which task, for whom (8.9). */
struct cri_verification {
	const char *verifier_id, *buyer_id, *skill_id;
	const char *task_id;			/* that was judged */
	const char *of_seller_id, *of_buyer_id;	/* the parties of that one */
	bool settled, disputed;			/* its escrow: is, ever was */
};

/*
 * The last step of every settlement (3.5, step 7): count the verification, if
 * it was one and is good, and pay the pioneers that are due as far as VAULT
 * can.  v is NULL for all other trades.
 */
int cri_pioneer_in(struct ledger *, const struct cri_verification *v,
    const struct params *, struct err *) CHECKED;

/* Badges by rank, 0 before the first: 1 each, 0 after the last, -1. */
struct cri_award {
	int64_t rank, made_ms;
	char node_id[NODE_ID];
};

int cri_award_next(struct store *, struct cri_award *out, struct err *)
    CHECKED;

/* Verifier pioneers, in the same way. */
struct cri_pioneer {
	int64_t rank, made_ms, verified;
	char node_id[NODE_ID];
	char skill_id[LEAF_ID];
};

int cri_pioneer_next(struct store *, struct cri_pioneer *out, struct err *)
    CHECKED;

/*
 * Stored scores, once a day (5.2): of the next active nodes, by id, after
 * out->node_id, at most n of them.  1 with one whose stored score has
 * changed, 0 after the last, -1.
 */
struct cri_change {
	char node_id[NODE_ID];
	int64_t was, tenths;
	int64_t looked;			/* at so many, so far */
};

int cri_refresh_in(struct ledger *, struct cri_change *out, int64_t n,
    const struct params *, struct err *) CHECKED;

/* The same of one, active or not: 1, 0, -1. */
int cri_refresh_one_in(struct ledger *, const char *node_id,
    struct cri_change *out, const struct params *, struct err *) CHECKED;

/* Active production nodes, by stored score, spending and id (2.8). */
struct cri_place {
	char node_id[NODE_ID];
	int64_t rank;			/* of its badge; 0: none */
	struct cri_level level;
};

int cri_board_total(struct store *, int64_t *out, struct err *) CHECKED;
void cri_board_open(struct query *, struct store *, int64_t limit,
    int64_t offset);
int cri_board_next(struct query *, struct cri_place *out, struct err *)
    CHECKED;

/* Stored scores of a node: zeroed, then 1 each, the newest first, 0, -1. */
struct cri_snapshot {
	int64_t at_ms, was, tenths;
	int64_t part[CRI_PARTS];	/* hundredths, in the order of 5.2 */
	struct cri_facts facts;		/* idle_days only if it decayed */
	int64_t before;			/* the key of the one before it */
	bool last;			/* there is none */
};

int cri_snapshot_next(struct store *, const char *node_id,
    struct cri_snapshot *out, struct err *) CHECKED;

/*
 * Records; the object stays open for what the caller has to add.  The first
 * is the explanation of 5.3; then a score and a part alone.  Progress is a
 * member, which the highest level has none of.
 */
void cri_write(struct buf *, const char *node_id, const struct cri *,
    int64_t now_ms);
void cri_score_write(struct buf *, const char *key, int64_t tenths);
void cri_part_write(struct buf *, const char *key, double part);
void cri_level_write(struct buf *, const char *node_id,
    const struct cri_level *);
void cri_progress_write(struct buf *, const struct cri_level *);
void cri_rung_write(struct buf *, int id);
void cri_place_write(struct buf *, const struct cri_place *);
void cri_snapshot_write(struct buf *, const struct cri_snapshot *);
void cri_award_write(struct buf *, const struct cri_award *);
void cri_pioneer_write(struct buf *, const struct cri_pioneer *);

#endif
