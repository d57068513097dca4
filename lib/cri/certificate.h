/*
 * certificate - a score that can be shown to strangers (spec/vmp.md 5.7).
 *
 * A JWT of RS256, signed by the token key of the node that keeps the log, and
 * so verified by whoever has its public half, without asking anybody.  It
 * names the state of the log that the score follows from.  It has no
 * audience, and tokens for access have one, so neither passes for the other.
 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include "base/json.h"
#include "cri/cri.h"
#include "cri/tally.h"
#include "sig/jwt.h"

struct ledger_head;

/* Who certifies, what the log was then; all borrowed. */
struct certificate {
	const char *id;			/* of the certificate: jti */
	const char *issuer, *origin;
	const struct ledger_head *head;
	int64_t now_ms, exp_ms;
	const struct params *params;	/* with the facts; NULL without */
	const char *note;		/* signed, of that head; or NULL */
	size_t note_n;
};

/* cri_issuer, or the host of base_url, or the origin of the log. */
#define CERTIFICATE_ISSUER 1024
void certificate_issuer(char out[CERTIFICATE_ISSUER], const struct params *,
    const char *origin);

/* What is certified of a node: what is known of it, and what it makes. */
struct certified {
	struct tally_node node;
	struct cri cri;
	struct cri_level level;
};
int certificate_of(struct store *, const char *node_id, int64_t now_ms,
    const struct params *, struct certified *out, struct err *) CHECKED;

/* The same from out->node, without a store. */
void certificate_make(struct certified *, int64_t now_ms,
    const struct params *);

/* Append the claims: what is signed. */
void certificate_claims(struct buf *out, const struct certificate *,
    const struct certified *);

/* Append score.components, cri, and history, as the claims have them. */
void certificate_components(struct buf *out, const char *key,
    const struct cri *);
void certificate_score(struct buf *out, const char *key, const struct cri *);
void certificate_history(struct buf *out, const char *key,
    const struct certified *);

/*
 * Sign, and append the record of 5.7.  base is where others reach this grid,
 * or "".  E_too_long.
 */
#define CERTIFICATE_RECORD (4 * JWT_MAX)
int certificate_issue(struct buf *out, const struct token_key *,
    const struct certificate *, const struct certified *, const char *base,
    struct err *) CHECKED;

/*
 * Is it a certificate that one of these keys has signed?  claims is then the
 * caller's: json_release().  Of one key that is not named in the token, kid
 * says how it is called, or is NULL.  iss may be NULL for any issuer.
 * E_bad_token, E_bad_header, E_bad_alg, E_unknown_signer, E_bad_signature,
 * E_expired, E_not_yet_valid, E_wrong_audience, E_wrong_issuer; and of one
 * that names its facts what attest_check() says.
 */
struct certificate_ask {
	const struct jwks *keys;
	const char *iss;
	bool any_name;			/* the one key, whatever it is called */
	int64_t at_ms;
};
int certificate_check(struct json *claims, char kid[JWT_KID],
    const struct certificate_ask *, const char *token, size_t n,
    struct err *) CHECKED;

/*
 * The record of 5.8, of claims that are good, or of what is no certificate;
 * stays open.
 */
void certificate_write(struct buf *out, const struct json *claims,
    const char *kid);
void certificate_refuse(struct buf *out, const struct err *why);

/*
 * What has become of the node since: members of the same.  A store of another
 * grid, or none, knows nothing of it.
 */
int certificate_since(struct buf *out, const struct json *claims,
    struct store *, int64_t now_ms, const struct params *, struct err *)
    CHECKED;

#endif
