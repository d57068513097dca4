#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/amount.h"
#include "cli/cli.h"
#include "cli/impl.h"
#include "cli/pass.h"

int64_t
pass_clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

int
pass_drain(int fd, struct secret *out, int64_t until_ms, struct err *e)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left;
	ssize_t n;

	while (out->len < out->cap) {
		left = until_ms - pass_clock_ms();
		if (left < 0)
			left = 0;
		n = poll(&p, 1, (int)left);
		if (!n)
			return err_set(e, E_no_passphrase,
			    "nothing came in time");
		if (n > 0)
			n = read(fd, out->data + out->len,
			    out->cap - out->len);
		if (!n)
			break;
		if (n > 0)
			out->len += (size_t)n;
		else if (errno != EINTR && errno != EAGAIN)
			return err_set(e, E_no_passphrase, "cannot read: %s",
			    strerror(errno));
	}
	return 0;
}

/* For this user alone; loose names the bits of the mode that must be 0. */
static int
check_safe(int fd, const char *path, mode_t loose, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_sys(e, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, E_unsafe_mode, "'%s' is not a file: for a "
		    "pipe there is --passphrase-fd", path);
	if (st.st_uid && st.st_uid != geteuid())
		return err_set(e, E_unsafe_mode, "'%s' is another user's",
		    path);
	if (st.st_mode & (st.st_uid ? 077 : loose))
		return err_set(e, E_unsafe_mode, "others can read '%s': "
		    "chmod 600 it", path);
	return 0;
}

/* A pipe without a writer must not hold open(2) up, hence O_NONBLOCK. */
static int
open_file(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* Takes fd, which is the answer of open_file(). */
static int
from_file(int fd, const char *path, mode_t loose, struct secret *out,
    int64_t until_ms, struct err *e)
{
	int rc;

	if (fd < 0 && (errno == ENXIO || errno == ELOOP))
		return err_set(e, E_unsafe_mode, "'%s' is not a file: %s",
		    path, strerror(errno));
	if (fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	rc = check_safe(fd, path, loose, e) ||
	    pass_drain(fd, out, until_ms, e) ? -1 : 0;
	close(fd);
	return rc;
}

/*
 * All that this program opens itself is closed on exec; so what is not was
 * there when it started, and is what the option means.
 */
static int
from_fd(const char *text, struct secret *out, int64_t until_ms, struct err *e)
{
	int64_t fd;
	int rc, flags;

	if (amount_digits(text, 0, &fd, e) || fd > INT_MAX)
		return err_set(e, E_usage, "'%.40s' is not the number of a "
		    "descriptor", text);
	flags = fcntl((int)fd, F_GETFD);
	if (flags < 0 || flags & FD_CLOEXEC)
		return err_set(e, E_no_passphrase, "descriptor %s is not open",
		    text);
	if (isatty((int)fd))
		return err_set(e, E_no_passphrase, "descriptor %s is a "
		    "terminal, which is asked without the option", text);
	rc = pass_drain((int)fd, out, until_ms, e);
	if (fd > STDERR_FILENO)
		close((int)fd);
	return rc;
}

/*
 * What systemd puts there belongs to the service's user or, with an access
 * list, to root: then the bits of the group are the list's mask.
 */
static int
open_credential(char path[PATH_MAX])
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	if (!dir || !*dir || snprintf(path, PATH_MAX, "%s/bzn-passphrase",
	    dir) >= PATH_MAX) {
		errno = ENOENT;
		return -1;
	}
	return open_file(path);
}

static int
no_source(enum pass_for what, struct err *e)
{
	if (what == PASS_CHANGE)
		return err_set(e, E_no_passphrase, "no new passphrase: give "
		    "--new-passphrase-file, --new-passphrase-fd, "
		    "--new-passphrase-cmd or a terminal");
	return err_set(e, E_no_passphrase, "no passphrase: give "
	    "--passphrase-file, --passphrase-fd, --passphrase-cmd, "
	    "$BZN_PASSPHRASE_FILE, $CREDENTIALS_DIRECTORY/bzn-passphrase or "
	    "a terminal");
}

static int
from_tty(const struct cli *c, const struct pass *p, enum pass_for what,
    struct secret *out, const char **name, struct err *e)
{
	int rc, fd = p->unasked ? -1 : pass_tty();

	if (fd < 0)
		return no_source(what, e);
	*name = "the terminal";
	rc = pass_prompt(fd, what != PASS_OPEN, c->prog->name, p->of, out, e);
	close(fd);
	return rc;
}

#define OPTION(what, word) \
	((what) == PASS_CHANGE ? "--new-passphrase-" word : \
	    "--passphrase-" word)

/* The sources, in their order; *name becomes that of the one taken. */
static int
fetch(const struct cli *c, const struct pass *p, enum pass_for what,
    struct secret *out, const char **name, struct err *e)
{
	const int64_t until_ms = pass_clock_ms() +
	    (p->wait_ms ? p->wait_ms : PASS_WAIT_MS);
	const char *file = getenv("BZN_PASSPHRASE_FILE");
	char path[PATH_MAX];
	int fd;

	if (p->file) {
		*name = OPTION(what, "file");
		return from_file(open_file(p->file), p->file, 077, out,
		    until_ms, e);
	}
	if (p->fd) {
		*name = OPTION(what, "fd");
		return from_fd(p->fd, out, until_ms, e);
	}
	if (p->cmd) {
		*name = OPTION(what, "cmd");
		return pass_run(p->cmd, out, until_ms, e);
	}
	if (what == PASS_CHANGE)	/* the others give the present one */
		return from_tty(c, p, what, out, name, e);
	if (file && *file) {
		*name = "$BZN_PASSPHRASE_FILE";
		return from_file(open_file(file), file, 077, out, until_ms, e);
	}
	fd = open_credential(path);
	if (fd >= 0 || (errno != ENOENT && errno != ENOTDIR)) {
		*name = "$CREDENTIALS_DIRECTORY";
		return from_file(fd, path, 07, out, until_ms, e);
	}
	return from_tty(c, p, what, out, name, e);
}

static int
check_fit(struct secret *s, struct err *e)
{
	if (s->len && s->data[s->len - 1] == '\n')
		s->len--;
	if (!s->len)
		return err_set(e, E_unfit_passphrase, "it is empty");
	if (s->len > PASS_MAX)
		return err_set(e, E_unfit_passphrase, "it is over %d bytes",
		    PASS_MAX);
	if (memchr(s->data, '\0', s->len))
		return err_set(e, E_unfit_passphrase, "it holds a NUL");
	s->data[s->len] = '\0';
	return 0;
}

int
cli_passphrase(struct cli *c, const struct pass *p, enum pass_for what,
    struct secret *out, struct err *e)
{
	struct secret got = { 0 };
	const char *name = NULL;

	secret_init(&got, PASS_ROOM);
	if (fetch(c, p, what, &got, &name, e) || check_fit(&got, e)) {
		secret_release(&got);
		return name ? err_wrap(e, "%s", name) : -1;
	}
	if (c->verbose)
		fprintf(stderr, "%s: passphrase from %s\n", c->prog->name,
		    name);
	*out = got;
	return 0;
}

int
pass_ask(void *asker, struct secret *out, struct err *e)
{
	const struct pass_asker *a = asker;

	return cli_passphrase(a->cli, a->pass, PASS_OPEN, out, e);
}
