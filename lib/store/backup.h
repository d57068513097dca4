/*
 * backup - a store copied while others write, and put into a home.
 *
 * A copy is one file, node.db as it was at one moment, without a log beside
 * it.  It goes back through a staging place: .restore in the home, which is a
 * home of its own until what is in it was found true; then its node.db is
 * moved up, in one step.
 */
#ifndef BACKUP_H
#define BACKUP_H

#include <limits.h>

#include "store/store.h"

/*
 * Copy what the store holds now to a file, which is there and empty; *bytes
 * is its size.  Writers go on meanwhile.  E_disk_full, E_io_error; what the
 * file then holds is of no use.
 */
int backup_copy(struct store *, const char *path, int64_t *bytes,
    struct err *) CHECKED;

/* Is this file the database of the home itself?  Its log may be, too. */
bool backup_is_live(const char *home, const char *path);

struct backup_in {
	char home[PATH_MAX], stage[PATH_MAX];	/* the last is a home, too */
	int lock;				/* of the home, held */
};

/*
 * Begin to put a store into the home: take its lock, refuse one that holds a
 * store already (E_not_empty), and copy the file, with the log that may lie
 * beside it, into the staging place.  What an earlier attempt has left there
 * is removed.  backup_end() in any case.
 */
int backup_begin(struct backup_in *, const char *home, const char *file,
    int64_t wait_ms, const char *who, struct err *) CHECKED;

/* Move it up.  Nobody has it open. */
int backup_place(struct backup_in *, struct err *) CHECKED;
void backup_end(struct backup_in *);

#endif
