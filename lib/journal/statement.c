#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/mem.h"
#include "journal/statement.h"
#include "ledger/history.h"

#define RECORD_MAX 65536
#define NONE SIZE_MAX

struct row {
	unsigned long line;
	int64_t day_ms, minor;
	const char *reference, *description;	/* borrowed from the CSV */
	size_t match;			/* an item, or NONE */
	bool doubtful;			/* more than one would do */
};

struct item {
	int64_t seq, day_ms, minor;
	char *id, *ref;			/* owned; ref may be NULL */
	size_t match;			/* a row, or NONE */
};

struct statement {
	const struct statement_want *want;
	struct row *row;
	struct item *item;
	size_t rows, items, cap_rows, cap_items;
};

enum column { DATE, AMOUNT, REFERENCE, DESCRIPTION, COLUMNS };

static int
read_header(struct csv *c, size_t column[COLUMNS], struct err *e)
{
	static const char *const names[] = {
		"date", "amount", "reference", "description",
	};
	size_t i, k;
	int got = csv_next(c, e);

	if (got < 0)
		return -1;
	for (k = 0; k < COLUMNS; k++) {
		column[k] = NONE;
		for (i = 0; got && i < c->n; i++)
			if (!strcmp(c->field[i], names[k]))
				column[k] = i;
		if (column[k] == NONE)
			return err_set(e, E_bad_csv, "line 1: no column '%s' "
			    "in date,amount,reference,description", names[k]);
	}
	return 0;
}

/* As banks write it: a sign may be there. */
static int
read_signed(const char *text, const struct unit *unit, int64_t *minor,
    struct err *e)
{
	bool minus = *text == '-';

	if (amount_digits(text + (minus || *text == '+'), unit->scale, minor,
	    e))
		return -1;
	if (minus)
		*minor = -*minor;
	return 0;
}

static int64_t
day_of(int64_t ms)
{
	return ms - (ms % CLOCK_DAY_MS + CLOCK_DAY_MS) % CLOCK_DAY_MS;
}

static int
add_row(struct statement *s, const struct csv *c,
    const size_t column[COLUMNS], struct err *e)
{
	struct row r = { .line = c->at, .match = NONE };
	size_t k;

	for (k = 0; k < COLUMNS; k++)
		if (column[k] >= c->n)
			return err_set(e, E_bad_csv, "line %lu: it has %zu "
			    "fields", c->at, c->n);
	if (clock_parse(c->field[column[DATE]], &r.day_ms, e) ||
	    read_signed(c->field[column[AMOUNT]],
	    &s->want->account->unit, &r.minor, e))
		return err_wrap(e, "line %lu", c->at);
	r.day_ms = day_of(r.day_ms);
	r.reference = c->field[column[REFERENCE]];
	r.description = c->field[column[DESCRIPTION]];
	if (s->rows == s->cap_rows) {
		s->cap_rows = s->cap_rows ? 2 * s->cap_rows : 64;
		s->row = mem_grow(s->row, s->cap_rows, sizeof(*s->row));
	}
	s->row[s->rows++] = r;
	return 0;
}

static int
read_rows(struct statement *s, char *text, size_t n, struct err *e)
{
	size_t column[COLUMNS];
	struct csv c;
	int got;

	csv_open(&c, text, n);
	if (read_header(&c, column, e))
		return -1;
	while ((got = csv_next(&c, e)) > 0) {
		if (c.n == 1 && !*c.field[0])
			continue;	/* a blank line */
		if (add_row(s, &c, column, e))
			return -1;
	}
	return got;
}

static void
add_item(struct statement *s, const struct history_line *line, int64_t day)
{
	const struct entry *x = line->entry;

	if (s->items == s->cap_items) {
		s->cap_items = s->cap_items ? 2 * s->cap_items : 64;
		s->item = mem_grow(s->item, s->cap_items, sizeof(*s->item));
	}
	s->item[s->items++] = (struct item){
		.seq = x->seq, .day_ms = day, .minor = line->minor,
		.id = mem_text(x->id), .ref = x->ref ? mem_text(x->ref) : NULL,
		.match = NONE,
	};
}

/* Of the time that the statement is about. */
static int
read_items(struct statement *s, struct store *store, struct err *e)
{
	const struct history_range all = { .to = INT64_MAX };
	int64_t first = INT64_MAX, last = INT64_MIN, day;
	int64_t away = s->want->days * CLOCK_DAY_MS;
	struct history_line line;
	struct history *h;
	size_t i;
	int got;

	for (i = 0; i < s->rows; i++) {
		if (s->row[i].day_ms < first)
			first = s->row[i].day_ms;
		if (s->row[i].day_ms > last)
			last = s->row[i].day_ms;
	}
	if (!s->rows)
		return 0;
	if (history_open(&h, store, s->want->account, &all, e))
		return -1;
	while ((got = history_next(h, &line, e)) > 0) {
		day = day_of(line.entry->effective_ms ?
		    *line.entry->effective_ms : line.entry->at_ms);
		if (day >= first - away && day <= last + away)
			add_item(s, &line, day);
	}
	history_close(h);
	return got;
}

static void
pair(struct statement *s, size_t row, size_t item)
{
	s->row[row].match = item;
	s->item[item].match = row;
}

