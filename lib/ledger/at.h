/*
 * at - a state of the past, as a person or a script names it.
 *
 * AT is a seq: the state after that entry; or a time, RFC 3339 or @ms: after
 * the last entry whose log time is not later; or else a file with a
 * checkpoint: after the last entry that it covers.  A checkpoint must be of
 * this log, by origin and by root, so that an answer "as of" it is one that
 * its holder can check; a signature by the log's first key is checked too.
 */
#ifndef AT_H
#define AT_H

#include "ledger/leaf.h"
#include "store/store.h"

/*
 * How many entries the log has in that state; 0 before its first.  Entries
 * with a seq below it are those that count.  E_no_entry for a seq that is not
 * there yet; E_bad_time; of a checkpoint E_no_file, E_bad_note,
 * E_other_log, E_bad_signature, E_root_mismatch, and E_no_entry if the
 * log is shorter.
 */
int at_size(struct store *, const char *at, int64_t *size, struct err *)
    CHECKED;

/*
 * The first entry of a range that begins there: the one with that seq, the
 * first that is not before the time, the first that the checkpoint does not
 * cover.
 */
int at_first(struct store *, const char *at, int64_t *seq, struct err *)
    CHECKED;

/*
 * The same in a log that is read entry by entry, without a store: at_begin()
 * reads what AT says, at_takes() is asked of each entry from the first on
 * whether it still counts (1, 0 from the first that does not, -1), at_ends()
 * whether all that AT says was there.
 */
struct at;
int at_begin(struct at **out, const char *at, struct err *) CHECKED;
int at_takes(struct at *, const struct entry *, const void *leaf, size_t n,
    struct err *) CHECKED;
int at_ends(const struct at *, struct err *) CHECKED;
void at_free(struct at *);		/* accepts NULL */

/* The moment, if AT is a time; else *ms stays as it is.  E_bad_time. */
int at_moment(const char *at, int64_t *ms, struct err *) CHECKED;

/* The log time of an entry.  E_no_entry. */
int at_time(struct store *, int64_t seq, int64_t *ms, struct err *) CHECKED;

#endif
