#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "key/key.h"
#include "key/stage.h"

#define NEW ".new"
#define READY ".ready"

static int
sync_dir(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (rc)
		err_sys(e, "cannot sync '%s'", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int
sync_identity(const char *home, struct err *e)
{
	char path[PATH_MAX];

	return key_path(path, home, "", e) || sync_dir(path, e) ? -1 : 0;
}

/* To its place in identity/, or away if there is no place. */
static int
take(const char *home, const char *from, const char *name, bool keep,
    struct err *e)
{
	char old[PATH_MAX], new[PATH_MAX];

	if (snprintf(old, sizeof(old), "%s/%s", from, name) >= PATH_MAX)
		return err_set(e, E_no_file, "the name of the home is too "
		    "long");
	if (!keep)
		return unlink(old) ? err_sys(e, "cannot remove '%s'", old) : 0;
	if (key_path(new, home, name, e))
		return -1;
	return rename(old, new) ? err_sys(e, "cannot move '%s'", old) : 0;
}

/*
 * Empty .new or .ready and remove it: 1, or 0 if there is none.  The
 * directory goes last, so that this can be interrupted and done again.
 */
static int
clear(const char *home, const char *name, bool keep, struct err *e)
{
	char path[PATH_MAX];
	struct dirent *d;
	DIR *dir;
	int rc = 0;

	if (key_path(path, home, name, e))
		return -1;
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? 0 :
		    err_sys(e, "cannot open '%s'", path);
	while (!rc && (d = readdir(dir)))
		if (strcmp(d->d_name, ".") && strcmp(d->d_name, ".."))
			rc = take(home, path, d->d_name, keep, e);
	closedir(dir);
	if (rc || sync_identity(home, e))
		return -1;
	if (rmdir(path))
		return err_sys(e, "cannot remove '%s'", path);
	return 1;
}

bool
stage_waits(const char *home)
{
	struct err ignored;
	char path[PATH_MAX];

	return !key_path(path, home, READY, &ignored) && !access(path, F_OK);
}

/* The lock goes with the descriptor, however the program ends. */
static int
lock(struct stage *s, const char *path, struct err *e)
{
	s->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->lock < 0)
		return err_sys(e, "cannot open '%s'", path);
	if (!flock(s->lock, LOCK_EX | LOCK_NB))
		return 0;
	return errno == EWOULDBLOCK ? err_set(e, E_lock_timeout, "another "
	    "program is changing '%s'", path) :
	    err_sys(e, "cannot lock '%s'", path);
}

int
stage_open(struct stage *s, const char *home, struct err *e)
{
	char path[PATH_MAX];
	int moved = -1;

	*s = (struct stage){ .home = home, .lock = -1 };
	if (key_path(path, home, "", e) || file_mkdir(path, 0700, e))
		return -1;
	if (!lock(s, path, e) && clear(home, NEW, false, e) >= 0)
		moved = clear(home, READY, true, e);
	if (moved < 0) {
		stage_close(s);
		return -1;
	}
	s->settled = moved;
	return 0;
}

void
stage_close(struct stage *s)
{
	struct err ignored;

	if (s->lock < 0)
		return;
	if (s->begun && clear(s->home, NEW, false, &ignored) < 0)
		s->begun = false;	/* the next one will */
	close(s->lock);
	*s = (struct stage)STAGE_NONE;
}

int
stage_add(struct stage *s, const char *name, const void *data, size_t n,
    mode_t mode, struct err *e)
{
	char path[PATH_MAX], dir[PATH_MAX];

	if (key_path(dir, s->home, NEW, e) ||
	    snprintf(path, sizeof(path), "%s/%s", dir, name) >= PATH_MAX)
		return -1;
	if (!s->begun && mkdir(dir, 0700))
		return err_sys(e, "cannot create '%s'", dir);
	s->begun = true;
	return file_create(path, data, n, mode, e);
}

static int
keep_file(const char *home, const char *dir, const char *name, struct err *e)
{
	struct buf text = BUF_INIT(KEY_PEM_MAX);
	char from[PATH_MAX], to[PATH_MAX];
	int rc = -1;

	if (key_path(from, home, name, e))
		return -1;
	if (access(from, F_OK))
		return 0;
	if (snprintf(to, sizeof(to), "%s/%s", dir, name) >= PATH_MAX)
		return err_set(e, E_no_file, "the name of the home is too "
		    "long");
	if (!file_read(&text, from, e))
		rc = file_write(to, text.data, text.len, 0600, e);
	buf_release(&text);
	return rc;
}

int
stage_keep(const struct stage *s, const char *name, const char *const *files,
    int n, struct err *e)
{
	char under[NAME_MAX], dir[PATH_MAX];
	int i;

	snprintf(under, sizeof(under), "old/%s", name);
	if (key_path(dir, s->home, under, e) || file_mkdir(dir, 0700, e))
		return -1;
	for (i = 0; i < n; i++)
		if (keep_file(s->home, dir, files[i], e))
			return -1;
	return sync_identity(s->home, e);
}

int
stage_commit(struct stage *s, struct err *e)
{
	char new[PATH_MAX], ready[PATH_MAX];

	if (!s->begun)
		return 0;
	if (key_path(new, s->home, NEW, e) ||
	    key_path(ready, s->home, READY, e))
		return -1;
	if (rename(new, ready))
		return err_sys(e, "cannot create '%s'", ready);
	s->begun = false;
	return sync_identity(s->home, e) ||
	    clear(s->home, READY, true, e) < 0 ? -1 : 0;
}