static bool
named(const struct item *i, const struct row *r)
{
	return *r->reference && (!strcmp(i->id, r->reference) ||
	    (i->ref && !strcmp(i->ref, r->reference)));
}

/* What an id or a ref says, if one entry alone has it. */
static void
by_reference(struct statement *s)
{
	size_t r, i, found, n;

	for (r = 0; r < s->rows; r++) {
		found = NONE;
		n = 0;
		for (i = 0; i < s->items; i++)
			if (s->item[i].match == NONE &&
			    s->item[i].minor == s->row[r].minor &&
			    named(&s->item[i], &s->row[r])) {
				found = i;
				n++;
			}
		if (n == 1)
			pair(s, r, found);
	}
}

static bool
alike(const struct statement *s, const struct row *r, const struct item *i)
{
	int64_t away = r->day_ms - i->day_ms;

	return r->match == NONE && i->match == NONE &&
	    r->minor == i->minor && away <= s->want->days * CLOCK_DAY_MS &&
	    -away <= s->want->days * CLOCK_DAY_MS;
}

/* Candidates of a row and of an item, both without those that are matched. */
static size_t
items_for(const struct statement *s, size_t r, size_t *last)
{
	size_t i, n = 0;

	for (i = 0; i < s->items; i++)
		if (alike(s, &s->row[r], &s->item[i])) {
			*last = i;
			n++;
		}
	return n;
}

static size_t
rows_for(const struct statement *s, size_t i)
{
	size_t r, n = 0;

	for (r = 0; r < s->rows; r++)
		n += alike(s, &s->row[r], &s->item[i]);
	return n;
}

/*
 * Which pairs there are is decided before any is made, so that the order of
 * rows says nothing.
 */
static void
by_amount(struct statement *s)
{
	size_t *found = mem_zero(s->rows + 1, sizeof(*found));
	size_t r, i = 0, n;

	for (r = 0; r < s->rows; r++) {
		found[r] = NONE;
		n = items_for(s, r, &i);
		if (n == 1 && rows_for(s, i) == 1)
			found[r] = i;
		else
			s->row[r].doubtful = n > 0;
	}
	for (r = 0; r < s->rows; r++)
		if (found[r] != NONE)
			pair(s, r, found[r]);
	free(found);
}

static void
put_date(struct buf *out, int64_t ms)
{
	char text[CLOCK_TEXT];

	clock_text(ms, text);
	json_strn(out, "date", text, 10);
}

static void
put_item(const struct statement *s, struct buf *out, const struct item *i)
{
	json_int(out, "seq", i->seq);
	json_str(out, "id", i->id);
	json_str_if(out, "ref", i->ref);
	if (i->match == NONE) {
		put_date(out, i->day_ms);
		json_amount(out, "amount", (struct amount){
		    i->minor, &s->want->account->unit });
	}
}

static void
put_row(const struct statement *s, struct buf *out, const struct row *r)
{
	json_int(out, "line", (int64_t)r->line);
	put_date(out, r->day_ms);
	json_amount(out, "amount",
	    (struct amount){ r->minor, &s->want->account->unit });
	json_str(out, "reference", r->reference);
	json_str(out, "description", r->description);
}

static void
put_candidates(const struct statement *s, struct buf *out,
    const struct row *r)
{
	size_t i;

	json_open(out, "candidates", '[');
	for (i = 0; i < s->items; i++)
		if (alike(s, r, &s->item[i]))
			json_int(out, NULL, s->item[i].seq);
	json_close(out, ']');
}

static int
tell(const struct statement *s, statement_told *told, void *arg,
    struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	const struct row *r;
	const struct item *i;
	int rc = 0, all = 1;

	for (r = s->row; !rc && r < s->row + s->rows; r++) {
		all &= r->match != NONE;
		json_open(&out, NULL, '{');
		json_str(&out, "result", r->match != NONE ? "matched" :
		    r->doubtful ? "ambiguous" : "unmatched_statement");
		put_row(s, &out, r);
		if (r->match != NONE)
			put_item(s, &out, &s->item[r->match]);
		else if (r->doubtful)
			put_candidates(s, &out, r);
		json_close(&out, '}');
		rc = told(arg, &out, e);
	}
	for (i = s->item; !rc && i < s->item + s->items; i++) {
		if (i->match != NONE)
			continue;
		all = 0;
		json_open(&out, NULL, '{');
		json_str(&out, "result", "unmatched_ledger");
		put_item(s, &out, i);
		json_close(&out, '}');
		rc = told(arg, &out, e);
	}
	buf_release(&out);
	return rc ? -1 : all;
}

int
statement_match(struct store *store, const char *csv, size_t n,
    const struct statement_want *want, statement_told *told, void *arg,
    struct err *e)
{
	struct statement s = { .want = want };
	char *text = mem_zero(n + 1, 1);
	size_t i;
	int rc = -1;

	memcpy(text, csv, n);
	if (read_rows(&s, text, n, e) || read_items(&s, store, e))
		goto out;
	by_reference(&s);
	by_amount(&s);
	rc = tell(&s, told, arg, e);
out:
	for (i = 0; i < s.items; i++) {
		free(s.item[i].id);
		free(s.item[i].ref);
	}
	free(s.item);
	free(s.row);
	free(text);
	return rc;
}
