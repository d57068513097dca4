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
	bool has_key;
	struct sign_public key;
	char *principals;		/* patterns, each ended by NUL; "" */
	char *spaces;			/* the same; NULL is all */
	int64_t after_ms, before_ms;
	int64_t revoked_ms;		/* INT64_MAX: never */
	char *reason;			/* of that; NULL if not */
};

/* Parse into a zeroed line, which is the caller's even if it fails. */
int trust_parse(struct trust_line *, const char *text, struct err *) CHECKED;

#endif
