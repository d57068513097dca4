#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "store/health.h"
#include "store/impl.h"
#include "store/lock.h"

#define WAL_RESET_FIXED 3051003	/* the first SQLite without that bug */

static int
path_in(char path[PATH_MAX], const char *home, const char *name,
    struct err *e)
{
	return snprintf(path, PATH_MAX, "%s/%s", home, name) < PATH_MAX ? 0 :
	    err_set(e, E_no_file, "the name of the home is too long");
}

static int
look_fs(struct health *h, const char *home, struct err *e)
{
	static const struct { unsigned long type; const char *name; } known[] =
	{
		{ 0xef53, "ext4" }, { 0x58465342, "xfs" },
		{ 0x9123683e, "btrfs" }, { 0x01021994, "tmpfs" },
		{ 0x858458f6, "ramfs" }, { 0x794c7630, "overlay" },
		{ 0x2fc12fc1, "zfs" }, { 0xf2f52010, "f2fs" },
		{ 0x6969, "nfs" }, { 0x65735546, "fuse" },
	};
	struct statvfs vfs;
	struct statfs fs;
	size_t i;

	if (statfs(home, &fs) || statvfs(home, &vfs))
		return errno == ENOENT || errno == ENOTDIR ?
		    store_no_ledger(home, e) :
		    err_sys(e, "cannot look at '%s'", home);
	snprintf(h->fs, sizeof(h->fs), "0x%lx", (unsigned long)fs.f_type);
	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].type == (unsigned long)fs.f_type)
			snprintf(h->fs, sizeof(h->fs), "%s", known[i].name);
	h->network = store_is_network((unsigned long)fs.f_type);
	h->volatile_fs = !strcmp(h->fs, "tmpfs") || !strcmp(h->fs, "ramfs");
	h->read_only = vfs.f_flag & ST_RDONLY;
	h->free_bytes = (int64_t)(vfs.f_bavail * vfs.f_frsize);
	return 0;
}

/* Whoever waits for it at this moment waits no longer for our look. */
static int
look_lock(struct health *h, const char *home, struct err *e)
{
	char path[PATH_MAX];
	struct stat st;
	int fd;

	if (path_in(path, home, "node.lock", e))
		return -1;
	if (lstat(path, &st)) {
		h->lock = LOCK_NONE;
		return errno == ENOENT ? 0 :
		    err_sys(e, "cannot look at '%s'", path);
	}
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	h->lock = fd < 0 && errno == EACCES ? LOCK_DENIED : LOCK_ODD;
	if (S_ISREG(st.st_mode) && !(st.st_mode & 022) && fd >= 0) {
		h->lock = flock(fd, LOCK_SH | LOCK_NB) ? LOCK_HELD :
		    LOCK_FREE;
		lock_holder(fd, h->holder);
		h->doubt = lock_warned(fd);
	}
	if (fd >= 0)
		close(fd);
	return 0;
}

static int
look_files(struct health *h, const char *home, struct err *e)
{
	char db[PATH_MAX], wal[PATH_MAX], left[PATH_MAX], head[20];
	struct stat st;
	int fd;

	if (path_in(db, home, "node.db", e) ||
	    path_in(wal, home, "node.db-wal", e) ||
	    path_in(left, home, ".restore", e))
		return -1;
	h->wal_bytes = stat(wal, &st) ? -1 : (int64_t)st.st_size;
	h->leftover = !access(left, F_OK);
	fd = open(db, O_RDONLY | O_CLOEXEC);
	h->has_db = fd >= 0;
	/* The versions that may write and read it: 2 is a log. */
	h->wal = pread(fd, head, sizeof(head), 0) == sizeof(head) &&
	    head[18] == 2 && head[19] == 2;
	if (fd >= 0)
		close(fd);
	return 0;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* As a commit does it: a page at the end of a file, and a sync. */
static void
time_syncs(struct health *h, const char *home)
{
	static const char page[4096] = { 1 };
	int64_t took[HEALTH_SYNCS], start;
	char path[PATH_MAX];
	struct err ignored;
	int fd, i;

	h->sync_us = -1;
	if (h->read_only || path_in(path, home, ".sync.XXXXXX", &ignored))
		return;
	fd = mkstemp(path);
	if (fd < 0)
		return;
	unlink(path);
	for (i = 0; i < HEALTH_SYNCS; i++) {
		start = now_us();
		if (write(fd, page, sizeof(page)) != sizeof(page) ||
		    fdatasync(fd))
			break;
		took[i] = now_us() - start;
	}
	close(fd);
	if (i < HEALTH_SYNCS)
		return;
	qsort(took, HEALTH_SYNCS, sizeof(*took), by_size);
	h->sync_us = took[HEALTH_SYNCS / 2];
}

const char *
health_engine(bool *wal_reset)
{
	*wal_reset = sqlite3_libversion_number() < WAL_RESET_FIXED;
	return sqlite3_libversion();
}

int
health_look(struct health *h, const char *home, struct err *e)
{
	*h = (struct health){ 0 };
	h->engine = health_engine(&h->wal_reset);
	if (look_fs(h, home, e) || look_lock(h, home, e) ||
	    look_files(h, home, e))
		return -1;
	time_syncs(h, home);
	return 0;
}
