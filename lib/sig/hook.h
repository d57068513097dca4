/*
 * hook - the signature of a webhook (spec/protocols.md 2.7): HMAC-SHA256 over
 * "timestamp.body", its key the whole text of the secret, in lower-case hex.
 */
#ifndef SIG_HOOK_H
#define SIG_HOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/secret.h"

#define HOOK_HEX 65
#define HOOK_WINDOW_S 300

void hook_make(char out[HOOK_HEX], const struct secret *, int64_t timestamp,
    const void *body, size_t n);

/* E_bad_sig if it is not 64 digits; E_bad_signature. */
int hook_check(const char *hex, const struct secret *, int64_t timestamp,
    const void *body, size_t n, struct err *) CHECKED;

#endif
