#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/impl.h"
#include "store/lock.h"

#define APPLICATION_ID 0x627a6e4c	/* "bznL" */
#define READER_WAIT_MS 5000		/* a crash leaves a log to recover */
#define WAL_PAGES 4000			/* checkpoint a longer one */

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

static int
take_lock(struct store *s, struct err *e)
{
	assert(!s->held && s->mode != STORE_READ);
	if (lock_take(&s->lock, s->home, s->wait_ms, s->who, e))
		return -1;
	s->held = true;
	return 0;
}

static void
drop_lock(struct store *s)
{
	if (s->held)
		lock_drop(s->lock);
	s->held = false;
}

static int
keep_int(void *out, int n, char **value, char **name)
{
	(void)n;
	(void)name;
	*(long *)out = value[0] ? strtol(value[0], NULL, 10) : -1;
	return 0;
}

static int
pragma(struct store *s, const char *name, long *out, struct err *e)
{
	char text[64];
	int code;

	snprintf(text, sizeof(text), "PRAGMA %s", name);
	code = sqlite3_exec(s->db, text, keep_int, out, NULL);
	return code == SQLITE_OK ? 0 : store_fail(s, code, e);
}

/* How many steps of the schema are there; too few or too many is an error. */
static int
count_steps(struct store *s, long least, long *at, struct err *e)
{
	long id = 0;

	if (pragma(s, "application_id", &id, e) ||
	    pragma(s, "user_version", at, e))
		return -1;
	if (id != (*at ? APPLICATION_ID : 0))
		return err_set(e, E_not_a_ledger,
		    "node.db is a database of another program");
	if (*at < least || *at > schema_steps)
		return err_set(e, E_unsupported_schema,
		    "the store has schema %ld, this program has %d%s", *at,
		    schema_steps, *at < least ?
		    ": run a program that writes" : "");
	return 0;
}

static int
apply(struct store *s, long at, struct err *e)
{
	char version[96];

	for (; at < schema_steps; at++) {
		snprintf(version, sizeof(version), "PRAGMA application_id = %d;"
		    "PRAGMA user_version = %ld", APPLICATION_ID, at + 1);
		if (store_run(s, schema_step[at], e) ||
		    store_run(s, version, e))
			return -1;
	}
	return 0;
}

