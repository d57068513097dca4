#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

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

static int
put(const char *path, const void *data, size_t n, mode_t mode, bool fresh,
    struct err *e)
{
	char temp[PATH_MAX];
	int fd, rc = -1;

	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >=
	    (int)sizeof(temp))
		return err_set(e, E_no_file, "the name '%.40s...' is too long",
		    path);
	fd = mkstemp(temp);
	if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC))
		return err_sys(e, "cannot create '%s'", path);
	if (fchmod(fd, mode) || write_all(fd, data, n) || fsync(fd)) {
		err_sys(e, "cannot write '%s'", path);
		close(fd);
		goto out;
	}
	if (close(fd)) {
		err_sys(e, "cannot write '%s'", path);
		goto out;
	}
	/* link(2) refuses where rename(2) would replace. */
	if (fresh ? link(temp, path) : rename(temp, path)) {
		if (errno == EEXIST)
			err_set(e, E_id_conflict, "'%s' exists already", path);
		else
			err_sys(e, "cannot create '%s'", path);
		goto out;
	}
	rc = sync_parent(path, e);
out:
	if (rc || fresh)
		unlink(temp);
	return rc;
}

int
file_write(const char *path, const void *data, size_t n, mode_t mode,
    struct err *e)
{
	return put(path, data, n, mode, false, e);
}

int
file_create(const char *path, const void *data, size_t n, mode_t mode,
    struct err *e)
{
	return put(path, data, n, mode, true, e);
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
