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
#include "store/store.h"

struct buf;

/*
 * Append those with these ids, in this order, as a JSON array of
 * {"id","name","type","config"}; one that is named twice stands once.  Each
 * is this buyer's and not removed, else E_validator_missing.
 */
int market_customs(struct store *, const char *buyer_id,
    const char *const *ids, size_t n, struct buf *snapshot, struct err *)
    CHECKED;

#endif
