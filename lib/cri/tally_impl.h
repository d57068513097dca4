/* tally_impl - a tally's inside; for its two files only. */
#ifndef TALLY_IMPL_H
#define TALLY_IMPL_H

#include "base/table.h"
#include "cri/tally.h"

struct item {
	struct table_item item;
	struct tally_node node;
	size_t number;			/* in the order of coming */
};

/* What two have done, by their numbers: high << 32 | low, never 0. */
struct pair {
	uint64_t key;
	struct { int64_t n, minor; } by[2];	/* sold by the lower, higher */
};

/* An escrow or a bounty that is open where the log is being read. */
struct open {
	struct table_item item;
	char id[LEAF_ID];
	struct item *buyer, *seller;
	int64_t minor;
	bool delivered, disputed;
};

struct tally {
	struct table nodes, escrows, bounties;
	struct item **node;		/* by their numbers */
	struct pair *pair;		/* found by their hash */
	size_t n_node, cap_node, n_pair, cap_pair;
	struct tally_end end;
	bool full;			/* a sum was too large */
};

uint64_t tally_key(const struct item *, const struct item *);

/* Where a pair is, or would be; there is room for one once there was one. */
struct pair *tally_slot(const struct tally *, uint64_t key);

#endif
