/*
 * tally - what a log says of all nodes so far.
 *
 * A fold over entries in the order of the log, with no store behind it: who
 * registered, when and in which realm; settlements of both sides, deliveries,
 * disputes and refunds by their reason, strikes, bans, badges, spending.  It
 * counts as the counters in a store are counted (spec/vmp.md 5.1), so that a
 * score from an export and one from the store it is of are the same number.
 *
 * What moves no money is in no log, so shadow and benchmark tasks are not
 * here; an escrow with oneself, which no ledger makes, counts for nothing.
 * Units: minor units of the node's realm, _ms since 1970 UTC.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "cri/formula.h"
#include "cri/level.h"
#include "ledger/leaf.h"
#include "node/node.h"

struct store;
struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *);	/* accepts NULL */

/* The next entry of the log.  E_amount_overflow. */
int tally_take(struct tally *, const struct entry *, struct err *) CHECKED;

/* All entries of a store below size. */
int tally_read(struct tally *, struct store *, int64_t size, struct err *)
    CHECKED;

struct tally_node {
	char id[NODE_ID];
	bool registered;	/* else others have named it only */
	bool sandbox, early, active;
	int64_t made_ms;
	int64_t first_ms;	/* first sale that settled; 0: none, as below */
	int64_t last_ms;	/* last settlement, either side */
	int64_t banned_ms;
	int64_t rank, awarded_ms;	/* of its badge */
	int64_t strikes;
	int64_t sold, bought, partners, most, volume_minor;
	int64_t delivered, failed;
	int64_t spent_minor;	/* tck_spent of 5.4 */
};

/* What the counters of a store say of a node.  E_node_missing. */
int tally_stored(struct store *, const char *node_id, struct tally_node *out,
    struct err *) CHECKED;

/* How far it has read, and the log time of the last entry. */
struct tally_end {
	int64_t size, at_ms;
	int64_t settled;	/* escrows */
	int64_t nodes, pairs;	/* pairs in either direction count once */
};

void tally_end(const struct tally *, struct tally_end *out);

/* Good until the tally ends.  NULL: the log does not name it. */
const struct tally_node *tally_find(const struct tally *,
    const char *node_id);

/* All nodes, by id; all pairs that traded, by seller and buyer. */
typedef int tally_told(void *arg, const struct tally_node *, struct err *);
typedef int tally_pair_told(void *arg, const char *seller_id,
    const char *buyer_id, int64_t n, int64_t minor, struct err *);

int tally_each(const struct tally *, tally_told *, void *arg, struct err *)
    CHECKED;
int tally_pairs(const struct tally *, tally_pair_told *, void *arg,
    struct err *) CHECKED;

/* What two have traded in one direction; zeroes if nothing. */
void tally_pair(const struct tally *, const char *seller_id,
    const char *buyer_id, int64_t *n, int64_t *minor);

/*
 * A node as it stands at a moment: the same as cri_score() of a store with
 * that log.
 */
void tally_score(const struct tally_node *, int64_t now_ms,
    const struct params *, struct cri *out);
void tally_level(const struct tally_node *, int64_t now_ms,
    const struct params *, struct cri_level *out);

#endif
