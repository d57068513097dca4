#include <assert.h>
#include <string.h>
#include <string.h>

#include "base/mem.h"
#include "store/impl.h"

void
query_open(struct query *q, struct store *s, enum sql which)
{
	*q = (struct query){ .store = s };
	if (!s->stmt[which])
		q->fail = sqlite3_prepare_v3(s->db, sql_text[which], -1,
		    SQLITE_PREPARE_PERSISTENT, &s->stmt[which], NULL);
	q->stmt = s->stmt[which];
}

void
query_text(struct query *q, const char *value)
{
	if (!q->fail)
		q->fail = sqlite3_bind_text(q->stmt, ++q->next, value, -1,
		    SQLITE_STATIC);
}

void
query_int(struct query *q, int64_t value)
{
	if (!q->fail)
		q->fail = sqlite3_bind_int64(q->stmt, ++q->next, value);
}

void
query_null(struct query *q)
{
	if (!q->fail)
		q->fail = sqlite3_bind_null(q->stmt, ++q->next);
}

void
query_bytes(struct query *q, const void *value, size_t n)
{
	if (!q->fail)
		q->fail = sqlite3_bind_blob64(q->stmt, ++q->next, value, n,
		    SQLITE_STATIC);
}

int
query_row(struct query *q, struct err *e)
{
	int code = q->fail ? q->fail : sqlite3_step(q->stmt);

	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		store_fail(q->store, code, e);
	query_close(q);
	return code == SQLITE_DONE ? 0 : -1;
}

int64_t
query_get_int(const struct query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

const char *
query_get_text(const struct query *q, int column)
{
	return (const char *)sqlite3_column_text(q->stmt, column);
}

const void *
query_get_bytes(const struct query *q, int column, size_t *n)
{
	const void *data = sqlite3_column_blob(q->stmt, column);

	*n = (size_t)sqlite3_column_bytes(q->stmt, column);
	return data ? data : "";
}

size_t
query_get_size(const struct query *q, int column)
{
	return (size_t)sqlite3_column_bytes(q->stmt, column);
}

bool
query_get_null(const struct query *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

char *
query_copy_text(const struct query *q, int column)
{
	const char *text = query_get_text(q, column);

	return text ? mem_text(text) : NULL;
}

void
query_put_text(const struct query *q, int column, char *out, size_t n)
{
	const char *text = query_get_text(q, column);
	size_t len = 0;

	if (text) {
		len = strlen(text) < n ? strlen(text) : n - 1;
		memcpy(out, text, len);
	}
	out[len] = '\0';
}

void
query_close(struct query *q)
{
	if (!q->stmt)
		return;
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
	q->stmt = NULL;
}

int
query_run(struct query *q, int64_t *first, struct err *e)
{
	int rc = query_row(q, e);

	if (rc > 0 && first)
		*first = query_get_int(q, 0);
	query_close(q);
	return rc;
}

int
query_change(struct query *q, struct err *e)
{
	int rc = query_row(q, e);

	assert(rc <= 0);
	return rc ? -1 : sqlite3_changes(q->store->db) > 0;
}

int
store_keep_number_in(struct store *s, const char *name, int64_t value,
    struct err *e)
{
	struct query q;

	assert(store_writing(s));
	query_open(&q, s, SQL_STORE_KEEP_NUMBER);
	query_text(&q, name);
	query_int(&q, value);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
store_number(struct store *s, const char *name, int64_t *out, struct err *e)
{
	struct query q;

	*out = 0;
	query_open(&q, s, SQL_STORE_NUMBER);
	query_text(&q, name);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

int
query_due(struct query *q, int64_t now_ms, int64_t *after_ms, char *after_id,
    int limit, size_t size, char *out, struct err *e)
{
	int n = 0, got;

	query_int(q, now_ms);
	query_int(q, *after_ms);
	query_text(q, after_id);
	query_int(q, limit);
	while ((got = query_row(q, e)) > 0) {
		query_put_text(q, 0, out + (size_t)n * size, size);
		*after_ms = query_get_int(q, 1);
		n++;
	}
	if (n)
		memcpy(after_id, out + (size_t)(n - 1) * size, size);
	return got < 0 ? -1 : n;
}
