/* impl - what the files of the bounties share; nobody else includes it. */
#ifndef BOUNTY_IMPL_H
#define BOUNTY_IMPL_H

#include "bounty/bounty.h"
#include "ledger/leaf.h"

/* E_submission_missing. */
int bounty_submission_get(struct store *, const char *bounty_id,
    const char *id, struct submission *out, struct err *) CHECKED;

/*
 * May this event be now?  The step, or NULL with E_wrong_state,
 * E_window_closed or E_window_open.
 */
const struct bounty_step *bounty_may(const struct bounty *,
    enum bounty_event, int64_t now_ms, struct err *) CHECKED;

#endif
