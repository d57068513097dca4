/*
 * box - enter the sandbox as a program does, and try what it is against.
 *
 *	box forbidden	each act, alone in a process, outside and inside
 *	box allowed	what programs need, in one process
 *
 *	box write OUT F	allow to write OUT, and write F
 *	box abort	with a signal to itself
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <seccomp.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/sandbox.h"
#include "cli/box.h"
#include "cli/cli.h"
#include "crypto/secret.h"

/* Of the calls that seccomp forbids, the leak sanitizer needs this one. */
#ifdef BZN_TEST
#define TRACING SANDBOX_FILES
#else
#define TRACING SANDBOX_CALLS
#endif
#define KILLED 255		/* an errno that is none */

static const char *const reads[] = {
	"in/operand", "-", "/dev/fd/9", "missing", NULL
};
static const char *writes[] = { "out", NULL };
static bool require, calling;
static const char *without;
static int64_t abi;
static int ready;		/* a socket from before */

static int
opens(const char *path, int how)
{
	int fd = open(path, how | O_CLOEXEC, 0600);

	return fd < 0 ? -1 : close(fd);
}

static int
loopback(int (*act)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_in a = { .sin_family = AF_INET };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return act(ready, (const struct sockaddr *)&a, sizeof(a));
}

static int
connects(int fd, const struct sockaddr *to, socklen_t n)
{
	/* Refused is as good as accepted: it has been tried. */
	return connect(fd, to, n) && errno != ECONNREFUSED &&
	    errno != EADDRNOTAVAIL ? -1 : 0;
}

