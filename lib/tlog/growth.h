/*
 * growth - a proof that a log has only grown, as a file: what a witness is
 * asked with (C2SP tlog-witness, spec/ledger.md 5.6).
 *
 * The line "old N"; a hash in base64 a line, at most 63; an empty line, which
 * may be left out, and behind which nothing is looked at: there the
 * checkpoint may stand.
 */
#ifndef GROWTH_H
#define GROWTH_H

#include "base/err.h"
#include "tlog/proof.h"

struct buf;

struct growth {
	uint64_t old;
	struct proof proof;
};

#define GROWTH_MAX (2 * 65536)	/* bytes of a file */
#define GROWTH_HASHES 63

void growth_write(struct buf *out, const struct growth *);

/* E_bad_note. */
int growth_read(struct growth *out, const char *text, size_t n, struct err *)
    CHECKED;

#endif
