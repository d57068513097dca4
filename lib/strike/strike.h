/*
 * strike - what becomes of nodes that deceive: bans and confiscation.
 *
 * (spec/vmp.md 3.7.)  A banned node is inactive, and whatever it has or is
 * later credited goes to the VAULT; its open escrows run on.
 */
#ifndef STRIKE_H
#define STRIKE_H

#include "base/err.h"

struct ledger;
struct unit;

/*
 * After any credit to a node: if it is banned, its whole available balance
 * of that unit goes to VAULT, as CONFISCATION; else nothing happens.
 */
int strike_confiscate_in(struct ledger *, const char *node_id,
    const struct unit *, struct err *) CHECKED;

#endif
