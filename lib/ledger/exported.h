/*
 * exported - the log as it was exported, read entry by entry without a store
 * (spec/ledger.md 7.6).
 *
 * Either leaves, a line each, or the records of ndjson, whose entries are the
 * same leaves and must hash to what is said beside them.  All of it, from
 * entry 0 on without a gap: of a part nothing could be counted.
 */
#ifndef EXPORTED_H
#define EXPORTED_H

#include "base/err.h"
#include "ledger/leaf.h"

struct exported;

/* "-" is standard input.  E_no_file, E_denied. */
int exported_open(struct exported **out, const char *path, struct err *)
    CHECKED;
void exported_close(struct exported *);		/* accepts NULL */

/* Borrowed until the next. */
struct exported_entry {
	const struct entry *entry;
	const void *leaf;
	size_t leaf_n;
};

/*
 * The next entry: 1, 0 at the end, -1 with "name:line:".  E_seq_gap,
 * E_leaf_mismatch, E_bad_json for what is no leaf, E_bad_unit,
 * E_unbalanced_entry, and as line_next().
 */
int exported_next(struct exported *, struct exported_entry *out,
    struct err *) CHECKED;

#endif
