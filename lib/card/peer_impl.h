/* peer_impl - what peer.c and peer_state.c share; for them only. */
#ifndef PEER_IMPL_H
#define PEER_IMPL_H

#include "card/peer.h"

/* Write the row. */
int peer_put_in(struct store *, const struct peer *, struct err *) CHECKED;

/* E_key_changed if another live peer has its name or its endpoint. */
int peer_claim_in(struct store *, const struct peer *, struct err *) CHECKED;

/* E_revoked, and why. */
int peer_refuse_revoked(const struct peer *, struct err *) CHECKED;

#endif
