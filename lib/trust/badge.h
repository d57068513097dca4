/*
 * badge - what is shown of a node, as a picture: SVG without fonts, scripts
 * or anything from elsewhere.
 */
#ifndef TRUST_BADGE_H
#define TRUST_BADGE_H

#include "trust/formula.h"

struct buf;

void trust_badge_svg(struct buf *out, const char *node_id, enum trust_tier,
    enum trust_seen);

#endif
