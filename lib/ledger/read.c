#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "ledger/past.h"
#include "ledger/read.h"

void
ledger_accounts_open(struct query *q, struct store *s, const char *name)
{
	query_open(q, s, name ? SQL_LEDGER_ACCOUNT_NAMED :
	    SQL_LEDGER_ACCOUNT_ALL);
	if (name)
		query_text(q, name);
}

/*
 * From the prefix to the next string that does not begin so: its last byte
 * plus one.  Bytes of names are ASCII, so there is one.
 */
void
ledger_accounts_under(struct query *q, struct store *s, struct under *u,
    const char *prefix)
{
	size_t n = strlen(prefix);

	if (!n) {
		ledger_accounts_open(q, s, NULL);
		return;
	}
	snprintf(u->low, sizeof(u->low), "%s", prefix);
	snprintf(u->high, sizeof(u->high), "%s", prefix);
	u->high[strlen(u->high) - 1]++;
	query_open(q, s, SQL_LEDGER_ACCOUNT_UNDER);
	query_text(q, u->low);
	query_text(q, u->high);
}

int
ledger_accounts_next(struct query *q, struct account *a, struct err *e)
{
	struct balance *b = &a->balance;
	int got = query_row(q, e);

	*a = (struct account){ 0 };
	if (got <= 0)
		return got;
	query_put_text(q, 0, a->name, sizeof(a->name));
	query_put_text(q, 1, a->unit.code, sizeof(a->unit.code));
	a->unit.scale = (int)query_get_int(q, 2);
	a->id = query_get_int(q, 3);
	a->has_lo = !query_get_null(q, 4);
	a->lo = query_get_int(q, 4);
	a->has_hi = !query_get_null(q, 5);
	a->hi = query_get_int(q, 5);
	a->closed = query_get_int(q, 6) != 0;
	b->cr = query_get_int(q, 7);
	b->dr = query_get_int(q, 8);
	b->pcr = query_get_int(q, 9);
	b->pdr = query_get_int(q, 10);
	b->legs = query_get_int(q, 11);
	b->minor = b->cr - b->dr;
	b->available = b->minor - b->pdr;
	return 1;
}

int
ledger_account_of(struct store *s, const char *name, const char *unit,
    struct account *out, struct err *e)
{
	struct query q;
	int got;

	ledger_accounts_open(&q, s, name);
	while ((got = ledger_accounts_next(&q, out, e)) > 0)
		if (!strcmp(out->unit.code, unit))
			break;
	query_close(&q);
	return got;
}

void
ledger_account_write(struct buf *out, const struct account *a)
{
	json_open(out, NULL, '{');
	json_str(out, "account", a->name);
	json_str(out, "unit", a->unit.code);
	json_amount(out, "balance",
	    (struct amount){ a->balance.minor, &a->unit });
	json_amount(out, "available",
	    (struct amount){ a->balance.available, &a->unit });
	json_int(out, "legs", a->balance.legs);
}

int
ledger_ids_unique(struct store *s, bool *out, struct err *e)
{
	int64_t twice = 0;
	struct query q;

	query_open(&q, s, SQL_LEDGER_ENTRY_TWICE);
	if (query_run(&q, &twice, e) < 0)
		return -1;
	*out = twice == 0;
	return 0;
}

/* What leaves without postings move: the balance, less that of the last. */
static int
add_tail(struct store *s, const struct account *a, int64_t size, int64_t *sum,
    struct err *e)
{
	struct past *past = NULL;
	struct balance b = { 0 };
	struct query q;
	int64_t last = 0;
	int rc = -1;

	query_open(&q, s, SQL_LEDGER_POSTING_LAST);
	query_int(&q, posting_key(a->id, 0));
	query_int(&q, posting_key(a->id + 1, 0));
	rc = query_row(&q, e);
	if (rc > 0)
		last = query_get_int(&q, 1);
	query_close(&q);
	if (rc >= 0)
		rc = past_open(&past, s, size, e) ||
		    past_balance(past, a, &b, e) ? -1 : 0;
	past_close(past);
	*sum += b.minor - last;
	return rc;
}

int
ledger_account_sum(struct store *s, const struct account *a, int64_t *out,
    struct err *e)
{
	int64_t size = 0, posted = 0;
	struct query q;
	int got;

