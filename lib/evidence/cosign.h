/*
 * cosign - be a witness of other logs, offline (spec/ledger.md 5.6).
 *
 * A witness keeps the newest checkpoint of each log that it has seen, as a
 * pin, and signs only what a proof shows to have grown out of it.  It moves
 * the pin before it answers, so that it contradicts itself under no crash.
 */
#ifndef COSIGN_H
#define COSIGN_H

#include "base/buf.h"
#include "tlog/growth.h"
#include "tlog/policy.h"

struct cosign {
	const char *pins;		/* the directory */
	const struct policy *policy;	/* whose logs */
	const struct note_key *key;	/* the witness's own: NOTE_COSIGNED */
	const struct sign_key *secret;
	const struct growth *growth;	/* from the pin on; or NULL */
	int64_t time_s;
};

/*
 * Append the note and our signature line.  A log that is new to us needs no
 * proof, nor does the checkpoint that is pinned.
 *
 * What policy_open() may say; E_below_pin if a longer one was signed;
 * E_forked if another of this size was; E_proof_mismatch if there is no proof
 * from the pin on, or it does not hold; E_pin_unwritable.
 */
int cosign_note(const struct cosign *, const char *note, size_t n,
    struct buf *out, struct err *) CHECKED;

#endif
