#define _GNU_SOURCE		/* F_OFD_SETLKW */
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
#define WARNING_AT LOCK_HOLDER	/* behind the line of who holds it */
#define QUEUE_AT 512		/* a byte that is never written */
#define QUEUE_MS 1000

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
	struct stat st;

	if (name_of(path, home, e))
		return -1;
	*fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC, 0600);
	if (*fd < 0)
		return err_sys(e, "cannot open '%s'", path);
	if (!fstat(*fd, &st) && S_ISREG(st.st_mode))
		return 0;
	close(*fd);
	*fd = -1;
	return err_set(e, E_io_error, "'%s' is not a file, and nothing was "
	    "done: remove it while no program runs", path);
}

static int64_t
now_ms(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

void
lock_holder(int fd, char out[LOCK_HOLDER])
{
	ssize_t n = pread(fd, out, LOCK_HOLDER - 1, 0);

	out[n > 0 ? (size_t)n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

static int
timed_out(int fd, int64_t wait_ms, struct err *e)
{
	char held[LOCK_HOLDER];

	lock_holder(fd, held);
	return err_set(e, E_lock_timeout, "waited %" PRId64 " ms for the lock"
	    "%s%s", wait_ms, *held ? ", held by " : "", held);
}

void
lock_sign_in(int fd, const char *who)
{
	char text[LOCK_HOLDER], at[CLOCK_TEXT];
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
 * Wait for a lock of one kind or the other, at most so long: 0, or -1 and
 * errno, which is EINTR when the time is over.  Both know no deadline: a
 * timer signal interrupts them then, and goes on ticking in case the first
 * tick comes just before the call.  Not sooner, for who is interrupted and
 * waits again does so behind all others.
 */
typedef int locker(int fd, int how);

static int
wait_with(locker *take, int fd, int how, int64_t wait_ms)
{
	const struct sigaction act = { .sa_handler = wake };
	const struct itimerval tick = {
		.it_interval = { 0, TICK_US },
		.it_value = { wait_ms / 1000, wait_ms % 1000 * 1000 + 1 },
	};
	const struct itimerval off = { { 0, 0 }, { 0, 0 } };
	int64_t until = now_ms(CLOCK_MONOTONIC) + wait_ms;
	struct sigaction old;
	int rc, saved;

	sigaction(SIGALRM, &act, &old);
	setitimer(ITIMER_REAL, &tick, NULL);
	do
		rc = take(fd, how);
	while (rc && errno == EINTR && now_ms(CLOCK_MONOTONIC) < until);
	saved = errno;
	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &old, NULL);
	errno = saved;
	return rc;
}

/*
 * The place next to the lock.  Whoever lets go of the lock and wants it again
 * would often have it before a waiter is awake; now he finds this one taken,
 * and stands behind those who wait for it.  A courtesy: who cannot have it
 * in time, because somebody who has it was stopped, goes on without.
 */
static int
place(int fd, int how, int wait)
{
	struct flock at = {
		.l_type = (short)how, .l_whence = SEEK_SET,
		.l_start = QUEUE_AT, .l_len = 1,
	};

	return fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &at);
}

static int
queue(int fd, int how)
{
	return place(fd, how, 1);
}

static int
wait_for(int fd, int how, int64_t wait_ms, struct err *e)
{
	int64_t from = now_ms(CLOCK_MONOTONIC), left;
	bool queued;
	int rc;

	if (wait_ms <= 0) {
		if (!flock(fd, how | LOCK_NB))
			return 0;
		return errno == EWOULDBLOCK ? timed_out(fd, wait_ms, e) :
		    err_sys(e, "cannot lock");
	}
	queued = how == LOCK_EX && (!place(fd, F_WRLCK, 0) ||
	    !wait_with(queue, fd, F_WRLCK, wait_ms < QUEUE_MS ? wait_ms :
	    QUEUE_MS));
	rc = flock(fd, how | LOCK_NB);
	if (rc) {
		left = wait_ms - (now_ms(CLOCK_MONOTONIC) - from);
		rc = wait_with(flock, fd, how, left > 0 ? left : 0);
	}
	if (rc && errno == EINTR)
		timed_out(fd, wait_ms, e);
	else if (rc)
		err_sys(e, "cannot lock");
	if (queued && place(fd, F_UNLCK, 0) && !rc)
		rc = err_sys(e, "cannot lock");
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
	lock_sign_in(*fd, who);
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