/* Under the lock, and looking again once it is ours. */
static int
migrate(struct store *s, struct err *e)
{
	long at = 0;
	int rc = -1;

	if (take_lock(s, e))
		return -1;
	if (store_run(s, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE", e) ||
	    count_steps(s, 0, &at, e) || apply(s, at, e))
		goto out;
	rc = store_run(s, "COMMIT", e);
out:
	store_rollback(s);
	return rc;
}

static int
note_wal(void *store, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	((struct store *)store)->wal = pages;
	return SQLITE_OK;
}

/* What does not read back as it was set is another engine than we tested. */
static int
configure(struct store *s, struct err *e)
{
	static const struct { const char *name; long want; } settings[] = {
		{ "foreign_keys", 1 }, { "synchronous", 2 },
		{ "trusted_schema", 0 }, { "cell_size_check", 1 },
	};
	long got = -1;
	size_t i;

	sqlite3_busy_timeout(s->db, READER_WAIT_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* The hook also turns SQLite's own checkpoints off. */
	sqlite3_wal_hook(s->db, note_wal, s);
	if (store_run(s, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
	    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	    "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY", e))
		return -1;
	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (pragma(s, settings[i].name, &got, e))
			return -1;
		else if (got != settings[i].want)
			return err_set(e, E_unsupported_schema,
			    "SQLite does not take %s", settings[i].name);
	return 0;
}

/* flock(2) and shared memory do not work across machines. */
static int
refuse_network(const char *home, struct err *e)
{
	static const unsigned long magic[] = {
		0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x73757245,
	};
	struct statfs fs;
	size_t i;

	if (statfs(home, &fs))
		return errno == ENOENT || errno == ENOTDIR ?
		    err_set(e, E_no_ledger, "no directory '%s': make a home "
		    "with 'bzn-ledger init'", home) :
		    err_sys(e, "cannot look at '%s'", home);
	for (i = 0; i < sizeof(magic) / sizeof(*magic); i++)
		if ((unsigned long)fs.f_type == magic[i])
			return err_set(e, E_io_error,
			    "'%s' is on a network file system", home);
	return 0;
}

/*
 * On a read-only disk the shared memory of a WAL cannot be made.  Without a
 * log beside it nobody can be writing, and the file is all there is.
 */
static int
open_frozen(struct store *s, const char *path)
{
	char uri[PATH_MAX + 64];
	struct stat st;

	snprintf(uri, sizeof(uri), "%s-wal", path);
	if (!access(s->home, W_OK) || (!stat(uri, &st) && st.st_size))
		return SQLITE_CANTOPEN;
	if (strpbrk(path, "?#%"))		/* would have to be quoted */
		return SQLITE_CANTOPEN;
	sqlite3_close(s->db);
	s->db = NULL;
	snprintf(uri, sizeof(uri), "file:%s?immutable=1", path);
	return sqlite3_open_v2(uri, &s->db, SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_URI, NULL);
}

static int
open_files(struct store *s, struct err *e)
{
	static const int flags[] = {
		[STORE_READ] = SQLITE_OPEN_READONLY,
		[STORE_WRITE] = SQLITE_OPEN_READWRITE,
		[STORE_DRY] = SQLITE_OPEN_READWRITE,
		[STORE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	char path[PATH_MAX];
	long at;
	int code;

	if (snprintf(path, sizeof(path), "%s/node.db", s->home) >= PATH_MAX)
		return err_set(e, E_no_file, "the name is too long");
	if (refuse_network(s->home, e))
		return -1;
	if (s->mode != STORE_CREATE && access(path, F_OK))
		return errno == ENOENT ? err_set(e, E_no_ledger, "no ledger "
		    "in '%s': make one with 'bzn-ledger init'", s->home) :
		    err_sys(e, "cannot open '%s'", path);
	if (s->mode != STORE_READ && lock_open(&s->lock, s->home, e))
		return -1;
	code = sqlite3_open_v2(path, &s->db, flags[s->mode], NULL);
	if (code == SQLITE_OK && s->mode == STORE_READ) {
		code = sqlite3_exec(s->db, "PRAGMA user_version", keep_int,
		    &at, NULL);
		if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)
			code = open_frozen(s, path);
	}
	return code == SQLITE_OK ? 0 : store_fail(s, code, e);
}

int
store_open(struct store **out, const struct store_how *how, struct err *e)
{
	struct store *s = mem_zero(1, sizeof(*s));
	long at = 0;

	s->lock = -1;
	s->home = mem_text(how->home);
	s->who = mem_text(how->who);
	s->mode = how->mode;
	s->wait_ms = how->wait_ms;
	if (open_files(s, e) || configure(s, e) || count_steps(s, 0, &at, e))
		goto bad;
	if (s->mode != STORE_READ && at < schema_steps && migrate(s, e))
		goto bad;
	if (count_steps(s, schema_steps, &at, e))
		goto bad;
	*out = s;
	return 0;
bad:
	store_close(s);
	return -1;
}

void
store_close(struct store *s)
{
	int i;

	if (!s)
		return;
	for (i = 0; i < SQL__COUNT; i++)
		sqlite3_finalize(s->stmt[i]);
	sqlite3_close(s->db);
	if (s->lock >= 0)
		close(s->lock);
	free(s->home);
	free(s->who);
	free(s);
}

int
store_begin(struct store *s, struct err *e)
{
	if (take_lock(s, e))
		return -1;
	if (!store_run(s, "BEGIN IMMEDIATE", e))
		return 0;
	drop_lock(s);
	return -1;
}

/*
 * The classes of failure after which a fence proves that nothing was
 * committed: a write that failed before the commit frame was in the log.
 * After a failed sync nobody knows what the disk holds.
 */
static bool
fence_class(int code)
{
	return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
}

/* A transaction whose frames overwrite those of the one that failed. */
static bool
fence(struct store *s)
{
	struct err ignored;
	struct query q;

	if (store_run(s, "BEGIN IMMEDIATE", &ignored))
		return false;
	query_open(&q, s, SQL_STORE_FENCE);
	if (query_run(&q, NULL, &ignored) == 1 &&
	    !store_run(s, "COMMIT", &ignored))
		return true;
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

static int
commit_failed(struct store *s, int code, struct err *e)
{
	store_fail(s, code, e);
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	if (fence_class(code) && fence(s))
		return err_wrap(e, "nothing was committed");
	return err_set(e, E_commit_unknown, "the commit failed, and may still "
	    "be found done: run it again with the same --id");
}

int
store_commit(struct store *s, struct err *e)
{
	int code, rc = 0;

	assert(s->held && !s->marked);
	if (s->mode != STORE_DRY) {
		code = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
		if (code != SQLITE_OK)
			rc = commit_failed(s, sqlite3_extended_errcode(s->db),
			    e);
		else if (s->wal > WAL_PAGES)	/* or else the next one will */
			sqlite3_wal_checkpoint_v2(s->db, NULL,
			    SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	}
	store_rollback(s);
	return rc;
}

void
store_rollback(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->marked = false;
	drop_lock(s);
}

int
store_snapshot(struct store *s, struct err *e)
{
	return store_run(s, "BEGIN", e);
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

int
store_mark(struct store *s, struct err *e)
{
	assert(s->held && !s->marked);
	if (store_run(s, "SAVEPOINT mark", e))
		return -1;
	s->marked = true;
	return 0;
}

int
store_keep(struct store *s, struct err *e)
{
	assert(s->marked);
	s->marked = false;
	return store_run(s, "RELEASE mark", e);
}

int
store_undo(struct store *s, struct err *e)
{
	assert(s->marked);
	s->marked = false;
	return store_run(s, "ROLLBACK TO mark; RELEASE mark", e);
}
