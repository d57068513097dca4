/*
 * impl - what the files of the escrow share; nobody else includes it.
 */
#ifndef ESCROW_IMPL_H
#define ESCROW_IMPL_H

#include "crypto/hash.h"
#include "escrow/escrow.h"

/* The leaves of an escrow: money.c. */
int escrow_post_lock(struct ledger *, const struct task *,
    const char *input_sha256, struct err *) CHECKED;
int escrow_post_event(struct ledger *, const struct task *,
    enum escrow_event, const char *text, struct err *) CHECKED;
int escrow_post_close(struct ledger *, const struct task *,
    enum escrow_event, struct err *) CHECKED;

/*
 * A value as it came, which is then the caller's to free, and the hash of its
 * canonical form, which is what the log tells of it.
 */
int escrow_take_json(const struct json *, char **text, char sha256[HASH_HEX],
    struct err *) CHECKED;

#endif
