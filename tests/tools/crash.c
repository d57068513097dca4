/*
 * crash - what would be on the disk if the power had failed: the images, and
 * whether the shipped programs make of each what was promised.
 *
 *	crash images LOG DIR N SEED [EVERY [FIRST]]
 *
 * LOG is what preload/fault.c noted.  At each sync, and at the end, up to N
 * images of the directory are made in DIR: with all, with none, and with a
 * random part of what no sync has made durable, torn at 512 and at 4,096
 * bytes, and with garbage for the last write.  Each is opened by bzn-ledger:
 * verify has to say 0, also since the last checkpoint that was let out; every
 * id that was answered "posted" and every escrow said to be closed by then
 * has to be there, no id twice, none that was said not to be there; a file
 * N.leaves is that of N leaves or is not there; and posting and signing go
 * on.  Prints how many there were; the first that is wrong stays in DIR.
 * With EVERY, only each so manieth sync is looked at, from FIRST on.
 *
 *	crash deaf LOG DIR N SEED [EVERY]	the same for a disk that does
 *	nothing when told to sync, which has to be found out
 *	crash denied LOG ID		note that it was said not to be there
 *
 * What is assumed of a disk: a write within a file is durable after its sync,
 * a name after that of its directory; names come to the disk in order.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"

#include "../preload/fault.h"

#define FILES 64
#define LOG_MAX ((size_t)1 << 30)
#define SECTOR 512
#define PAGE 4096
#define ORIGIN "ledger.example/test"

struct change {
	char op;			/* a write, or a truncation */
	bool unsure;			/* its sync failed */
	size_t at, n;
	const char *data;		/* borrowed from the log */
};

struct inode {
	char *base;			/* durable */
	size_t base_n;
	struct change *change;		/* since then, in order */
	size_t n, cap;
};

struct name {
	char path[128];
	int inode;			/* -1: a directory */
	bool there;
};

struct rename {
	char op, path[128], to[128];
	int inode;
};

/* The names that are durable, those a program sees, and what is between. */
struct disk {
	struct inode inode[4096];
	int inodes;
	struct name durable[FILES], live[FILES];
	struct rename pending[FILES];
	int pendings;
	struct buf said, denied;
	bool failed;			/* a sync did */
};

enum shape {
	ALL, NONE, TORN_512, TORN_4096, GARBAGE, GARBAGE_PART, PART, PART_512,
	SHAPES
};

static struct disk disk;
static uint64_t turn;
static const char *dir;
static bool deaf;

