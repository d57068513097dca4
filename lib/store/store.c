#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/impl.h"
#include "store/lock.h"

#define WAL_PAGES 4000			/* cut a longer one at a commit */
#define WAL_STAYS 10000			/* or copy it back, if we stay */

/*
 * SQLite goes on with a file that it may only read, also where a fault of the
 * disk kept it from more.
 */
static int
fail_frozen(const struct store *s, struct err *e)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/node.db", s->home ? s->home : "");
	if (s->mode == STORE_READ)
		return err_set(e, E_io_error, "'%s' was left unfinished, and "
		    "a reader may not finish it: run a program that writes",
		    path);
	if (!access(path, W_OK))
		return err_set(e, E_io_error, "'%s' or its log could be opened "
		    "for reading only: nothing was written; look at the disk",
		    path);
	if (errno == EROFS)
		return err_set(e, E_io_error, "'%s' is on a file system that "
		    "is mounted read-only: nothing was written; see why, and "
		    "remount it", path);
	return err_sys(e, "cannot write to '%s'", path);
}

int
store_fail(const struct store *s, int code, struct err *e)
{
	enum err_code what = E_io_error;

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		what = E_database_busy;
		break;
	case SQLITE_CONSTRAINT:
		what = E_store_refused;
		break;
	case SQLITE_FULL:
		what = E_disk_full;
		break;
	case SQLITE_CORRUPT:
		what = E_store_corrupt;
		break;
	case SQLITE_NOTADB:
		what = E_not_a_ledger;
		break;
	case SQLITE_READONLY:
		return fail_frozen(s, e);
	case SQLITE_PERM:
	case SQLITE_AUTH:
		what = E_denied;
		break;
	case SQLITE_NOMEM:
		what = E_out_of_memory;
		break;
	}
	return err_set(e, what, "store: %s", sqlite3_errmsg(s->db));
}

int
store_run(struct store *s, const char *sql, struct err *e)
{
	int code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : store_fail(s, code, e);
}

/* A statement of none but transactions, prepared once: a result code. */
static int
turn(struct store *s, enum sql which)
{
	int code = SQLITE_OK;

	if (!s->stmt[which])
		code = sqlite3_prepare_v3(s->db, sql_text[which], -1,
		    SQLITE_PREPARE_PERSISTENT, &s->stmt[which], NULL);
	if (code != SQLITE_OK)
		return code;
	sqlite3_step(s->stmt[which]);
	return sqlite3_reset(s->stmt[which]);
}

static int
turn_or_say(struct store *s, enum sql which, struct err *e)
{
	int code = turn(s, which);

	return code == SQLITE_OK ? 0 : store_fail(s, code, e);
}

static void
roll_back(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		turn(s, SQL_STORE_ROLLBACK);
}

/*
 * After a failed sync the kernel takes the pages for written, and the next
 * sync for done.  Whatever followed such frames in the log would be lost with
 * them if the power failed: copy all back, and begin the log anew.
 */
static int
mend_log(struct store *s, struct err *e)
{
	int code = sqlite3_wal_checkpoint_v2(s->db, NULL,
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	if (code == SQLITE_OK) {
		lock_warn(s->lock, false);
		return 0;
	}
	store_fail(s, code, e);
	return err_wrap(e, "an earlier commit failed, and its log cannot be "
	    "cleared yet; nothing was done");
}

int
store_take_lock(struct store *s, struct err *e)
{
	assert(!s->held && s->mode != STORE_READ);
	if (s->pid != getpid())
		return err_set(e, E_io_error, "the store was opened by "
		    "another process, and nothing was done: open it again");
	if (!s->memory && lock_take(&s->lock, s->home, s->wait_ms, s->who, e))
		return -1;
	s->held = true;
	if (s->memory || !lock_warned(s->lock) || !mend_log(s, e))
		return 0;
	store_drop_lock(s);
	return -1;
}

void
store_drop_lock(struct store *s)
{
	if (s->held && !s->memory)
		lock_drop(s->lock);
	s->held = false;
}

/*
 * A log that is only copied back, and not cut, is read from its beginning by
 * the next process that opens the home alone: it takes the copying to be
 * undone, and the log grows for ever.  Cutting waits for readers, and we do
 * not: the next commit tries again.
 */
void
store_cut_log(struct store *s)
{
	sqlite3_busy_timeout(s->db, 0);
	sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
	    NULL, NULL);
	sqlite3_busy_timeout(s->db, STORE_READER_WAIT_MS);
}

