/* Tables for a spreadsheet. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "census/census.h"
#include "census/impl.h"
#include "store/store.h"

#define COLUMNS 12

/*
 * A column: its name behind one letter that says what it is: s a text, i a
 * number, m money, t a moment or 0, d a day, c points in tenths, b yes or no.
 */
static const struct table {
	const char *name;
	enum sql sql;
	const char *column[COLUMNS];
} tables[] = {
	{ "daily_active", SQL_CENSUS_EXPORT_DAILY_ACTIVE,
	    { "ddate", "ibuyers", "isellers", "iactive" } },
	{ "tasks", SQL_CENSUS_EXPORT_TASKS,
	    { "stask_id", "sskill_id", "sskill_label", "sbuyer_id",
	    "sseller_id", "sstatus", "sprotocol", "sllm_provider", "mamount",
	    "tcreated_at", "tcompleted_at" } },
	{ "escrows", SQL_CENSUS_EXPORT_ESCROWS,
	    { "sescrow_id", "skind", "sbuyer_id", "sseller_id", "sstatus",
	    "mamount", "itax_bp", "tcreated_at", "tdisputed_at",
	    "tclosed_at" } },
	{ "nodes", SQL_CENSUS_EXPORT_NODES,
	    { "snode_id", "srealm", "bactive", "istrikes", "tcreated_at",
	    "tbanned_at", "texpired_at" } },
	{ "funnel", SQL_CENSUS_EXPORT_FUNNEL,
	    { "snode_id", "sevent", "tat" } },
	{ "cri", SQL_CENSUS_EXPORT_CRI,
	    { "snode_id", "ccri_score", "itrades_as_seller",
	    "itrades_as_buyer", "icounterparties", "mvolume", "idelivered",
	    "ifailed", "istrikes", "tscored_at" } },
};

static const struct table *
find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (!strcmp(tables[i].name, name))
			return tables + i;
	return NULL;
}

/* The kind is the letter; no key inside of a list, or alone. */
static void
put_value(struct buf *out, const struct query *q, int i, char kind,
    const char *key)
{
	char day[CLOCK_TEXT];

	switch (kind) {
	case 's':
		if (query_get_null(q, i))
			json_null(out, key);
		else
			json_str(out, key, query_get_text(q, i));
		break;
	case 'm':
		census_tck(out, key, query_get_int(q, i));
		break;
	case 'c':
		census_tenths(out, key, query_get_int(q, i));
		break;
	case 'b':
		json_bool(out, key, query_get_int(q, i) != 0);
		break;
	case 't':
		if (query_get_int(q, i))
			json_time(out, key, query_get_int(q, i));
		else
			json_null(out, key);
		break;
	case 'd':
		clock_text(query_get_int(q, i) * CLOCK_DAY_MS, day);
		json_strn(out, key, day, 10);
		break;
	default:
		json_int(out, key, query_get_int(q, i));
	}
}

static void
put_json(struct buf *out, const struct query *q, const struct table *t)
{
	int i;

	json_open(out, NULL, '{');
	for (i = 0; i < COLUMNS && t->column[i]; i++)
		put_value(out, q, i, *t->column[i], t->column[i] + 1);
	json_close(out, '}');
}

/* A text may be taken for a formula: then an apostrophe stands before it. */
static void
put_text(struct buf *out, const char *text)
{
	buf_addc(out, '"');
	if (*text && strchr("=+-@\t\r", *text))
		buf_addc(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_addc(out, '"');
		buf_addc(out, *text);
	}
	buf_addc(out, '"');
}

static void
put_field(struct buf *out, const struct query *q, int i, char kind)
{
	struct buf one = BUF_INIT(64);

	if (kind == 's') {
		if (!query_get_null(q, i))
			put_text(out, query_get_text(q, i));
		return;
	}
	put_value(&one, q, i, kind, NULL);
	if (*one.data == '"')
		buf_add(out, one.data + 1, one.len - 2);
	else if (strcmp(one.data, "null"))
		buf_add(out, one.data, one.len);
	buf_release(&one);
}

static void
put_csv(struct buf *out, const struct query *q, const struct table *t)
{
	int i;

	for (i = 0; i < COLUMNS && t->column[i]; i++) {
		if (i)
			buf_addc(out, ',');
		put_field(out, q, i, *t->column[i]);
	}
	buf_adds(out, "\r\n");
}

static void
put_names(struct buf *out, const struct table *t)
{
	int i;

	for (i = 0; i < COLUMNS && t->column[i]; i++) {
		if (i)
			buf_addc(out, ',');
		buf_adds(out, t->column[i] + 1);
	}
	buf_adds(out, "\r\n");
}

int64_t
census_export(struct buf *out, struct store *s, const char *table,
    const struct census_page *page, struct err *e)
{
	const struct table *t = find(table);
	struct query q;
	int64_t n = 0;
	int got;

	if (!t)
		return err_set(e, E_no_table, "no table '%.40s': say "
		    "daily_active, tasks, escrows, nodes, funnel or cri",
		    table);
	query_open(&q, s, t->sql);
	query_int(&q, page->from_ms);
	query_int(&q, page->limit);
	query_int(&q, page->offset);
	if (page->csv)
		put_names(out, t);
	for (; (got = query_row(&q, e)) > 0; n++)
		(page->csv ? put_csv : put_json)(out, &q, t);
	query_close(&q);
	return got < 0 ? -1 : n;
}