	query_open(&q, s, SQL_LEDGER_POSTING_SUM);
	query_int(&q, posting_key(a->id, 0));
	query_int(&q, posting_key(a->id + 1, 0));
	if (query_run(&q, out, e) < 0)
		return -1;
	query_open(&q, s, SQL_LEDGER_HEAD);
	got = query_row(&q, e);
	if (got > 0) {
		size = query_get_int(&q, 0);
		posted = query_get_int(&q, 4);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	return posted < size ? add_tail(s, a, size, out, e) : 0;
}

void
ledger_leaves_open(struct query *q, struct store *s, int64_t from,
    int64_t to)
{
	query_open(q, s, SQL_LEDGER_ENTRY_RANGE);
	query_int(q, from);
	query_int(q, to);
}

int
ledger_leaves_next(struct query *q, struct stored *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	out->seq = query_get_int(q, 0);
	out->id = query_get_text(q, 1);
	out->id_n = query_get_size(q, 1);
	out->leaf = query_get_bytes(q, 2, &out->leaf_n);
	return 1;
}

int
ledger_entries(struct store *s, int64_t size, const struct units *units,
    ledger_entry_told *told, void *arg, struct err *e)
{
	struct leaf leaf = { 0 };
	struct stored at;
	struct query q;
	int got, rc = 0;

	ledger_leaves_open(&q, s, 0, size);
	while (!rc && (got = ledger_leaves_next(&q, &at, e)) > 0) {
		rc = leaf_parse(&leaf, at.leaf, at.leaf_n, units, e) ||
		    told(arg, &leaf.entry, e) ? -1 : 0;
		if (rc)
			(void)err_wrap(e, "entry %lld", (long long)at.seq);
	}
	query_close(&q);
	leaf_release(&leaf);
	return rc || got < 0 ? -1 : 0;
}

int
ledger_entries_of(struct store *s, int64_t size, const struct units *units,
    ledger_type_wanted *wants, ledger_entry_told *told, void *arg,
    struct err *e)
{
	struct leaf leaf = { 0 };
	const char *type;
	struct stored at;
	struct query q;
	size_t n = 0;
	int got, rc = 0;

	ledger_leaves_open(&q, s, 0, size);
	while (!rc && (got = ledger_leaves_next(&q, &at, e)) > 0) {
		type = leaf_type(at.leaf, at.leaf_n, &n);
		if (type && !wants(type, n))
			continue;
		rc = leaf_reread(&leaf, at.leaf, at.leaf_n, units, e) ||
		    told(arg, &leaf.entry, e) ? -1 : 0;
		if (rc)
			(void)err_wrap(e, "entry %lld", (long long)at.seq);
	}
	query_close(&q);
	leaf_release(&leaf);
	return rc || got < 0 ? -1 : 0;
}

int
ledger_units_read(struct store *s, struct units *out, struct err *e)
{
	const struct unit **list = NULL;
	struct unit *all = NULL;
	size_t i, n = 0;
	struct query q;
	int got;

	*out = (struct units){ 0 };
	query_open(&q, s, SQL_LEDGER_UNIT_LIST);
	while ((got = query_row(&q, e)) > 0) {
		all = mem_grow(all, n + 1, sizeof(*all));
		query_put_text(&q, 0, all[n].code, UNIT_CODE);
		all[n++].scale = (int)query_get_int(&q, 1);
	}
	if (got < 0 || !n) {
		free(all);
		return got;
	}
	list = mem_zero(n, sizeof(*list));
	for (i = 0; i < n; i++)
		list[i] = &all[i];
	*out = (struct units){ list, n };
	return 0;
}

void
ledger_units_free(struct units *u)
{
	if (u->n)
		free((void *)(uintptr_t)u->unit[0]);
	free((void *)(uintptr_t)u->unit);
	*u = (struct units){ 0 };
}

/* The seq that an id has, -1 if none. */
static int
seq_of_id(struct store *s, const char *id, int64_t *seq, struct err *e)
{
	struct query q;
	int got;

	*seq = -1;
	query_open(&q, s, SQL_LEDGER_ENTRY_BY_ID);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		*seq = query_get_int(&q, 0);
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static int
by_seq(struct query *q, struct store *s, int64_t seq, struct stored *out,
    struct err *e)
{
	query_open(q, s, SQL_LEDGER_ENTRY_BY_SEQ);
	query_int(q, seq);
	return ledger_leaves_next(q, out, e);
}

static bool
is_seq(const char *name, int64_t *seq)
{
	size_t n = strlen(name);

	return n < 19 && strspn(name, "0123456789") == n &&
	    amount_canonical(name, n, 0, seq);
}

int
ledger_entry_find(struct query *q, struct store *s, const char *name,
    struct stored *out, struct err *e)
{
	int64_t by_id, seq;
	int got = 0;

	if (seq_of_id(s, name, &by_id, e))
		return -1;
	if (is_seq(name, &seq))
		got = by_seq(q, s, seq, out, e);
	if (got > 0 && by_id >= 0 && by_id != seq) {
		query_close(q);
		return err_set(e, E_ambiguous, "'%s' is the seq of an entry, "
		    "and the id of entry %lld", name, (long long)by_id);
	}
	if (!got && by_id >= 0)
		got = by_seq(q, s, by_id, out, e);
	return got > 0 ? 0 : got ? -1 :
	    err_set(e, E_no_entry, "no entry '%.64s'", name);
}
