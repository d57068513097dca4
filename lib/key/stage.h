/*
 * stage - files of identity/ that change together, or not at all.
 *
 * New ones are written to identity/.new, which then becomes identity/.ready
 * by one rename: that is when they count (key.h).  A program killed before
 * leaves .new, which the next one drops; killed after, .ready, which the next
 * one moves into place.  A lock on identity/, which ends with its holder,
 * keeps two from doing this at once.
 */
#ifndef STAGE_H
#define STAGE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct stage {
	const char *home;	/* borrowed */
	int lock;		/* of identity/; -1 when closed */
	bool settled;		/* it finished what another had begun */
	bool begun;		/* .new is there */
};

#define STAGE_NONE { .lock = -1 }

/*
 * Make identity/ if there is none, lock it, and clear up what an interrupted
 * change has left.  E_lock_timeout if another holds it.
 */
int stage_open(struct stage *, const char *home, struct err *) CHECKED;

/* Without stage_commit() nothing has happened.  Accepts STAGE_NONE. */
void stage_close(struct stage *);

/* Put a file into the set. */
int stage_add(struct stage *, const char *name, const void *data, size_t n,
    mode_t, struct err *) CHECKED;

/*
 * Copy files of identity/ to identity/old/NAME/, those that are there: what
 * the set will replace.  This happens at once.
 */
int stage_keep(const struct stage *, const char *name,
    const char *const *files, int n, struct err *) CHECKED;

/* From here on they count, all of them, durably. */
int stage_commit(struct stage *, struct err *) CHECKED;

/* Does a change wait that was interrupted? */
bool stage_waits(const char *home);

#endif
