/*
 * market - skills that nodes offer for a price.
 *
 * Publishing costs listing_fee, which goes from the provider to VAULT in the
 * transaction that makes the skill; skill.published is logged beside it
 * (spec/vmp.md 2.2).  A skill's price is in TCK, 0.01 to 10000.00.
 */
#ifndef MARKET_H
#define MARKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"
#include "base/id.h"
#include "base/param.h"
#include "node/node.h"
#include "store/store.h"

struct buf;
struct json;
struct ledger;

#define MARKET_LABEL 200	/* characters, at most */
#define MARKET_METADATA 49152	/* bytes, at most */

struct skill {
	char id[ID_TEXT];
	char node_id[NODE_ID];		/* the provider */
	char type[16];			/* SKILL_OFFER or TASK_BOUNTY */
	char *label, *metadata;		/* owned */
	char *category;			/* owned, or NULL */
	struct amount price;
	int64_t made_ms, retired_ms;	/* retired_ms is 0 while offered */
	int64_t version;		/* 1, and one more a change */
};

/* What a provider says; all borrowed. */
struct offer {
	const char *node_id, *type, *label, *price, *category;
	const struct json *metadata;	/* an object, or NULL */
};

/*
 * E_node_missing, E_seller_inactive, E_bad_label, E_price_range, what
 * amount_parse() says, E_too_long for the metadata, E_insufficient_funds.
 */
int market_publish_in(struct ledger *, const struct offer *,
    const struct params *, struct chance *, struct skill *out, struct err *)
    CHECKED;

/* E_skill_missing. */
int market_skill(struct store *, const char *id, struct skill *out,
    struct err *) CHECKED;
void market_skill_release(struct skill *);	/* accepts a zeroed one */

/* What to list; NULL and 0 ask for everything. */
struct market_filter {
	const char *text;		/* in the label, whatever its case */
	const char *category, *node_id;
	int64_t least, most;		/* price, minor units; most 0 is none */
	int64_t limit, offset;
};

/* Offered skills of active providers, newest first. */
struct market_list {
	struct query query;
	struct buf *pattern;		/* owned */
};

void market_list_open(struct market_list *, struct store *,
    const struct market_filter *);
int market_list_next(struct market_list *, struct skill *out, struct err *)
    CHECKED;			/* 1, 0 after the last, -1 */
void market_list_close(struct market_list *);

/* Records; the object stays open for what the caller has to add. */
void market_skill_write(struct buf *, const struct skill *);
int market_offer_read(struct offer *out, struct json *metadata,
    const struct json *, struct err *) CHECKED;

#endif
