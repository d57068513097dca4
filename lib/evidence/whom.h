/*
 * whom - whom to trust, as a person says it: a verifier key, a policy in a
 * file, or the identity card of a node.
 */
#ifndef WHOM_H
#define WHOM_H

#include <stdint.h>

#include "base/err.h"
#include "crypto/sign.h"
#include "tlog/policy.h"

/*
 * A vkey, of a log or of a witness, or a policy's file: 1, or 0 if both are
 * NULL.  E_usage for both; E_bad_vkey, E_bad_policy, and as file_read().
 */
int whom_policy(struct policy *out, const char *vkey, const char *file,
    struct err *) CHECKED;

/*
 * The key of the node that a card shows, if it is valid then: 1, or 0 if the
 * file is NULL.  As card_read(), card_check() and file_read().
 */
int whom_card(struct sign_public *out, const char *file, int64_t now_ms,
    struct err *) CHECKED;

#endif
