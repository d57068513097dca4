/* Files of secrets: who may have them, how they are read and written. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "key/key.h"

#define READY ".ready/"

int
key_path(char path[PATH_MAX], const char *home, const char *name,
    struct err *e)
{
	if (snprintf(path, PATH_MAX, "%s/identity%s%s", home, *name ? "/" : "",
	    name) < PATH_MAX)
		return 0;
	return err_set(e, E_no_file, "the name of the home is too long");
}

int
key_path_now(char path[PATH_MAX], const char *home, const char *name,
    struct err *e)
{
	char ready[NAME_MAX];

	snprintf(ready, sizeof(ready), READY "%s", name);
	if (key_path(path, home, ready, e))
		return -1;
	return access(path, F_OK) ? key_path(path, home, name, e) : 0;
}

/* The superuser may use what is another's, but not through a link. */
static int
check_owner(int fd, const char *path, struct err *e)
{
	struct stat st, link;

	if (fstat(fd, &st) || lstat(path, &link))
		return err_sys(e, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, E_unsafe_mode, "'%s' is not a file", path);
	if (st.st_uid != geteuid() && (geteuid() || S_ISLNK(link.st_mode)))
		return err_set(e, E_unsafe_mode, "'%s' belongs to somebody "
		    "else", path);
	if (st.st_mode & 077)
		return err_set(e, E_unsafe_mode, "'%s' is not a file for you "
		    "alone: chmod 600 it", path);
	return 0;
}

/* Straight into locked memory: a struct buf is not for secrets. */
static int
read_all(int fd, const char *path, struct secret *out, struct err *e)
{
	ssize_t n;

	do {
		n = read(fd, out->data + out->len, out->cap - out->len);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		return err_sys(e, "cannot read '%s'", path);
	return out->len == out->cap ? err_set(e, E_too_long,
	    "'%s' is over %zu bytes", path, out->cap - 1) : 0;
}

/* Not to wait for a writer is what O_NONBLOCK is for. */
int
key_read_secret(const char *path, struct secret *out, size_t max,
    struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc;

	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	rc = check_owner(fd, path, e);
	if (!rc) {
		secret_init(out, max + 1);
		rc = read_all(fd, path, out, e);
	}
	if (rc)
		secret_release(out);
	close(fd);
	return rc;
}

int
key_write_secret(const char *path, const struct secret *s, bool replace,
    struct err *e)
{
	file_sweep(path);
	return replace ? file_write(path, s->data, s->len, 0600, e) :
	    file_create(path, s->data, s->len, 0600, e);
}
