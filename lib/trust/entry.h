/*
 * entry - what the log says of trust: one entry for each fact.
 *
 *	trust.endorsed  trust.complained  trust.rated	by counterparties
 *	trust.probed  trust.staked  trust.verified	by the registry
 *	trust.bound	a node has that wallet, or its card claims so
 *	trust.scored	what a node's score was in an epoch
 *
 * Data are ids, hashes and numbers, so nothing in them must ever be erased.
 * The id of an entry says what it is about, so a second one of the same is
 * another content under a known id.
 */
#ifndef TRUST_ENTRY_H
#define TRUST_ENTRY_H

#include <stdbool.h>

#include "trust/facts.h"

struct buf;
struct entry;

/* What a node's score was on a day, counted from 1970 UTC. */
struct trust_epoch {
	int64_t day, hundredths;
	enum trust_tier tier;
	int64_t weight;			/* as stored; else trust_weight() */
};

enum trust_said { TRUST_SAID_FACT, TRUST_SAID_BOUND, TRUST_SAID_SCORED };

struct trust_entry {
	enum trust_said said;
	char node_id[HASH_HEX];
	struct trust_fact fact;		/* FACT: id and at_ms as the entry's */
	struct trust_bond bond;		/* BOUND */
	struct trust_epoch epoch;	/* SCORED */
};

/* Does the log speak of trust here?  1, 0, -1 with E_bad_json. */
int trust_entry_read(struct trust_entry *out, const struct entry *,
    struct err *) CHECKED;

/* The type, the id and the data of one that is to be posted. */
const char *trust_entry_type(const struct trust_entry *);
void trust_entry_id(const struct trust_entry *, char out[LEAF_ID]);
void trust_entry_data(struct buf *out, const struct trust_entry *,
    const char *event_sha256, const char *rules);

/* What the endorsements of such a node weigh until the next epoch. */
int64_t trust_weight(const struct trust_epoch *);

/* "74.85" */
#define TRUST_TEXT 48
void trust_points_text(int64_t hundredths, char out[TRUST_TEXT]);

#endif
