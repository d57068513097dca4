/*
 * home.h - a store of a test's own, in a directory below the current one,
 * and what can be said of a whole store: that it verifies, that its books
 * are equal, that it holds the same rows as before.
 */
#ifndef HOME_H
#define HOME_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cri/audit.h"
#include "crypto/hash.h"
#include "ledger/ledger.h"
#include "node/audit.h"
#include "verify/verify.h"
#include "settle/settle.h"
#include "store/impl.h"

#define HOME_MS INT64_C(1795161600000)	/* its log begins: November 2026 */
#define HOME_ORIGIN "ledger.example/test"
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

static inline void
home_die(const char *what, const struct err *e)
{
	printf("Bail out! %s: %s (%s)\n", what, e->msg, err_word(e->code));
	exit(1);
}

static inline struct store *
home_open(const char *name, enum store_mode mode)
{
	const struct store_how how = {
		.home = name, .mode = mode, .wait_ms = 5000, .who = "test",
	};
	struct store *s = NULL;
	struct err e = { 0 };

	if (store_open(&s, &how, &e))
		home_die("store_open", &e);
	return s;
}

/* An empty ledger, whatever an earlier run has left there. */
static inline struct store *
home_new(const char *name)
{
	static const char *const files[] = {
		"node.db", "node.db-wal", "node.db-shm", "node.lock",
	};
	struct posted posted;
	struct err e = { 0 };
	struct store *s;
	char path[256];
	size_t i;

	(void)mkdir(name, 0700);
	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", name, files[i]);
		(void)unlink(path);
	}
	s = home_open(name, STORE_CREATE);
	if (ledger_init(s, HOME_ORIGIN, "key", HOME_MS, &posted, &e))
		home_die("ledger_init", &e);
	return s;
}

static inline void
home_begin(struct store *s, struct ledger **l, int64_t now_ms)
{
	struct err e = { 0 };

	if (ledger_begin(s, l, now_ms, true, &e))
		home_die("ledger_begin", &e);
}

static inline void
home_commit(struct ledger *l)
{
	struct err e = { 0 };

	if (ledger_commit(l, &e))
		home_die("ledger_commit", &e);
}

static inline void
home_mark(struct ledger *l)
{
	struct err e = { 0 };

	if (ledger_mark_in(l, &e))
		home_die("ledger_mark_in", &e);
}

static inline void
home_undo(struct ledger *l)
{
	struct err e = { 0 };

	if (ledger_undo_in(l, &e))
		home_die("ledger_undo_in", &e);
}

static inline void
home_keep(struct ledger *l)
{
	struct err e = { 0 };

	if (ledger_keep_in(l, &e))
		home_die("ledger_keep_in", &e);
}

static inline int64_t
home_balance(struct ledger *l, const char *account, const char *unit)
{
	struct balance b;
	struct err e = { 0 };

	if (ledger_balance_in(l, account, unit_named(unit), &b, &e))
		home_die("ledger_balance_in", &e);
	return b.minor;
}

static inline int
home_tell(void *arg, const struct finding *f, struct err *e)
{
	(void)arg;
	(void)e;
	printf("# layer %d: %s (%s)\n", f->layer, f->text,
	    err_word(f->code));
	return 0;
}

/* How many findings verify has. */
static inline int64_t
home_verify(struct store *s)
{
	const struct verify_how how = {
		.layers = VERIFY_ALL & ~(1u << 4), .most = 20, .jobs = 1,
		.told = home_tell, .max_age_ms = INT64_MAX / 2,
	};
	struct verified v;
	struct err e = { 0 };

	if (verify_run(s, &how, &v, &e))
		home_die("verify_run", &e);
	return v.findings;
}

static inline int
home_record(void *all, struct buf *record, struct err *e)
{
	(void)e;
	if (all)
		buf_add((struct buf *)all, record->data, record->len);
	return 0;
}

/* Are the books equal? */
static inline bool
home_reconciles(struct store *s, const struct params *p, int64_t now_ms)
{
	struct buf all = BUF_INIT(1 << 20);
	const struct reconcile how = {
		.params = p, .now_ms = now_ms, .told = home_record,
		.arg = &all,
	};
	struct err e = { 0 };
	bool sound;
	int got = settle_reconcile(s, &how, &sound, &e);

	if (got < 0)
		home_die("settle_reconcile", &e);
	if (!got)
		printf("# %s\n", all.data);
	buf_release(&all);
	return got > 0;
}

static inline int
home_miscounted(void *arg, const struct cri_fault *f, struct err *e)
{
	(void)arg;
	(void)e;
	printf("# %s %s: %s is stored as %lld, the log says %lld\n",
	    f->node_id, f->other_id ? f->other_id : "", f->counter,
	    (long long)f->stored, (long long)f->computed);
	return 0;
}

static inline int
home_miskept(void *arg, const struct node_fault *f, struct err *e)
{
	const struct cri_fault as = {
		.node_id = f->node_id, .counter = f->counter,
		.stored = f->stored, .computed = f->computed,
	};

	return home_miscounted(arg, &as, e);
}

/* How many counters are not what the log makes them. */
static inline int64_t
home_audit(struct store *s)
{
	struct cri_audit a;
	struct node_audit n;
	struct err e = { 0 };

	if (cri_audit(s, home_miscounted, NULL, &a, &e))
		home_die("cri_audit", &e);
	if (node_audit(s, home_miskept, NULL, &n, &e))
		home_die("node_audit", &e);
	return a.faults + n.faults;
}

/* Every row of every table, in a fixed order: equal hashes, equal stores. */
static inline void
home_hash(struct store *s, struct hash *out)
{
	struct buf rows = BUF_INIT(256 << 20);
	sqlite3_stmt *tables, *q = NULL;
	char sql[256];
	int i;

	sqlite3_prepare_v2(s->db, "SELECT name FROM sqlite_schema "
	    "WHERE type = 'table' ORDER BY name", -1, &tables, NULL);
	while (sqlite3_step(tables) == SQLITE_ROW) {
		snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\" ORDER BY 1, 2",
		    (const char *)sqlite3_column_text(tables, 0));
		buf_addf(&rows, "%s\n", sql);
		if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL)) {
			printf("Bail out! %s: %s\n", sql,
			    sqlite3_errmsg(s->db));
			exit(1);
		}
		while (sqlite3_step(q) == SQLITE_ROW) {
			for (i = 0; i < sqlite3_column_count(q); i++) {
				buf_addf(&rows, "%d:%d:",
				    sqlite3_column_type(q, i),
				    sqlite3_column_bytes(q, i));
				buf_add(&rows, sqlite3_column_blob(q, i),
				    (size_t)sqlite3_column_bytes(q, i));
			}
			buf_addc(&rows, '\n');
		}
		sqlite3_finalize(q);
	}
	sqlite3_finalize(tables);
	if (rows.full)
		printf("Bail out! too many rows\n");
	hash_of(out, rows.data, rows.len);
	buf_release(&rows);
}

/* A number that a statement gives. */
static inline int64_t
home_number(struct store *s, const char *sql)
{
	int64_t n = INT64_MIN;
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

#endif
