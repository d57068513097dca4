#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/history.h"
#include "ledger/own.h"
#include "ledger/past.h"

struct history {
	struct store *store;
	const struct account *account;	/* borrowed */
	struct history_range range;
	struct past *past;		/* as of the last posting */
	int64_t low, high;		/* lines wanted, by n */
	int64_t rows;			/* lines that are postings */
	int64_t n, balance;		/* of the next line from a leaf */
	int source;			/* how many were begun */
	struct query q;
	struct leaf leaf;
	struct buf memo;
};

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How many legs the account has below a seq. */
static int
legs_below(struct history *h, int64_t seq, int64_t size, int64_t *out,
    struct err *e)
{
	struct balance b = h->account->balance;
	struct past *p;

	if (seq < size) {
		if (past_open(&p, h->store, seq, e))
			return -1;
		if (past_balance(p, h->account, &b, e)) {
			past_close(p);
			return -1;
		}
		past_close(p);
	}
	*out = b.legs;
	return 0;
}

static int
find_ends(struct history *h, struct err *e)
{
	struct ledger_head head;
	struct balance b;
	int64_t posted;

	if (ledger_head(h->store, &head, e) ||
	    legs_below(h, h->range.from, head.size, &h->low, e) ||
	    legs_below(h, h->range.to, head.size, &h->high, e) ||
	    past_open(&h->past, h->store, 0, e))
		return -1;
	if (h->range.limit && h->high - h->low > h->range.limit)
		h->low = h->high - h->range.limit;
	posted = past_posted(h->past);
	h->rows = h->n = h->account->balance.legs;
	h->balance = h->account->balance.minor;
	if (posted < head.size) {
		past_close(h->past);
		h->past = NULL;
		if (past_open(&h->past, h->store, posted, e) ||
		    past_balance(h->past, h->account, &b, e))
			return -1;
		h->rows = b.legs;
		if (!h->range.reverse) {
			h->n = b.legs;
			h->balance = b.minor;
		}
	}
	return 0;
}

int
history_open(struct history **out, struct store *s, const struct account *a,
    const struct history_range *range, struct err *e)
{
	struct history *h = mem_zero(1, sizeof(*h));

	h->store = s;
	h->account = a;
	h->range = *range;
	h->memo = (struct buf)BUF_INIT(MEMO_MAX);
	if (find_ends(h, e)) {
		history_close(h);
		return -1;
	}
	*out = h;
	return 0;
}

void
history_close(struct history *h)
{
	if (!h)
		return;
	query_close(&h->q);
	past_close(h->past);
	leaf_release(&h->leaf);
	buf_release(&h->memo);
	free(h);
}

static bool
from_leaves(const struct history *h)
{
	return h->range.reverse == (h->source == 1);
}

static void
begin_source(struct history *h)
{
	int64_t id = h->account->id;

	h->source++;
	if (from_leaves(h)) {
		query_open(&h->q, h->store, h->range.reverse ?
		    SQL_LEDGER_ENTRY_BACK : SQL_LEDGER_ENTRY_RANGE);
		query_int(&h->q, h->high > h->rows ? past_posted(h->past) :
		    INT64_MAX);
		query_int(&h->q, INT64_MAX);
	} else {
		query_open(&h->q, h->store, h->range.reverse ?
		    SQL_LEDGER_POSTING_BACK : SQL_LEDGER_POSTING_RANGE);
		query_int(&h->q, posting_key(id, h->low));
		query_int(&h->q, posting_key(id, smaller(h->high, h->rows)));
	}
}

static int
parse(struct history *h, int column, int64_t seq, struct err *e)
{
	const void *bytes;
	size_t n;

	bytes = query_get_bytes(&h->q, column, &n);
	return leaf_parse(&h->leaf, bytes, n, past_units(h->past), e) ?
	    err_wrap(e, "entry %lld", (long long)seq) : 0;
}

static int
from_row(struct history *h, struct history_line *out, struct err *e)
{
	out->n = posting_n(query_get_int(&h->q, 0));
	out->minor = query_get_int(&h->q, 2);
	out->balance = query_get_int(&h->q, 3);
	return parse(h, 4, query_get_int(&h->q, 1), e);
}

