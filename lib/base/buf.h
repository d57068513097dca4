/*
 * buf - a growable byte string with a ceiling.
 *
 * Invariants: data is never NULL and data[len] is always '\0'; len <= max.
 * A zeroed ceiling is not valid: start from BUF_INIT(max).  Growing past the
 * ceiling sets full and drops the bytes, so a run of appends needs one check
 * at its end.  No secrets in here: the memory is neither locked nor wiped.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len, cap, max;
	bool full;
};

extern char buf_empty[1];
#define BUF_INIT(most) { .data = buf_empty, .max = (most) }

void buf_addc(struct buf *, char c);
void buf_add(struct buf *, const void *, size_t);
void buf_adds(struct buf *, const char *);
void buf_addf(struct buf *, const char *, ...)
    __attribute__((format(printf, 2, 3)));
void buf_cut(struct buf *, size_t len);	/* back to a shorter length */
void buf_reset(struct buf *);		/* empty it, keep the memory */
void buf_release(struct buf *);		/* empty it, give the memory back */

#endif
