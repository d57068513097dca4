/*
 * attest - what a certified score follows from, so that it need not be
 * believed (spec/vmp.md 5.7).
 *
 * Such a certificate has three more claims.  "facts" are all counters and
 * moments that the formula reads; "parameters" those of its parameters that
 * differ from what is built in; "parameters_sha256" is the hash over all six
 * of them, as lines "name value" in the order of their names.  With "iat"
 * they make score, parts, history and level, which who checks makes again.
 * And the log that "evidence" names makes the facts: struct attest_log reads
 * it, entry by entry, and says whether it does.
 */
#ifndef ATTEST_H
#define ATTEST_H

#include "cri/certificate.h"

struct exported_entry;

/* Append the claims. */
void attest_facts(struct buf *, const char *key, const struct certified *);
void attest_params(struct buf *, const struct params *);

/*
 * Does all in these claims follow from their facts?  Of claims without facts
 * nothing is said.  E_bad_json if they are none; E_bad_conf for parameters
 * that are none; E_parameters_mismatch, E_facts_mismatch, E_score_mismatch;
 * E_checkpoint_mismatch, E_bad_note if the note in the evidence is of
 * something else.
 */
int attest_check(const struct json *claims, struct err *) CHECKED;

/* The log so far, which ends where "evidence" says. */
struct attest_log;

struct attest_log *attest_log_new(void);
void attest_log_free(struct attest_log *);	/* accepts NULL */
int64_t attest_log_size(const struct attest_log *);

/* The next entry.  What tally_take() and trail_add() say. */
int attest_log_take(struct attest_log *, const struct exported_entry *,
    struct err *) CHECKED;

/*
 * Is it the log of these claims, which have passed attest_check(), and does
 * it say their facts?  E_other_log, E_root_mismatch, E_facts_mismatch;
 * E_unknown_signer, E_bad_signature if its key has not signed the note.
 */
int attest_log_check(const struct attest_log *, const struct json *claims,
    struct err *) CHECKED;

#endif
