/*
 * trade - what the routes that lock money, or act on a trade, have in common.
 */
#ifndef API_TRADE_H
#define API_TRADE_H

#include "api/api.h"
#include "escrow/escrow.h"

/*
 * A refusal by a cap says what was asked for and how much there is left
 * (spec/vmp.md 8.8), and when to ask again: as members of the refusal, and
 * Retry-After.  Other errors stay as they are.  Always -1.
 */
int trade_capped(struct call *, struct amount asked, struct err *);

/*
 * An act on a trade was refused: in the words of its route.  escrow says that
 * the route is of escrows, where what is not there is one.  Always -1.
 */
int trade_refused(struct call *, enum escrow_event, const char *id,
    bool escrow, struct err *);

/*
 * A task by its own id, and not that of its escrow; or an escrow likewise.
 * E_task_missing, E_escrow_missing.
 */
int trade_task(struct call *, const char *id, struct task *out, struct err *)
    CHECKED;
int trade_escrow(struct call *, const char *id, struct task *out,
    struct err *) CHECKED;

/* The same, but only for a party: E_not_task_party, E_not_escrow_party. */
int trade_own_task(struct call *, const char *id, struct task *out,
    struct err *) CHECKED;
int trade_own_escrow(struct call *, const char *id, struct task *out,
    struct err *) CHECKED;

/* The escrow of a trade as an object, or null. */
void trade_escrow_write(struct buf *, const char *key, const struct task *);

/* Text or a time, or null. */
void trade_text(struct buf *, const char *key, const char *);
void trade_time(struct buf *, const char *key, int64_t ms);

/* Deliver, and write the reply; dispute, and write the reply. */
int trade_complete(struct call *, const struct act *, struct task *,
    bool escrow, struct err *) CHECKED;
int trade_dispute(struct call *, const char *id, struct task *, bool escrow,
    struct err *) CHECKED;

#endif
