/*
 * impl - what the files of the gate share; nobody else includes it.
 */
#ifndef GATE_IMPL_H
#define GATE_IMPL_H

#include "gate/gate.h"

/* The level part of L6: E_level_gate, or a warning in out. */
int gate_level_in(struct ledger *, const struct gate *, struct gated *out,
    struct err *) CHECKED;

#endif
