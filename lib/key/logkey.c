#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/pem.h"
#include "key/key.h"
#include "key/logkey.h"

#define PEM "-----BEGIN "

enum { NOW, NEXT, OLD, FILES };

static const char *const files[FILES] = {
	"log_private.pem", "log_next.pem", "log_old.pem"
};

/* 1, 0 if there is no such file, -1. */
static int
read_one(const char *home, int which, struct secret *pem,
    struct sign_key *out, struct err *e)
{
	char path[PATH_MAX];
	struct err why = { 0 };
	bool spoilt;

	if (key_path(path, home, files[which], e))
		return -1;
	if (key_read_secret(path, pem, KEY_PEM_MAX, &why)) {
		if (why.code == E_no_file)
			return 0;
		*e = why;
		return -1;
	}
	if (!pem_read(out, pem, NULL, &why))
		return 1;
	/* Zeros, or worse, are what destroy() leaves if the power fails. */
	spoilt = which != NOW && (pem->len < strlen(PEM) ||
	    memcmp(pem->data, PEM, strlen(PEM)));
	secret_release(pem);
	return spoilt ? 0 : err_set(e, E_bad_key,
	    "'%s' holds no Ed25519 key", path);
}

static bool
is(const struct sign_key *key, const struct sign_public *pub)
{
	return !memcmp(&key->pub, pub, sizeof(*pub));
}

int
logkey_find(const char *home, const struct sign_public *pub,
    struct sign_key *out, struct err *e)
{
	struct secret pem = { 0 };
	struct sign_key key = { 0 };
	int which, got = 0;

	for (which = 0; which < FILES && got >= 0; which++) {
		got = read_one(home, which, &pem, &key, e);
		secret_release(&pem);
		if (got > 0 && is(&key, pub)) {
			*out = key;
			return 1;
		}
		if (got > 0)
			sign_key_release(&key);
	}
	return got < 0 ? -1 : 0;
}

static int
keep(const char *home, int which, const struct sign_key *key, struct err *e)
{
	struct secret pem = { 0 };
	char path[PATH_MAX];
	int rc;

	if (key_path(path, home, files[which], e) ||
	    pem_write(&pem, key, NULL, e))
		return -1;
	rc = key_write_secret(path, &pem, true, e);
	secret_release(&pem);
	return rc;
}

int
logkey_stage(const char *home, const struct sign_key *key, struct err *e)
{
	return keep(home, NEXT, key, e);
}

/* Its bytes first: where files are written in place, they are gone. */
static int
destroy(const char *home, int which, struct err *e)
{
	static const char zeros[KEY_PEM_MAX];
	char path[PATH_MAX];
	struct stat st;
	size_t n;
	int fd;

	if (key_path(path, home, files[which], e))
		return -1;
	if (lstat(path, &st))
		return errno == ENOENT ? 0 : err_sys(e, "cannot look at '%s'",
		    path);
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	n = st.st_size < KEY_PEM_MAX ? (size_t)st.st_size : KEY_PEM_MAX;
	if (fd >= 0 && (write(fd, zeros, n) < 0 || fsync(fd)))
		errno = 0;		/* it is removed in any case */
	if (fd >= 0)
		close(fd);
	return unlink(path) ? err_sys(e, "cannot remove '%s'", path) : 0;
}

/* 1 if it is the one in use by now, 0 if there is none to put there. */
static int
promote(const char *home, const struct sign_public *now,
    const struct sign_key *prior, bool keep_it, struct err *e)
{
	struct sign_key key = { 0 };
	int got = logkey_find(home, now, &key, e);

	/* The old one is safe before the new one takes its place. */
	if (got > 0 && ((keep_it && keep(home, OLD, prior, e)) ||
	    keep(home, NOW, &key, e)))
		got = -1;
	sign_key_release(&key);
	return got;
}

/* Whatever it was that was not finished: no key is left about. */
static int
sweep(const char *home, struct err *e)
{
	char path[PATH_MAX];
	int which;

	for (which = 0; which < FILES; which++) {
		if (key_path(path, home, files[which], e))
			return -1;
		file_sweep(path);
	}
	return 0;
}

int
logkey_settle(const char *home, const struct sign_public *now,
    const struct sign_public *prior, bool keep_it, struct err *e)
{
	struct sign_key key = { 0 };
	struct secret pem = { 0 };
	int got = sweep(home, e) ? -1 :
	    read_one(home, NOW, &pem, &key, e);

	secret_release(&pem);
	if (got > 0 && !is(&key, now))
		got = prior && is(&key, prior) ?
		    promote(home, now, &key, keep_it, e) : 0;
	sign_key_release(&key);
	if (got <= 0)
		return got;
	key = (struct sign_key){ 0 };
	got = read_one(home, OLD, &pem, &key, e);
	secret_release(&pem);
	if (got > 0 && keep_it && prior && is(&key, prior))
		got = 0;
	sign_key_release(&key);
	return got < 0 || destroy(home, NEXT, e) ||
	    (got && destroy(home, OLD, e)) ? -1 : 0;
}
