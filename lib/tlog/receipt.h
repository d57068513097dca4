/*
 * receipt - a leaf, its proof of inclusion and the checkpoint that it leads
 * to, in one text (C2SP tlog-proof, spec/ledger.md 5.5).
 *
 * Ours always hold the leaf, as "extra"; so a receipt is checked with nothing
 * but the log's verifier key.  What the leaf says is for lib/ledger.
 */
#ifndef RECEIPT_H
#define RECEIPT_H

#include "base/buf.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/proof.h"

#define RECEIPT_MAX (3 * NOTE_MAX)	/* bytes: a leaf in base64 and a note */
#define RECEIPT_LEAF 65535

struct receipt {
	struct buf leaf;		/* owned; empty without "extra" */
	uint64_t index;
	struct proof proof;
	const char *note;		/* borrowed from what was read */
	size_t note_n;
};

#define RECEIPT_INIT { .leaf = BUF_INIT(RECEIPT_LEAF) }

/* Append its text. */
void receipt_write(struct buf *out, const struct receipt *);

/* E_bad_receipt.  Into a fresh RECEIPT_INIT, or one that was read before. */
int receipt_read(struct receipt *out, const char *text, size_t n,
    struct err *) CHECKED;

/*
 * Does it hold?  Its note must be signed by one of the keys, and be the
 * checkpoint of a tree in which the leaf is at its index.  *out is that
 * checkpoint.  E_bad_note, E_bad_signature, E_unknown_signer,
 * E_proof_mismatch; E_bad_receipt without a leaf.
 */
int receipt_check(const struct receipt *, const struct note_key *, size_t n,
    struct checkpoint *out, struct err *) CHECKED;

/* Only the path: is the leaf at its index in that tree?  E_proof_mismatch. */
int receipt_covers(const struct receipt *, const struct checkpoint *,
    struct err *) CHECKED;

void receipt_release(struct receipt *);

#endif
