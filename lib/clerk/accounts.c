/* What accounts hold or held, and how they came to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "clerk/impl.h"
#include "ledger/at.h"
#include "ledger/history.h"
#include "ledger/past.h"

/* The state that is asked for, and how a balance is found in it. */
struct state {
	struct cli *cli;
	const struct clerk *say;
	int64_t size, as_of_ms;
	struct past *past;		/* NULL: the present */
	bool effective;
};

static int
state_open(struct state *st, struct cli *c, const struct clerk *say,
    struct err *e)
{
	struct ledger_head head;

	*st = (struct state){ .cli = c, .say = say };
	if (cli_store(c, e) || store_snapshot(c->store, e) ||
	    clerk_check_unit(c, say, e) || ledger_head(c->store, &head, e))
		return -1;
	st->size = head.size;
	st->as_of_ms = head.at_ms;
	st->effective = say->effective;
	if (st->effective) {
		st->as_of_ms = cli_now(c);
		return say->at ? clock_parse(say->at, &st->as_of_ms, e) : 0;
	}
	if (!say->at)
		return 0;
	if (at_size(c->store, say->at, &st->size, e))
		return -1;
	if (st->size && at_time(c->store, st->size - 1, &st->as_of_ms, e))
		return -1;
	return st->size < head.size ?
	    past_open(&st->past, c->store, st->size, e) : 0;
}

/* The balance in that state, in place of the present one. */
static int
look(const struct state *st, struct account *a, struct err *e)
{
	struct balance b;

	if (st->effective) {
		if (history_effective(st->cli->store, a, st->as_of_ms, &b, e))
			return -1;
	} else if (st->past) {
		if (past_balance(st->past, a, &b, e))
			return -1;
	} else {
		return 0;
	}
	a->balance = b;
	return 0;
}

static int
print_account(const struct state *st, const struct account *a, int64_t sum_of,
    struct err *e)
{
	struct buf out = BUF_INIT(4096);
	int rc;

	ledger_account_write(&out, a);
	json_int(&out, "as_of_seq", st->size - 1);
	if (st->size)
		json_time(&out, "as_of", st->as_of_ms);
	if (sum_of)
		json_int(&out, "accounts", sum_of);
	json_close(&out, '}');
	rc = cli_emit_buf(st->cli, &out, e);
	buf_release(&out);
	return rc;
}

static bool
wanted(const struct clerk *say, const struct account *a)
{
	return !say->unit || !strcmp(say->unit, a->unit.code);
}

int
clerk_check_unit(struct cli *c, const struct clerk *say, struct err *e)
{
	struct units units = { 0 };
	int rc = 0;

	if (say->unit && !(rc = ledger_units_read(c->store, &units, e)) &&
	    !units_find(&units, say->unit))
		rc = err_set(e, E_no_unit, "no unit '%.20s'", say->unit);
	ledger_units_free(&units);
	return rc;
}

/* The accounts of a name, or all that are not zero: how many, or -1. */
static int
balances_of(const struct state *st, const char *name, struct err *e)
{
	struct account a;
	struct query q;
	int got, n = 0;

	ledger_accounts_open(&q, st->cli->store, name);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if (!wanted(st->say, &a))
			continue;
		got = look(st, &a, e);
		if (got)
			break;
		if (!name && !a.balance.minor)
			continue;
		n++;
		got = print_account(st, &a, 0, e);
		if (got)
			break;
	}
	query_close(&q);
	return got < 0 ? -1 : n;
}

/* The sum in one unit of what is at and below one name. */
struct sum {
	struct account of;
	int64_t accounts;		/* in it */
};

struct subtree {
	struct sum *sum;		/* owned */
	size_t n;
};

static struct sum *
sum_in(struct subtree *t, const char *name, const struct unit *unit)
{
	struct sum *sum;
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!strcmp(t->sum[i].of.unit.code, unit->code))
			return &t->sum[i];
	t->sum = mem_grow(t->sum, t->n + 1, sizeof(*t->sum));
	sum = &t->sum[t->n++];
	*sum = (struct sum){ .of = { .unit = *unit } };
	snprintf(sum->of.name, sizeof(sum->of.name), "%s", name);
	return sum;
}

static int
add(struct subtree *t, const char *name, const struct account *a,
    struct err *e)
{
	struct sum *sum = sum_in(t, name, &a->unit);
	struct balance *b = &sum->of.balance;

