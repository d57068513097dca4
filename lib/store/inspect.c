#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/health.h"
#include "store/impl.h"
#include "store/inspect.h"

/* The schema as the steps make it, in a store that nobody else sees. */
static int
make_model(struct store **out, struct err *e)
{
	struct store *s = *out = mem_zero(1, sizeof(*s));
	int i, code;

	s->lock = -1;
	s->memory = true;
	s->mode = STORE_READ;
	s->home = mem_text("");
	code = sqlite3_open_v2(":memory:", &s->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK)
		return store_fail(s, code, e);
	for (i = 0; i < schema_steps; i++)
		if (store_run(s, schema_step[i], e))
			return -1;
	return 0;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* The object of this name and type: 1 and its text, 0, -1. */
static int
find(struct store *s, struct query *q, const char *type, const char *name,
    struct err *e)
{
	query_open(q, s, SQL_STORE_OBJECT);
	query_text(q, type);
	query_text(q, name);
	return query_row(q, e);
}

/* Columns of a table that the model's has not. */
static int
odd_columns(struct store *s, struct store *model, const char *table,
    inspect_told *told, void *arg, struct err *e)
{
	struct inspect_odd odd = { INSPECT_COLUMN, "table", table, NULL };
	struct query q, known;
	int got, had, rc = 0;

	query_open(&q, s, SQL_STORE_COLUMNS);
	query_text(&q, table);
	while (!rc && (got = query_row(&q, e)) > 0) {
		odd.column = query_get_text(&q, 0);
		query_open(&known, model, SQL_STORE_COLUMN);
		query_text(&known, table);
		query_text(&known, odd.column);
		had = query_row(&known, e);
		query_close(&known);
		rc = had < 0 ? -1 : had ? 0 : told(arg, &odd, e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

/* What the model has, the store has, with the same text. */
static int
compare(struct store *s, struct store *model, inspect_told *told, void *arg,
    struct err *e)
{
	struct inspect_odd odd = { INSPECT_MISSING, NULL, NULL, NULL };
	struct query q, is;
	int got, has, rc = 0;
	bool same;

	query_open(&q, model, SQL_STORE_OBJECTS);
	while (!rc && (got = query_row(&q, e)) > 0) {
		odd.type = query_get_text(&q, 0);
		odd.name = query_get_text(&q, 1);
		has = find(s, &is, odd.type, odd.name, e);
		same = has > 0 && same_text(query_get_text(&q, 2),
		    query_get_text(&is, 0));
		query_close(&is);
		odd.kind = has ? INSPECT_CHANGED : INSPECT_MISSING;
		if (has < 0)
			rc = -1;
		else if (!same)
			rc = told(arg, &odd, e) || (has && !strcmp(odd.type,
			    "table") && odd_columns(s, model, odd.name, told,
			    arg, e)) ? -1 : 0;
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

static int
strangers(struct store *s, struct store *model, inspect_told *told, void *arg,
    struct err *e)
{
	struct inspect_odd odd = { INSPECT_UNKNOWN, NULL, NULL, NULL };
	struct query q, known;
	int got, has, rc = 0;

	query_open(&q, s, SQL_STORE_OBJECTS);
	while (!rc && (got = query_row(&q, e)) > 0) {
		odd.type = query_get_text(&q, 0);
		odd.name = query_get_text(&q, 1);
		if (!odd.type || !odd.name)
			odd.type = odd.name = "nameless";
		has = find(model, &known, odd.type, odd.name, e);
		query_close(&known);
		rc = has < 0 ? -1 : has ? 0 : told(arg, &odd, e);
	}
	query_close(&q);
	return rc || got < 0 ? -1 : 0;
}

int
inspect_schema(struct store *s, inspect_told *told, void *arg, struct err *e)
{
	struct store *model = NULL;
	int rc = make_model(&model, e) ||
	    compare(s, model, told, arg, e) ||
	    strangers(s, model, told, arg, e) ? -1 : 0;

	store_close(model);
	return rc;
}

/* Rows of a statement of SQLite's own, their columns in a line. */
static int
each_line(struct store *s, const char *sql, const char *good,
    inspect_line *told, void *arg, struct err *e)
{
	struct buf line = BUF_INIT(4096);
	sqlite3_stmt *q = NULL;
	const char *text;
	int code, i, rc = 0;

	code = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);
	while (code == SQLITE_OK && !rc &&
	    (code = sqlite3_step(q)) == SQLITE_ROW) {
		buf_reset(&line);
		for (i = 0; i < sqlite3_column_count(q); i++) {
			text = (const char *)sqlite3_column_text(q, i);
			buf_addf(&line, i ? " %.200s" : "%.2000s",
			    text ? text : "-");
		}
		if (!good || strcmp(line.data, good))
			rc = told(arg, line.data, e);
		code = SQLITE_OK;
	}
	if (!rc && code != SQLITE_OK && code != SQLITE_DONE)
		rc = store_fail(s, code, e);
	sqlite3_finalize(q);
	buf_release(&line);
	return rc ? -1 : 0;
}

int
inspect_whole(struct store *s, inspect_line *told, void *arg, struct err *e)
{
	return each_line(s, "PRAGMA integrity_check(100)", "ok", told, arg,
	    e);
}

int
inspect_foreign(struct store *s, inspect_line *told, void *arg,
    struct err *e)
{
	return each_line(s, "PRAGMA foreign_key_check", NULL, told, arg, e);
}

int
inspect_settings(struct store *s, struct inspect_settings *out,
    struct err *e)
{
	const char *path = s->path ? s->path :
	    sqlite3_db_filename(s->db, "main");
	FILE *f;
	char head[20] = "";
	struct statfs fs;

	*out = (struct inspect_settings){ 0 };
	(void)health_engine(&out->wal_reset);
	f = path ? fopen(path, "re") : NULL;
	if (!f)
		return err_sys(e, "cannot open the store");
	out->wal = fread(head, sizeof(head), 1, f) == 1 && head[18] == 2 &&
	    head[19] == 2;
	out->odd_filesystem = !fstatfs(fileno(f), &fs) &&
	    store_is_network((unsigned long)fs.f_type);
	fclose(f);
	return 0;
}
