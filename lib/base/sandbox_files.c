#define _GNU_SOURCE		/* O_PATH */
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/sandbox.h"

/* What linux-libc-dev of Debian 12 does not know yet, which is Linux 6.1. */
#define FS_TRUNCATE	(UINT64_C(1) << 14)	/* since version 3 */
#define FS_IOCTL_DEV	(UINT64_C(1) << 15)	/* 5 */
#define NET_BIND	(UINT64_C(1) << 0)	/* 4 */
#define NET_CONNECT	(UINT64_C(1) << 1)	/* 4 */
#define SCOPE_ALL	UINT64_C(3)	/* 6: abstract sockets, signals */

struct rules {			/* as the kernel reads it, in all versions */
	uint64_t fs, net, scope;
};

#define FS_FIRST	((UINT64_C(1) << 13) - 1)	/* all of version 1 */
#define READ_A_FILE	LANDLOCK_ACCESS_FS_READ_FILE
#define READ_ALL	(READ_A_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_A_FILE	(READ_A_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define WRITE_ALL	(READ_ALL | WRITE_A_FILE | FS_TRUNCATE | \
			LANDLOCK_ACCESS_FS_MAKE_REG | \
			LANDLOCK_ACCESS_FS_MAKE_DIR | \
			LANDLOCK_ACCESS_FS_REMOVE_FILE | \
			LANDLOCK_ACCESS_FS_REMOVE_DIR | \
			LANDLOCK_ACCESS_FS_REFER)

/* What libraries open when they feel like it, and what harms nobody. */
static const char *const common[] = {
	"/dev/urandom", "/etc/localtime", "/etc/ssl/openssl.cnf",
	"/sys/devices/system/cpu/online",
#ifdef BZN_TEST
	"/proc",		/* the leak sanitizer, at the end */
#endif
	NULL
};
static const char *const nowhere[] = { "/dev/null", NULL };

/* How names are looked up, and by whom certificates are signed. */
static const char *const calling[] = {
	"/etc/resolv.conf", "/etc/hosts", "/etc/host.conf",
	"/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services",
	"/etc/mdns.allow", "/run/systemd/resolve", "/run/resolvconf",
	"/run/NetworkManager", "/etc/ld.so.cache", "/lib", "/lib64",
	"/usr/lib", "/etc/ssl/certs", "/usr/share/ca-certificates",
	"/usr/local/share/ca-certificates", NULL
};

int
sandbox_landlock(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	return version > 0 ? (int)version : 0;
}

enum sandbox_level
sandbox_probe(void)
{
	int files = sandbox_landlock() > 0;
	int calls = prctl(PR_GET_SECCOMP) >= 0;

	return (files ? SANDBOX_FILES : 0) | (calls ? SANDBOX_CALLS : 0);
}

const char *
sandbox_word(enum sandbox_level level)
{
	switch (level) {
	case SANDBOX_NONE:
		return "none";
	case SANDBOX_FILES:
		return "files only";
	case SANDBOX_CALLS:
		return "calls only";
	case SANDBOX_FULL:
		break;
	}
	return "full";
}

/* All that this version can forbid; what it cannot is left to seccomp. */
static struct rules
all_of(int version, enum sandbox_net net)
{
	struct rules r = { .fs = FS_FIRST };

	if (version >= 2)
		r.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		r.fs |= FS_TRUNCATE;
	if (version >= 4)
		r.net = net == SANDBOX_CONNECT ? NET_BIND :
		    NET_BIND | NET_CONNECT;
	if (version >= 5)
		r.fs |= FS_IOCTL_DEV;
	if (version >= 6)
		r.scope = SCOPE_ALL;
	return r;
}

/* 0, or -1 with errno.  A file has fewer rights than a directory. */
static int
allow(int rules, const struct rules *all, const char *path, uint64_t dir,
    uint64_t file)
{
	struct landlock_path_beneath_attr a = { 0 };
	struct stat st;
	int rc = -1;

	a.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (a.parent_fd < 0)
		return -1;
	if (!fstat(a.parent_fd, &st)) {
		a.allowed_access = all->fs & (S_ISDIR(st.st_mode) ? dir :
		    file);
		rc = (int)syscall(SYS_landlock_add_rule, rules,
		    LANDLOCK_RULE_PATH_BENEATH, &a, 0);
	}
	close(a.parent_fd);
	return rc;
}

/* Of what is no directory, that which it is in; false: it is too long. */
static bool
directory_of(char dir[PATH_MAX], const char *path)
{
	struct stat st;
	char *slash;

	if (snprintf(dir, PATH_MAX, "%s", path) >= PATH_MAX)
		return false;
	if (!stat(dir, &st) && S_ISDIR(st.st_mode))
		return true;
	slash = strrchr(dir, '/');
	if (!slash)
		snprintf(dir, PATH_MAX, ".");
	else
		slash[slash == dir] = '\0';
	return true;
}

static void
allow_each(int rules, const struct rules *all, const char *const *path,
    uint64_t dir, uint64_t file)
{
	for (; path && *path; path++)
		if (strcmp(*path, "-") &&
		    allow(rules, all, *path, dir, file))
			continue;	/* whoever opens it will see why */
}

static void
allow_read(int rules, const struct rules *all, const char *const *path,
    bool again)
{
	char dir[PATH_MAX];
	size_t i;

	allow_each(rules, all, path, READ_ALL, READ_A_FILE);
	for (i = 0; again && path && path[i]; i++)
		if (strcmp(path[i], "-") && !access(path[i], F_OK) &&
		    directory_of(dir, path[i]) &&
		    allow(rules, all, dir, READ_ALL, 0))
			continue;
}

static int
allow_write(int rules, const struct rules *all, const char *path,
    struct err *e)
{
	char dir[PATH_MAX];

	if (!directory_of(dir, path))
		return err_set(e, E_no_file, "the name '%.40s...' is too long",
		    path);
	return allow(rules, all, dir, WRITE_ALL, 0) ?
	    err_sys(e, "cannot open '%s'", dir) : 0;
}

int
sandbox_files(const struct sandbox *s, struct err *e)
{
	const char *const *path;
	struct rules all;
	int rules, rc = 0, version = sandbox_landlock();

	if (s->abi_most && version > s->abi_most)
		version = s->abi_most;
	all = all_of(version, s->net);
	rules = version ? (int)syscall(SYS_landlock_create_ruleset, &all,
	    sizeof(all), 0) : -1;
	if (rules < 0)
		return 0;
	allow_each(rules, &all, common, READ_ALL, READ_A_FILE);
	allow_each(rules, &all, nowhere, 0, WRITE_A_FILE);
	if (s->net == SANDBOX_CONNECT)
		allow_read(rules, &all, calling, s->again);
	allow_read(rules, &all, s->read, s->again);
	for (path = s->write; path && *path && !rc; path++)
		rc = allow_write(rules, &all, *path, e);
	if (!rc)
		rc = !syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
	return rc;
}