	sum->accounts++;
	b->legs += a->balance.legs;
	if (__builtin_add_overflow(b->minor, a->balance.minor, &b->minor) ||
	    __builtin_add_overflow(b->available, a->balance.available,
	    &b->available))
		return err_set(e, E_amount_overflow,
		    "the sum below '%.100s' does not fit into 64 bits", name);
	return 0;
}

static int
by_unit(const void *a, const void *b)
{
	return strcmp(((const struct sum *)a)->of.unit.code,
	    ((const struct sum *)b)->of.unit.code);
}

static int
subtree_of(const struct state *st, const char *name, struct err *e)
{
	struct subtree t = { 0 };
	size_t len = strlen(name), i;
	struct under under;
	struct account a;
	struct query q;
	int got, n;

	ledger_accounts_under(&q, st->cli->store, &under, name);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if (!wanted(st->say, &a) || (a.name[len] && a.name[len] != ':'))
			continue;
		got = look(st, &a, e) || add(&t, name, &a, e) ? -1 : 0;
		if (got)
			break;
	}
	query_close(&q);
	if (t.n)
		qsort(t.sum, t.n, sizeof(*t.sum), by_unit);
	for (i = 0; !got && i < t.n; i++)
		got = print_account(st, &t.sum[i].of, t.sum[i].accounts, e);
	n = (int)t.n;
	free(t.sum);
	return got < 0 ? -1 : n;
}

static int
no_account(const struct clerk *say, const char *name, struct err *e)
{
	return err_set(e, E_no_account, say->unit ?
	    "no account '%.100s' in %.12s" : "no account '%.100s'", name,
	    say->unit);
}

static int
print_balances(const struct state *st, struct err *e)
{
	char **name;
	int n;

	if (!st->cli->argc)
		return balances_of(st, NULL, e) < 0 ? -1 : 0;
	for (name = st->cli->argv; *name; name++) {
		if (!**name || strlen(*name) >= LEAF_ACCOUNT)
			return no_account(st->say, *name, e);
		n = st->say->subtree ? subtree_of(st, *name, e) :
		    balances_of(st, *name, e);
		if (n <= 0)
			return n ? -1 : no_account(st->say, *name, e);
	}
	return 0;
}

int
clerk_balance(struct cli *c, const struct clerk *say, struct err *e)
{
	struct state st;
	int rc;

	if (say->subtree && !c->argc)
		return err_set(e, E_usage, "--subtree needs an account");
	rc = state_open(&st, c, say, e) || print_balances(&st, e) ? -1 : 0;
	past_close(st.past);
	return rc;
}

static int
history_of(struct cli *c, const struct account *a,
    const struct history_range *range, struct err *e)
{
	struct buf out = BUF_INIT(CLERK_RECORD);
	struct history_line line;
	struct history *h;
	int got;

	if (history_open(&h, c->store, a, range, e))
		return -1;
	while ((got = history_next(h, &line, e)) > 0) {
		if (history_write(&out, h, &line, e)) {
			got = -1;
			break;
		}
		json_close(&out, '}');
		got = cli_emit_buf(c, &out, e);
		if (got)
			break;
	}
	history_close(h);
	buf_release(&out);
	return got;
}

int
clerk_range(struct cli *c, const struct clerk *say, int64_t *from,
    int64_t *to, struct err *e)
{
	struct ledger_head head;

	if (ledger_head(c->store, &head, e))
		return -1;
	*from = 0;
	*to = head.size;
	if (say->from && at_first(c->store, say->from, from, e))
		return err_wrap(e, "--from");
	if (say->to && at_size(c->store, say->to, to, e))
		return err_wrap(e, "--to");
	return 0;
}

int
clerk_history(struct cli *c, const struct clerk *say, struct err *e)
{
	struct history_range range = {
		.limit = say->limit, .reverse = say->reverse,
	};
	struct account a;
	struct query q;
	int got, n = 0;

	if (cli_store(c, e) || store_snapshot(c->store, e) ||
	    clerk_check_unit(c, say, e) ||
	    clerk_range(c, say, &range.from, &range.to, e))
		return -1;
	ledger_accounts_open(&q, c->store, c->argv[0]);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if (!wanted(say, &a))
			continue;
		n++;
		got = history_of(c, &a, &range, e);
		if (got)
			break;
	}
	query_close(&q);
	return got < 0 ? -1 : n ? 0 : no_account(say, c->argv[0], e);
}
