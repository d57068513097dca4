/*
 * tier - a tier that can be shown to strangers (spec/node.md 5.1).
 *
 *	{v, node_id, node_hash, tier, trust_score, issued_at, expires_at,
 *	 registry, signature}
 *
 * in the domain bzn-tier-v1, signed by the key of the registry's own node.
 * Whoever knows that key can check it without asking anybody; once it has
 * expired, or if anything about it is not as it must be, what is shown of the
 * node is SELF DECLARED.
 */
#ifndef TRUST_TIER_H
#define TRUST_TIER_H

#include "base/json.h"
#include "crypto/sign.h"
#include "trust/formula.h"

#define TRUST_TIER_MAX 4096

struct trust_certificate {
	char node_id[HASH_HEX], registry[HASH_HEX];
	enum trust_tier tier;
	int64_t hundredths, issued_ms, expires_ms;
};

/* Append one, signed: it is all that the buffer holds. */
int trust_tier_make(struct buf *out, const struct trust_certificate *,
    const struct sign_key *, struct err *) CHECKED;

/* Its form: E_bad_json, E_unknown_member; E_id_mismatch of a node_hash. */
int trust_tier_read(struct trust_certificate *out, const struct json *,
    struct err *) CHECKED;

/*
 * Has this registry said so, and does it hold at that moment?
 * E_id_mismatch if the certificate names another registry, E_bad_signature,
 * E_not_yet_valid, E_expired.
 */
int trust_tier_check(const struct json *, const struct trust_certificate *,
    const struct sign_public *, int64_t at_ms, struct err *) CHECKED;

/* What is shown of a node after a check that said this; NULL: it was good. */
enum trust_seen trust_tier_seen(const struct err *);

#endif
