/*
 * health - what a store depends on, beside what is in it: the engine, the
 * disk, the lock, the log.  Looked at from outside; nothing is waited for.
 */
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/lock.h"

#define HEALTH_WAL_LONG (INT64_C(16000) * 4096)	/* it should be cut by now */
#define HEALTH_WAL_MOST (INT64_C(65536) * 4096)	/* a reader is stuck */
#define HEALTH_SYNCS 9

enum health_lock {
	LOCK_NONE,		/* not made yet */
	LOCK_FREE, LOCK_HELD,
	LOCK_DENIED,		/* it is another user's */
	LOCK_ODD,		/* not a file, or not one for its owner alone */
};

struct health {
	const char *engine;	/* its version */
	bool wal_reset;		/* has the bug that our lock keeps away */
	char fs[32];		/* type of the file system */
	bool network;		/* locks do not work there */
	bool volatile_fs;	/* in memory: nothing survives */
	bool read_only;
	enum health_lock lock;
	char holder[LOCK_HOLDER];	/* who has it, or had it last */
	bool doubt;		/* a commit failed, and is not mended yet */
	int64_t free_bytes;	/* for us, on the disk */
	int64_t wal_bytes;	/* -1: there is none */
	bool has_db, wal;	/* it says that it is kept with one */
	bool leftover;		/* of a restore that did not end */
	int64_t sync_us;	/* the usual time of one; -1: not measured */
};

/* The engine's version, and whether it has the bug of struct health. */
const char *health_engine(bool *wal_reset);

/* E_no_ledger if there is no such directory, E_io_error. */
int health_look(struct health *out, const char *home, struct err *) CHECKED;

#endif
