#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/lock.h"

#define TICK_US 50000
#define WARNING_AT 128		/* behind the line of who holds it */

static const char warning[] = "a commit failed: the log is in doubt\n";

static int
name_of(char path[PATH_MAX], const char *home, struct err *e)
{
	if (snprintf(path, PATH_MAX, "%s/node.lock", home) < PATH_MAX)
		return 0;
	return err_set(e, E_no_file, "the name of the home is too long");
}

int
lock_open(int *fd, const char *home, struct err *e)
{
	char path[PATH_MAX];

	if (name_of(path, home, e))
		return -1;
	*fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	return *fd < 0 ? err_sys(e, "cannot open '%s'", path) : 0;
}

static int64_t
now_ms(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static int
timed_out(int fd, int64_t wait_ms, struct err *e)
{
	char held[WARNING_AT] = "";
	ssize_t n = pread(fd, held, sizeof(held) - 1, 0);

	held[n > 0 ? (size_t)n : 0] = '\0';
	held[strcspn(held, "\n")] = '\0';
	return err_set(e, E_lock_timeout, "waited %" PRId64 " ms for the lock"
	    "%s%s", wait_ms, *held ? ", held by " : "", held);
}

static void
sign_in(int fd, const char *who)
{
	char text[WARNING_AT], at[CLOCK_TEXT];
	int n;

	clock_text(now_ms(CLOCK_REALTIME), at);
	n = snprintf(text, sizeof(text), "%s[%ld] since %s\n", who,
	    (long)getpid(), at);
	/* A courtesy: on a full disk the lock works without it. */
	if (n > 0 && pwrite(fd, text, (size_t)n, 0) < 0)
		return;
}

void
lock_warn(int fd, bool on)
{
	char none[sizeof(warning) - 1];

	memset(none, ' ', sizeof(none));
	/* If not even this can be written, nobody can commit either. */
	if (pwrite(fd, on ? warning : none, sizeof(none), WARNING_AT) < 0)
		return;
}

bool
lock_warned(int fd)
{
	char text[sizeof(warning) - 1];

	return pread(fd, text, sizeof(text), WARNING_AT) ==
	    (ssize_t)sizeof(text) && !memcmp(text, warning, sizeof(text));
}

static void
wake(int signum)
{
	(void)signum;
}

/*
 * flock() lets waiters in by order of arrival, which polling would not, but
 * it knows no deadline: a timer signal interrupts it, and goes on ticking in
 * case the first tick comes just before the call.
 */
static int
wait_for(int fd, int how, int64_t wait_ms, struct err *e)
{
	const struct sigaction act = { .sa_handler = wake };
	const struct itimerval tick = { { 0, TICK_US }, { 0, TICK_US } };
	const struct itimerval off = { { 0, 0 }, { 0, 0 } };
	int64_t until = now_ms(CLOCK_MONOTONIC) + wait_ms;
	struct sigaction old;
	int rc;

	if (!flock(fd, how | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK && wait_ms <= 0)
		return timed_out(fd, wait_ms, e);
	sigaction(SIGALRM, &act, &old);
	setitimer(ITIMER_REAL, &tick, NULL);
	do
		rc = flock(fd, how);
	while (rc && errno == EINTR && now_ms(CLOCK_MONOTONIC) < until);
	if (rc && errno == EINTR)
		timed_out(fd, wait_ms, e);
	else if (rc)
		err_sys(e, "cannot lock");
	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &old, NULL);
	return rc;
}

/* Is the file that we locked still the one that others would lock? */
static bool
current(int fd, const char *path)
{
	struct stat ours, theirs;

	return !fstat(fd, &ours) && !lstat(path, &theirs) &&
	    ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
}

int
lock_take(int *fd, const char *home, int64_t wait_ms, const char *who,
    struct err *e)
{
	char path[PATH_MAX];

	if (name_of(path, home, e))
		return -1;
	for (;;) {
		if (wait_for(*fd, LOCK_EX, wait_ms, e))
			return -1;
		if (current(*fd, path))
			break;
		close(*fd);
		*fd = -1;
		if (lock_open(fd, home, e))
			return -1;
	}
	sign_in(*fd, who);
	return 0;
}

int
lock_share(int fd, int64_t wait_ms, struct err *e)
{
	return wait_for(fd, LOCK_SH, wait_ms, e);
}

void
lock_drop(int fd)
{
	flock(fd, LOCK_UN);
}