static int
ends(pid_t pid)			/* of a child that should not be */
{
	if (!pid)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

static int a_shadow(void) { return opens("/etc/shadow", O_RDONLY); }
static int a_other(void) { return opens("other/secret", O_RDONLY); }
static int a_away(void) { return opens("out/away", O_RDONLY); }
static int a_list(void) { return opens("other", O_RDONLY | O_DIRECTORY); }
static int a_write(void) { return opens("in/operand", O_WRONLY); }
static int a_empty(void) { return opens("in/operand", O_TRUNC); }
static int a_cut(void) { return truncate("in/operand", 0); }
static int a_new(void) { return opens("other/new", O_WRONLY | O_CREAT); }
static int a_mkdir(void) { return mkdir("other/dir", 0700); }
static int a_unlink(void) { return unlink("other/secret"); }
static int a_rename(void) { return rename("out/own", "other/own"); }
static int a_fetch(void) { return rename("other/secret", "out/taken"); }
static int a_link(void) { return link("other/secret", "out/taken"); }
static int a_symlink(void) { return symlink("../other", "out/door"); }
static int a_chmod(void) { return chmod("other/secret", 0644); }
static int a_connect(void) { return loopback(connects); }
static int a_bind(void) { return loopback(bind); }
static int a_listen(void) { return listen(ready, 1); }
static int a_tcp(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int a_unix(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static int a_raw(void) { return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static int a_exec(void) { return execl("/bin/true", "true", (char *)0); }
static int a_fork(void) { return ends(fork()); }
static int a_clone(void)
{
	return ends((pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}
static int a_ptrace(void)
{
	return (int)ptrace(PTRACE_SEIZE, getppid(), 0, 0);
}
static int a_memory(void)
{
	char here;
	struct iovec to = { &here, 1 }, from = { &ready, 1 };

	return process_vm_readv(getppid(), &to, 1, &from, 1, 0) < 0 ? -1 : 0;
}
static int a_kill(void) { return kill(getppid(), SIGCONT); }
static int a_mount(void) { return mount("none", "out", "no-such", 0, 0); }
static int a_chroot(void) { return chroot("in"); }
static int a_unshare(void) { return unshare(CLONE_NEWUSER); }
static int a_setuid(void) { return setuid(getuid() + 1); }
static int a_reboot(void) { return (int)syscall(SYS_reboot, 1, 2, 3, 0); }
static int a_module(void)
{
	return (int)syscall(SYS_init_module, NULL, 0, NULL);
}
static int a_bpf(void) { return (int)syscall(SYS_bpf, -1, NULL, 0); }
static int a_keyctl(void)
{
	return (int)syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
	    KEY_SPEC_PROCESS_KEYRING, 1);
}
static int a_uring(void)
{
	struct io_uring_params p = { 0 };

	return (int)syscall(SYS_io_uring_setup, 1, &p);
}
static int a_type(void) { return ioctl(ready, TIOCSTI, "x"); }

static const struct act {
	const char *name;
	int (*run)(void);
	int needs;		/* what of the sandbox, as its level */
	bool calls;		/* not who may connect */
} acts[] = {
	{ "read /etc/shadow", a_shadow, SANDBOX_FILES, false },
	{ "read another's file", a_other, SANDBOX_FILES, false },
	{ "read through a link", a_away, SANDBOX_FILES, false },
	{ "list a directory", a_list, SANDBOX_FILES, false },
	{ "write an operand", a_write, SANDBOX_FILES, false },
	{ "open and empty it", a_empty, SANDBOX_CALLS, false },
	{ "truncate it", a_cut, SANDBOX_CALLS, false },
	{ "write outside", a_new, SANDBOX_FILES, false },
	{ "mkdir outside", a_mkdir, SANDBOX_FILES, false },
	{ "unlink outside", a_unlink, SANDBOX_FILES, false },
	{ "rename outside", a_rename, SANDBOX_FILES, false },
	{ "rename inside", a_fetch, SANDBOX_FILES, false },
	{ "link inside", a_link, SANDBOX_FILES, false },
	{ "symlink outside", a_symlink, SANDBOX_FILES, false },
	{ "chmod outside", a_chmod, SANDBOX_CALLS, false },
	{ "connect", a_connect, SANDBOX_CALLS, true },
	{ "bind", a_bind, SANDBOX_CALLS, false },
	{ "listen", a_listen, SANDBOX_CALLS, false },
	{ "tcp socket", a_tcp, SANDBOX_CALLS, true },
	{ "unix socket", a_unix, SANDBOX_CALLS, true },
	{ "raw socket", a_raw, SANDBOX_CALLS, true },
	{ "exec", a_exec, SANDBOX_CALLS, false },
	{ "fork", a_fork, SANDBOX_CALLS, false },
	{ "clone", a_clone, SANDBOX_CALLS, false },
	{ "ptrace the parent", a_ptrace, TRACING, false },
	{ "read its memory", a_memory, SANDBOX_CALLS, false },
	{ "kill it", a_kill, SANDBOX_CALLS, false },
	{ "mount", a_mount, SANDBOX_CALLS, false },
	{ "chroot", a_chroot, SANDBOX_CALLS, false },
	{ "unshare", a_unshare, SANDBOX_CALLS, false },
	{ "setuid", a_setuid, SANDBOX_CALLS, false },
	{ "reboot", a_reboot, SANDBOX_CALLS, false },
	{ "init_module", a_module, SANDBOX_CALLS, false },
	{ "bpf", a_bpf, SANDBOX_CALLS, false },
	{ "keyctl", a_keyctl, SANDBOX_CALLS, false },
	{ "io_uring", a_uring, SANDBOX_CALLS, false },
	{ "type into a terminal", a_type, SANDBOX_CALLS, false },
};

static void
put(const char *path)
{
	struct err e = { 0 };

	if (file_write(path, "content\n", 8, 0600, &e))
		abort();
}

/* The same files for each act, whatever the one before has done. */
static void
prepare(void)
{
	static const char *const made[] = {
		"other/new", "other/own", "out/taken", "out/door", "out/away",
	};
	size_t i;

	mkdir("in", 0700);
	mkdir("out", 0700);
	mkdir("other", 0700);
	for (i = 0; i < sizeof(made) / sizeof(*made); i++)
		unlink(made[i]);
	rmdir("other/dir");
	put("in/operand");
	put("out/own");
	put("other/secret");
	if (symlink("../other/secret", "out/away"))
		abort();
}

/* Make this kernel one that has not what --without names. */
static void
forget(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	const struct scmp_arg_cmp filter = {
		0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0
	};
	uint32_t no = SCMP_ACT_ERRNO(ENOSYS);
	int rc;

	if (!strcmp(without, "landlock"))
		rc = seccomp_rule_add_array(f, no,
		    SCMP_SYS(landlock_create_ruleset), 0, NULL);
	else
		rc = seccomp_rule_add_array(f, no, SCMP_SYS(seccomp), 0,
			NULL) ||
		    seccomp_rule_add_array(f, no, SCMP_SYS(prctl), 1, &filter);
	if (rc || seccomp_load(f))
		abort();
	seccomp_release(f);
}

static int
enter(struct cli *c, struct err *e)
{
	const struct sandbox old = {
		.read = reads, .write = writes, .abi_most = (int)abi,
		.net = calling ? SANDBOX_CONNECT : SANDBOX_OFFLINE,
	};
	enum sandbox_level level;

	if (without)
		forget();
	return abi ? sandbox_enter(&old, &level, e) : calling ?
	    cli_sandbox_connect(c, require, false, reads, writes, e) :
	    cli_sandbox(c, require, reads, writes, e);
}

/* The errno of an act, 0 if it was done. */
static int
try(struct cli *c, const struct act *a, bool inside, struct err *e)
{
	int status;
	pid_t pid;

	prepare();
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (inside && enter(c, e))
			_exit(KILLED - 1);
		errno = 0;
		_exit(a->run() < 0 ? errno : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? KILLED : KILLED - 1;
	return WEXITSTATUS(status);
}

static bool
blocked(int error)
{
	return error == EPERM || error == EACCES || error == EXDEV ||
	    error == KILLED;
}

static const char *
word(int error)
{
	return !error ? "done" : error == KILLED ? "killed" :
	    error == KILLED - 1 ? "failed" : strerrorname_np(error);
}

static int
forbidden(struct cli *c, struct err *e)
{
	const size_t n = sizeof(acts) / sizeof(*acts);
	int outside, inside, count = 0, loose = 0, due = 0, held = 0;
	int level = !without ? SANDBOX_FULL :
	    strcmp(without, "landlock") ? SANDBOX_FILES : SANDBOX_CALLS;
	size_t i, tried = 0;

	ready = socket(AF_INET, SOCK_STREAM, 0);
	for (i = 0; i < n; i++) {
		if (calling && acts[i].calls)
			continue;
		tried++;
		outside = try(c, &acts[i], false, e);
		inside = try(c, &acts[i], true, e);
		printf("%-22s %-8s %s\n", acts[i].name, word(outside),
		    word(inside));
		loose += !blocked(outside);
		count += blocked(inside);
		due += (acts[i].needs & level) != 0;
		held += (acts[i].needs & level) && blocked(inside);
	}
	printf("free outside: %d of %zu\n", loose, tried);
	printf("blocked: %d of %zu\n", count, tried);
	return due == held ? 0 : err_set(e, E_denied, "%d of %d are blocked",
	    held, due);
}

static int
reads_all(const char *path)
{
	struct buf text = BUF_INIT(100);
	struct err e;
	int rc = file_read(&text, path, &e);

	rc = rc || strcmp(text.data, "content\n") ? -1 : 0;
	buf_release(&text);
	return rc;
}

static int w_operand(void) { return reads_all("in/operand"); }
static int w_stdin(void) { return reads_all("-"); }
static int w_pipe(void) { return reads_all("/dev/fd/9"); }
static int w_missing(void)
{
	return opens("missing", O_RDONLY) && errno == ENOENT ? 0 : -1;
}
/* Whoever may connect looks up names, too. */
static int w_name(void)
{
	const struct addrinfo want = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;

	if (!calling)
		return 0;
	if (getaddrinfo("localhost", "80", &want, &found))
		return -1;
	freeaddrinfo(found);
	ready = socket(AF_INET, SOCK_STREAM, 0);
	return ready < 0 ? -1 : loopback(connects);
}
static int w_null(void) { return opens("/dev/null", O_RDWR); }
static int w_list(void) { return opens("out", O_RDONLY | O_DIRECTORY); }
static int w_write(void)
{
	struct err e = { 0 };

	return file_write("out/own", "x", 1, 0600, &e) ||
	    file_create("out/taken", "x", 1, 0600, &e) ||
	    file_mkdir("out/a/b", 0700, &e) ||
	    file_write("out/a/b/c", "x", 1, 0600, &e) ||
	    rename("out/a/b/c", "out/a/b/d") || unlink("out/a/b/d") ||
	    rmdir("out/a/b") || rmdir("out/a") ? -1 : 0;
}

static int
w_malloc(void)
{
	const size_t n = (size_t)64 << 20;
	char *p = malloc(n);
	int rc = p ? 0 : -1;

	if (p)
		explicit_bzero(p, n);
	free(p);
	return rc;
}

static void *
work(void *arg)
{
	free(malloc(100000));
	return arg;
}

static int
w_thread(void)
{
	pthread_t t[4];
	void *got;
	int i, rc = 0;

	for (i = 0; i < 4 && !rc; i++)
		rc = pthread_create(&t[i], NULL, work, &ready);
	while (i--)
		rc |= pthread_join(t[i], &got) || got != &ready;
	return rc ? -1 : 0;
}

static int
w_random(void)
{
	char some[16];

	return getrandom(some, sizeof(some), 0) == 16 ? 0 : -1;
}

static int
w_clock(void)
{
	struct timespec t = { 0, 1000 };
	struct timeval v;

	return clock_gettime(CLOCK_REALTIME, &t) || gettimeofday(&v, NULL) ||
	    nanosleep(&(struct timespec){ 0, 1000 }, NULL) ? -1 : 0;
}

static int
w_secret(void)
{
	struct secret s;

	secret_random(&s, 1024);
	secret_release(&s);
	return 0;
}

static int
w_openssl(void)
{
	unsigned char key[32], sum[32];

	return RAND_bytes(key, sizeof(key)) == 1 &&
	    PKCS5_PBKDF2_HMAC("a", 1, key, 32, 1000, EVP_sha256(), 32,
		sum) == 1 &&
	    EVP_Digest(key, 32, sum, NULL, EVP_sha256(), NULL) == 1 ? 0 : -1;
}

static int
w_sqlite(void)
{
	sqlite3 *db;
	int rc = sqlite3_open("out/db", &db) || sqlite3_exec(db,
	    "PRAGMA journal_mode = WAL; CREATE TABLE a (b);"
	    "BEGIN IMMEDIATE; INSERT INTO a VALUES (randomblob(9)); COMMIT;"
	    "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;"
	    "DROP TABLE a; VACUUM", NULL, NULL, NULL);

	return sqlite3_close(db) || rc || unlink("out/db") ? -1 : 0;
}

static int
w_signal(void)
{
	return signal(SIGUSR1, SIG_IGN) == SIG_ERR || raise(SIGUSR1) ||
	    kill(getpid(), SIGUSR1) ? -1 : 0;
}

static int
allowed(struct cli *c, struct err *e)
{
	static const struct act works[] = {
		{ "read an operand", w_operand, 0, false },
		{ "read standard input", w_stdin, 0, false },
		{ "read a pipe by its name", w_pipe, 0, false },
		{ "see that a file is missing", w_missing, 0, false },
		{ "open /dev/null", w_null, 0, false },
		{ "list the output directory", w_list, 0, false },
		{ "write in it", w_write, 0, false },
		{ "malloc", w_malloc, 0, false },
		{ "threads", w_thread, 0, false },
		{ "getrandom", w_random, 0, false },
		{ "clocks", w_clock, 0, false },
		{ "locked memory", w_secret, 0, false },
		{ "openssl", w_openssl, 0, false },
		{ "sqlite", w_sqlite, 0, false },
		{ "a signal to itself", w_signal, 0, false },
		{ "a name and its address", w_name, 0, false },
	};
	const size_t n = sizeof(works) / sizeof(*works);
	size_t i, good = 0;

	prepare();
	if (enter(c, e))
		return -1;
	for (i = 0; i < n; i++) {
		errno = 0;
		if (works[i].run())
			printf("%s: %s\n", works[i].name, word(errno));
		else
			good++;
	}
	printf("allowed: %zu of %zu\n", good, n);
	return cli_flush(e);
}

static int
writes_to(struct cli *c, struct err *e)
{
	writes[0] = c->argv[0];
	if (enter(c, e))
		return -1;
	return opens(c->argv[1], O_WRONLY | O_CREAT) ?
	    err_sys(e, "cannot open it") : 0;
}

static int
aborts(struct cli *c, struct err *e)
{
	prepare();
	if (enter(c, e))
		return -1;
	abort();
}

int
main(int argc, char *argv[])
{
	static const struct opt opts[] = {
		OPT_SANDBOX(&require),
		OPT_STR(0, "without", "WHAT", &without, "as if it had none"),
		OPT_FLAG(0, "connect", &calling, "as one that may connect"),
		OPT_NUM(0, "abi", "N", &abi, "as if Landlock were so old"),
		OPT_END
	};
	static const struct verb verbs[] = {
		{ "forbidden", "", "try what is not allowed", 0, 0, CLI_READ,
		    opts, NULL, forbidden },
		{ "allowed", "", "try what is", 0, 0, CLI_READ, opts, NULL,
		    allowed },
		{ "write", "out file", "allow one, try the other", 2, 2,
		    CLI_READ, opts, NULL, writes_to },
		{ "abort", "", "do so", 0, 0, CLI_READ, opts, NULL, aborts },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "box", .brief = "try a sandbox",
		.examples = "", .statuses = "0 2 5", .verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