__attribute__((noreturn, format(printf, 1, 2)))
static void
die(const char *form, ...)
{
	va_list ap;

	va_start(ap, form);
	fprintf(stderr, "crash: ");
	vfprintf(stderr, form, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

/* splitmix64: the same images for the same seed. */
static uint64_t
draw(uint64_t below)
{
	uint64_t z = turn += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (z ^ z >> 31) % below;
}

static struct name *
find(struct name *names, const char *path)
{
	int i;

	for (i = 0; i < FILES; i++)
		if (names[i].there && !strcmp(names[i].path, path))
			return &names[i];
	return NULL;
}

static void
place(struct name *names, const char *path, int inode)
{
	struct name *at = find(names, path);
	int i;

	for (i = 0; !at && i < FILES; i++)
		if (!names[i].there)
			at = &names[i];
	if (!at)
		die("too many files");
	snprintf(at->path, sizeof(at->path), "%s", path);
	at->inode = inode;
	at->there = true;
}

static void
apply_name(struct name *names, const struct rename *r)
{
	struct name *at = find(names, r->path);

	switch (r->op) {
	case FAULT_CREATE:
	case FAULT_MKDIR:
		place(names, r->path, r->inode);
		break;
	case FAULT_UNLINK:
		if (at)
			at->there = false;
		break;
	case FAULT_RENAME:
		if (at)
			at->there = false;
		__attribute__((fallthrough));
	case FAULT_LINK:
		place(names, r->to, r->inode);
		break;
	}
}

static void
name_change(char op, const char *path, const char *to, int inode)
{
	struct rename *r = &disk.pending[disk.pendings];

	if (disk.pendings == FILES)
		die("too many changes of a directory");
	disk.pendings++;
	r->op = op;
	r->inode = inode;
	snprintf(r->path, sizeof(r->path), "%s", path);
	snprintf(r->to, sizeof(r->to), "%s", to);
	apply_name(disk.live, r);
}

static void
parent_of(char out[128], const char *path)
{
	char *slash;

	snprintf(out, 128, "%s", path);
	slash = strrchr(out, '/');
	snprintf(slash ? slash : out, 2, "%s", slash ? "" : ".");
}

static void
sync_names(const char *of)
{
	char parent[128];
	int i, kept = 0;

	for (i = 0; i < disk.pendings; i++) {
		parent_of(parent, disk.pending[i].path);
		if (!strcmp(parent, of))
			apply_name(disk.durable, &disk.pending[i]);
		else
			disk.pending[kept++] = disk.pending[i];
	}
	disk.pendings = kept;
}

static void
change(struct buf *b, const struct change *c)
{
	static const char zeroes[PAGE];
	size_t gap;

	if (c->op == FAULT_TRUNC) {
		if (c->at < b->len)
			b->len = c->at;
		while (b->len < c->at) {
			gap = c->at - b->len;
			buf_add(b, zeroes, gap < PAGE ? gap : PAGE);
		}
		return;
	}
	while (b->len < c->at) {
		gap = c->at - b->len;
		buf_add(b, zeroes, gap < PAGE ? gap : PAGE);
	}
	gap = b->len - c->at < c->n ? b->len - c->at : c->n;
	memcpy(b->data + c->at, c->data, gap);
	buf_add(b, c->data + gap, c->n - gap);
}

/*
 * What is before the first change that may never arrive is durable; what a
 * failed sync covered stays a maybe for ever, and so what follows it has to
 * be replayed.
 */
static void
sync_file(struct inode *f)
{
	struct buf b = BUF_INIT(LOG_MAX);
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->change[i].unsure)
			break;
	if (i < f->n)
		return;
	buf_add(&b, f->base ? f->base : "", f->base_n);
	for (i = 0; i < f->n; i++)
		change(&b, &f->change[i]);
	free(f->base);
	f->base = mem_zero(b.len + 1, 1);
	memcpy(f->base, b.data, b.len);
	f->base_n = b.len;
	f->n = 0;
	buf_release(&b);
}

static void
add_part(struct buf *b, const struct change *c, size_t unit)
{
	struct change part = *c;
	size_t end = c->at + c->n, at = c->at, next;

	for (; at < end; at = next) {
		next = at - at % unit + unit;
		next = next < end ? next : end;
		part.at = at;
		part.n = next - at;
		part.data = c->data + (at - c->at);
		if (draw(2))
			change(b, &part);
	}
}

static void
add_garbage(struct buf *b, const struct change *c)
{
	struct change bad = *c;
	char *junk = mem_zero(c->n + 1, 1);
	size_t i;

	for (i = 0; i < c->n; i++)
		junk[i] = (char)draw(256);
	bad.data = junk;
	change(b, &bad);
	free(junk);
}

static void
add(struct buf *b, const struct change *c, enum shape shape, bool last)
{
	bool write = c->op == FAULT_WRITE;

	if (shape == NONE)
		return;
	if ((shape == GARBAGE || shape == GARBAGE_PART) && last && write)
		add_garbage(b, c);
	else if ((shape == TORN_512 && last && write) ||
	    (shape == PART_512 && write))
		add_part(b, c, SECTOR);
	else if (shape == TORN_4096 && write)
		add_part(b, c, PAGE);
	else if (shape == ALL || shape == GARBAGE || shape == TORN_512 ||
	    draw(2))
		change(b, c);
}

/* A change whose sync failed came about by half, or not, whatever followed. */
static void
content(struct buf *b, const struct inode *f, enum shape shape)
{
	size_t i, synced = 0;

	buf_reset(b);
	buf_add(b, f->base ? f->base : "", f->base_n);
	for (i = 0; i < f->n; i++)
		if (f->change[i].op == FAULT_SYNC)
			synced = i;
	for (i = 0; i < f->n; i++) {
		if (f->change[i].op == FAULT_SYNC)
			continue;
		if (f->change[i].unsure)
			add(b, &f->change[i], shape == ALL || shape == NONE ?
			    shape : PART_512, false);
		else if (i < synced)
			change(b, &f->change[i]);
		else
			add(b, &f->change[i], shape, i + 1 == f->n);
	}
}

static void
path_in(char out[PATH_MAX], const char *name)
{
	if (snprintf(out, PATH_MAX, "%s%s%s", dir, *name ? "/" : "", name) >=
	    PATH_MAX)
		die("'%s' is too long", name);
}

static void
run_simple(const char *const argv[])
{
	union { const char *const *in; char *const *out; } args = { argv };
	extern char **environ;
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, args.out, environ) ||
	    waitpid(pid, &status, 0) < 0 || status)
		die("%s failed", argv[0]);
}

