#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/backup.h"
#include "store/impl.h"
#include "store/lock.h"

#define STEP_PAGES 1000

static int
fail_copy(const char *path, int code, struct err *e)
{
	bool full = (code & 0xff) == SQLITE_FULL;

	return err_set(e, full ? E_disk_full :
	    (code & 0xff) == SQLITE_CORRUPT ? E_store_corrupt : E_io_error,
	    "cannot copy to '%s': %s; the store is as it was", path,
	    sqlite3_errstr(code));
}

/* One moment of the source: with its snapshot no writer makes us begin anew. */
static int
copy_pages(struct store *from, sqlite3 *to, struct err *e)
{
	sqlite3_backup *b;
	int code;

	if (store_snapshot(from, e) ||
	    store_run(from, "PRAGMA user_version", e))
		return SQLITE_ABORT;
	b = sqlite3_backup_init(to, "main", from->db, "main");
	if (!b)
		return sqlite3_extended_errcode(to);
	do
		code = sqlite3_backup_step(b, STEP_PAGES);
	while (code == SQLITE_OK);
	if (code == SQLITE_DONE)
		code = SQLITE_OK;
	if (code == SQLITE_OK)
		code = sqlite3_backup_finish(b);
	else
		sqlite3_backup_finish(b);
	return code;
}

/* The file is nobody's yet: no journal, and one sync, by who places it. */
int
backup_copy(struct store *from, const char *path, int64_t *bytes,
    struct err *e)
{
	struct err why = { 0 };
	sqlite3 *to = NULL;
	struct stat st;
	int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(to, "PRAGMA journal_mode = OFF;"
		    "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = copy_pages(from, to, &why);
	store_rollback(from);
	sqlite3_close(to);
	if (why.kind)
		*e = why;
	else if (code != SQLITE_OK)
		fail_copy(path, code, e);
	else if (stat(path, &st))
		code = err_sys(e, "cannot look at '%s'", path);
	else
		*bytes = st.st_size;
	return code == SQLITE_OK ? 0 : -1;
}

static const char *const names[] = { "node.db", "node.db-wal", "node.db-shm" };
#define NAMES (sizeof(names) / sizeof(*names))

static int
name_in(char path[PATH_MAX], const char *dir, const char *name, struct err *e)
{
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX ? 0 :
	    err_set(e, E_no_file, "the name of the home is too long");
}

bool
backup_is_live(const char *home, const char *path)
{
	struct stat ours, theirs;
	struct err ignored;
	char own[PATH_MAX];
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (!name_in(own, home, names[i], &ignored) &&
		    !stat(own, &ours) && !stat(path, &theirs) &&
		    ours.st_ino == theirs.st_ino &&
		    ours.st_dev == theirs.st_dev)
			return true;
	return false;
}

/* What is in the staging place, and the place. */
static void
clear(const struct backup_in *b)
{
	static const char *const others[] = { "node.lock", "node.db-journal" };
	struct err ignored;
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (!name_in(path, b->stage, names[i], &ignored))
			unlink(path);
	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!name_in(path, b->stage, others[i], &ignored))
			unlink(path);
	rmdir(b->stage);
}

static int
refuse_full(const struct backup_in *b, struct err *e)
{
	char path[PATH_MAX];
	struct stat st;
	size_t i;

	for (i = 0; i < NAMES; i++) {
		if (name_in(path, b->home, names[i], e))
			return -1;
		if (!lstat(path, &st))
			return err_set(e, E_not_empty, "there is a store in "
			    "'%s' already, and nothing was changed: move "
			    "'%s' away, or say another --home", b->home,
			    names[i]);
		if (errno != ENOENT)
			return err_sys(e, "cannot look at '%s'", path);
	}
	return 0;
}

/* A log that lies beside the file belongs to it. */
static int
stage(const struct backup_in *b, const char *file, struct err *e)
{
	char wal[PATH_MAX], to[PATH_MAX];
	struct stat st;

	if (mkdir(b->stage, 0700))
		return err_sys(e, "cannot create '%s'", b->stage);
	if (name_in(to, b->stage, "node.db", e) ||
	    file_copy(file, to, 0600, e))
		return -1;
	if (snprintf(wal, sizeof(wal), "%s-wal", file) >= PATH_MAX)
		return err_set(e, E_no_file, "the name is too long");
	if (stat(wal, &st) || !st.st_size)
		return 0;
	return name_in(to, b->stage, "node.db-wal", e) ? -1 :
	    file_copy(wal, to, 0600, e);
}

int
backup_begin(struct backup_in *b, const char *home, const char *file,
    int64_t wait_ms, const char *who, struct err *e)
{
	b->lock = -1;
	*b->stage = '\0';
	if (snprintf(b->home, PATH_MAX, "%s", home) >= PATH_MAX)
		return err_set(e, E_no_file, "the name of the home is too "
		    "long");
	if (access(file, R_OK))
		return err_sys(e, "cannot open '%s'", file);
	if (lock_open(&b->lock, home, e) ||
	    lock_take(&b->lock, home, wait_ms, who, e) || refuse_full(b, e) ||
	    name_in(b->stage, home, ".restore", e))
		return -1;
	clear(b);
	return stage(b, file, e);
}

/*
 * Into one file, whose log is empty.  It is read first: a connection does not
 * know of the log before that, and says that there is nothing to copy.
 */
static int
fold_log(const char *path, struct err *e)
{
	sqlite3 *db = NULL;
	int left = -1;
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "PRAGMA synchronous = FULL;"
		    "PRAGMA user_version", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_wal_checkpoint_v2(db, NULL,
		    SQLITE_CHECKPOINT_TRUNCATE, &left, NULL);
	sqlite3_close(db);
	return code == SQLITE_OK && !left ? 0 : err_set(e, E_io_error,
	    "cannot finish '%s': %s; nothing was restored", path,
	    sqlite3_errstr(code));
}

int
backup_place(struct backup_in *b, struct err *e)
{
	char from[PATH_MAX], to[PATH_MAX];

	return name_in(from, b->stage, "node.db", e) ||
	    name_in(to, b->home, "node.db", e) || fold_log(from, e) ||
	    file_place(from, to, false, e) ? -1 : 0;
}

void
backup_end(struct backup_in *b)
{
	if (*b->stage)
		clear(b);
	if (b->lock < 0)
		return;
	lock_drop(b->lock);
	close(b->lock);
	b->lock = -1;
}
