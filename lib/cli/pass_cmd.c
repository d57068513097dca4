#define _GNU_SOURCE	/* posix_spawn_file_actions_addclosefrom_np() */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/impl.h"
#include "cli/pass.h"
#include "cli/words.h"
#include "crypto/secret.h"

extern char **environ;

/*
 * Start it with nothing to read, its output in the pipe, and none of our
 * other descriptors, since the next passphrase may be in one.  On a terminal
 * it stays in our process group, or it could not ask there; elsewhere it gets
 * its own, so that all it has started can be killed.
 */
static int
start(char *const argv[], int to, bool group, const sigset_t *mask,
    pid_t *pid, struct err *e)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t usual;
	int rc;

	sigemptyset(&usual);
	sigaddset(&usual, SIGCHLD);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, to, STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	posix_spawnattr_setsigmask(&attr, mask);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setflags(&attr, (short)(POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETSIGDEF | (group ? POSIX_SPAWN_SETPGROUP : 0)));
	rc = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc ? err_set(e, E_no_passphrase, "cannot run '%.40s': %s",
	    argv[0], strerror(rc)) : 0;
}

/* SIGCHLD is blocked, so it cannot come between asking and waiting. */
static int
reap(pid_t pid, int64_t until_ms, int *status)
{
	struct timespec t = { 0 };
	int64_t left;
	sigset_t child;
	pid_t got;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (!(got = waitpid(pid, status, WNOHANG))) {
		left = until_ms - pass_clock_ms();
		if (left <= 0)
			return -1;
		t.tv_sec = left / 1000;
		t.tv_nsec = left % 1000 * 1000000;
		sigtimedwait(&child, NULL, &t);
	}
	return got == pid ? 0 : -1;
}

static int
judge(int status, struct err *e)
{
	if (WIFSIGNALED(status))
		return err_set(e, E_no_passphrase, "the command died of "
		    "signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		return err_set(e, E_no_passphrase, "the command ended with "
		    "status %d", WEXITSTATUS(status));
	return 0;
}

/* Read what it says; takes from. */
static int
listen_to(pid_t pid, bool group, int from, struct secret *out,
    int64_t until_ms, struct err *e)
{
	int status, rc = pass_drain(from, out, until_ms, e);

	close(from);
	if (!rc && out->len < out->cap && !reap(pid, until_ms, &status))
		return judge(status, e);
	kill(group ? -pid : pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (!rc && out->len == out->cap)
		return 0;		/* is too long, as the caller sees */
	return err_set(e, E_no_passphrase, "the command did not end in time");
}

static int
run(char *const argv[], struct secret *out, int64_t until_ms, struct err *e)
{
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	struct sigaction was;
	sigset_t child, mask;
	int ends[2], rc, tty = pass_tty();
	pid_t pid;

	if (tty >= 0)
		close(tty);
	if (pipe(ends))
		return err_sys(e, "cannot make a pipe");
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &mask);
	sigaction(SIGCHLD, &usual, &was);
	rc = start(argv, ends[1], tty < 0, &mask, &pid, e);
	close(ends[1]);
	if (rc)
		close(ends[0]);
	else
		rc = listen_to(pid, tty < 0, ends[0], out, until_ms, e);
	sigaction(SIGCHLD, &was, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return rc;
}

int
pass_run(const char *cmd, struct secret *out, int64_t until_ms, struct err *e)
{
	char *argv[WORDS_MAX + 1], *text = mem_text(cmd);
	int rc = words_split(text, argv, e) ||
	    run(argv, out, until_ms, e) ? -1 : 0;

	free(text);
	return rc;
}
