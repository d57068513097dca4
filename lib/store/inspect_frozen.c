/*
 * Opening a store so that reading leaves no trace.  SQLite's own read-only
 * mode does not promise that: of a database in WAL mode it makes -wal and
 * -shm, and told that the file is immutable it passes over a log that is
 * there.  So how a file is opened depends on what lies beside it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/impl.h"
#include "store/inspect.h"
#include "store/lock.h"

#define CHUNK 65536

struct beside {
	bool wal;			/* a log with something in it */
	bool empty;			/* one without */
	bool shm;
};

static int
look_beside(const char *path, struct beside *out, struct err *e)
{
	char name[PATH_MAX];
	struct stat st;

	*out = (struct beside){ 0 };
	if (snprintf(name, sizeof(name), "%s-wal", path) >= PATH_MAX)
		return err_set(e, E_no_file, "the name is too long");
	if (!stat(name, &st)) {
		out->wal = st.st_size > 0;
		out->empty = st.st_size == 0;
	}
	snprintf(name, sizeof(name), "%s-shm", path);
	out->shm = !stat(name, &st);
	return 0;
}

/* As a URI: bytes that mean something there are quoted. */
static int
open_uri(struct store *s, const char *path, const char *how)
{
	struct buf uri = BUF_INIT(4 * PATH_MAX);
	int code;

	buf_adds(&uri, "file:");
	for (; *path; path++)
		if (strchr("?#%", *path))
			buf_addf(&uri, "%%%02x", (unsigned char)*path);
		else
			buf_addc(&uri, *path);
	buf_adds(&uri, how);
	sqlite3_close(s->db);
	s->db = NULL;
	s->uri = how;
	code = sqlite3_open_v2(uri.data, &s->db, SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	buf_release(&uri);
	if (code == SQLITE_OK)
		code = sqlite3_exec(s->db, "PRAGMA user_version", NULL, NULL,
		    NULL);
	return code;
}

static int
copy_file(const char *from, const char *to, struct err *e)
{
	char *chunk = mem_grow(NULL, CHUNK, 1);
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, rc = -1;
	ssize_t n = 0;

	if (in < 0) {
		err_sys(e, "cannot open '%s'", from);
		goto out;
	}
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0) {
		err_sys(e, "cannot make '%s'", to);
		goto out;
	}
	while ((n = read(in, chunk, CHUNK)) > 0)
		if (write(out, chunk, (size_t)n) != n) {
			err_sys(e, "cannot write '%s'", to);
			goto out;
		}
	rc = n < 0 ? err_sys(e, "cannot read '%s'", from) : 0;
out:
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	free(chunk);
	return rc;
}

/*
 * With the locks of one who is alone the index of the log is in memory, so
 * that the names can go as soon as the files are open: nothing is left
 * behind, however the program ends.
 */
static int
open_alone(struct store *s, const char *path)
{
	int code;

	sqlite3_close(s->db);
	s->db = NULL;
	s->uri = NULL;
	code = sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(s->db, "PRAGMA locking_mode = EXCLUSIVE;"
		    "PRAGMA user_version; PRAGMA query_only = ON", NULL, NULL,
		    NULL);
	return code;
}

static int
open_copy(struct store *s, const struct inspect *how, int *code,
    struct err *e)
{
	char dir[PATH_MAX], from[PATH_MAX], db[PATH_MAX], wal[PATH_MAX];
	int rc = -1;

	*code = SQLITE_OK;
	if (snprintf(dir, sizeof(dir) - 16, "%s/bzn-XXXXXX", how->tmp) >=
	    PATH_MAX - 16 || snprintf(from, sizeof(from), "%s-wal",
	    how->path) >= PATH_MAX)
		return err_set(e, E_no_file, "the name is too long");
	if (!mkdtemp(dir))
		return err_sys(e, "cannot make a directory in '%s'",
		    how->tmp);
	snprintf(db, sizeof(db), "%.*s/db", PATH_MAX - 16, dir);
	snprintf(wal, sizeof(wal), "%.*s/db-wal", PATH_MAX - 16, dir);
	if (!copy_file(how->path, db, e) && !copy_file(from, wal, e)) {
		*code = open_alone(s, db);
		rc = 0;
	}
	unlink(wal);
	unlink(db);
	rmdir(dir);
	return rc;
}

