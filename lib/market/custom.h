/*
 * custom - the validators that a buyer keeps, to attach them to tasks.
 *
 * What one may be is said in validate/custom.h, and checked when it is added
 * (spec/vmp.md 2.11).  A task keeps a copy of those that it was bought with:
 * what is removed later goes on judging it.
 */
#ifndef MARKET_CUSTOM_H
#define MARKET_CUSTOM_H

#include <stddef.h>

#include "base/err.h"
#include "base/id.h"
#include "base/param.h"
#include "store/store.h"

struct buf;
struct json;
struct ledger;

/* What a buyer adds; all borrowed. */
struct wanted {
	const char *node_id, *name;
	const char *type;		/* schema, regex or webhook */
	const struct json *config;
	struct buf *path;		/* of what is wrong in it; or NULL */
};

/*
 * Keep one, under the new id out.  What gate_parties_in() says of the node;
 * what custom_read() says; E_validator_limit past validators_per_node.
 */
int market_custom_add_in(struct ledger *, const struct wanted *,
    const struct params *, struct chance *, char out[ID_TEXT], struct err *)
    CHECKED;

/*
 * Attach it to no other task.  Another node's is as none; NULL is the
 * operator, who may remove any.  E_validator_missing.
 */
int market_custom_remove_in(struct ledger *, const char *id,
    const char *node_id, struct err *) CHECKED;

/*
 * Those that a node keeps, oldest first, as open records: 1 each, 0 after the
 * last, -1.
 */
void market_custom_list(struct query *, struct store *, const char *node_id);
int market_custom_next(struct query *, struct buf *record, struct err *)
    CHECKED;
int market_wanted_read(struct wanted *out, struct json *config,
    const struct json *, struct err *) CHECKED;

/*
 * Append those with these ids, in this order, as a JSON array of
 * {"id","name","type","config"}; one that is named twice stands once.  Each
 * is this buyer's and not removed, else E_validator_missing.
 */
int market_customs(struct store *, const char *buyer_id,
    const char *const *ids, size_t n, struct buf *snapshot, struct err *)
    CHECKED;

#endif
