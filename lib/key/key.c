#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/pem.h"
#include "key/key.h"

#define PEM_MAX 4096

static int
name_file(char path[PATH_MAX], const char *home, const char *name,
    struct err *e)
{
	if (snprintf(path, PATH_MAX, "%s/identity%s%s", home, *name ? "/" : "",
	    name) < PATH_MAX)
		return 0;
	return err_set(e, E_no_file, "the name of the home is too long");
}

/* Straight into locked memory: a struct buf is not for secrets. */
static int
read_secret(int fd, const char *path, struct secret *out, struct err *e)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return err_sys(e, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode) || st.st_mode & 077)
		return err_set(e, E_unsafe_mode, "'%s' is not a file for you "
		    "alone: chmod 600 it", path);
	secret_init(out, PEM_MAX);
	do {
		n = read(fd, out->data + out->len, out->cap - out->len);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? err_sys(e, "cannot read '%s'", path) : 0;
}

static int
make_log(const char *home, const char *path, struct sign_public *out,
    struct err *e)
{
	struct secret pem = { 0 };
	struct sign_key key;
	char dir[PATH_MAX];
	int rc;

	if (name_file(dir, home, "", e) || file_mkdir(dir, 0700, e))
		return -1;
	sign_key_new(&key);
	*out = key.pub;
	rc = pem_write(&pem, &key, NULL, e) ||
	    file_create(path, pem.data, pem.len, 0600, e) ? -1 : 0;
	secret_release(&pem);
	sign_key_release(&key);
	return rc;
}

int
key_log(const char *home, struct sign_public *out, struct err *e)
{
	struct secret pem = { 0 };
	struct sign_key key = { 0 };
	char path[PATH_MAX];
	struct err why;
	int fd, rc;

	if (name_file(path, home, "log_private.pem", e))
		return -1;
	while ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0) {
		if (errno != ENOENT)
			return err_sys(e, "cannot open '%s'", path);
		if (!make_log(home, path, out, e))
			return 0;
		if (e->code != E_id_conflict)
			return -1;
		*e = (struct err){ 0 };		/* another was first */
	}
	rc = read_secret(fd, path, &pem, e);
	if (!rc && pem_read(&key, &pem, NULL, &why))
		rc = err_set(e, E_bad_key, "'%s' holds no Ed25519 key", path);
	else if (!rc)
		*out = key.pub;
	sign_key_release(&key);
	secret_release(&pem);
	close(fd);
	return rc;
}

int
key_has_node(const char *home)
{
	struct err ignored;
	char path[PATH_MAX];

	return !name_file(path, home, "node_public.pem", &ignored) &&
	    !access(path, F_OK);
}
