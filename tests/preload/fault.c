/*
 * fault - stands between a program and the files of one directory, to make
 * calls fail, to kill at one of them, or to note them down.
 *
 *	LD_PRELOAD=.../fault.so FAULT_DIR=/home [FAULT=...] [FAULT_LOG=FILE]
 *
 * FAULT is KIND:N[:HOW[:for ever]].  KIND counts calls on files below
 * FAULT_DIR: write, sync, trunc, unlink, rename (and link), open (that may
 * make a file), mmap, or any of them; "out" counts what leaves the program
 * otherwise: what is sent, written elsewhere, printed, each command that is
 * begun and waited for, which does not inherit us.  That may be killed at, not
 * made to fail.  N is the first that fails, from 1; the fourth
 * field, if there, makes all after it fail, too.  HOW is EIO, ENOSPC, EDQUOT,
 * EROFS, EFBIG, "short" (half of a write is done; the next fails with
 * ENOSPC), "kill", or "done" (killed after the call).  FAULT_HIT is a file
 * that is made when that came to pass, FAULT_COUNT one in which each process
 * says at its end how many calls of that kind it made.  With
 * FAULT_CLOCK=START:STEP the first look at the clock finds it at START, in ms,
 * and each other one STEP later: what is cut by time is cut alike in each run.
 *
 * FAULT_SYNC_US makes each sync take so much longer, as on a slow disk.
 *
 * FAULT_LOG gets a record (fault.h) of each write, truncation, sync and change
 * of a directory, in the order in which they were done, and of each piece of
 * standard output: what was answered by then.  The program itself is the one
 * that is shipped: it calls libc, and we are asked first.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"

static struct {
	char dir[PATH_MAX], kind[16], how[16];
	const char *hit;
	size_t dir_n;
	long n, seen;
	bool ever;
	int log, count;
	int64_t now_ms, step_ms;
	struct timespec slow;
} it = { .log = -1, .count = -1 };

static void
note(char op, const char *path, int64_t at, const void *data, size_t n)
{
	const size_t path_n = strlen(path);
	const struct fault_note head = {
		.op = op, .pid = (int32_t)getpid(), .at = at,
		.path_n = (uint32_t)path_n, .data_n = (uint32_t)n,
	};
	union { const void *in; void *out; } text = { path }, bytes = { data };
	union { const void *in; void *out; } start = { &head };
	const struct iovec all[] = {
		{ start.out, sizeof(head) }, { text.out, path_n },
		{ bytes.out, n },
	};

	if (it.log >= 0 && syscall(SYS_writev, it.log, all, 3) < 0)
		abort();
}

/* The path below the directory, or NULL if it is elsewhere. */
static const char *
below(const char *path)
{
	static const char shm[] = "-shm";
	size_t n = strlen(path);

	if (!it.dir_n || strncmp(path, it.dir, it.dir_n) ||
	    (path[it.dir_n] && path[it.dir_n] != '/'))
		return NULL;
	/* Shared memory does not outlive a crash; but its calls may fail. */
	if (n > sizeof(shm) && !strcmp(path + n + 1 - sizeof(shm), shm))
		return "";
	return path[it.dir_n] ? path + it.dir_n + 1 : ".";
}

static const char *
where(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t n;

	if (!it.dir_n)
		return NULL;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	path[n > 0 ? n : 0] = '\0';
	return below(path);
}

/* A path that may be relative, and need not exist yet. */
static const char *
named(const char *name, char path[PATH_MAX])
{
	char cwd[PATH_MAX] = "";

	if (!it.dir_n || (*name != '/' && !getcwd(cwd, sizeof(cwd))) ||
	    snprintf(path, PATH_MAX, "%s%s%s", cwd, *cwd ? "/" : "", name) >=
	    PATH_MAX)
		return NULL;
	return below(path);
}

static void
hit(void)
{
	int fd;

	if (!it.hit)
		return;
	fd = (int)syscall(SYS_openat, AT_FDCWD, it.hit, O_CREAT | O_WRONLY,
	    0600);
	if (fd >= 0)
		syscall(SYS_close, fd);
}

static bool
is_out(void)
{
	return !strcmp(it.kind, "out");
}

