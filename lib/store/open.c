/* Opening a home: files, settings, schema; and leaving it. */
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
#define WAL_LEFT 64		/* pages: cut a longer log before leaving */

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
int
store_steps(struct store *s, long least, long *at, struct err *e)
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
apply(struct store *s, long at, long to, struct err *e)
{
	char version[96];

	for (; at < to; at++) {
		snprintf(version, sizeof(version), "PRAGMA application_id = %d;"
		    "PRAGMA user_version = %ld", APPLICATION_ID, at + 1);
		if (store_run(s, schema_step[at], e) ||
		    store_run(s, version, e))
			return -1;
	}
	return 0;
}

/* A file without a version of ours is ours only if it is empty. */
static int
refuse_tables(struct store *s, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_STORE_OBJECTS);
	got = query_run(&q, NULL, e);
	return got > 0 ? err_set(e, E_not_a_ledger,
	    "node.db is a database of another program") : got;
}

/* A store is made in one transaction, and then grows by one a step. */
static int
migrate_once(struct store *s, long *at, struct err *e)
{
	if (store_run(s, "BEGIN IMMEDIATE", e) || store_steps(s, 0, at, e) ||
	    (!*at && refuse_tables(s, e)) ||
	    apply(s, *at, *at ? *at + (*at < schema_steps) : schema_steps, e))
		return -1;
	return store_run(s, "COMMIT", e);
}

