/*
 * hook - the signatures of a webhook.
 *
 * That of spec/protocols.md 2.7 is HMAC-SHA256 over "timestamp.body", its key
 * the whole text of the secret, in lower-case hex.  That of Standard Webhooks
 * (4.8) is over "id.timestamp.body": v1 is HMAC-SHA256, its key the bytes that
 * the base64 behind whsec_ stands for; v1a is Ed25519.
 */
#ifndef SIG_HOOK_H
#define SIG_HOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/sign.h"

struct buf;

#define HOOK_HEX 65
#define HOOK_WINDOW_S 300

void hook_make(char out[HOOK_HEX], const struct secret *, int64_t timestamp,
    const void *body, size_t n);

/* E_bad_sig if it is not 64 digits; E_bad_signature. */
int hook_check(const char *hex, const struct secret *, int64_t timestamp,
    const void *body, size_t n, struct err *) CHECKED;

/* What one signs with: a secret, a key, or both; zeroed, nothing. */
struct hook_signer {
	struct secret text, raw;	/* of the secret, and what it means */
	struct sign_key key;
};

/*
 * Take a secret.  E_unfit_secret if it is not whsec_ and base64 of 24 to 64
 * bytes.
 */
int hook_signer_take(struct hook_signer *, struct secret *text, struct err *)
    CHECKED;
void hook_signer_release(struct hook_signer *);

/* Append the value of webhook-signature: v1 and v1a, as far as one can. */
void hook_standard(struct buf *out, const struct hook_signer *,
    const char *id, int64_t timestamp, const void *body, size_t n);

#endif
