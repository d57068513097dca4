/*
 * store - the database; the only code that includes sqlite3.h.
 *
 * One struct store is one connection: pass it first, never share it between
 * threads.  Statements come from the .sql files beside each domain, by name
 * (gen/sql.h), and are prepared at first use and kept.  A domain sees
 * numbers, text and bytes, and no word of the engine: a second driver
 * implements this header.
 *
 * A write transaction holds home/node.lock from begin to commit or rollback,
 * WAL checkpoint included: SQLite before 3.51.3 needs that (WAL-reset bug),
 * and it makes writers take turns.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sql.h"

struct store;

enum store_mode {
	STORE_READ,	/* one that exists; takes no lock */
	STORE_WRITE,	/* one that exists; migrates it first, if need be */
	STORE_DRY,	/* as STORE_WRITE, but every commit rolls back */
	STORE_CREATE,	/* STORE_WRITE, and make it if there is none */
	STORE_TRY,	/* STORE_DRY; if there is none, one in memory */
	STORE_PRIVATE,	/* a new one in memory, which is gone when closed */
};

struct store_how {
	const char *home;	/* directory of node.db and node.lock; NULL
				   only for STORE_PRIVATE, which has none */
	enum store_mode mode;
	int64_t wait_ms;	/* for the lock, at most */
	const char *who;	/* told to those who wait for our lock */
};

/*
 * The caller owns *s and gives it to store_close(), which accepts NULL.
 * E_no_ledger if there is none, E_not_a_ledger if the file is another's,
 * E_unsupported_schema if store and program do not fit, E_lock_timeout.
 */
int store_open(struct store **s, const struct store_how *, struct err *)
    CHECKED;
void store_close(struct store *);

/*
 * How many steps of the schema a store has, and how many there are; opening
 * it to write applies those that it lacks, one transaction each.
 * E_no_ledger, E_not_a_ledger, E_unsupported_schema if it has more.
 */
int store_schema(const char *home, int *at, int *have, struct err *) CHECKED;

/* Keep up to 16 MiB of it at hand, not 2: for those who change much of it. */
int store_roomy(struct store *, struct err *) CHECKED;

/*
 * For one that commits all day: its log is copied back less often, and used
 * again from its beginning rather than cut.  store_tidy() cuts it, when there
 * is nothing better to do; what others see is the same.
 */
void store_stays(struct store *);
void store_tidy(struct store *);

/* E_lock_timeout after wait_ms; says who holds the lock and since when. */
int store_begin(struct store *, struct err *) CHECKED;

/*
 * A failed commit is E_disk_full or E_io_error where a fence has made sure
 * that nothing was committed, else E_commit_unknown (spec/ledger.md 4.4).
 * The transaction is over in any case.
 */
int store_commit(struct store *, struct err *) CHECKED;
void store_rollback(struct store *);	/* harmless outside a transaction */

/* Many reads of one state; store_rollback() ends it. */
int store_snapshot(struct store *, struct err *) CHECKED;

/*
 * A number of this connection's, which is another one once others have changed
 * the store; for who reads only.  In a snapshot it is of that.
 */
int store_version(struct store *, int64_t *, struct err *) CHECKED;

bool store_writing(const struct store *);	/* between begin and commit? */
bool store_is_dry(const struct store *);
bool store_is_memory(const struct store *);	/* it has no files */

/*
 * A savepoint inside the transaction, not nested: undo takes back all since
 * mark, keep forgets the mark.
 */
int store_mark(struct store *, struct err *) CHECKED;
int store_keep(struct store *, struct err *) CHECKED;
int store_undo(struct store *, struct err *) CHECKED;

/*
 * A number that is remembered until the transaction ends, or is undone to its
 * mark: what a statement has told, where asking it each time would cost more
 * than what it is asked for.  0 at first.
 */
int *store_memo(struct store *, enum sql);

/* A number that is kept under a name; 0 while there is none. */
int store_keep_number_in(struct store *, const char *name, int64_t,
    struct err *) CHECKED;
int store_number(struct store *, const char *name, int64_t *, struct err *)
    CHECKED;

/*
 * A query latches its first failure: binds after it do nothing, and the step
 * reports it.  So bind freely, in the order of $1, $2, ..., and check once.
 * What is bound is borrowed until query_close().
 */
struct query {
	struct store *store;
	void *stmt;
	int next, fail;
};

void query_open(struct query *, struct store *, enum sql);
void query_text(struct query *, const char *);	/* NULL binds null */
void query_int(struct query *, int64_t);
void query_null(struct query *);
void query_bytes(struct query *, const void *, size_t);

/* The next row: 1, or 0 after the last, or -1; the last two also close. */
int query_row(struct query *, struct err *) CHECKED;

/* Of the row, columns from 0; text and bytes live until the next step. */
int64_t query_get_int(const struct query *, int column);
const char *query_get_text(const struct query *, int column);	/* or NULL */
const void *query_get_bytes(const struct query *, int column, size_t *n);
bool query_get_null(const struct query *, int column);
size_t query_get_size(const struct query *, int column);	/* once got */

/* Text into memory of one's own, or NULL; or into room, cut to fit it. */
char *query_copy_text(const struct query *, int column);
void query_put_text(const struct query *, int column, char *out, size_t n);

void query_close(struct query *);	/* harmless when closed */

/* Step once, keep the first column of a row, close: 1 row, 0 none, -1. */
int query_run(struct query *, int64_t *first, struct err *) CHECKED;

/*
 * Ids of what is due, for a sweep that goes on from where *after_ms and
 * after_id stopped.  The query takes these four, and its rows are an id and
 * the time it was due at.  At most limit ids, of size bytes each, into out,
 * and close: their number, or -1.
 */
int query_due(struct query *, int64_t now_ms, int64_t *after_ms,
    char *after_id, int limit, size_t size, char *out, struct err *) CHECKED;

/*
 * Run what gives no rows: 1 if it has changed any, 0 if none, or -1.  RETURNING
 * would tell as well, but SQLite makes a table for each answer, which costs
 * more than most changes.
 */
int query_change(struct query *, struct err *) CHECKED;

#endif
