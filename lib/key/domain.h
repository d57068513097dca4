/*
 * domain - what a signature is for (spec/node.md 2).
 *
 * Every signature of a node key is over "<domain> LF <text>".  For signed
 * objects the text is their canonical JSON (RFC 8785) without the members
 * signature, signature_old and signature_new, and the signature stands in one
 * of these in base64 with padding.
 */
#ifndef DOMAIN_H
#define DOMAIN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"
#include "crypto/sign.h"

enum domain {
#define DOMAIN(name, word, text)	DOMAIN_##name,
#include "key/domain.def"
	DOMAIN__COUNT
};

#define DOMAIN_SIG 89		/* base64 of a signature, and NUL */

const char *domain_word(enum domain);
bool domain_named(const char *word, enum domain *out);
bool domain_of_json(enum domain);	/* of signed objects, not of text */

/* Append the bytes that are signed for an object.  E_bad_json, E_too_long. */
int domain_object(struct buf *out, enum domain, const struct json *object,
    struct err *) CHECKED;

/* The same for text of n bytes. */
void domain_text(struct buf *out, enum domain, const void *text, size_t n);

/* Sign an object; out is for the member "signature" or its like. */
int domain_sign(char out[DOMAIN_SIG], enum domain, const struct json *object,
    const struct sign_key *, struct err *) CHECKED;

/*
 * The same for an object that is being written: append the signature as that
 * member.  The object is all that the buffer holds, and is not closed yet.
 * E_too_long if the buffer is full.
 */
int domain_seal(struct buf *open, enum domain, const struct sign_key *,
    const char *member, struct err *) CHECKED;

/*
 * Does the member hold the key's signature of the object?  E_bad_signature if
 * not, also for one of another form; E_bad_json without the member.
 */
int domain_check(enum domain, const struct json *object, const char *member,
    const struct sign_public *, struct err *) CHECKED;

#endif