/* Under the lock, and looking again once it is ours. */
static int
migrate(struct store *s, struct err *e)
{
	long at = 0;
	int rc;

	if (store_take_lock(s, e))
		return -1;
	rc = store_run(s, "PRAGMA journal_mode = WAL", e);
	while (!rc && at < schema_steps) {
		rc = migrate_once(s, &at, e);
		at = at ? at + 1 : schema_steps;
	}
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
int
store_configure(struct store *s, struct err *e)
{
	static const struct { const char *name; long want; } settings[] = {
		{ "foreign_keys", 1 }, { "synchronous", 2 },
		{ "trusted_schema", 0 }, { "cell_size_check", 1 },
	};
	long got = -1;
	size_t i;

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

int
store_roomy(struct store *s, struct err *e)
{
	return store_run(s, "PRAGMA cache_size = -16384", e);
}

void
store_stays(struct store *s)
{
	s->stays = true;
}

bool
store_is_network(unsigned long type)
{
	static const unsigned long magic[] = {
		0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x73757245,
	};
	size_t i;

	for (i = 0; i < sizeof(magic) / sizeof(*magic); i++)
		if (type == magic[i])
			return true;
	return false;
}

/* flock(2) and shared memory do not work across machines. */
int
store_refuse_network(const char *home, struct err *e)
{
	struct statfs fs;

	if (statfs(home, &fs))
		return errno == ENOENT || errno == ENOTDIR ?
		    err_set(e, E_no_ledger, "no directory '%s': make a home "
		    "with 'bzn-ledger init'", home) :
		    err_sys(e, "cannot look at '%s'", home);
	return store_is_network((unsigned long)fs.f_type) ?
	    err_set(e, E_io_error, "'%s' is on a network file system", home) :
	    0;
}

/*
 * On a read-only disk the shared memory of a WAL cannot be made.  Without a
 * log beside it nobody can be writing, and the file is all there is.
 */
static int
open_frozen(struct store *s, const char *path, int code)
{
	char uri[PATH_MAX + 64];
	struct stat st;

	snprintf(uri, sizeof(uri), "%s-wal", path);
	if (!access(s->home, W_OK) || (!stat(uri, &st) && st.st_size))
		return code;
	if (strpbrk(path, "?#%"))		/* would have to be quoted */
		return code;
	sqlite3_close(s->db);
	s->db = NULL;
	snprintf(uri, sizeof(uri), "file:%s?immutable=1", path);
	return sqlite3_open_v2(uri, &s->db, SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
}

int
store_no_ledger(const char *home, struct err *e)
{
	return err_set(e, E_no_ledger, "no ledger in '%s': make one with "
	    "'bzn-ledger init'", home);
}

/* Without files: for a rehearsal of what would make them, and for a play. */
static int
open_memory(struct store *s, struct err *e)
{
	int code = sqlite3_open_v2(":memory:", &s->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL);

	s->memory = true;
	return code == SQLITE_OK ? 0 : store_fail(s, code, e);
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

	if (s->mode == STORE_PRIVATE)
		return open_memory(s, e);
	if (snprintf(path, sizeof(path), "%s/node.db", s->home) >= PATH_MAX)
		return err_set(e, E_no_file, "the name is too long");
	if (s->mode == STORE_TRY) {
		s->mode = STORE_DRY;
		if (access(path, F_OK) && (errno == ENOENT ||
		    errno == ENOTDIR))
			return open_memory(s, e);
	}
	if (store_refuse_network(s->home, e))
		return -1;
	if (s->mode != STORE_CREATE && access(path, F_OK))
		return errno == ENOENT ? store_no_ledger(s->home, e) :
		    err_sys(e, "cannot open '%s'", path);
	if (s->mode != STORE_READ && lock_open(&s->lock, s->home, e))
		return -1;
	/* One thread a store: SQLite need not lock each call. */
	code = sqlite3_open_v2(path, &s->db, flags[s->mode] |
	    SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		sqlite3_busy_timeout(s->db, STORE_READER_WAIT_MS);
	if (code == SQLITE_OK && s->mode == STORE_READ) {
		code = sqlite3_exec(s->db, "PRAGMA user_version", keep_int,
		    &at, NULL);
		if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)
			code = open_frozen(s, path, code);
	}
	if (code == SQLITE_CANTOPEN && access(path, R_OK))
		return err_sys(e, "cannot open '%s'", path);
	return code == SQLITE_OK ? 0 : store_fail(s, code, e);
}

/* At one moment: the two numbers change together while a home is made. */
static int
look(struct store *s, long *at, struct err *e)
{
	int rc = store_run(s, "BEGIN", e) || store_steps(s, 0, at, e) ? -1 : 0;

	store_rollback(s);
	if (!rc && !*at && s->mode == STORE_READ)
		return store_no_ledger(s->home, e);
	return rc;
}

static struct store *
store_new(const struct store_how *how)
{
	struct store *s = mem_zero(1, sizeof(*s));

	/*
	 * Counting what all connections take together is a lock at each
	 * malloc(), and nobody asks.  Only before the first is it heeded.
	 */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	s->lock = -1;
	s->pid = getpid();
	s->home = how->home ? mem_text(how->home) : NULL;
	s->who = how->who ? mem_text(how->who) : NULL;
	s->mode = how->mode;
	s->wait_ms = how->wait_ms;
	return s;
}

int
store_open(struct store **out, const struct store_how *how, struct err *e)
{
	struct store *s = store_new(how);
	long at = 0;

	if (open_files(s, e) || store_configure(s, e) || look(s, &at, e))
		goto bad;
	if (s->mode != STORE_READ && at < schema_steps && migrate(s, e))
		goto bad;
	if (store_steps(s, schema_steps, &at, e))
		goto bad;
	*out = s;
	return 0;
bad:
	store_close(s);
	return -1;
}

/* What we leave behind, the next program reads before it can do anything. */
void
store_tidy(struct store *s)
{
	int64_t wait_ms = s->wait_ms;
	struct err ignored;

	s->wait_ms = 0;
	if (s->wal > WAL_LEFT && !store_take_lock(s, &ignored)) {
		store_cut_log(s);
		store_drop_lock(s);
	}
	s->wait_ms = wait_ms;
}

void
store_close(struct store *s)
{
	int i;

	if (!s)
		return;
	for (i = 0; i < SQL__COUNT; i++)
		sqlite3_finalize(s->stmt[i]);
	if (!s->held)
		store_tidy(s);
	sqlite3_close(s->db);
	if (s->lock >= 0)
		close(s->lock);
	free(s->home);
	free(s->who);
	free(s->path);
	free(s);
}

int
store_schema(const char *home, int *at, int *have, struct err *e)
{
	const struct store_how how = { .home = home, .mode = STORE_READ };
	struct store *s = store_new(&how);
	long steps = 0;
	int rc = -1;

	if (!open_files(s, e) && !store_configure(s, e))
		rc = look(s, &steps, e);
	*at = (int)steps;
	*have = schema_steps;
	store_close(s);
	return rc;
}
