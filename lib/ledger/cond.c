#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "ledger/cond.h"
#include "ledger/impl.h"
#include "ledger/past.h"

static const struct op {
	const char *word, *sign;
} ops[] = {
	[COND_EQ] = { "eq", "=" }, [COND_LT] = { "lt", "<" },
	[COND_LE] = { "le", "<=" }, [COND_GT] = { "gt", ">" },
	[COND_GE] = { "ge", ">=" },
};
#define BLANK " \t\r"
#define OPS (sizeof(ops) / sizeof(*ops))

int
cond_op_named(const char *word, enum cond_op *out)
{
	size_t i;

	for (i = 0; i < OPS; i++)
		if (!strcmp(word, ops[i].word) || !strcmp(word, ops[i].sign)) {
			*out = (enum cond_op)i;
			return 1;
		}
	return 0;
}

const char *
cond_op_word(enum cond_op op)
{
	return ops[op].word;
}

int
cond_make(struct cond *out, const struct cond_text *t,
    const struct units *units, struct err *e)
{
	struct amount a = { 0, units_find(units, t->unit) };

	*out = (struct cond){
		.account = t->account, .unit = a.unit, .subtree = t->subtree,
	};
	if (leaf_check_account(t->account, e))
		return -1;
	if (!cond_op_named(t->op, &out->op))
		return err_set(e, E_bad_json, "'%.20s' is not one of eq lt le "
		    "gt ge", t->op);
	if (!a.unit)
		return err_set(e, E_no_unit, "no unit '%.20s'", t->unit);
	if (amount_signed(&a, t->amount, e))
		return -1;
	out->minor = a.minor;
	return 0;
}

int
cond_line(struct cond *out, char *text, const struct units *units,
    struct err *e)
{
	char *word[6] = { NULL }, *p = text + strspn(text, BLANK);
	struct cond_text t = { 0 };
	size_t n = 0;

	while (*p && n < 6) {
		word[n++] = p;
		p += strcspn(p, BLANK);
		if (*p)
			*p++ = '\0';
		p += strspn(p, BLANK);
	}
	t.subtree = n == 5 && !strcmp(word[4], "--subtree");
	if (n != (t.subtree ? 5 : 4))
		return err_set(e, E_bad_json,
		    "an assertion is NAME OP AMOUNT UNIT [--subtree]");
	t.account = word[0];
	t.op = word[1];
	t.amount = word[2];
	t.unit = word[3];
	return cond_make(out, &t, units, e);
}

int
cond_read_leaf(struct cond *out, const struct json *data,
    const struct units *units, int64_t *at_seq, struct err *e)
{
	static const char *const keys[] = {
		"account", "amount", "at_seq", "op", "subtree", "unit", NULL,
	};
	struct cond_text t = { 0 };

	if (json_only(data, keys, e) ||
	    json_get_str(data, "account", &t.account, e) ||
	    json_get_str(data, "amount", &t.amount, e) ||
	    json_get_int(data, "at_seq", at_seq, e) ||
	    json_get_str(data, "op", &t.op, e) ||
	    json_get_bool(data, "subtree", &t.subtree, e) ||
	    json_get_str(data, "unit", &t.unit, e) ||
	    cond_make(out, &t, units, e))
		return -1;
	if (strcmp(t.op, ops[out->op].word) || *at_seq < 0 ||
	    !amount_canonical(t.amount, strlen(t.amount), out->unit->scale,
	    &out->minor))
		return err_set(e, E_bad_json,
		    "not an assertion as a leaf writes it");
	return 0;
}

void
cond_write_leaf(struct buf *out, const struct cond *c, int64_t at_seq)
{
	json_open(out, NULL, '{');
	json_str(out, "account", c->account);
	json_amount(out, "amount", (struct amount){ c->minor, c->unit });
	json_int(out, "at_seq", at_seq);
	json_str(out, "op", ops[c->op].word);
	json_bool(out, "subtree", c->subtree);
	json_str(out, "unit", c->unit->code);
	json_close(out, '}');
}