/*
 * Who stays goes on in the log as it is: it begins anew with the next commit
 * that no reader keeps from it, and the file need not grow again.
 */
static void
copy_log(struct store *s)
{
	if (s->stays && s->wal > WAL_STAYS)
		sqlite3_wal_checkpoint_v2(s->db, NULL,
		    SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	else if (!s->stays && s->wal > WAL_PAGES)
		store_cut_log(s);
}

static void
forget(struct store *s)
{
	memset(s->memo, 0, sizeof(s->memo));
}

int *
store_memo(struct store *s, enum sql which)
{
	assert(store_writing(s));
	return &s->memo[which];
}

int
store_begin(struct store *s, struct err *e)
{
	if (store_take_lock(s, e))
		return -1;
	forget(s);
	if (!turn_or_say(s, SQL_STORE_BEGIN, e))
		return 0;
	store_drop_lock(s);
	return -1;
}

/*
 * The classes of failure after which a fence proves that nothing was
 * committed: those whose crash images tests/ledger-faults.bats makes, before
 * the fence and after it.
 */
static bool
fence_class(int code)
{
	return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE ||
	    code == SQLITE_IOERR_FSYNC;
}

/* A transaction whose frames overwrite those of the one that failed. */
static bool
fence(struct store *s)
{
	struct err ignored;
	struct query q;

	if (turn(s, SQL_STORE_BEGIN))
		return false;
	query_open(&q, s, SQL_STORE_FENCE);
	if (query_run(&q, NULL, &ignored) == 1 &&
	    !turn(s, SQL_STORE_COMMIT))
		return true;
	roll_back(s);
	return false;
}

/* The fence is tried in any case: it also takes what is in doubt away. */
static int
commit_failed(struct store *s, int code, struct err *e)
{
	bool fenced;

	store_fail(s, code, e);
	roll_back(s);
	fenced = fence(s);
	if (!fenced && !s->memory)
		lock_warn(s->lock, true);
	if (fenced && fence_class(code))
		return err_wrap(e, "nothing was committed");
	return err_set(e, E_commit_unknown, "the commit failed, and may still "
	    "be found done: run it again, with the same --id if it takes one");
}

int
store_commit(struct store *s, struct err *e)
{
	int code, rc = 0;

	assert(s->held && !s->marked);
	if (s->mode != STORE_DRY) {
		code = turn(s, SQL_STORE_COMMIT);
		if (code != SQLITE_OK)
			rc = commit_failed(s, sqlite3_extended_errcode(s->db),
			    e);
		else
			copy_log(s);
	}
	store_rollback(s);
	return rc;
}

void
store_rollback(struct store *s)
{
	roll_back(s);
	s->marked = false;
	store_drop_lock(s);
}

int
store_snapshot(struct store *s, struct err *e)
{
	return turn_or_say(s, SQL_STORE_SNAPSHOT, e);
}

int
store_version(struct store *s, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_STORE_VERSION);
	return query_run(&q, out, e) > 0 ? 0 : -1;
}

bool
store_writing(const struct store *s)
{
	return s->held;
}

bool
store_is_dry(const struct store *s)
{
	return s->mode == STORE_DRY;
}

bool
store_is_memory(const struct store *s)
{
	return s->memory;
}

int
store_mark(struct store *s, struct err *e)
{
	assert(s->held && !s->marked);
	if (turn_or_say(s, SQL_STORE_MARK, e))
		return -1;
	s->marked = true;
	return 0;
}

int
store_keep(struct store *s, struct err *e)
{
	assert(s->marked);
	s->marked = false;
	return turn_or_say(s, SQL_STORE_KEEP, e);
}

int
store_undo(struct store *s, struct err *e)
{
	assert(s->marked);
	s->marked = false;
	forget(s);
	return turn_or_say(s, SQL_STORE_UNDO, e) ||
	    turn_or_say(s, SQL_STORE_KEEP, e) ? -1 : 0;
}
