/*
 * feed - what a route says of the leaves of the log to those who listen.
 *
 * A leaf is read once for all streams of a loop that are as far, and what a
 * route says of it is made once for each of its callers.
 */
#ifndef API_FEED_H
#define API_FEED_H

#include "api/api.h"
#include "escrow/escrow.h"
#include "ledger/read.h"

struct told {
	struct store *store;		/* in a snapshot that has the leaf */
	int64_t seq;
	const char *leaf;		/* its bytes */
	size_t leaf_n;

	/* Read when they are asked for. */
	struct units units;
	struct leaf parsed;
	struct escrow_traders traders;
	bool has_units, has_entry;
	int has_traders;		/* 0: not asked yet, -1: none */
};

/* The leaf, taken apart; until the next leaf. */
int feed_entry(struct told *, const struct entry **, struct err *) CHECKED;

/* Who trades in the escrow that its ref names: 1, 0 if it is none, -1. */
int feed_traders(struct told *, const struct escrow_traders **,
    struct err *) CHECKED;

void feed_release(struct told *);

#endif
