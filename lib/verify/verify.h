/*
 * verify - is every statement of the ledger still true?
 *
 * One scan of the leaves in the order of seq re-hashes each, judges its form
 * and flow, folds the balances and limits at every prefix, and then compares
 * root, edge, tiles, accounts and postings with what is stored.  It writes
 * nothing, and goes on after a finding.  Layers are those of spec/ledger.md
 * 6.1: 5 sequence, 6 leaves, 7 tiles, 8 balance, 9 fold, 10 projections.
 */
#ifndef VERIFY_H
#define VERIFY_H

#include "ledger/ledger.h"

struct buf;

struct finding {
	int layer;
	enum err_code code;
	int64_t seq;			/* of the entry, or -1 */
	const char *text;		/* what is wrong, and where */
};

struct verified {
	int64_t size;
	struct hash root;		/* of the leaves that are there */
	int64_t findings;
	enum err_code first;		/* code of the first finding */
};

/* Told of each finding, up to most of them; nonzero stops the run. */
typedef int verify_told(void *, const struct finding *, struct err *);

/* 0 when the scan is done, whatever it found; -1 if it could not be made. */
int verify_run(struct store *, int64_t most, verify_told *told, void *arg,
    struct verified *out, struct err *) CHECKED;

/* Records; the objects stay open. */
void verify_finding_write(struct buf *, const struct finding *);
void verify_write(struct buf *, const struct verified *);

#endif
