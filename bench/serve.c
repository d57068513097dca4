/*
 * serve - what SQLite alone does of the work of a purchase: serve.sh's
 * control of writes.
 *
 *	serve DIR BATCH SECONDS		a directory on disk, jobs a commit
 *
 * A job is six statements on plain tables: a leaf and its idempotency key,
 * an escrow and its task, two balances, with texts as long as ours.  There is
 * no other index than each key, no hash and no rule.  Settings are those of
 * lib/store: write-ahead log, a sync each commit, checkpoints at 10,000
 * pages.  Prints jobs a second, and the median of fdatasync in microseconds.
 */
#include <string.h>

#include <sqlite3.h>

#include "bench.h"

#define ACCOUNTS 200
#define WAL_PAGES 10000
#define JOB 6

static const char schema[] =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA cache_size = -65536;"
    "CREATE TABLE leaf (n INTEGER PRIMARY KEY, text TEXT) STRICT;"
    "CREATE TABLE once (id TEXT PRIMARY KEY, text TEXT)"
    "    STRICT, WITHOUT ROWID;"
    "CREATE TABLE escrow (id TEXT PRIMARY KEY, text TEXT)"
    "    STRICT, WITHOUT ROWID;"
    "CREATE TABLE task (id TEXT PRIMARY KEY, text TEXT)"
    "    STRICT, WITHOUT ROWID;"
    "CREATE TABLE account (n INTEGER PRIMARY KEY, minor INTEGER) STRICT;"
    "WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i"
    "    WHERE n < 199)"
    "    INSERT INTO account SELECT n, 0 FROM i;";

static const char *const job[JOB] = {
	"INSERT INTO leaf (text) VALUES (?2)",
	"INSERT INTO once VALUES (?1, ?2)",
	"INSERT INTO escrow VALUES (?1, ?2)",
	"INSERT INTO task VALUES (?1, ?2)",
	"UPDATE account SET minor = minor - 100 WHERE n = ?1",
	"UPDATE account SET minor = minor + 100 WHERE n = ?1",
};

/* Bytes of their texts: as a purchase leaves them. */
static const int length[JOB] = { 330, 260, 200, 240 };

static sqlite3 *db;
static sqlite3_stmt *stmt[JOB];
static int wal;

static void
sql(const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL))
		bench_die("%s: %s", text, sqlite3_errmsg(db));
}

static int
note_wal(void *arg, sqlite3 *of, const char *name, int pages)
{
	(void)arg, (void)of, (void)name;
	wal = pages;
	return SQLITE_OK;
}

static void
open_store(const char *dir)
{
	char path[4096];
	int i;

	snprintf(path, sizeof(path), "%s/raw.db", dir);
	if (sqlite3_open(path, &db))
		bench_die("%s: %s", path, sqlite3_errmsg(db));
	sql(schema);
	sqlite3_wal_hook(db, note_wal, NULL);
	for (i = 0; i < JOB; i++)
		if (sqlite3_prepare_v3(db, job[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &stmt[i], NULL))
			bench_die("%s", sqlite3_errmsg(db));
}

/* Keys are spread as ids are that begin with random digits. */
static void
run_job(int64_t n)
{
	static char text[400];
	char key[48];
	int i;

	memset(text, 'x', sizeof(text));
	for (i = 0; i < JOB; i++) {
		snprintf(key, sizeof(key), "%016llx-4000-8000-%09llx",
		    (unsigned long long)n * 0x9e3779b97f4a7c15ULL,
		    (unsigned long long)n & 0xfffffffff);
		if (i < 4)
			sqlite3_bind_text(stmt[i], 1, key, 36,
			    SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(stmt[i], 1, (n + i) % ACCOUNTS);
		if (i < 4)
			sqlite3_bind_text(stmt[i], 2, text, length[i],
			    SQLITE_STATIC);
		if (sqlite3_step(stmt[i]) != SQLITE_DONE)
			bench_die("%s", sqlite3_errmsg(db));
		sqlite3_reset(stmt[i]);
	}
}

int
main(int argc, char **argv)
{
	int64_t n = 0, batch = argc > 2 ? strtol(argv[2], NULL, 10) : 0, i;
	double span = argc > 3 ? strtod(argv[3], NULL) * 1e6 : 0, start;

	if (argc != 4 || batch < 1 || span <= 0)
		bench_die("usage: serve DIR BATCH SECONDS");
	bench_fsync_us = bench_fsync(argv[1]);
	open_store(argv[1]);
	start = bench_now_us();
	while (bench_now_us() - start < span) {
		sql("BEGIN IMMEDIATE");
		for (i = 0; i < batch; i++)
			run_job(++n);
		sql("COMMIT");
		if (wal > WAL_PAGES)
			sqlite3_wal_checkpoint_v2(db, NULL,
			    SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	}
	span = bench_now_us() - start;
	for (i = 0; i < JOB; i++)
		sqlite3_finalize(stmt[i]);
	sqlite3_close(db);
	printf("%.0f %.0f\n", (double)n * 1e6 / span, bench_fsync_us);
	return 0;
}