/* Everything below dir, which may hold directories of one level. */
static void
wipe(void)
{
	const char *const rm[] = { "rm", "-rf", dir, NULL };

	run_simple(rm);
	if (mkdir(dir, 0700))
		die("cannot make '%s'", dir);
}

static void
write_image(enum shape shape)
{
	static struct name names[FILES];
	struct buf b = BUF_INIT(LOG_MAX);
	char path[PATH_MAX];
	int i, some, fd;

	memcpy(names, disk.durable, sizeof(names));
	some = shape == NONE ? 0 : shape == ALL || shape == GARBAGE ||
	    shape == TORN_512 ? disk.pendings :
	    (int)draw((uint64_t)disk.pendings + 1);
	for (i = 0; i < some; i++)
		apply_name(names, &disk.pending[i]);
	wipe();
	for (i = 0; i < FILES; i++)
		if (names[i].there && names[i].inode < 0) {
			path_in(path, names[i].path);
			if (mkdir(path, 0700))
				die("cannot make '%s'", path);
		}
	for (i = 0; i < FILES; i++) {
		if (!names[i].there || names[i].inode < 0)
			continue;
		path_in(path, names[i].path);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
		if (fd < 0 && errno == ENOENT)
			continue;	/* its directory was not durable */
		content(&b, &disk.inode[names[i].inode], shape);
		if (fd < 0 || write(fd, b.data ? b.data : "", b.len) !=
		    (ssize_t)b.len || close(fd))
			die("cannot write '%s'", path);
	}
	buf_release(&b);
}