static bool
due(const char *kind, const char *path)
{
	if (!path || !*it.kind || (strcmp(it.kind, kind) &&
	    (strcmp(it.kind, "any") || !strcmp(kind, "out"))))
		return false;
	it.seen++;
	if (it.seen != it.n && !(it.ever && it.seen > it.n))
		return false;
	hit();
	if (!strcmp(it.how, "kill"))
		raise(SIGKILL);
	return true;
}

/* Is this call to fail?  Its errno, or 0; "short" and "done" are not it. */
static int
fails(const char *kind, const char *path, bool *last)
{
	static const struct { const char *word; int number; } words[] = {
		{ "EIO", EIO }, { "ENOSPC", ENOSPC }, { "EDQUOT", EDQUOT },
		{ "EROFS", EROFS }, { "EFBIG", EFBIG },
	};
	size_t i;

	*last = false;
	if (!due(kind, path))
		return 0;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(it.how, words[i].word))
			return words[i].number;
	*last = true;
	return 0;
}

static void
die_if(bool last)
{
	if (last && !strcmp(it.how, "done"))
		raise(SIGKILL);
}

/* A call that leaves the program. */
#define OUT(type, call) do { \
	bool last_; \
	type did_; \
	\
	(void)fails("out", "", &last_); \
	did_ = (type)(call); \
	die_if(last_); \
	return did_; \
} while (0)

static ssize_t
elsewhere(int fd, const void *data, size_t n)
{
	OUT(ssize_t, syscall(SYS_write, fd, data, n));
}

static ssize_t
put(int fd, const void *data, size_t n, off_t at, bool here)
{
	char path[PATH_MAX];
	const char *name = where(fd, path);
	bool last;
	int bad;
	ssize_t did;

	if (!name)
		return here ? elsewhere(fd, data, n) :
		    syscall(SYS_pwrite64, fd, data, n, at);
	bad = fails("write", name, &last);
	if (bad) {
		errno = bad;
		return -1;
	}
	if (last && !strcmp(it.how, "short")) {
		n /= 2;
		strcpy(it.how, "ENOSPC");
		it.n = it.seen + 1;
	}
	if (here)
		at = syscall(SYS_lseek, fd, 0, SEEK_CUR);
	did = here ? syscall(SYS_write, fd, data, n) :
	    syscall(SYS_pwrite64, fd, data, n, at);
	if (did > 0 && *name)
		note(FAULT_WRITE, name, at, data, (size_t)did);
	die_if(last);
	return did;
}

ssize_t
write(int fd, const void *data, size_t n)
{
	return put(fd, data, n, 0, true);
}

ssize_t
pwrite(int fd, const void *data, size_t n, off_t at)
{
	return put(fd, data, n, at, false);
}

ssize_t
pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	return put(fd, data, n, at, false);
}

ssize_t
send(int fd, const void *data, size_t n, int flags)
{
	OUT(ssize_t, syscall(SYS_sendto, fd, data, n, flags, NULL, 0));
}

ssize_t
sendmsg(int fd, const struct msghdr *m, int flags)
{
	OUT(ssize_t, syscall(SYS_sendmsg, fd, m, flags));
}

int
posix_spawnp(pid_t *pid, const char *file,
    const posix_spawn_file_actions_t *files, const posix_spawnattr_t *how,
    char *const argv[], char *const env[])
{
	int (*real)(pid_t *, const char *, const posix_spawn_file_actions_t *,
	    const posix_spawnattr_t *, char *const [], char *const []);

	*(void **)&real = dlsym(RTLD_NEXT, "posix_spawnp");
	OUT(int, real(pid, file, files, how, argv, env));
}

pid_t
waitpid(pid_t pid, int *status, int how)
{
	OUT(pid_t, syscall(SYS_wait4, pid, status, how, NULL));
}

/* What a sync that failed has left on the disk, nobody knows. */
static int
sync_with(long call, int fd)
{
	char path[PATH_MAX];
	const char *name = where(fd, path);
	bool last;
	int bad = fails("sync", name, &last), rc;

	if (bad) {
		if (*name)
			note(FAULT_UNSYNCED, name, 0, NULL, 0);
		errno = bad;
		return -1;
	}
	rc = (int)syscall(call, fd);
	if (name && (it.slow.tv_sec || it.slow.tv_nsec))
		nanosleep(&it.slow, NULL);
	if (!rc && name && *name)
		note(FAULT_SYNC, name, 0, NULL, 0);
	die_if(last);
	return rc;
}