/* So that no first writer makes a log while we read without one. */
static int
share_lock(struct store *s, const struct inspect *how, struct err *e)
{
	char path[PATH_MAX];

	if (!how->home || s->lock >= 0)
		return 0;
	if (snprintf(path, sizeof(path), "%s/node.lock", how->home) >=
	    PATH_MAX)
		return err_set(e, E_no_file, "the name is too long");
	s->lock = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	return s->lock < 0 ? 0 : lock_share(s->lock, how->wait_ms, e);
}

static int
open_as_it_lies(struct store *s, const struct inspect *how, int *code,
    struct err *e)
{
	struct beside b;

	if (look_beside(how->path, &b, e))
		return -1;
	if (how->home && (b.wal || b.empty) && b.shm) {
		*code = open_uri(s, how->path, "?mode=ro");
		if (*code == SQLITE_OK)
			sqlite3_busy_timeout(s->db, STORE_READER_WAIT_MS);
		if (*code != SQLITE_CANTOPEN && *code != SQLITE_READONLY &&
		    *code != SQLITE_BUSY)
			return 0;
	}
	if (share_lock(s, how, e) || look_beside(how->path, &b, e))
		return -1;
	if (b.wal)
		return open_copy(s, how, code, e);
	*code = open_uri(s, how->path, "?mode=ro&immutable=1");
	return 0;
}

static int
look_at(const struct inspect *how, struct err *e)
{
	struct stat st;

	if (stat(how->path, &st))
		return how->home && errno == ENOENT ?
		    store_no_ledger(how->home, e) :
		    err_sys(e, "cannot open '%s'", how->path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, E_not_a_ledger, "'%s' is not a file",
		    how->path);
	if (access(how->path, R_OK))
		return err_sys(e, "cannot open '%s'", how->path);
	return 0;
}

static struct store *
new_reader(const char *home, const char *path)
{
	struct store *s = mem_zero(1, sizeof(*s));

	s->lock = -1;
	s->mode = STORE_READ;
	s->home = mem_text(home);
	s->path = mem_text(path);
	return s;
}

struct store *
inspect_twin(const struct store *s)
{
	struct store *twin;
	struct err ignored;
	int code;

	if (!s->uri)
		return NULL;
	twin = new_reader(s->home, s->path);
	code = open_uri(twin, s->path, s->uri);
	if (code == SQLITE_OK)
		sqlite3_busy_timeout(twin->db, STORE_READER_WAIT_MS);
	if (code == SQLITE_OK && !store_configure(twin, &ignored))
		return twin;
	store_close(twin);
	return NULL;
}

/* An empty file in a home is one that the next who writes makes a store. */
static void
no_schema(struct store *s, const struct inspect *how, struct err *e)
{
	struct query q;
	int got = 0;

	if (how->home) {
		query_open(&q, s, SQL_STORE_OBJECTS);
		got = query_run(&q, NULL, e);
	}
	if (how->home && !got)
		store_no_ledger(how->home, e);
	else if (got >= 0)
		err_set(e, E_not_a_ledger, "'%s' holds no ledger", how->path);
}

int
inspect_open(struct store **out, const struct inspect *how, struct err *e)
{
	struct store *s;
	long at = 0;
	int code = 0, rc = -1;

	if (how->home && store_refuse_network(how->home, e))
		return -1;
	if (look_at(how, e))
		return -1;
	s = new_reader(how->home ? how->home : "", how->path);
	if (open_as_it_lies(s, how, &code, e))
		goto out;
	if (code != SQLITE_OK) {
		store_fail(s, code, e);
		goto out;
	}
	if (store_configure(s, e) || store_steps(s, 0, &at, e))
		goto out;
	if (!at) {
		no_schema(s, how, e);
		goto out;
	}
	rc = store_steps(s, schema_steps, &at, e);
out:
	if (rc)
		store_close(s);
	else
		*out = s;
	return rc;
}
