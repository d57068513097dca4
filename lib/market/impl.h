/* impl.h - what the files of this module share, and others do not see. */
#ifndef MARKET_IMPL_H
#define MARKET_IMPL_H

#include "market/market.h"

#define SKILL_COLUMNS 12	/* those that market_skill_take() reads */

/* A skill out of a row that begins with its columns, in their order. */
void market_skill_take(const struct query *, struct skill *out);

/* A text anywhere in a label, for LIKE; what that gives a meaning loses it. */
void market_pattern(struct buf *out, const char *text);

/* The scores of new nodes: in production, in the sandbox. */
void market_bind_first(struct query *, const struct params *);

#endif