int
fsync(int fd)
{
	return sync_with(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return sync_with(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t n)
{
	char path[PATH_MAX];
	const char *name = where(fd, path);
	bool last;
	int bad = fails("trunc", name, &last), rc;

	if (bad) {
		errno = bad;
		return -1;
	}
	rc = (int)syscall(SYS_ftruncate, fd, n);
	if (!rc && name && *name)
		note(FAULT_TRUNC, name, n, NULL, 0);
	die_if(last);
	return rc;
}

int
ftruncate64(int fd, off64_t n)
{
	return ftruncate(fd, n);
}

int
unlink(const char *file)
{
	char path[PATH_MAX];
	const char *name = named(file, path);
	bool last;
	int bad = fails("unlink", name, &last), rc;

	if (bad) {
		errno = bad;
		return -1;
	}
	rc = (int)syscall(SYS_unlinkat, AT_FDCWD, file, 0);
	if (!rc && name && *name)
		note(FAULT_UNLINK, name, 0, NULL, 0);
	die_if(last);
	return rc;
}

static int
move(char op, const char *from, const char *to)
{
	char a[PATH_MAX], b[PATH_MAX];
	const char *old = named(from, a), *new = named(to, b);
	bool last;
	int bad = fails("rename", new, &last), rc;

	if (bad) {
		errno = bad;
		return -1;
	}
	rc = (int)(op == FAULT_RENAME ?
	    syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0) :
	    syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
	if (!rc && old && new)
		note(op, old, 0, new, strlen(new));
	die_if(last);
	return rc;
}

int
rename(const char *from, const char *to)
{
	return move(FAULT_RENAME, from, to);
}

int
link(const char *from, const char *to)
{
	return move(FAULT_LINK, from, to);
}

int
mkdir(const char *dir, mode_t mode)
{
	char path[PATH_MAX];
	const char *name = named(dir, path);
	bool last;
	int bad = fails("rename", name, &last), rc;

	if (bad) {
		errno = bad;
		return -1;
	}
	rc = (int)syscall(SYS_mkdirat, AT_FDCWD, dir, mode);
	if (!rc && name)
		note(FAULT_MKDIR, name, 0, NULL, 0);
	die_if(last);
	return rc;
}

static int
open_at(const char *file, int flags, mode_t mode)
{
	char path[PATH_MAX];
	const char *name = flags & O_CREAT ? named(file, path) : NULL;
	bool last, fresh;
	int bad = fails("open", name, &last), fd;

	if (bad) {
		errno = bad;
		return -1;
	}
	fresh = name && syscall(SYS_faccessat, AT_FDCWD, file, F_OK);
	fd = (int)syscall(SYS_openat, AT_FDCWD, file, flags, mode);
	if (fd >= 0 && fresh && *name)
		note(FAULT_CREATE, name, 0, NULL, 0);
	else if (fd >= 0 && name && *name && (flags & O_TRUNC))
		note(FAULT_TRUNC, name, 0, NULL, 0);
	die_if(last);
	return fd;
}

#define OPEN(name) \
	int \
	name(const char *file, int flags, ...) \
	{ \
		mode_t mode = 0; \
		va_list ap; \
	\
		va_start(ap, flags); \
		if (flags & (O_CREAT | O_TMPFILE)) \
			mode = va_arg(ap, mode_t); \
		va_end(ap); \
		return open_at(file, flags, mode); \
	}

OPEN(open)
OPEN(open64)

/* A name that is the same in each run: the note is read by a test. */
int
mkstemp(char *form)
{
	static int next;
	char *x = form + strlen(form) - 6;
	int fd;

	do {
		snprintf(x, 7, "%06d", next++);
		fd = open_at(form, O_RDWR | O_CREAT | O_EXCL, 0600);
	} while (fd < 0 && errno == EEXIST);
	return fd;
}

static void *
map(void *at, size_t n, int what, int flags, int fd, off_t from)
{
	char path[PATH_MAX];
	const char *name = fd >= 0 ? where(fd, path) : NULL;
	bool last;
	int bad = fails("mmap", name, &last);

	if (bad) {
		errno = bad;
		return MAP_FAILED;
	}
	return (void *)syscall(SYS_mmap, at, n, what, flags, fd, from);
}

void *
mmap(void *at, size_t n, int what, int flags, int fd, off_t from)
{
	return map(at, n, what, flags, fd, from);
}

void *
mmap64(void *at, size_t n, int what, int flags, int fd, off64_t from)
{
	return map(at, n, what, flags, fd, from);
}

int
clock_gettime(clockid_t which, struct timespec *out)
{
	if (!it.now_ms || which != CLOCK_REALTIME)
		return (int)syscall(SYS_clock_gettime, which, out);
	*out = (struct timespec){
		it.now_ms / 1000, it.now_ms % 1000 * 1000000
	};
	it.now_ms += it.step_ms;
	return 0;
}

/* stdio does not call what we stand before: give it a stream of ours. */
static ssize_t
said(void *unused, const char *data, size_t n)
{
	ssize_t did = elsewhere(STDOUT_FILENO, data, n);

	(void)unused;
	if (did > 0)
		note(FAULT_SAID, "", 0, data, (size_t)did);
	return did > 0 ? did : 0;
}

static ssize_t
put_through(void *fd, const char *data, size_t n)
{
	ssize_t did = write(*(int *)fd, data, n);

	return did > 0 ? did : 0;
}

static int
shut(void *fd)
{
	int rc = (int)syscall(SYS_close, *(int *)fd);

	free(fd);
	return rc;
}

/* So that what is written to a stream goes by us, too. */
FILE *
fopen(const char *path, const char *how)
{
	static const cookie_io_functions_t calls = {
		.write = put_through, .close = shut
	};
	FILE *(*real)(const char *, const char *);
	int *fd;

	if (*how != 'w') {
		*(void **)&real = dlsym(RTLD_NEXT, "fopen");
		return real(path, how);
	}
	fd = malloc(sizeof(*fd));
	if (!fd)
		abort();
	*fd = open_at(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (*fd >= 0)
		return fopencookie(fd, how, calls);
	free(fd);
	return NULL;
}

/* Opened before a sandbox is; no program may close it by its number. */
static int
keep_open(const char *path)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT |
	    O_APPEND | O_CLOEXEC, 0600), high;

	high = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 200);
	syscall(SYS_close, fd);
	return high;
}

