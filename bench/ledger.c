/*
 * ledger - what commits, batches and verifying cost (spec/ledger.md 10).
 *
 *	ledger DIR PROGRAM [PREFIX]	an empty directory on disk, bzn-ledger,
 *					and which metrics: all
 *
 * The entry is a two-leg TRANSFER with a UUIDv7 and short names.  Controls
 * are rows of SQLite in a file beside, under the same settings and the same
 * rule for checkpoints.  Over 400 lines because every subject needs one.
 */
#include <limits.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "ledger/read.h"
#include "store/inspect.h"
#include "verify/verify.h"
#include "tlog/tlog.h"

#include "books.h"

#define ORIGIN "ledger.example/demo"
#define VKEY ORIGIN "+7b8488d1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define ACCOUNTS 1000
#define SINGLE 400		/* commits of one entry in a round */
#define RUNS 40			/* of the program in a round */
#define SMALL 64
#define LARGE 8192
#define IDS (4 * LARGE)		/* most in a round */
#define FILLED 200000	/* entries, at least, to read */
#define WAL_PAGES 4000		/* as store.c has it */
#define WRITERS 8
#define WRITING_US 2e6
#define LEAF 241		/* bytes of the typical leaf */

struct bench {
	const char *dir, *program, *prefix;
	char home[PATH_MAX], node[PATH_MAX + 16], lines[PATH_MAX];
	struct store *store;
	struct ledger *ledger;
	struct chance chance;
	size_t next_id;
	int64_t now_ms;
	uint64_t turn;			/* picks who pays whom */
	int fd;				/* for fdatasync */
	sqlite3 *raw;
	sqlite3_stmt *pair, *row;
	int raw_wal;
	int64_t raw_key;
	size_t batch, batches;
	double rate;			/* of the large ones */
	struct buf leaves;		/* of the whole log, end to end */
	size_t *leaf_n, n_leaves;
	unsigned layers;		/* that verify judges */
	int jobs;
};

static char name[ACCOUNTS][8], id[IDS][ID_TEXT];

static int64_t
wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static void
open_ledger(struct bench *b, enum store_mode mode)
{
	const struct store_how how = {
		.home = b->home, .mode = mode, .wait_ms = 10000,
		.who = "bench",
	};
	struct err e;

	must(store_open(&b->store, &how, &e), &e);
}

static void
close_ledger(struct bench *b)
{
	ledger_free(b->ledger);
	store_close(b->store);
	b->ledger = NULL;
	b->store = NULL;
}

static void
begin(struct bench *b)
{
	b->now_ms = wall_ms();
	bench_begin(b->store, &b->ledger, b->now_ms);
}

/* What makes ids is not measured: callers bring their own. */
static void
make_ids(struct bench *b)
{
	for (b->next_id = 0; b->next_id < IDS; b->next_id++)
		id_new(id[b->next_id], wall_ms(), &b->chance);
	b->next_id = 0;
}

static void
post(struct bench *b, const char *type, const char *from, const char *to,
    int64_t minor)
{
	const struct unit *tck = units_find(ledger_units(b->ledger), "TCK");
	const struct leg legs[2] = {
		{ from, tck, -minor }, { to, tck, minor },
	};
	const struct entry x = {
		.kind = ENTRY_TRANSFER, .type = type, .id = id[b->next_id++],
		.legs = legs, .n_legs = 2,
	};
	struct posted posted;
	struct err e;

	must(ledger_post_in(b->ledger, &x, 1, &posted, &e), &e);
	if (b->next_id == IDS)
		make_ids(b);
}

/* Two accounts that are never the same, in an order without pattern. */
static uint64_t
pair(struct bench *b, size_t *from, size_t *to)
{
	uint64_t k = b->turn++ * UINT64_C(0x9e3779b97f4a7c15) >> 20;

	*from = k % ACCOUNTS;
	*to = (*from + 1 + k / ACCOUNTS % (ACCOUNTS - 1)) % ACCOUNTS;
	return k;
}

static void
pay(struct bench *b)
{
	size_t from, to;
	uint64_t k = pair(b, &from, &to);

	post(b, "TRANSFER", name[from], name[to], 1 + (int64_t)(k % 100));
}

