#define _GNU_SOURCE	/* memfd_create(), pidfd_open() */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
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

/* --- the process that may run it ------------------------------------------ */

/* A descriptor goes along with the byte. */
union parcel { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr head; };

static int
take(int from, int *out)
{
	union parcel with;
	char byte;
	struct iovec one = { &byte, 1 };
	struct msghdr m = { .msg_iov = &one, .msg_iovlen = 1,
	    .msg_control = with.room, .msg_controllen = sizeof(with.room) };
	struct cmsghdr *c;

	if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	c = CMSG_FIRSTHDR(&m);
	if (!c || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(*out)))
		return -1;
	memcpy(out, CMSG_DATA(c), sizeof(*out));
	return 0;
}

static int
hand(int to, int fd)
{
	union parcel with = { .room = "" };
	char byte = 0;
	struct iovec one = { &byte, 1 };
	struct msghdr m = { .msg_iov = &one, .msg_iovlen = 1,
	    .msg_control = with.room, .msg_controllen = sizeof(with.room) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(to, &m, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

/* Until nobody is there any more who could want something. */
static _Noreturn void
serve(int fd, char *const argv[], int64_t wait_ms)
{
	struct err e;
	pid_t pid;
	int from;

	/* Locks and the store are its maker's. */
	if (dup2(fd, STDERR_FILENO + 1) < 0)
		_exit(1);
	fd = STDERR_FILENO + 1;
	close_range((unsigned)fd + 1, ~0u, 0);
	while (!take(fd, &from)) {
		e = (struct err){ 0 };
		if (!start(argv, from, &pid, &e))
			(void)!end(pid, wait_ms, &e);
		close(from);
		if (send(fd, &e, sizeof(e), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

int
feed_open(struct feed *f, const char *cmd, int64_t wait_ms, struct err *e)
{
	char *argv[WORDS_MAX + 1], *text = mem_text(cmd);
	int pair[2] = { -1, -1 }, rc = words_split(text, argv, e);

	if (!rc && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		rc = err_sys(e, "cannot make a pair of sockets");
	if (!rc) {
		f->fd = pair[0];
		f->pid = fork();
		if (!f->pid)
			serve(pair[1], argv, wait_ms);
		if (f->pid < 0) {
			rc = err_sys(e, "cannot make a process");
			close(f->fd);
			f->pid = 0;
		}
		close(pair[1]);
	}
	free(text);
	return rc;
}

int
feed_run(const struct feed *f, const void *data, size_t n, struct err *e)
{
	struct err said;
	int from = -1, rc;

	if (fill(data, n, &from, e))
		return -1;
	rc = hand(f->fd, from) ||
	    recv(f->fd, &said, sizeof(said), 0) != sizeof(said);
	close(from);
	if (rc)
		return err_set(e, E_not_delivered, "who runs the command has "
		    "died");
	if (!said.code)
		return 0;
	*e = said;
	return -1;
}

void
feed_close(struct feed *f)
{
	if (f->pid <= 0)
		return;
	close(f->fd);
	while (waitpid(f->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*f = (struct feed){ 0 };
}
