/*
 * trust_impl - a line of a trust file, as read; for trust*.c only.
 */
#ifndef TRUST_IMPL_H
#define TRUST_IMPL_H

#include "sig/trust.h"

/* Times that are not given are the widest. */
struct trust_line {
	char *file;			/* owned, as all text */
	unsigned long number;		/* 0: not a line of a file */
	size_t order;
	char key_id[HASH_HEX];
	int links;			/* rotations behind the line */
	bool has_key;
	struct sign_public key;
	char *principals;		/* patterns, each ended by NUL; "" */
	char *spaces;			/* the same; NULL is all */
	int64_t after_ms, before_ms;
	int64_t revoked_ms;		/* INT64_MAX: never */
	char *reason;			/* of that; NULL if not */
};

/* Add a line, of which it takes all that it owns. */
void trust_keep(struct trust *, struct trust_line *);

/* The lines of a key stand together: the first of them, or the end. */
const struct trust_line *trust_first(const struct trust *,
    const char *key_id);

/* Does its revocation also reach what was signed before? */
bool trust_reaches_back(const struct trust_line *);

/* Parse into a zeroed line, which is the caller's even if it fails. */
int trust_parse(struct trust_line *, const char *text, struct err *) CHECKED;

#endif
