/* impl - what the files of the laboratory share; nobody else includes it. */
#ifndef LAB_IMPL_H
#define LAB_IMPL_H

#include "base/amount.h"
#include "base/chance.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "base/table.h"
#include "lab/lab.h"
#include "ledger/ledger.h"

#define WORLD_MS INT64_C(1767225600000)	/* 2026-01-01: when plays begin */
/* A day, and a moment more: so what follows a sweep has another time. */
#define WORLD_DAY_MS (CLOCK_DAY_MS + 1)

struct player {
	struct table_item item;
	char id[NODE_ID];
	enum lab_role role;		/* LAB_ROLES: of neither side */
	int64_t number;			/* among those of its side */
	char skill_id[ID_TEXT];		/* "" while it offers none */
	int64_t gone_day;		/* left that name behind; -1: no */
};

/* A trade that was made, by its escrow. */
struct deal {
	struct table_item item;
	char id[ID_TEXT];
	struct player *buyer, *seller;
	bool rubbish, disputed;
	int64_t day;
};

struct world {
	const struct lab_plan *plan;
	struct lab_result *out;
	struct store *store;
	struct ledger *ledger;
	struct chance dice, ids;
	struct json work;		/* what is delivered */
	int64_t day, now_ms;
	struct player **player;		/* in the order of coming */
	size_t players;
	struct table names;		/* owned: the same */
	struct deal **deal;		/* in their order */
	size_t deals, told;		/* told: complained of below */
	struct table by_id;		/* owned: the same */
	struct player *lead[LAB_ROLES];	/* NULL: there is none */
	int64_t turn, step;		/* how far the honest node and the
					   attack are with their plans */
	int64_t bound[LAB_ROLES][LAB_DAYS + 1];
};

int world_open(struct world *, const struct lab_plan *, struct lab_result *,
    struct err *) CHECKED;
void world_close(struct world *);

/*
 * Requests, each alone under a mark: 1 if it was done, 0 if a rule refused
 * it, -1.  Between world_dawn() and world_dusk().
 */
int world_dawn(struct world *, struct err *) CHECKED;
int world_dusk(struct world *, struct err *) CHECKED;

/* What rc and why make of a request, which was begun by a mark. */
int world_judge(struct world *, int rc, const struct err *why, struct err *)
    CHECKED;

/*
 * Register a node, of a name or a name and a number: 0, or -1.  out is the
 * world's.
 */
int world_enter(struct world *, const char *id, enum lab_role,
    struct player **out, struct err *) CHECKED;
int world_join(struct world *, const char *name, int64_t number,
    enum lab_role, struct player **out, struct err *) CHECKED;
/* Have so much, and buy what is missing: 0, or -1. */
int world_fund(struct world *, const struct player *, int64_t minor,
    struct err *) CHECKED;
int world_offer(struct world *, struct player *, int64_t minor,
    struct err *) CHECKED;

/*
 * Lock, and deliver at once: the seller's skill, or an amount without one.
 * Rubbish is noticed in time by three of four who buy it: they dispute.
 */
struct bargain {
	struct player *buyer, *seller;
	int64_t minor;			/* 0: of the skill */
	bool rubbish;
};
int world_trade(struct world *, const struct bargain *, struct err *) CHECKED;

/*
 * What came of yesterday's rubbish: the operator decides disputes for the
 * buyer, and all who were cheated report the seller.
 */
int world_complain(struct world *, struct err *) CHECKED;

int world_score(struct world *, const struct player *, struct cri *out,
    struct err *) CHECKED;
int world_has(struct world *, const struct player *, int64_t *minor,
    struct err *) CHECKED;

/* One of the market, but not the honest node that is followed. */
struct player *world_anybody(struct world *);

/* The honest ones' day; the first makes them. */
int honest_day(struct world *, struct err *) CHECKED;

/* What an attack does on one day; the plan of which is done at done_day. */
typedef int attack_day(struct world *, struct err *);
attack_day attack_none, attack_ring, attack_star, attack_pair,
    attack_whitewash, attack_slowburn, flood_day;

/*
 * Work of the attacker, to so many customers at most: they come the more
 * often, the better its score is.  And when an honest part is over.
 */
#define ATTACK_PRICE 1000
int attack_serve(struct world *, int64_t customers, bool rubbish,
    struct err *) CHECKED;
int64_t attack_turn(const struct world *);

/* What the log says of the money, in days of each side. */
int books_read(struct world *, struct lab_reach (*by_day)[LAB_DAYS + 1],
    struct err *) CHECKED;

/* EigenTrust of all, at the end. */
int advice_read(struct world *, struct err *) CHECKED;

#endif
