#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

#define RANDOM "XXXXXX"

int
file_read(struct buf *out, const char *path, struct err *e)
{
	bool in = !strcmp(path, "-");
	int fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	char some[8192];
	ssize_t n;
	int rc = -1;

	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	for (;;) {
		n = read(fd, some, sizeof(some));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		buf_add(out, some, (size_t)n);
		if (out->full)
			break;
	}
	if (n < 0)
		err_sys(e, "cannot read '%s'", path);
	else if (out->full)
		err_set(e, E_too_long, "'%s' is over %zu bytes", path,
		    out->max);
	else
		rc = 0;
	if (!in)
		close(fd);
	return rc;
}

static int
write_all(int fd, const char *data, size_t n)
{
	ssize_t put;

	while (n) {
		put = write(fd, data, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		data += put;
		n -= (size_t)put;
	}
	return 0;
}

/* A rename is durable once its directory is. */
static int
sync_parent(const char *path, struct err *e)
{
	char dir[PATH_MAX];
	char *slash;
	int fd, rc;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (!slash)
		snprintf(dir, sizeof(dir), ".");
	else
		slash[slash == dir] = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, "cannot open '%s'", dir);
	rc = fsync(fd);
	if (rc)
		err_sys(e, "cannot sync '%s'", dir);
	close(fd);
	return rc;
}

/* rename(2) by root would put a file in the place of /dev/null. */
static bool
is_device(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode) &&
	    !S_ISDIR(st.st_mode);
}

/* link(2) refuses where rename(2) would replace. */
static int
name_it(const char *temp, const char *path, bool replace, struct err *e)
{
	if (replace && is_device(path))
		return err_set(e, E_no_file, "'%s' is not a file that can be "
		    "replaced", path);
	if (!(replace ? rename(temp, path) : link(temp, path)))
		return 0;
	return errno == EEXIST ?
	    err_set(e, E_id_conflict, "'%s' exists already", path) :
	    err_sys(e, "cannot create '%s'", path);
}

static int
make_temp(char temp[PATH_MAX], const char *path, struct err *e)
{
	int fd;

	if (snprintf(temp, PATH_MAX, "%s." RANDOM, path) >= PATH_MAX)
		return err_set(e, E_no_file, "the name '%.40s...' is too long",
		    path);
	fd = mkstemp(temp);
	if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC))
		return err_sys(e, "cannot create '%s'", path);
	return fd;
}

/*
 * While it is written it is locked, so that file_sweep() can tell it from one
 * whose writer was killed; which may have come before the lock did.
 */
static int
make_locked(char temp[PATH_MAX], const char *path, struct err *e)
{
	struct stat st;
	int fd;

	for (;;) {
		fd = make_temp(temp, path, e);
		if (fd < 0 || ((!flock(fd, LOCK_EX | LOCK_NB) ||
		    errno != EWOULDBLOCK) && !fstat(fd, &st) && st.st_nlink))
			return fd;
		close(fd);
	}
}

static int
put(const char *path, const void *data, size_t n, mode_t mode, bool fresh,
    bool durable, struct err *e)
{
	char temp[PATH_MAX];
	int fd = make_locked(temp, path, e), rc = -1;

	if (fd < 0)
		return -1;
	if (fchmod(fd, mode) || write_all(fd, data, n) ||
	    (durable && fsync(fd))) {
		err_sys(e, "cannot write '%s'", path);
		goto out;
	}
	if (name_it(temp, path, !fresh, e))
		goto out;
	rc = durable ? sync_parent(path, e) : 0;
out:
	if (rc || fresh)
		unlink(temp);
	close(fd);
	return rc;
}

/* Its bytes first: where files are written in place, they are gone. */
static void
sweep_one(const char *temp)
{
	static const char zeros[4096];
	int fd = open(temp, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (!flock(fd, LOCK_EX | LOCK_NB) && !fstat(fd, &st) &&
	    S_ISREG(st.st_mode) && st.st_nlink == 1) {
		if (!write_all(fd, zeros, st.st_size < (off_t)sizeof(zeros) ?
		    (size_t)st.st_size : sizeof(zeros)))
			(void)!fsync(fd);
		unlink(temp);
	}
	close(fd);
}

bool
file_is_temp(const char *name, const char *of)
{
	size_t n = strlen(of), i;

	if (strncmp(name, of, n) || name[n] != '.' ||
	    strlen(name + n + 1) != strlen(RANDOM))
		return false;
	for (i = n + 1; name[i]; i++)
		if (!isalnum((unsigned char)name[i]))
			return false;
	return true;
}

void
file_sweep(const char *path)
{
	const char *slash = strrchr(path, '/'), *name;
	char dir[PATH_MAX], temp[PATH_MAX];
	struct dirent *d;
	DIR *all;

	name = slash ? slash + 1 : path;
	if (snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(name - path) : 1,
	    slash ? path : ".") >= PATH_MAX)
		return;
	all = opendir(dir);
	if (!all)
		return;
	while ((d = readdir(all)))
		if (file_is_temp(d->d_name, name) && snprintf(temp,
		    sizeof(temp), "%s/%s", dir, d->d_name) < PATH_MAX)
			sweep_one(temp);
	closedir(all);
}

int
file_temp(char temp[PATH_MAX], const char *path, struct err *e)
{
	int fd = make_temp(temp, path, e);

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

int
file_place(const char *temp, const char *path, bool replace, struct err *e)
{
	int fd = open(temp, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (rc)
		err_sys(e, "cannot write '%s'", path);
	if (fd >= 0)
		close(fd);
	if (rc || name_it(temp, path, replace, e) || sync_parent(path, e))
		return -1;
	if (!replace)
		unlink(temp);
	return 0;
}

/* A whole file, in pieces; the caller closes both. */
static int
pour(int in, const char *from, int out, const char *to, struct err *e)
{
	char some[8192];
	ssize_t n;

	for (;;) {
		n = read(in, some, sizeof(some));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, "cannot read '%s'", from);
		if (n == 0)
			break;
		if (write_all(out, some, (size_t)n))
			return err_sys(e, "cannot write '%s'", to);
	}
	return fsync(out) ? err_sys(e, "cannot write '%s'", to) : 0;
}

int
file_copy(const char *from, const char *to, mode_t mode, struct err *e)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, rc;

	if (in < 0)
		return err_sys(e, "cannot open '%s'", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	rc = out < 0 ? err_sys(e, "cannot create '%s'", to) :
	    pour(in, from, out, to, e);
	close(in);
	if (out >= 0)
		close(out);
	return rc;
}

int
file_write(const char *path, const void *data, size_t n, mode_t mode,
    struct err *e)
{
	return put(path, data, n, mode, false, true, e);
}

int
file_write_again(const char *path, const void *data, size_t n, mode_t mode,
    struct err *e)
{
	return put(path, data, n, mode, false, false, e);
}

int
file_create(const char *path, const void *data, size_t n, mode_t mode,
    struct err *e)
{
	return put(path, data, n, mode, true, true, e);
}

int
file_mkdir(const char *path, mode_t mode, struct err *e)
{
	char part[PATH_MAX];
	char *p;

	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return err_set(e, E_no_file, "the name '%.40s...' is too long",
		    path);
	for (p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0777) && errno != EEXIST)
			return err_sys(e, "cannot create '%s'", part);
		*p = '/';
	}
	if (mkdir(part, mode) && errno != EEXIST)
		return err_sys(e, "cannot create '%s'", part);
	return 0;
}
