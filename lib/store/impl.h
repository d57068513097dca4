/*
 * impl - what the files of the SQLite driver share; nobody else includes it.
 */
#ifndef STORE_IMPL_H
#define STORE_IMPL_H

#include <sqlite3.h>
#include <sys/types.h>

#include "store/store.h"

extern const char *const sql_text[];
extern const char *const schema_step[];
extern const int schema_steps;

struct store {
	sqlite3 *db;
	char *home, *who;	/* owned */
	char *path;		/* of a file that is inspected; owned */
	const char *uri;	/* how it was opened, if it can be once more */
	enum store_mode mode;
	int64_t wait_ms;
	pid_t pid;		/* who opened it: a lock is shared by a fork */
	int lock;		/* home/node.lock; -1 for a reader, in memory */
	bool held, marked;
	bool memory;		/* nobody else sees it: no lock, no log */
	int wal;		/* its pages after our last commit */
	bool stays;		/* see store_stays() */
	sqlite3_stmt *stmt[SQL__COUNT];
	int memo[SQL__COUNT];	/* of this transaction */
};

#define STORE_READER_WAIT_MS 5000	/* a crash leaves a log to recover */

int store_take_lock(struct store *, struct err *) CHECKED;
void store_drop_lock(struct store *);

/* Copy the write-ahead log back and cut it, unless a reader needs it. */
void store_cut_log(struct store *);

/*
 * The settings of a connection; how many steps of the schema are applied, of
 * which least have to be.
 */
int store_configure(struct store *, struct err *) CHECKED;
int store_steps(struct store *, long least, long *at, struct err *) CHECKED;

int store_no_ledger(const char *home, struct err *e);
bool store_is_network(unsigned long type);	/* of a file system */
int store_refuse_network(const char *home, struct err *) CHECKED;

/* Fill in e from an SQLite result code. */
int store_fail(const struct store *, int code, struct err *e);

/* Run statements that give no rows. */
int store_run(struct store *, const char *sql, struct err *) CHECKED;

#endif
