#include <string.h>

#include "base/clock.h"
#include "base/enc.h"
#include "base/json.h"
#include "journal/impl.h"
#include "ledger/at.h"
#include "ledger/past.h"
#include "ledger/tree.h"

#define PIECE (64 * 1024)		/* bytes that go out at once */

/*
 * The years that all three programs can read: ledger's begin in 1400, and
 * beancount needs a day behind the last.
 */
#define FIRST_DAY (-208188)		/* 1400-01-01 */
#define LAST_DAY 2932895		/* 9999-12-30 */

static const struct journal_format *const formats[] = {
	[JOURNAL_LEAVES] = &journal_leaves,
	[JOURNAL_NDJSON] = &journal_ndjson,
	[JOURNAL_CSV] = &journal_csv,
	[JOURNAL_HLEDGER] = &journal_hledger,
	[JOURNAL_LEDGER] = &journal_ledger,
	[JOURNAL_BEANCOUNT] = &journal_beancount,
};

int
journal_named(const char *word, enum journal_kind *out)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (!strcmp(formats[i]->word, word)) {
			*out = (enum journal_kind)i;
			return 1;
		}
	return 0;
}

void
journal_int(struct buf *out, int64_t n)
{
	char text[AMOUNT_TEXT];

	buf_add(out, text, amount_print(n, 0, text));
}

void
journal_amount(struct buf *out, int64_t minor, const struct unit *unit)
{
	char text[AMOUNT_TEXT];

	buf_add(out, text, amount_print(minor, unit->scale, text));
}

const char *
journal_day(struct journal *j, int64_t day)
{
	char text[CLOCK_TEXT];

	if (day != j->day || !*j->day_text) {
		clock_text(day * CLOCK_DAY_MS, text);
		memcpy(j->day_text, text, 10);
		j->day_text[10] = '\0';
		j->day = day;
	}
	return j->day_text;
}

static int64_t
day_of(int64_t ms)
{
	int64_t day = ms / CLOCK_DAY_MS - (ms % CLOCK_DAY_MS < 0);

	return day < FIRST_DAY ? FIRST_DAY : day > LAST_DAY ? LAST_DAY : day;
}

static void
meet_day(struct journal *j, int64_t day)
{
	if (day < j->first_day)
		j->first_day = day;
	if (day > j->last_day)
		j->last_day = day;
}

const char *
journal_date(struct journal *j, const struct entry *x)
{
	int64_t day = day_of(x->effective_ms ? *x->effective_ms : x->at_ms);

	meet_day(j, day);
	return journal_day(j, day);
}

static int
flush(struct journal *j, size_t least, struct err *e)
{
	if (j->out.full)
		return err_set(e, E_too_long, "a record is over %zu bytes",
		    j->out.max);
	if (j->out.len < least || !j->out.len)
		return 0;
	if (j->put(j->arg, j->out.data, j->out.len, e))
		return -1;
	buf_reset(&j->out);
	return 0;
}

/* The first comment: which log it is, and how much of it. */
static int
put_origin(struct journal *j, struct err *e)
{
	struct json root = { 0 }, data;
	const char *origin;
	char hex[HASH_HEX];
	struct stored s;
	struct query q;
	struct hash h;
	int got;

	if (tree_root(j->store, (uint64_t)j->want->to, &h, e))
		return -1;
	ledger_leaves_open(&q, j->store, 0, 1);
	got = ledger_leaves_next(&q, &s, e);
	if (got > 0 && (json_parse(&root, s.leaf, s.leaf_n, e) ||
	    json_get(&data, &root, "data", JSON_OBJECT, e) ||
	    json_get_str(&data, "origin", &origin, e)))
		got = -1;
	query_close(&q);
	if (got > 0) {
		hash_hex(hex, &h);
		buf_addf(&j->out, "; origin %s\n; size %lld\n; root %s\n",
		    origin, (long long)j->want->to, hex);
		if (j->want->from)
			buf_addf(&j->out, "; from %lld\n",
			    (long long)j->want->from);
		buf_addc(&j->out, '\n');
	}
	json_release(&root);
	return got < 0 ? -1 : 0;
}

/* What all accounts hold in a state, told one by one. */
typedef void told(struct journal *, const struct account *, int64_t minor);

static int
tell(struct journal *j, struct past *p, const struct unit *unit, told *f,
    struct err *e)
{
	struct balance b;
	struct account a;
	struct query q;
	int got;