bool
cond_holds(const struct cond *c, int64_t balance)
{
	switch (c->op) {
	case COND_EQ:
		return balance == c->minor;
	case COND_LT:
		return balance < c->minor;
	case COND_LE:
		return balance <= c->minor;
	case COND_GT:
		return balance > c->minor;
	case COND_GE:
		break;
	}
	return balance >= c->minor;
}

static bool
is_below(const char *name, const char *top)
{
	size_t n = strlen(top);

	return !strncmp(name, top, n) && (!name[n] || name[n] == ':');
}

static int
sum_of(const struct ledger *l, const struct cond *c, int64_t *sum,
    struct err *e)
{
	const struct acct *a;
	amount_wide wide = 0;
	size_t i;

	for (i = 0; i < l->n_bucket; i++)
		for (a = l->bucket[i]; a; a = a->next)
			if (a->id && a->unit == c->unit &&
			    is_below(a->name, c->account))
				wide += a->cr - a->dr;
	*sum = (int64_t)wide;
	return *sum == wide ? 0 : err_set(e, E_amount_overflow,
	    "'%s' and below sum to more than 2^63", c->account);
}

/* Bring the accounts of a subtree into memory: stored ones, then all. */
static int
load_below(struct ledger *l, const struct cond *c, struct err *e)
{
	char name[LEAF_ACCOUNT + 1], end[LEAF_ACCOUNT + 1];
	struct acct *a;
	struct query q;
	int got;

	/* NAME itself, and from "NAME:" up to "NAME;". */
	snprintf(name, sizeof(name), "%s:", c->account);
	snprintf(end, sizeof(end), "%s;", c->account);
	if (account_find(l, c->account, c->unit, &a, e) ||
	    (name[LEAF_ACCOUNT - 1] == '\0' &&
	    account_find(l, name, c->unit, &a, e)))
		return -1;
	for (;;) {
		query_open(&q, l->store, SQL_LEDGER_ACCOUNT_BELOW);
		query_text(&q, name);
		query_text(&q, end);
		query_int(&q, a->unit_id);
		got = query_row(&q, e);
		if (got > 0)
			query_put_text(&q, 0, name, sizeof(name));
		query_close(&q);
		if (got <= 0)
			return got;
		if (account_find(l, name, c->unit, &a, e))
			return -1;
	}
}

int
cond_balance_in(struct ledger *l, const struct cond *c, int64_t *out,
    struct err *e)
{
	struct acct *a;

	if (c->subtree)
		return (!l->detached && load_below(l, c, e)) ||
		    sum_of(l, c, out, e) ? -1 : 0;
	if (account_find(l, c->account, c->unit, &a, e))
		return -1;
	*out = a->cr - a->dr;
	return 0;
}

static int
sum_at(struct store *s, struct past *past, const struct cond *c,
    int64_t *out, struct err *e)
{
	amount_wide wide = 0;
	struct under under;
	struct balance b;
	struct account a;
	struct query q;
	int got;

	ledger_accounts_under(&q, s, &under, c->account);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if (strcmp(a.unit.code, c->unit->code) || (c->subtree ?
		    !is_below(a.name, c->account) :
		    strcmp(a.name, c->account) != 0))
			continue;
		if (past_balance(past, &a, &b, e)) {
			got = -1;
			break;
		}
		wide += b.minor;
	}
	query_close(&q);
	*out = (int64_t)wide;
	if (got >= 0 && *out != wide)
		got = err_set(e, E_amount_overflow,
		    "'%s' and below sum to more than 2^63", c->account);
	return got < 0 ? -1 : 0;
}

int
cond_balance_at(struct store *s, const struct cond *c, int64_t size,
    int64_t *out, struct err *e)
{
	struct past *past = NULL;
	int rc = -1;

	if (!past_open(&past, s, size, e))
		rc = sum_at(s, past, c, out, e);
	past_close(past);
	return rc;
}
