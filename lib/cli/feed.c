#define _GNU_SOURCE	/* memfd_create(), pidfd_open() */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/feed.h"
#include "cli/words.h"

extern char **environ;

/* A file in memory: a reader that stops early is nobody's SIGPIPE. */
static int
fill(const void *data, size_t n, int *out, struct err *e)
{
	const char *p = data;
	ssize_t did;
	int fd = memfd_create("feed", MFD_CLOEXEC);

	if (fd < 0)
		return err_sys(e, "cannot make a file in memory");
	while (n) {
		did = write(fd, p, n);
		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			break;
		p += did;
		n -= (size_t)did;
	}
	if (n || lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return err_sys(e, "cannot write a file in memory");
	}
	*out = fd;
	return 0;
}

static int
start(char *const argv[], int from, pid_t *pid, struct err *e)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int rc;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_adddup2(&files, from, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	rc = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc ? err_set(e, E_not_delivered, "cannot run '%.40s': %s",
	    argv[0], strerror(rc)) : 0;
}

static int
end(pid_t pid, int64_t wait_ms, struct err *e)
{
	struct pollfd p = { .events = POLLIN };
	int status = 0, late;

	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	late = p.fd >= 0 && poll(&p, 1, (int)wait_ms) == 0;
	if (p.fd >= 0)
		close(p.fd);
	if (late)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(e, "cannot wait for the command");
	if (late)
		return err_set(e, E_not_delivered, "the command did not end "
		    "in time");
	if (WIFSIGNALED(status))
		return err_set(e, E_not_delivered, "the command died of "
		    "signal %d", WTERMSIG(status));
	return WEXITSTATUS(status) ? err_set(e, E_not_delivered, "the command "
	    "ended with status %d", WEXITSTATUS(status)) : 0;
}

int
feed_run(const char *cmd, const void *data, size_t n, int64_t wait_ms,
    struct err *e)
{
	char *argv[WORDS_MAX + 1], *text = mem_text(cmd);
	int from = -1, rc;
	pid_t pid = -1;

	rc = words_split(text, argv, e) || fill(data, n, &from, e) ||
	    start(argv, from, &pid, e) || end(pid, wait_ms, e) ? -1 : 0;
	if (from >= 0)
		close(from);
	free(text);
	return rc;
}
