/*
 * diff - what two cards say differently, member by member.
 */
#ifndef DIFF_H
#define DIFF_H

#include "base/err.h"

struct buf;
struct card;

typedef int diff_emit(void *arg, struct buf *record, struct err *);

/*
 * Give a record {member, old, new} for each that was changed, and one without
 * old or new for what was added or taken away; the key brings the phrases of
 * both.  Signatures always differ, and are not told of.  Returns how many, or
 * -1.
 */
int diff_cards(const struct card *old, const struct card *new, diff_emit *,
    void *arg, struct err *) CHECKED;

#endif
