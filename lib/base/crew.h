/*
 * crew - the same work on many things, by threads, with results in order.
 *
 * The caller's thread takes things and gives results, one after the other, so
 * neither needs a lock; only the work between is done by many, each on a slot
 * of its own.  No more than a fixed number of slots is in use, however many
 * things there are.  With one job there are no threads.
 */
#ifndef CREW_H
#define CREW_H

#include <stddef.h>

#include "base/err.h"

#define CREW_JOBS 64		/* threads at most */

struct crew {
	int jobs;		/* 1 to CREW_JOBS */
	void *arg;
	size_t size;		/* of a slot, which is all zeros at first */

	/* Put the next thing into a slot: 1, 0 after the last, -1. */
	int (*take)(void *arg, void *slot, struct err *);
	/* Work on it, in any thread; arg is shared, and not to be changed. */
	void (*work)(void *arg, void *slot);
	/* Hand out the result, in the order of taking: 0, 1 to stop, -1. */
	int (*give)(void *arg, void *slot, struct err *);
	/* Release what a slot holds in the end. */
	void (*end)(void *slot);
};

/* 0 when all is given or one said stop; -1 as one of them, or E_io_error. */
int crew_run(const struct crew *, struct err *) CHECKED;

#endif