static void
make_ledger(struct bench *b)
{
	struct posted posted;
	struct err e;
	size_t i;

	make_ids(b);
	open_ledger(b, STORE_CREATE);
	must(ledger_init(b->store, ORIGIN, VKEY,
	    wall_ms(), &posted, &e), &e);
	begin(b);
	for (i = 0; i < ACCOUNTS; i++) {
		snprintf(name[i], sizeof(name[i]), "node%03zu", i);
		post(b, "CREDIT_ISSUE", "MINT", name[i], 1000000000);
	}
	bench_commit(b->ledger);
}

static int
note_wal(void *b, sqlite3 *db, const char *schema, int pages)
{
	(void)db;
	(void)schema;
	((struct bench *)b)->raw_wal = pages;
	return SQLITE_OK;
}

static void
raw(struct bench *b, const char *sql)
{
	if (sqlite3_exec(b->raw, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_die("%s: %s", sql, sqlite3_errmsg(b->raw));
}

static void
open_raw(struct bench *b)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/raw.db", b->dir);
	if (sqlite3_open(path, &b->raw) != SQLITE_OK)
		bench_die("cannot make %s", path);
	raw(b, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	    "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
	    "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
	    "CREATE TABLE pair (a INTEGER PRIMARY KEY, b INTEGER NOT NULL);"
	    "CREATE TABLE row (a INTEGER PRIMARY KEY, b BLOB NOT NULL)");
	sqlite3_wal_hook(b->raw, note_wal, b);
	if (sqlite3_prepare_v3(b->raw, "INSERT INTO pair VALUES (?1, ?2)", -1,
	    SQLITE_PREPARE_PERSISTENT, &b->pair, NULL) ||
	    sqlite3_prepare_v3(b->raw, "INSERT INTO row VALUES (?1, ?2)", -1,
	    SQLITE_PREPARE_PERSISTENT, &b->row, NULL))
		bench_die("%s", sqlite3_errmsg(b->raw));
}

static void
raw_commit(struct bench *b)
{
	raw(b, "COMMIT");
	if (b->raw_wal > WAL_PAGES)
		sqlite3_wal_checkpoint_v2(b->raw, NULL,
		    SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void
raw_step(struct bench *b, sqlite3_stmt *stmt)
{
	if (sqlite3_step(stmt) != SQLITE_DONE)
		bench_die("%s", sqlite3_errmsg(b->raw));
	sqlite3_reset(stmt);
}

static double
per_second(size_t n, double start_us)
{
	return (double)n * 1e6 / (bench_now_us() - start_us);
}

static double
single(void *arg)
{
	struct bench *b = arg;
	double start;
	int i;

	make_ids(b);
	start = bench_now_us();
	for (i = 0; i < SINGLE; i++) {
		begin(b);
		pay(b);
		bench_commit(b->ledger);
	}
	return per_second(SINGLE, start);
}

static double
single_raw(void *arg)
{
	double start = bench_now_us();
	struct bench *b = arg;
	int i;

	for (i = 0; i < SINGLE; i++) {
		raw(b, "BEGIN IMMEDIATE");
		sqlite3_bind_int64(b->pair, 1, b->raw_key++);
		sqlite3_bind_int64(b->pair, 2, i);
		raw_step(b, b->pair);
		raw_commit(b);
	}
	return per_second(SINGLE, start);
}

static double
latency(void *arg)
{
	static double v[SINGLE];
	struct bench *b = arg;
	size_t i;

	make_ids(b);
	for (i = 0; i < SINGLE; i++) {
		v[i] = bench_now_us();
		begin(b);
		pay(b);
		bench_commit(b->ledger);
		v[i] = bench_now_us() - v[i];
	}
	return bench_median(v, SINGLE);
}

/* 4 KiB at the end of a file, as a log grows. */
static double
latency_fsync(void *arg)
{
	static const char page[4096] = { 1 };
	static double v[SINGLE];
	struct bench *b = arg;
	size_t i;

	for (i = 0; i < SINGLE; i++) {
		v[i] = bench_now_us();
		if (write(b->fd, page, sizeof(page)) != sizeof(page) ||
		    fdatasync(b->fd))
			bench_die("cannot write in %s", b->dir);
		v[i] = bench_now_us() - v[i];
	}
	return bench_median(v, SINGLE);
}

static double
program(void *arg)
{
	struct bench *b = arg;
	const char *const argv[] = {
		b->program, "transfer", "--home", b->home, name[0],
		name[1], "0.01", "TCK", NULL
	};
	double v[RUNS];
	size_t i;

	for (i = 0; i < RUNS; i++)
		v[i] = bench_spawn_us(b->program, argv, 0);
	return bench_median(v, RUNS);
}

/* The log that is verified and weighed has a size of its own. */
static void
fill(struct bench *b)
{
	struct ledger_head head = { 0 };
	struct err e;
	int i;

	for (;;) {
		must(ledger_head(b->store, &head, &e), &e);
		if (head.size >= FILLED) {
			must(ledger_project(b->store, &b->ledger, &e), &e);
			return;
		}
		begin(b);
		for (i = 0; i < LARGE; i++)
			pay(b);
		bench_commit(b->ledger);
	}
}

static double
batch(void *arg)
{
	struct bench *b = arg;
	double start;
	size_t i, k;

	make_ids(b);
	start = bench_now_us();
	for (i = 0; i < b->batches; i++) {
		begin(b);
		for (k = 0; k < b->batch; k++)
			pay(b);
		bench_commit(b->ledger);
	}
	return per_second(b->batch * b->batches, start);
}

static double
batch_raw(void *arg)
{
	static const char leaf[LEAF] = "{";
	double start = bench_now_us();
	struct bench *b = arg;
	size_t i, k;

	for (i = 0; i < b->batches; i++) {
		raw(b, "BEGIN IMMEDIATE");
		for (k = 0; k < b->batch; k++) {
			sqlite3_bind_int64(b->row, 1, b->raw_key++);
			sqlite3_bind_blob(b->row, 2, leaf, LEAF,
			    SQLITE_STATIC);
			raw_step(b, b->row);
		}
		raw_commit(b);
	}
	return per_second(b->batch * b->batches, start);
}

/* The same entries as lines of a file: from exec to exit, history and all. */
static double
import(void *arg)
{
	struct bench *b = arg;
	const char *const argv[] = {
		b->program, "import", "--home", b->home, b->lines, NULL
	};
	size_t i, from, to;
	FILE *f = fopen(b->lines, "w");

	make_ids(b);
	for (i = 0; f && i < IDS; i++) {
		pair(b, &from, &to);
		fprintf(f, "{\"id\":\"%s\",\"from\":\"%s\",\"to\":\"%s\","
		    "\"amount\":\"0.01\",\"unit\":\"TCK\"}\n", id[i],
		    name[from], name[to]);
	}
	if (!f || fclose(f))
		bench_die("cannot write %s", b->lines);
	return (double)IDS * 1e6 / bench_spawn_us(b->program, argv, 0);
}

static void
read_leaves(struct bench *b)
{
	struct stored s;
	struct query q;
	struct err e;
	int got;

	b->leaves = (struct buf)BUF_INIT((size_t)1 << 30);
	ledger_leaves_open(&q, b->store, 0, INT64_MAX);
	while ((got = ledger_leaves_next(&q, &s, &e)) > 0) {
		if (!(b->n_leaves & (b->n_leaves - 1)))
			b->leaf_n = mem_grow(b->leaf_n, 2 * b->n_leaves + 1,
			    sizeof(*b->leaf_n));
		b->leaf_n[b->n_leaves++] = s.leaf_n;
		buf_add(&b->leaves, s.leaf, s.leaf_n);
	}
	must(got, &e);
}

static int
told(void *arg, const struct finding *f, struct err *e)
{
	(void)arg;
	(void)e;
	bench_die("%s", f->text);
}

static double
verify(void *arg)
{
	double start = bench_now_us();
	struct bench *b = arg;
	const struct verify_how how = {
		.layers = b->layers, .most = 1, .jobs = b->jobs,
		.told = told, .max_age_ms = INT64_MAX / 2,
	};
	struct verified v;
	struct err e;

	must(verify_run(b->store, &how, &v, &e), &e);
	if (v.skipped)
		bench_die("a layer was skipped");
	return per_second(b->n_leaves, start);
}

static double
rehash(void *arg)
{
	double start = bench_now_us();
	const struct bench *b = arg;
	const char *p = b->leaves.data;
	struct hash h;
	size_t i;

	for (i = 0; i < b->n_leaves; p += b->leaf_n[i++])
		hash_of(&h, p, b->leaf_n[i]);
	return per_second(b->n_leaves, start);
}

/* Leaf hash, tree and roots of tiles, as a writer makes them: us an entry. */
static double
evidence_us(const struct bench *b)
{
	const char *p = b->leaves.data;
	static struct hash tile[TLOG_TILE];
	struct tlog_edge edge = { 0 };
	double start = bench_now_us();
	struct hash root;
	size_t i;

	for (i = 0; i < b->n_leaves; p += b->leaf_n[i++]) {
		tlog_leaf(&tile[i % TLOG_TILE], p, b->leaf_n[i]);
		tlog_push(&edge, &tile[i % TLOG_TILE]);
		if (i % TLOG_TILE == TLOG_TILE - 1)
			tlog_fold(&root, tile, TLOG_TILE);
	}
	return (bench_now_us() - start) / (double)b->n_leaves;
}

static int64_t
number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t n;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		bench_die("%s: %s", sql, sqlite3_errmsg(db));
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

/* Pages in use, with and without the history, which is deleted to tell. */
static void
size(struct bench *b)
{
	struct bench_figure all = { "t14_bytes_with_history", "bytes", true,
	    0, 0 };
	struct bench_figure bare = { "t14_bytes", "bytes", true, 0, 0 };
	double page, n = (double)b->n_leaves;
	sqlite3 *db;

	if (sqlite3_open(b->node, &db) != SQLITE_OK)
		bench_die("cannot open %s", b->node);
	page = (double)number(db, "PRAGMA page_size");
	all.control = bare.control = (double)b->leaves.len / n;
	all.value = (double)(number(db, "PRAGMA page_count") -
	    number(db, "PRAGMA freelist_count")) * page / n;
	sqlite3_exec(db, "BEGIN; DELETE FROM ledger_posting", NULL, NULL,
	    NULL);
	bare.value = (double)(number(db, "PRAGMA page_count") -
	    number(db, "PRAGMA freelist_count")) * page / n;
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
	bench_print(&bare);
	bench_print(&all);
}

/* A writer of its own, in a child: how many commits in the time. */
static void
write_on(struct bench *b, int fd, double until)
{
	long n = 0;

	/* Ids and payments must differ from those of the others. */
	make_ids(b);
	b->turn = (uint64_t)getpid() << 20;
	open_ledger(b, STORE_WRITE);
	for (; bench_now_us() < until; n++) {
		begin(b);
		pay(b);
		bench_commit(b->ledger);
	}
	close_ledger(b);
	if (write(fd, &n, sizeof(n)) != sizeof(n))
		_exit(7);
	_exit(0);
}

/* The sum; *least and *most of the writers. */
static long
writers(struct bench *b, int n, long *least, long *most)
{
	double until = bench_now_us() + WRITING_US;
	long got, sum = 0;
	int i, end[2];

	if (pipe(end))
		bench_die("no pipe");
	*least = LONG_MAX;
	*most = 0;
	for (i = 0; i < n; i++)
		if (!fork())
			write_on(b, end[1], until);
	for (i = 0; i < n; i++) {
		if (read(end[0], &got, sizeof(got)) != sizeof(got))
			bench_die("a writer failed");
		sum += got;
		*least = got < *least ? got : *least;
		*most = got > *most ? got : *most;
	}
	while (wait(NULL) > 0)
		;
	close(end[0]);
	close(end[1]);
	return sum;
}

static void
fairness(struct bench *b)
{
	struct bench_figure fair = { "t15_writers_max_min", "commits", true,
	    0, 0 };
	struct bench_figure sum = { "t15_writers_total", "commits/s", false,
	    0, 0 };
	long least, most, one, all;

	one = writers(b, 1, &least, &most);
	all = writers(b, WRITERS, &least, &most);
	fair.value = (double)most;
	fair.control = (double)least;
	sum.value = (double)all * 1e6 / WRITING_US;
	sum.control = (double)one * 1e6 / WRITING_US;
	bench_print(&fair);
	bench_print(&sum);
}

static bool
wanted(const struct bench *b, const char *metric)
{
	return !strncmp(metric, b->prefix, strlen(b->prefix));
}

static double
compare(struct bench *b, const char *metric, const char *unit,
    bench_run *subject, bench_run *control)
{
	struct bench_figure f = { metric, unit, !strcmp(unit, "us"), 0, 0 };

	if (wanted(b, metric))
		bench_compare(&f, subject, control, b);
	return f.value;
}

static void
writing(struct bench *b)
{
	compare(b, "t1_commits", "1/s", single, single_raw);
	compare(b, "t1_commit_p50", "us", latency, latency_fsync);
	compare(b, "t2_transfer_p50", "us", program, latency_fsync);
	b->batch = SMALL;
	b->batches = 64;
	compare(b, "t3_batch_64", "entries/s", batch, batch_raw);
	b->batch = LARGE;
	b->batches = 4;
	b->rate = compare(b, "t4_batch_8192", "entries/s", batch, batch_raw);
	compare(b, "t5_import", "entries/s", import, batch);
}

static void
reading(struct bench *b)
{
	struct bench_figure evidence = { "t6_evidence", "entries/s", false,
	    b->rate, 0 };
	const struct inspect how = { .path = b->node, .home = b->home };
	struct err e;

	must(inspect_open(&b->store, &how, &e), &e);
	read_leaves(b);
	if (b->rate) {
		evidence.control = 1e6 / (1e6 / b->rate - evidence_us(b));
		bench_print(&evidence);
	}
	b->jobs = 1;
	b->layers = 1u << 6;
	compare(b, "t8_layer_6", "entries/s", verify, rehash);
	b->layers = 1u << 3;
	compare(b, "t8_layer_3", "entries/s", verify, rehash);
	b->layers = 0x1f6;
	compare(b, "t8_layers_1_2_4_8", "entries/s", verify, rehash);
	b->layers = 0x1fe;
	compare(b, "t8_layers_1_8", "entries/s", verify, rehash);
	b->layers = VERIFY_ALL;
	compare(b, "t8_verify", "entries/s", verify, rehash);
	b->jobs = 2;
	b->layers = 0x1fe;
	compare(b, "t8_layers_1_8_2_jobs", "entries/s", verify, rehash);
	b->layers = VERIFY_ALL;
	compare(b, "t8_verify_2_jobs", "entries/s", verify, rehash);
	close_ledger(b);
}

int
main(int argc, char *argv[])
{
	struct bench b = { 0 };
	char path[PATH_MAX];

	if (argc != 3 && argc != 4)
		bench_die("usage: ledger DIR PROGRAM [PREFIX]");
	b.dir = argv[1];
	b.program = argv[2];
	b.prefix = argv[3] ? argv[3] : "";
	snprintf(b.home, sizeof(b.home), "%s/home", b.dir);
	snprintf(b.lines, sizeof(b.lines), "%s/lines", b.dir);
	snprintf(b.node, sizeof(b.node), "%s/node.db", b.home);
	snprintf(path, sizeof(path), "%s/sync", b.dir);
	b.fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (b.fd < 0 || mkdir(b.home, 0700))
		bench_die("cannot write in %s", b.dir);
	make_ledger(&b);
	open_raw(&b);
	bench_fsync_us = latency_fsync(&b);
	writing(&b);
	fill(&b);
	close_ledger(&b);
	reading(&b);
	if (wanted(&b, "t14"))
		size(&b);
	if (wanted(&b, "t15"))
		fairness(&b);
	sqlite3_finalize(b.pair);
	sqlite3_finalize(b.row);
	sqlite3_close(b.raw);
	buf_release(&b.leaves);
	free(b.leaf_n);
	close(b.fd);
	return 0;
}
