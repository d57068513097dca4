/*
 * logcert - the node key vouches for the key of its log (spec/ledger.md 5.8).
 *
 * It signs three lines: bzn-log-key-v1, the origin, the vkey.  With that in
 * the log's first leaf, whoever knows the node can check its log; and cron
 * can sign checkpoints without the passphrase of the node.
 */
#ifndef LOGCERT_H
#define LOGCERT_H

#include "base/buf.h"
#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "key/domain.h"
#include "key/key.h"

#define LOGCERT_KEY 45		/* base64 of a public key, and NUL */

struct logcert {
	char node_id[HASH_HEX], node_key[LOGCERT_KEY], node_sig[DOMAIN_SIG];
};

/*
 * The bare signature over the three lines, in base64; of the node, and of a
 * new key that says so itself.  E_bad_signature, also for what is no base64.
 */
void logcert_say(char out[DOMAIN_SIG], const char *origin, const char *vkey,
    const struct sign_key *);
int logcert_said(const char *origin, const char *vkey, const char *sig,
    const struct sign_public *, struct err *) CHECKED;

void logcert_make(struct logcert *out, const char *origin, const char *vkey,
    const struct sign_key *);

/*
 * Is it by this node, of this key and origin?  E_id_mismatch; E_bad_signature,
 * also for what has not the form.
 */
int logcert_check(const struct logcert *, const char *origin,
    const char *vkey, const struct sign_public *, struct err *) CHECKED;

/* The members log_key, node_id, node_key, node_sig and origin of an object. */
void logcert_write(struct buf *, const struct logcert *, const char *origin,
    const char *vkey);

/* The members that logcert_write() writes, of the form only.  E_bad_json. */
int logcert_read(struct logcert *out, const struct json *, struct err *)
    CHECKED;

/* The key that it says it is by, if that has the form of one. */
bool logcert_signer(struct sign_public *out, const struct logcert *);

/*
 * identity/log_cert.json: 1 if it holds one of this key and origin, by the
 * node that the home now has; else 0.
 */
int logcert_load(const char *home, const char *origin, const char *vkey,
    struct logcert *out, struct err *) CHECKED;
int logcert_save(const char *home, const struct logcert *, const char *origin,
    const char *vkey, struct err *) CHECKED;

/*
 * The certificate of this key and origin: that which is kept, or a new one,
 * for which the node's key is opened.  As key_node().
 */
int logcert_get(const char *home, const char *origin, const char *vkey,
    key_ask *ask, void *arg, struct logcert *out, struct err *) CHECKED;

/* The name of a node's log, unless it is given another. */
void logcert_origin(struct buf *, const struct sign_public *node);

#endif
