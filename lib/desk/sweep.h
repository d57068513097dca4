/*
 * sweep - sweeps of bzn-settle, one or one after another.
 */
#ifndef DESK_SWEEP_H
#define DESK_SWEEP_H

#include "desk/settle.h"
#include "settle/settle.h"

/*
 * One, as asked for, and a checkpoint of what it did; stop is asked between
 * transactions, or NULL.
 */
int sweep_once(struct cli *, const struct desk_settle *, settle_stop *stop,
    struct err *) CHECKED;

/* One after another, until a signal says that it is enough. */
int sweep_watch(struct cli *, const struct desk_settle *, struct err *)
    CHECKED;

/* Sign the log if it is time for that: after single tasks. */
void sweep_sign(struct cli *, const struct desk_settle *, bool changed,
    bool sweep);

#endif
