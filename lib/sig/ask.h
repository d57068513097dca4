/*
 * ask - the signed request for verification (spec/node.md 5.1).
 *
 * {"node_id","timestamp","signature"}: the node's key signs "bzn-verify-v1 LF
 * node_id LF timestamp LF".  The timestamp counts seconds, may be 300 from
 * now, and is accepted once for a node.
 */
#ifndef SIG_ASK_H
#define SIG_ASK_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define ASK_WINDOW_S 300
#define ASK_SPACE "bzn-verify-v1"

struct ask {
	char node_id[HASH_HEX];
	int64_t timestamp;
	struct sign_sig sig;
};

void ask_make(struct ask *out, const struct sign_key *, int64_t timestamp);
void ask_write(struct buf *out, const struct ask *);

/* The form only.  E_bad_json; E_bad_signature for one that cannot be one. */
int ask_read(struct ask *out, const struct json *, struct err *) CHECKED;

/* E_stale, E_bad_signature. */
int ask_check(const struct ask *, const struct sign_public *, int64_t now_ms,
    struct err *) CHECKED;

#endif
