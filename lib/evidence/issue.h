/*
 * issue - checkpoints: signed over a committed head, kept, and let out
 * (spec/ledger.md 5.4).
 *
 * The order is what makes them safe: under the lock the head is read, and
 * signed only if the pin and the last checkpoint are of a prefix of it; the
 * checkpoint is committed; the pin is moved up to it; only then is anybody
 * told.  So no two that were told of contradict each other, whatever is
 * killed or put back from a copy in between.  The same size gives the same
 * bytes.
 */
#ifndef ISSUE_H
#define ISSUE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/param.h"
#include "crypto/hash.h"
#include "evidence/trail.h"
#include "tlog/checkpoint.h"

struct store;

/* Who issues, and when. */
struct issuer {
	struct store *store;		/* borrowed */
	const char *home;		/* borrowed */
	char pins[PATH_MAX];
	int64_t now_ms;
	bool sane;			/* unless any clock will do: true */
	bool stored;			/* issue none: E_no_checkpoint then */
	int64_t overlap_ms;		/* of an old key beside the new one */
};

int issue_begin(struct issuer *, struct store *, const char *home,
    const struct params *, int64_t now_ms, struct err *) CHECKED;

/*
 * May this head be signed, as far as pin and tree say?  In a transaction.
 * E_below_pin, E_store_corrupt.
 */
struct ledger_head;
int issue_allowed(const struct issuer *, const struct trail *,
    const struct ledger_head *, struct err *) CHECKED;

struct issued {
	struct checkpoint at;
	int64_t at_ms;			/* when it was signed */
	struct buf note;		/* owned; cosignatures included */
};

#define ISSUED_INIT { .note = BUF_INIT(2 * NOTE_MAX) }

/*
 * Issue one of what is committed now.  In a dry run its note is without a
 * signature, and nothing moves.
 *
 * E_clock_unsane as ledger_begin(); a clock behind the log, or behind the last
 * checkpoint, is taken to be there.  E_below_pin if a longer log, or another,
 * was signed before; E_no_key without the private key of the log;
 * E_pin_unwritable, then nothing is let out and the next attempt goes on;
 * E_no_ledger; as store_begin() and store_commit().
 */
int issue_checkpoint(struct issuer *, struct issued *out, struct err *)
    CHECKED;

/*
 * One that is stored: of this size, or the newest if it is negative.  The
 * pin comes first here, too.  E_no_checkpoint, E_below_pin,
 * E_pin_unwritable.
 */
int issue_stored(struct issuer *, int64_t size, struct issued *out,
    struct err *) CHECKED;

/*
 * Issue one if the log has grown and the last is every_ms old: 1, or 0 if
 * none is due.
 */
int issue_due(struct issuer *, int64_t every_ms, struct err *) CHECKED;

/*
 * What has changed is to be provable: issue one then, else as issue_due().
 */
int issue_after(struct issuer *, bool changed, int64_t every_ms, struct err *)
    CHECKED;

/* All that are stored: records of size, root, at and cosignatures; open. */
typedef int issue_told(void *arg, struct buf *record, struct err *);
int issue_list(struct store *, issue_told *, void *arg, struct err *) CHECKED;

/*
 * Merge the cosignatures of a note that these keys verify; *added counts
 * those that are new.  E_no_checkpoint if none of that size is stored,
 * E_forked if it is another, E_unknown_signer if the keys verify none.
 */
int issue_merge(struct issuer *, const struct note_key *, size_t n_keys,
    const char *bytes, size_t n, int *added, struct err *) CHECKED;

void issue_release(struct issued *);

/* Of how many entries the newest is, and from when: 1, 0 if there is none. */
int issue_newest(struct store *, int64_t *size, int64_t *at_ms, struct err *)
    CHECKED;

/* The first that covers the entry of that seq: 1, 0 if there is none. */
struct issue_known { int64_t size, at_ms; char root[HASH_HEX]; };
int issue_covering(struct store *, int64_t seq, struct issue_known *out,
    struct err *) CHECKED;

#endif
