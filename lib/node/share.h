/*
 * share - facts of a trade that somebody wants to show to others, for
 * share_days: under an id that cannot be guessed, and of which nobody vouches
 * for anything.
 */
#ifndef NODE_SHARE_H
#define NODE_SHARE_H

#include <stdint.h>

#include "base/err.h"
#include "base/param.h"

#define SHARE_ID 9		/* 8 of base64url, and NUL */

struct buf;
struct chance;
struct ledger;
struct store;

/* facts is a JSON object. */
int share_put_in(struct ledger *, const char *facts, struct chance *,
    char id[SHARE_ID], struct err *) CHECKED;

/* Append them.  E_share_missing, also once its days have passed. */
int share_get(struct store *, const char *id, int64_t now_ms,
    const struct params *, struct buf *facts, struct err *) CHECKED;

#endif
