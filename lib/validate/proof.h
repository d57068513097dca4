/*
 * proof - the hash with which a seller vouches for an output.
 *
 * Sellers' clients hash what they deliver, each in its own way: the SHA-256
 * of one of four forms of the output's JSON (spec/vmp.md 9.4).  A proof hash
 * is kept as it came and never refused; here is found which form it is of,
 * if of any.  What the output may be is up to json_parse(): its size, its
 * depth and the length of its numbers are bounded there.
 */
#ifndef VALIDATE_PROOF_H
#define VALIDATE_PROOF_H

#include "base/err.h"

struct buf;
struct json;

enum proof_form {
	PROOF_PYTHON,	/* json.dumps(), keys sorted, tight, in NFC */
	PROOF_JS,	/* JSON.stringify(), keys sorted, in NFC */
	PROOF_JCS,	/* RFC 8785 */
	PROOF_LEGACY,	/* json.dumps(), keys sorted, else as it comes */
	PROOF__FORMS
};

const char *proof_word(enum proof_form);	/* "python" */

/*
 * Append what is hashed.  E_bad_json for a number beyond the largest double,
 * E_too_long; then the buffer holds what it held before.
 */
int proof_write(struct buf *, const struct json *output, enum proof_form,
    struct err *) CHECKED;

/*
 * The word of the first form that has this hash, "none" if none has.  Case
 * and "sha256:" before the digits do not matter.
 */
const char *proof_match(const struct json *output, const char *proof_hash);

#endif
