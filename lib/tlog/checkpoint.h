/*
 * checkpoint - what a log says of itself: origin, size and root
 * (C2SP tlog-checkpoint, spec/ledger.md 5.4).
 */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/hash.h"

struct buf;

#define CHECKPOINT_ORIGIN 256	/* bytes of an origin, and NUL */

struct checkpoint {
	char origin[CHECKPOINT_ORIGIN];
	uint64_t size;
	struct hash root;
};

/* Append the text of its note: three lines. */
void checkpoint_write(struct buf *out, const struct checkpoint *);

/*
 * Read the text of a note.  Lines behind the third are extensions, which are
 * passed over; none may be empty.  E_bad_note.
 */
int checkpoint_read(struct checkpoint *out, const char *text, size_t n,
    struct err *) CHECKED;

/* Decimal within 64 bits, without sign or leading zeros. */
bool checkpoint_number(uint64_t *out, const char *digits, size_t n);

#endif
