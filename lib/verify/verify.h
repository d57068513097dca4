/*
 * verify - is every statement of the ledger still true? (spec/ledger.md 6)
 *
 * Twelve layers, the cheapest reason first.  One scan of the leaves in the
 * order of seq serves layers 5 to 9: it hashes each again, judges its form
 * and flow, counts balances and escrows, and keeps only accounts and what is
 * open.  Nothing is written.  The scan goes on after a finding; a layer whose
 * input cannot be read is skipped, and then the answer is not yes.
 */
#ifndef VERIFY_H
#define VERIFY_H

#include "base/err.h"
#include "ledger/ledger.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

struct buf;
struct policy;

#define VERIFY_LAYERS 12
#define VERIFY_ALL 0x1ffeu		/* bit n is layer n */
#define VERIFY_FAST (1u << 1 | 1u << 2 | 1u << 4)
#define VERIFY_OF_LEAVES (1u << 4 | 1u << 5 | 1u << 6 | 1u << 7 | \
	1u << 8 | 1u << 9 | 1u << 11)

/* "1-8,12".  E_usage. */
int verify_layers(const char *text, unsigned *out, struct err *) CHECKED;

struct finding {
	int layer;
	enum err_code code;
	int64_t seq;			/* of the entry, or -1 */
	const char *text;		/* what is wrong, and where */
	const char *want, *got;		/* or NULL */
};

/* Told of each finding, up to most of them; nonzero stops the run. */
typedef int verify_told(void *, const struct finding *, struct err *);

/*
 * An escrow as the leaves tell it, or a bounty: then refund_ms is its
 * deadline, and the seller who was paid, or "".
 */
struct verify_escrow {
	const char *id, *buyer, *seller, *state, *unit;
	const char *verdict, *task, *skill, *output_sha256;	/* or NULL */
	int64_t minor, tax_bp, made_ms, refund_ms;
	int64_t settle_ms, disputed_ms, closed_ms;	/* 0: not yet */
	int64_t claimed_ms, completed_ms;
	bool bounty;
};

/* What domains keep of the escrows in the log, in tables of their own. */
struct verify_table {
	/* Is the row that is stored of this one as it should be?  1, 0, -1. */
	int (*escrow)(struct store *, const struct verify_escrow *,
	    struct err *);
	/* How many rows are stored, of both. */
	int (*count)(struct store *, int64_t *out, struct err *);
};

enum verify_trust {
	TRUST_SELF, TRUST_VKEY, TRUST_CARD, TRUST_POLICY
};

struct verify_how {
	unsigned layers;		/* VERIFY_ALL */
	bool fast;			/* no scan: O(log n) */
	int64_t most;			/* findings that are told */
	int jobs;			/* threads that hash; 1 */
	int64_t now_ms;
	verify_told *told;
	void *arg;

	/* Instead of a store: a file of leaves, and its checkpoint's bytes. */
	const char *leaves;

	/* Whom to trust, beyond the key in leaf 0. */
	enum verify_trust trust;
	const struct policy *policy;	/* of a vkey, too; or NULL */
	const struct sign_public *node;	/* of a card; or NULL */

	/* Notes that have to be of this log, and a prefix of it. */
	const struct buf *since, *checkpoint, *pin;
	struct buf *growth;		/* the proof from since on; or NULL */
	const struct buf *anchors;	/* NDJSON */

	/* Promises. */
	const struct buf *assertions;	/* a line each */
	int64_t max_age_ms;		/* of an escrow past its deadline */
	int64_t min_size;
	int64_t max_checkpoint_ms;	/* 0: none is asked for */

	const struct verify_table *table;	/* of escrows; or NULL */
};

struct verified {
	int64_t size;
	struct hash root;		/* of the leaves that are there */
	char origin[CHECKPOINT_ORIGIN];
	enum verify_trust trust;
	int64_t checkpoint;		/* the newest good one; -1: none */
	int64_t findings;
	unsigned layers, skipped;	/* judged; asked for, and not judged */
	char why[VERIFY_LAYERS + 1][160];	/* why skipped */
	const char *notes[4];
	size_t n_notes;
	enum err_kind status;		/* 6.2: 0, 1, 9 or could not tell */
	enum err_code code;		/* of the first of that status */
};

/*
 * 0 when the run is done, whatever it found; -1 if it could not be made.
 * s may be NULL where how names leaves.  E_usage if what is asked makes no
 * sense.
 */
int verify_run(struct store *s, const struct verify_how *how,
    struct verified *out, struct err *) CHECKED;

/* Records; the objects stay open. */
void verify_finding_write(struct buf *, const struct finding *);
void verify_write(struct buf *, const struct verified *);

#endif