/* The line that a leaf makes: 1, or 0 if it is none of those wanted. */
static int
from_leaf(struct history *h, struct history_line *out, struct err *e)
{
	const struct account *a = h->account;
	const struct entry *x = &h->leaf.entry;
	size_t i;

	if (parse(h, 2, query_get_int(&h->q, 0), e))
		return -1;
	for (i = 0; i < x->n_legs; i++)
		if (!strcmp(x->legs[i].account, a->name) &&
		    !strcmp(x->legs[i].unit->code, a->unit.code))
			break;
	if (i == x->n_legs)
		return 0;
	out->minor = x->legs[i].minor;
	if (h->range.reverse) {
		out->n = --h->n;
		out->balance = h->balance;
		h->balance -= out->minor;
	} else {
		out->n = h->n++;
		out->balance = h->balance += out->minor;
	}
	return out->n >= h->low && out->n < h->high;
}

int
history_next(struct history *h, struct history_line *out, struct err *e)
{
	int got;

	out->entry = &h->leaf.entry;
	while (h->source <= 2) {
		if (!h->source) {
			begin_source(h);
			continue;
		}
		got = query_row(&h->q, e);
		if (got < 0)
			return -1;
		if (!got) {
			query_close(&h->q);
			if (h->source == 2)
				break;
			begin_source(h);
			continue;
		}
		got = from_leaves(h) ? from_leaf(h, out, e) :
		    from_row(h, out, e) ? -1 : 1;
		if (got)
			return got;
	}
	return 0;
}

/* Sorted by account, so that one name is met once in a row. */
static void
put_others(struct buf *out, const struct account *a, const struct entry *x)
{
	const char *last = a->name;
	size_t i;

	json_open(out, "counterparties", '[');
	for (i = 0; i < x->n_legs; i++) {
		if (!strcmp(x->legs[i].account, a->name) ||
		    !strcmp(x->legs[i].account, last))
			continue;
		last = x->legs[i].account;
		json_str(out, NULL, last);
	}
	json_close(out, ']');
}

int
history_write(struct buf *out, struct history *h,
    const struct history_line *line, struct err *e)
{
	static const char *const kinds[] = { "transfer", "event", "reversal" };
	const struct account *a = h->account;
	const struct entry *x = line->entry;

	buf_reset(&h->memo);
	if (x->memo_sha256 && ledger_memo(h->store, x->seq, &h->memo, e) < 0)
		return -1;
	json_open(out, NULL, '{');
	json_int(out, "n", line->n);
	json_int(out, "seq", x->seq);
	json_time(out, "at", x->at_ms);
	if (x->effective_ms)
		json_time(out, "effective", *x->effective_ms);
	json_str(out, "kind", kinds[x->kind]);
	json_str(out, "type", x->type);
	json_str(out, "id", x->id);
	json_str_if(out, "ref", x->ref);
	json_str(out, "unit", a->unit.code);
	json_amount(out, "amount", (struct amount){ line->minor, &a->unit });
	json_amount(out, "balance",
	    (struct amount){ line->balance, &a->unit });
	put_others(out, a, x);
	if (h->memo.len)
		json_str(out, "memo", h->memo.data);
	return 0;
}

int
history_effective(struct store *s, const struct account *a, int64_t until_ms,
    struct balance *out, struct err *e)
{
	const struct history_range all = { .to = INT64_MAX };
	struct history_line line;
	struct history *h;
	amount_wide sum = 0;
	int got;

	*out = (struct balance){ 0 };
	if (history_open(&h, s, a, &all, e))
		return -1;
	while ((got = history_next(h, &line, e)) > 0) {
		if ((line.entry->effective_ms ? *line.entry->effective_ms :
		    line.entry->at_ms) > until_ms)
			continue;
		sum += line.minor;
		out->legs++;
	}
	history_close(h);
	if (!got && (sum > INT64_MAX || sum < -INT64_MAX))
		return err_set(e, E_amount_overflow, "'%s' does not fit into "
		    "64 bits by effective time", a->name);
	out->minor = out->available = (int64_t)sum;
	return got;
}
