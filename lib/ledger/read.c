#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "ledger/read.h"

#define KEY_BITS 32

void
ledger_accounts_open(struct query *q, struct store *s, const char *name)
{
	query_open(q, s, name ? SQL_LEDGER_ACCOUNT_NAMED :
	    SQL_LEDGER_ACCOUNT_ALL);
	if (name)
		query_text(q, name);
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

int
ledger_account_sum(struct store *s, const struct account *a, int64_t *out,
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_LEDGER_POSTING_SUM);
	query_int(&q, a->id << KEY_BITS);
	query_int(&q, (a->id + 1) << KEY_BITS);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

void
ledger_history_open(struct query *q, struct store *s,
    const struct account *a, int64_t limit)
{
	int64_t skip = limit && limit < a->balance.legs ?
	    a->balance.legs - limit : 0;

	query_open(q, s, SQL_LEDGER_POSTING_RANGE);
	query_int(q, (a->id << KEY_BITS) + skip);
	query_int(q, (a->id + 1) << KEY_BITS);
}

int
ledger_history_next(struct query *q, struct history *h, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	h->n = query_get_int(q, 0) & ((INT64_C(1) << KEY_BITS) - 1);
	h->seq = query_get_int(q, 1);
	h->minor = query_get_int(q, 2);
	h->balance = query_get_int(q, 3);
	h->leaf = query_get_bytes(q, 4, &h->leaf_n);
	return 1;
}

static void
put_others(struct buf *out, const struct account *a, const struct entry *x)
{
	size_t i;

	json_open(out, "counterparties", '[');
	for (i = 0; i < x->n_legs; i++)
		if (strcmp(x->legs[i].account, a->name))
			json_str(out, NULL, x->legs[i].account);
	json_close(out, ']');
}

int
ledger_history_write(struct buf *out, const struct account *a,
    const struct history *h, struct leaf *parse, struct err *e)
{
	static const char *const kinds[] = { "transfer", "event", "reversal" };
	const struct unit *const own[] = {
		&unit_builtin[0], &unit_builtin[1], &unit_builtin[2],
		&unit_builtin[3], &a->unit,
	};
	const struct units units = { own, 5 };
	const struct entry *x = &parse->entry;

	if (leaf_parse(parse, h->leaf, h->leaf_n, &units, e))
		return err_wrap(e, "entry %lld", (long long)h->seq);
	json_open(out, NULL, '{');
	json_int(out, "n", h->n);
	json_int(out, "seq", h->seq);
	json_time(out, "at", x->at_ms);
	json_str(out, "kind", kinds[x->kind]);
	json_str(out, "type", x->type);
	json_str(out, "id", x->id);
	json_str_if(out, "ref", x->ref);
	json_str(out, "unit", a->unit.code);
	json_amount(out, "amount", (struct amount){ h->minor, &a->unit });
	json_amount(out, "balance", (struct amount){ h->balance, &a->unit });
	put_others(out, a, x);
	return 0;
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
	out->leaf = query_get_bytes(q, 2, &out->leaf_n);
	return 1;
}