__attribute__((constructor))
static void
start(void)
{
	static const cookie_io_functions_t calls = { .write = said };
	const char *dir = getenv("FAULT_DIR"), *what = getenv("FAULT"),
	    *log = getenv("FAULT_LOG"), *clock = getenv("FAULT_CLOCK"),
	    *slow = getenv("FAULT_SYNC_US"), *count = getenv("FAULT_COUNT");
	long us = slow ? strtol(slow, NULL, 10) : 0;
	char ever[16] = "";

	if (clock && sscanf(clock, "%" SCNd64 ":%" SCNd64, &it.now_ms,
	    &it.step_ms) != 2)
		abort();
	if (!dir || !realpath(dir, it.dir))
		return;
	it.hit = getenv("FAULT_HIT");
	it.slow = (struct timespec){ us / 1000000, us % 1000000 * 1000 };
	strcpy(it.how, "EIO");
	if (what && *what && sscanf(what, "%15[^:]:%ld:%15[^:]:%15s",
	    it.kind, &it.n, it.how, ever) < 2)
		abort();
	it.ever = *ever;
	if (log)
		it.log = keep_open(log);
	if (count)
		it.count = keep_open(count);
	if (log || is_out())
		stdout = fopencookie(NULL, "w", calls);
	if (is_out())
		unsetenv("LD_PRELOAD");
	it.dir_n = strlen(it.dir);
}

__attribute__((destructor))
static void
end(void)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", it.seen);

	if (it.count >= 0 && syscall(SYS_write, it.count, text, n) != n)
		abort();
}