	*j->last = '\0';
	ledger_accounts_open(&q, j->store, NULL);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if (unit && strcmp(unit->code, a.unit.code))
			continue;
		b = a.balance;
		got = p ? past_balance(p, &a, &b, e) : 0;
		if (got)
			break;
		f(j, &a, b.minor);
		memcpy(j->last, a.name, sizeof(j->last));
		got = flush(j, PIECE, e);
		if (got)
			break;
	}
	query_close(&q);
	return got;
}

static void
declare(struct journal *j, const struct account *a, int64_t minor)
{
	(void)minor;
	j->format->declare(j, a);
}

static int
declare_all(struct journal *j, struct err *e)
{
	if (!j->format->declare)
		return 0;
	if (tell(j, NULL, NULL, declare, e))
		return -1;
	buf_addc(&j->out, '\n');
	return 0;
}

static void
open_with(struct journal *j, const struct account *a, int64_t minor)
{
	if (!minor)
		return;
	if (!j->legs) {
		buf_adds(&j->out, j->day_text);
		buf_adds(&j->out, j->format->opening);
	}
	j->format->leg(j, a->name, minor, &a->unit);
}

/*
 * All balances of a unit sum to zero, so what accounts hold is a transaction
 * by itself.
 */
static int
open_all(struct journal *j, struct err *e)
{
	struct past *p;
	int64_t ms;
	size_t i;
	int rc = -1;

	if (!j->format->opening || !j->want->from)
		return 0;
	if (at_time(j->store, j->want->from - 1, &ms, e) ||
	    past_open(&p, j->store, j->want->from, e))
		return -1;
	meet_day(j, day_of(ms));
	for (i = 0; i < j->units.n; i++) {
		j->legs = 0;
		journal_day(j, day_of(ms));
		if (tell(j, p, j->units.unit[i], open_with, e))
			goto out;
		if (j->legs)
			buf_addc(&j->out, '\n');
	}
	rc = 0;
out:
	past_close(p);
	return rc;
}

static void
close_with(struct journal *j, const struct account *a, int64_t minor)
{
	j->format->closing(j, a, minor);
}

static int
close_all(struct journal *j, int64_t size, struct err *e)
{
	struct past *p = NULL;
	int rc;

	if (!j->format->opening)
		return 0;
	if (j->first_day > j->last_day)
		j->first_day = j->last_day = 0;
	if (j->want->to < size &&
	    past_open(&p, j->store, j->want->to, e))
		return -1;
	j->legs = 0;
	rc = tell(j, p, NULL, close_with, e);
	past_close(p);
	return rc;
}

static int
walk(struct journal *j, struct err *e)
{
	const struct journal_format *f = j->format;
	int64_t next = j->want->from;
	struct leaf leaf = { 0 };
	struct stored s;
	struct query q;
	int got;

	ledger_leaves_open(&q, j->store, j->want->from, j->want->to);
	while ((got = ledger_leaves_next(&q, &s, e)) > 0) {
		got = s.seq == next++ ? 0 : err_set(e, E_seq_gap,
		    "entry %lld is missing", (long long)next - 1);
		if (!got && f->raw)
			got = f->raw(j, &s, e);
		if (!got && f->entry) {
			got = leaf_parse(&leaf, s.leaf, s.leaf_n, &j->units, e);
			if (got)
				err_wrap_(e, "entry %lld", (long long)s.seq);
			else if (leaf.entry.n_legs)
				f->entry(j, &leaf.entry);
		}
		if (got || flush(j, PIECE, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	leaf_release(&leaf);
	return got;
}

int
journal_export(struct store *s, const struct journal_want *want,
    journal_put *put, void *arg, struct err *e)
{
	struct journal j = {
		.store = s, .want = want, .format = formats[want->kind],
		.put = put, .arg = arg, .out = BUF_INIT(1 << 20),
		.first_day = INT64_MAX, .last_day = INT64_MIN,
	};
	struct ledger_head head;
	int rc = -1;

	if (ledger_head(s, &head, e) || ledger_units_read(s, &j.units, e) ||
	    (j.format->opening && put_origin(&j, e)))
		goto out;
	if (j.format->begin)
		j.format->begin(&j);
	if (declare_all(&j, e) || open_all(&j, e) || walk(&j, e) ||
	    close_all(&j, head.size, e) || flush(&j, 0, e))
		goto out;
	rc = 0;
out:
	ledger_units_free(&j.units);
	buf_release(&j.out);
	return rc;
}
