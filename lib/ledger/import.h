/*
 * import - a stream of records into the ledger (spec/ledger.md 4.3, 7.4).
 *
 * One record a line; consecutive lines with one label are a group, which is
 * posted whole or not at all.  A line that cannot be read counts to the group
 * before it, or else to the one that follows, which then fails.  A group that
 * the end of the input leaves open, with one member or in the middle of a
 * line, is E_group_open.
 *
 * The input is cut into transactions, never inside a group, and the lock is
 * free between them; lines of results are given out after the commit that
 * makes them true.  Interrupted anywhere, the same input again ends in the
 * same entries in the same order, because of their ids.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include "ledger/ledger.h"

struct chance;
struct line;

struct import_how {
	struct store *store;
	struct chance *chance;
	struct line *in;
	bool sane;			/* the clock has to be */
	bool all_or_nothing, problems;	/* tell only of what was not taken */
	bool one;			/* all of it is one entry or group */
	const char *id;			/* then, of an entry without one */
	int64_t (*now_ms)(void *arg);
	/* Takes whole lines, each with its line feed. */
	int (*put)(void *arg, const char *lines, size_t n, struct err *);
	/* What follows from a new entry, in its transaction; or NULL. */
	int (*follow)(void *arg, struct ledger *, int64_t seq, struct err *);
	void *arg;
};

struct imported {
	int64_t posted, exists, refused, conflict, invalid;
	enum err_kind worst;		/* of the lines: the status */
};

/*
 * -1 if it had to stop: E_io_error and its kin; then what was committed
 * stands.  Otherwise each line has its result, and the last is a summary.
 */
int import_run(const struct import_how *, struct imported *, struct err *)
    CHECKED;

/*
 * Leaves as they were exported, a line each, from leaf 0 on: what is there
 * has to be the same, what follows is appended byte for byte.  A log that
 * does not exist begins with them.  in->name and the line are in complaints.
 */
int import_replay(const struct import_how *, struct imported *,
    struct err *) CHECKED;

#endif
