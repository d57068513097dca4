/*
 * market - skills that nodes offer for a price.
 *
 * Publishing costs listing_fee, which goes from the provider to VAULT in the
 * transaction that makes the skill; skill.published is logged beside it
 * (spec/vmp.md 2.2).  Its price is in the unit of the provider's realm, 0.01
 * to 10000.00.  What its metadata promises of the output is checked before
 * anybody depends on it: validate/contract.h.
 *
 * A skill may be changed, for later purchases, and retired; both are logged.
 * Tasks and quotes keep the contract that they were made with.
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
struct language;
struct ledger;

#define MARKET_LABEL 200	/* characters, at most */
#define MARKET_METADATA 49152	/* bytes, at most */
#define MARKET_LIMIT 200	/* skills on a page, at most */

struct skill {
	char id[ID_TEXT];
	char node_id[NODE_ID];		/* the provider */
	char type[16];			/* SKILL_OFFER or TASK_BOUNTY */
	char *label, *metadata;		/* owned */
	char *category;			/* owned, or NULL */
	struct amount price;
	int64_t made_ms, retired_ms;	/* retired_ms is 0 while offered */
	int64_t version;		/* 1, and one more a change */
	int64_t changed_ms;		/* 0 until then */
};

/* What a provider says; all borrowed. */
struct offer {
	const char *node_id, *type, *label, *price, *category;
	const struct json *metadata;	/* an object, or NULL */
	struct language *language;	/* see contract_read() */
	struct buf *path;		/* of what is wrong in it; or NULL */
	struct buf *warning;		/* of a gate that is soft; or NULL */
};

/*
 * E_bad_label, E_price_range, what amount_parse() says, E_too_long for the
 * metadata; what gate_parties_in() says of the provider; then what
 * contract_read() says, and E_insufficient_funds.
 */
int market_publish_in(struct ledger *, const struct offer *,
    const struct params *, struct chance *, struct skill *out, struct err *)
    CHECKED;

/* What is to be different; all borrowed, NULL for what stays. */
struct change {
	const char *skill_id, *node_id;	/* who acts; NULL: who may */
	const char *label, *price, *category;
	const struct json *metadata;	/* replaces all that there was */
	struct language *language;
	struct buf *path;
};

/*
 * Change a skill, for purchases from now on; without a fee.  What is no
 * change is a success that does nothing.  E_skill_missing, E_not_provider,
 * E_skill_retired, and as market_publish_in().
 */
int market_update_in(struct ledger *, const struct change *,
    const struct params *, struct skill *out, struct err *) CHECKED;

/* Offer it no longer.  E_skill_missing, E_not_provider, E_skill_retired. */
int market_retire_in(struct ledger *, const char *skill_id,
    const char *node_id, struct skill *out, struct err *) CHECKED;

/* E_skill_missing. */
int market_skill(struct store *, const char *id, struct skill *out,
    struct err *) CHECKED;
void market_skill_release(struct skill *);	/* accepts a zeroed one */

/* What a node offers, if it may act: newest first; 1, 0, -1. */
void market_of_open(struct query *, struct store *, const char *node_id);
int market_of_next(struct query *, struct skill *out, struct err *) CHECKED;

/* Of whom: those whose prices are in TCK, in SBX, or both. */
enum market_realm { MARKET_PRODUCTION, MARKET_SANDBOX, MARKET_ALL };

/* What comes first; those that are equal in the order of their ids. */
enum market_order { MARKET_NEWEST, MARKET_PRICE, MARKET_SCORE };

bool market_realm_named(const char *word, enum market_realm *);
bool market_order_named(const char *word, enum market_order *);
const char *market_realm_unit(enum market_realm);	/* of the first two */

/* A skill as it is shown, and what is known of it; released as one. */
struct listing {
	struct skill skill;		/* owned */
	int64_t tenths;			/* the score of its seller, as kept */
	char *verified;			/* owned: suites it has passed, a JSON
					   array; NULL if there are none */
};

void market_listing_release(struct listing *);	/* accepts a zeroed one */

/* E_skill_missing. */
int market_listing(struct store *, const char *id, const struct params *,
    struct listing *out, struct err *) CHECKED;

/* What to list; NULL and 0 ask for everything. */
struct market_filter {
	const struct params *params;
	int64_t now_ms;			/* who is active then */
	const char *text;		/* in the label, whatever its case */
	const char *category, *node_id;
	int64_t least, most;		/* price, minor units; most 0 is none */
	int64_t tenths;			/* the seller's score, at least */
	int64_t limit, offset;
	enum market_realm realm;
	enum market_order order;
};

/* Offered skills of active providers. */
struct market_list {
	struct store *store;		/* borrowed */
	struct query query;
	struct buf *pattern;		/* owned */
};

void market_list_open(struct market_list *, struct store *,
    const struct market_filter *);
int market_list_next(struct market_list *, struct listing *out, struct err *)
    CHECKED;			/* 1, 0 after the last, -1 */
void market_list_close(struct market_list *);

/* How many there are, whatever limit and offset say. */
int market_total(struct store *, const struct market_filter *, int64_t *out,
    struct err *) CHECKED;

/* It has passed that suite, which is shown from now on. */
int market_verified_in(struct ledger *, const char *skill_id,
    const char *suite, struct err *) CHECKED;

/* Records; the object stays open for what the caller has to add. */
void market_skill_write(struct buf *, const struct skill *);
int market_listing_write(struct buf *, const struct listing *, struct err *)
    CHECKED;

/* What its metadata promises, as members: validators and verifiers. */
int market_promises_write(struct buf *, const struct skill *, struct err *)
    CHECKED;
int market_offer_read(struct offer *out, struct json *metadata,
    const struct json *, struct err *) CHECKED;
int market_change_read(struct change *out, struct json *metadata,
    const struct json *, struct err *) CHECKED;

#endif