/* Run bzn-ledger on the image, with words up to a NULL; out may be NULL. */
static int
ledger(struct buf *out, ...)
{
	const char *words[24] = { "bzn-ledger", "--home", dir };
	union { const char **in; char *const *out; } args = { words };
	posix_spawn_file_actions_t act;
	extern char **environ;
	char some[65536];
	int pipes[2], status, at = 3;
	ssize_t n;
	va_list ap;
	pid_t pid;

	va_start(ap, out);
	do
		words[at] = va_arg(ap, const char *);
	while (words[at++]);
	va_end(ap);
	if (pipe(pipes))
		die("no pipe");
	posix_spawn_file_actions_init(&act);
	posix_spawn_file_actions_adddup2(&act, pipes[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&act, pipes[0]);
	if (posix_spawnp(&pid, "bzn-ledger", &act, NULL, args.out, environ))
		die("cannot run bzn-ledger");
	posix_spawn_file_actions_destroy(&act);
	close(pipes[1]);
	while ((n = read(pipes[0], some, sizeof(some))) > 0)
		if (out)
			buf_add(out, some, (size_t)n);
	close(pipes[0]);
	if (waitpid(pid, &status, 0) < 0)
		die("lost bzn-ledger");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/*
 * Ids of those records that say so, one after another, each between two LF;
 * what ends in a suffix if one is given.
 */
static void
ids_of(struct buf *out, const struct buf *lines, const char *key,
    const char *with, const char *suffix)
{
	const char *line = lines->data, *end, *at, *stop;

	if (!out->len)
		buf_addc(out, '\n');
	for (; line && (end = strchr(line, '\n')); line = end + 1) {
		at = strstr(line, key);
		stop = strstr(line, with);
		if (!at || at > end || !stop || stop > end)
			continue;	/* the key comes once, before data */
		at += strlen(key);
		buf_add(out, at, strcspn(at, "\""));
		buf_adds(out, suffix);
		buf_addc(out, '\n');
	}
}

static size_t
times(const struct buf *ids, const char *id, size_t n)
{
	char line[256];
	const char *at = ids->data;
	size_t got = 0;

	snprintf(line, sizeof(line), "\n%.*s\n", (int)n, id);
	for (; (at = strstr(at, line)); at++)
		got++;
	return got;
}

static void
check_ids(const struct buf *stored, const struct buf *ids, size_t least,
    size_t most, const char *what)
{
	const char *at = ids->data ? ids->data + 1 : "";
	size_t n;

	for (; *at; at += n + 1) {
		n = strcspn(at, "\n");
		if (times(stored, at, n) < least ||
		    times(stored, at, n) > most)
			die("'%.*s' is there %zu times, and was %s: see %s",
			    (int)n, at, times(stored, at, n), what, dir);
	}
}

/* What was answered: an entry posted, an escrow closed. */
static void
check_answers(const struct buf *leaves)
{
	struct buf stored = BUF_INIT(LOG_MAX), told = BUF_INIT(LOG_MAX);

	ids_of(&stored, leaves, "\"id\":\"", "\"id\":\"", "");
	ids_of(&told, &disk.said, "\"id\":\"", "\"result\":\"posted\"", "");
	ids_of(&told, &disk.said, "{\"escrow_id\":\"", "\"closed_at\":",
	    ":close");
	check_ids(&stored, &stored, 1, 1, "stored");
	check_ids(&stored, &told, 1, 1, "acknowledged");
	check_ids(&stored, &disk.denied, 0, 0, "denied");
	buf_release(&stored);
	buf_release(&told);
}

/* The last checkpoint that was let out, in a file beside the image: or none. */
static bool
last_note(char path[PATH_MAX])
{
	static const char sign[] = "\n\n\xe2\x80\x94 ";
	const char *at = disk.said.data, *text = NULL, *end;
	struct err e;

	for (; at && (end = strstr(at, sign)); at = end + 1)
		text = end;
	if (!text)
		return false;
	end = strchr(text + 2, '\n');
	while (end && !strncmp(end + 1, sign + 2, sizeof(sign) - 3))
		end = strchr(end + 1, '\n');
	if (!end)
		return false;
	/* Three lines before it. */
	for (at = text; at > disk.said.data && strncmp(at, ORIGIN "\n",
	    sizeof(ORIGIN)); at--)
		;
	if (snprintf(path, PATH_MAX, "%s.note", dir) >= PATH_MAX ||
	    file_write(path, at, (size_t)(end + 1 - at), 0600, &e))
		die("cannot write '%s'", path);
	return true;
}

/* NUMBER.leaves, if it is there, holds so many, as the log has them. */
static void
check_exports(const struct buf *leaves)
{
	struct buf text = BUF_INIT(LOG_MAX);
	char path[PATH_MAX];
	unsigned long want;
	const char *p;
	struct err e;
	char *end;
	int i;

	for (i = 0; i < FILES; i++) {
		want = strtoul(disk.live[i].path, &end, 10);
		if (!disk.live[i].there || strcmp(end, ".leaves"))
			continue;
		path_in(path, disk.live[i].path);
		buf_reset(&text);
		if (access(path, F_OK))
			continue;
		if (file_read(&text, path, &e))
			die("%s", e.msg);
		for (p = text.data; p && (p = strchr(p, '\n')); p++)
			want--;
		if (want || text.len > leaves->len ||
		    memcmp(text.data, leaves->data, text.len))
			die("'%s' is not what was exported", path);
	}
	buf_release(&text);
}

static void
check_image(unsigned point, enum shape shape)
{
	struct buf leaves = BUF_INIT(LOG_MAX);
	char note[PATH_MAX];
	int got;

	/* Until the home was answered for, it can be made, or made again. */
	if (!disk.said.len && ledger(NULL, "init", "--no-node", "--origin",
	    ORIGIN, NULL))
		die("point %u, shape %d: cannot make %s", point, (int)shape,
		    dir);
	got = last_note(note) ? ledger(NULL, "verify", "-q", "--since", note,
	    "--max-age", "9999d", NULL) : ledger(NULL, "verify", "-q",
	    "--max-age", "9999d", NULL);
	if (got)
		die("point %u, shape %d: verify says %d of %s", point,
		    (int)shape, got, dir);
	if (ledger(&leaves, "export", "leaves", NULL))
		die("point %u, shape %d: cannot export %s", point, (int)shape,
		    dir);
	check_answers(&leaves);
	check_exports(&leaves);
	if (ledger(NULL, "transfer", "MINT", "after", "0.01", "TCK", "--type",
	    "CREDIT_ISSUE", "--accept-clock", NULL))
		die("point %u, shape %d: cannot post to %s", point,
		    (int)shape, dir);
	/* With the keys and the pin as they are. */
	if (ledger(NULL, "checkpoint", "--accept-clock", NULL))
		die("point %u, shape %d: cannot sign for %s", point,
		    (int)shape, dir);
	if (!draw(4) && ledger(NULL, "verify", "-q", "--max-age", "9999d",
	    NULL))
		die("point %u, shape %d: untrue after posting: %s", point,
		    (int)shape, dir);
	buf_release(&leaves);
}

/* Where nothing is pending, all images are one. */
static int
images(unsigned point, int n)
{
	bool pending = disk.pendings;
	int i;

	for (i = 0; i < FILES; i++)
		if (disk.live[i].there && disk.live[i].inode >= 0 &&
		    disk.inode[disk.live[i].inode].n)
			pending = true;
	n = pending ? n : 1;
	for (i = 0; i < n; i++) {
		write_image((enum shape)(i % SHAPES));
		check_image(point, (enum shape)(i % SHAPES));
	}
	return n;
}

static void
file_change(const struct fault_note *head, const char *path,
    const char *data)
{
	const struct name *at = find(disk.live, path);
	struct inode *f;

	if (!at || at->inode < 0)	/* it was unlinked while open */
		return;
	f = &disk.inode[at->inode];
	if (f->n == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 16;
		f->change = mem_grow(f->change, f->cap, sizeof(*f->change));
	}
	f->change[f->n++] = (struct change){
		head->op, false, (size_t)head->at, head->data_n, data
	};
}

static void
synced(const struct fault_note *head, const char *path)
{
	const struct name *at = find(disk.live, path);
	struct inode *f;
	size_t i;

	if (deaf)
		return;
	if (!strcmp(path, ".") || (at && at->inode < 0)) {
		sync_names(path);
		return;
	}
	if (!at)
		return;
	f = &disk.inode[at->inode];
	if (head->op == FAULT_UNSYNCED) {
		for (i = 0; i < f->n; i++)
			f->change[i].unsure = f->change[i].op != FAULT_SYNC;
		return;
	}
	sync_file(f);
	if (f->n)
		file_change(head, path, NULL);
}

static void
replay(const struct fault_note *head, const char *path, const char *data)
{
	const struct name *at = find(disk.live, path);
	char to[128] = "";

	switch (head->op) {
	case FAULT_CREATE:
		if (disk.inodes == (int)(sizeof(disk.inode) /
		    sizeof(*disk.inode)))
			die("too many files");
		name_change(head->op, path, "", disk.inodes++);
		break;
	case FAULT_MKDIR:
		if (strcmp(path, "."))
			name_change(head->op, path, "", -1);
		break;
	case FAULT_RENAME:
	case FAULT_LINK:
		snprintf(to, sizeof(to), "%.*s", (int)head->data_n, data);
		__attribute__((fallthrough));
	case FAULT_UNLINK:
		if (at)
			name_change(head->op, path, to, at->inode);
		break;
	case FAULT_WRITE:
	case FAULT_TRUNC:
		file_change(head, path, data);
		break;
	case FAULT_SYNC:
	case FAULT_UNSYNCED:
		synced(head, path);
		break;
	case FAULT_SAID:
		buf_add(&disk.said, data, head->data_n);
		break;
	case FAULT_DENIED:
		if (!disk.denied.len)
			buf_addc(&disk.denied, '\n');
		buf_add(&disk.denied, data, head->data_n);
		buf_addc(&disk.denied, '\n');
		break;
	default:
		die("a record of kind %d", head->op);
	}
}

static void
all_images(const struct buf *log, int n, unsigned every, unsigned first)
{
	struct fault_note head;
	unsigned points = 0, seen = 0;
	const char *p = log->data, *end = p + log->len;
	char path[PATH_MAX];
	int made = 0;

	for (; p < end; p += head.data_n) {
		memcpy(&head, p, sizeof(head));
		p += sizeof(head);
		snprintf(path, sizeof(path), "%.*s", (int)head.path_n, p);
		p += head.path_n;
		if ((head.op == FAULT_SYNC || head.op == FAULT_UNSYNCED) &&
		    points++ % every == first % every) {
			made += images(points, n);
			seen++;
		}
		replay(&head, path, p);
	}
	made += images(points + 1, n);
	printf("%u sync points, %u looked at, %d images\n", points, seen,
	    made);
}

static int
deny(const char *log, const char *id)
{
	const struct fault_note head = {
		.op = FAULT_DENIED, .data_n = (uint32_t)strlen(id)
	};
	FILE *f = fopen(log, "a");

	return !f || fwrite(&head, sizeof(head), 1, f) != 1 ||
	    fputs(id, f) < 0 || fclose(f);
}

int
main(int argc, char *argv[])
{
	struct buf log = BUF_INIT(LOG_MAX);
	struct err e = { 0 };

	if (argc == 4 && !strcmp(argv[1], "denied"))
		return deny(argv[2], argv[3]);
	deaf = argc > 1 && !strcmp(argv[1], "deaf");
	if (argc < 6 || (!deaf && strcmp(argv[1], "images")))
		die("usage: crash images LOG DIR N SEED [EVERY [FIRST]]");
	if (file_read(&log, argv[2], &e))
		die("%s", e.msg);
	disk.said = disk.denied = (struct buf)BUF_INIT(LOG_MAX);
	dir = argv[3];
	turn = strtoull(argv[5], NULL, 10);
	all_images(&log, (int)strtol(argv[4], NULL, 10),
	    argc > 6 ? (unsigned)strtoul(argv[6], NULL, 10) : 1,
	    argc > 7 ? (unsigned)strtoul(argv[7], NULL, 10) : 0);
	return 0;
}
