#define _GNU_SOURCE		/* CLONE_THREAD */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/sandbox.h"

#ifdef BZN_TEST
#define DENY SCMP_ACT_KILL_PROCESS	/* so that a test cannot miss it */
/* The leak sanitizer stops its own threads from a process it makes so. */
#define THREAD (CLONE_THREAD | CLONE_UNTRACED)
#else
#define DENY SCMP_ACT_ERRNO(EPERM)
#define THREAD CLONE_THREAD
#endif

static const char *const never[] = {
	/* other programs */
	"execve", "execveat", "fork", "vfork",
	/* other processes; for signals and clone see below */
#ifndef BZN_TEST
	"ptrace",		/* the leak sanitizer again */
#endif
	"process_vm_readv", "process_vm_writev", "process_madvise", "kcmp",
	"pidfd_open", "pidfd_getfd", "pidfd_send_signal", "tkill",
	"rt_sigqueueinfo", "rt_tgsigqueueinfo",
	/* sockets that others connect to; for bind see below */
	"listen",
	/* another view of the files */
	"mount", "umount", "umount2", "pivot_root", "chroot", "move_mount",
	"open_tree", "fsopen", "fsmount", "fsconfig", "fspick",
	"mount_setattr", "unshare", "setns", "open_by_handle_at",
	"fanotify_init", "quotactl", "quotactl_fd", "swapon", "swapoff",
	/* what Landlock does not look at, or not in each version */
	"truncate", "truncate64", "chmod", "fchmodat", "chown", "lchown",
	"fchownat", "chown32", "lchown32", "setxattr", "lsetxattr",
	"removexattr", "lremovexattr", "utime", "utimes", "futimesat",
	"utimensat", "openat2",
	/* another identity */
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid",
	"setfsuid", "setfsgid", "setgroups", "setuid32", "setgid32",
	"setreuid32", "setregid32", "setresuid32", "setresgid32",
	"setfsuid32", "setfsgid32", "setgroups32", "capset", "personality",
	/* the machine */
	"reboot", "kexec_load", "kexec_file_load", "init_module",
	"finit_module", "delete_module", "bpf", "perf_event_open", "keyctl",
	"add_key", "request_key", "userfaultfd", "acct", "syslog",
	"settimeofday", "clock_settime", "clock_settime64", "clock_adjtime",
	"clock_adjtime64", "adjtimex", "stime", "sethostname",
	"setdomainname", "ioperm", "iopl", "vhangup", "nfsservctl",
	/* calls that seccomp would not see */
	"io_uring_setup", "io_uring_enter", "io_uring_register",
	NULL
};

static const char *const offline[] = {
	"socket", "socketpair", "connect", NULL
};

/* What comes in over a socket that listens already. */
static const char *const incoming[] = { "accept", "accept4", NULL };

/* Later than this libseccomp; such numbers are those of every machine. */
static const int later[] = {
	452,	/* fchmodat2 */
	463,	/* setxattrat */
	466,	/* removexattrat */
};

static int
deny(scmp_filter_ctx f, const char *const *name)
{
	int call, rc = 0;

	for (; *name && !rc; name++) {
		call = seccomp_syscall_resolve_name(*name);
		if (call != __NR_SCMP_ERROR)
			rc = seccomp_rule_add_array(f, DENY, call, 0, NULL);
	}
	return rc;
}

/* Calls that are forbidden with some arguments only. */
static int
deny_some(scmp_filter_ctx f)
{
	const scmp_datum_t self = (scmp_datum_t)getpid();
	const scmp_datum_t how = O_ACCMODE | O_TRUNC, word = 0xffffffff;
	const struct {
		int call;
		struct scmp_arg_cmp when;
	} some[] = {
		/* A signal to this process is how abort() and raise() work. */
		{ SCMP_SYS(kill), { 0, SCMP_CMP_NE, self, 0 } },
		{ SCMP_SYS(tgkill), { 0, SCMP_CMP_NE, self, 0 } },
		/* Only threads. */
		{ SCMP_SYS(clone), { 0, SCMP_CMP_MASKED_EQ, THREAD, 0 } },
		/* Opened to be read, and emptied: Landlock 1 and 2 let it. */
		{ SCMP_SYS(open), { 1, SCMP_CMP_MASKED_EQ, how, O_TRUNC } },
		{ SCMP_SYS(openat), { 2, SCMP_CMP_MASKED_EQ, how, O_TRUNC } },
		/* Typing into the terminal, for whoever reads it next. */
		{ SCMP_SYS(ioctl), { 1, SCMP_CMP_MASKED_EQ, word, TIOCSTI } },
		{ SCMP_SYS(ioctl), { 1, SCMP_CMP_MASKED_EQ, word,
		    TIOCLINUX } },
	};
	size_t i;
	int rc = 0;

	for (i = 0; i < sizeof(some) / sizeof(*some) && !rc; i++)
		rc = seccomp_rule_add_array(f, DENY, some[i].call, 1,
		    &some[i].when);
	/* Its flags cannot be seen; without it glibc takes clone(). */
	return rc || seccomp_rule_add_array(f, SCMP_ACT_ERRNO(ENOSYS),
	    SCMP_SYS(clone3), 0, NULL);
}

/*
 * Who looks up names binds a socket of netlink to ask for addresses of its
 * own, and does without if it may not.
 */
static int
deny_bind(scmp_filter_ctx f, enum sandbox_net net)
{
	return seccomp_rule_add_array(f, net == SANDBOX_CONNECT ?
	    SCMP_ACT_ERRNO(EPERM) : DENY, SCMP_SYS(bind), 0, NULL);
}

/* Are the calls restricted now?  The kernel may have no seccomp. */
static bool
restrict_calls(enum sandbox_net net)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	bool done = false;
	size_t i;
	int rc;

	if (!f)
		return false;
	/* Leaves a line in the system's log, if that is kept. */
	rc = seccomp_attr_set(f, SCMP_FLTATR_CTL_LOG, 1) == -ENOMEM ||
	    deny(f, never) || deny_some(f) || deny_bind(f, net) ||
	    (net != SANDBOX_CONNECT && deny(f, offline)) ||
	    (net != SANDBOX_SERVE && deny(f, incoming));
	for (i = 0; i < sizeof(later) / sizeof(*later) && !rc; i++)
		rc = seccomp_rule_add_array(f, DENY, later[i], 0, NULL);
	if (!rc)
		done = !seccomp_load(f);
	seccomp_release(f);
	return done;
}

int
sandbox_enter(const struct sandbox *s, enum sandbox_level *reached,
    struct err *e)
{
	int files;
	bool calls;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		*reached = SANDBOX_NONE;
		return 0;
	}
	files = sandbox_files(s, e);
	if (files < 0)
		return -1;
	calls = restrict_calls(s->net);
	*reached = (files ? SANDBOX_FILES : 0) | (calls ? SANDBOX_CALLS : 0);
	return 0;
}
