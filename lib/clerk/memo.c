/* What is said of entries that are there: undone, explained, asserted. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "ledger/at.h"
#include "ledger/own.h"
#include "ledger/read.h"

static int
act_reverse(struct cli *c, struct ledger *l, const char *id, void *arg,
    struct buf *out, struct err *e)
{
	const struct clerk *say = arg;
	const struct reverse r = { id, c->argv[0], say->memo };
	struct posted posted[LEAF_GROUP];
	char made[LEAF_ID];
	size_t i, n = 0;

	if (ledger_reverse_in(l, &r, &c->chance, posted, &n, e))
		return -1;
	for (i = 0; i < n; i++) {
		if (!posted[i].existed && clerk_credited(l, posted[i].seq, e))
			return -1;
		snprintf(made, sizeof(made), i ? "%s:%zu" : "%s", id, i);
		clerk_result(out, made, &posted[i]);
	}
	return 0;
}

int
clerk_reverse(struct cli *c, const struct clerk *say, struct err *e)
{
	struct clerk mine = *say;

	return clerk_act(c, act_reverse, &mine, e);
}

static int
print_memo(struct cli *c, const struct stored *s, struct err *e)
{
	struct buf memo = BUF_INIT(MEMO_MAX), out = BUF_INIT(CLERK_RECORD);
	int got = ledger_memo(c->store, s->seq, &memo, e);

	if (!got)
		got = err_set(e, E_no_entry, "'%s' has no memo, or not any "
		    "more", s->id);
	if (got > 0) {
		json_open(&out, NULL, '{');
		json_int(&out, "seq", s->seq);
		json_str(&out, "id", s->id);
		json_str(&out, "memo", memo.data);
		json_close(&out, '}');
		got = cli_emit_buf(c, &out, e);
	}
	buf_release(&memo);
	buf_release(&out);
	return got;
}

static int
show(struct cli *c, struct err *e)
{
	struct stored s;
	struct query q;
	int rc;

	if (cli_store_read(c, e) ||
	    ledger_entry_find(&q, c->store, c->argv[1], &s, e))
		return -1;
	rc = print_memo(c, &s, e);
	query_close(&q);
	return rc;
}

static int
act_erase(struct cli *c, struct ledger *l, const char *id, void *arg,
    struct buf *out, struct err *e)
{
	struct posted posted;

	(void)arg;
	if (ledger_memo_erase_in(l, id, c->argv[1], &posted, e))
		return -1;
	clerk_result(out, id, &posted);
	return 0;
}

int
clerk_memo(struct cli *c, const struct clerk *say, struct err *e)
{
	(void)say;
	if (!strcmp(c->argv[0], "show"))
		return show(c, e);
	if (!strcmp(c->argv[0], "erase"))
		return clerk_act(c, act_erase, NULL, e);
	return err_set(e, E_usage, "say show or erase, and which entry");
}

struct claim {
	const struct clerk *say;
	struct cond_text text;
	struct cond cond;
	int64_t balance;
	bool is_false;
};

/* What the balance is, and what was said of it. */
static int
print_claim(struct cli *c, const struct claim *w, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	const struct unit *u = w->cond.unit;
	int64_t off;
	int rc;

	json_open(&out, NULL, '{');
	json_str(&out, "result", w->is_false ? "false" : "true");
	json_amount(&out, "balance", (struct amount){ w->balance, u });
	json_str(&out, "op", cond_op_word(w->cond.op));
	json_amount(&out, "amount", (struct amount){ w->cond.minor, u });
	if (w->is_false && !__builtin_sub_overflow(w->balance, w->cond.minor,
	    &off))
		json_amount(&out, "difference", (struct amount){ off, u });
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
refuse(struct cli *c, struct claim *w, struct err *e)
{
	char is[AMOUNT_TEXT];
	const struct unit *u = w->cond.unit;

	w->is_false = true;
	if (print_claim(c, w, e))
		return -1;
	amount_text((struct amount){ w->balance, u }, is);
	return err_set(e, E_assertion_failed, "'%s' has %s %s",
	    w->cond.account, is, u->code);
}

/* The state that it is about: how many entries there are in it. */
static int
size_of(struct cli *c, const struct claim *w, int64_t *size, struct err *e)
{
	struct ledger_head head;

	if (w->say->at) {
		if (at_size(c->store, w->say->at, size, e))
			return -1;
		return *size ? 0 : err_set(e, E_no_entry,
		    "the log had no entry then");
	}
	if (ledger_head(c->store, &head, e))
		return -1;
	*size = head.size;
	return 0;
}

/* Without a trace: a report. */
static int
check(struct cli *c, struct claim *w, struct err *e)
{
	struct units units = { 0 };
	int64_t size = 0;
	int rc = -1;

	if (cli_store_read(c, e) || store_snapshot(c->store, e) ||
	    ledger_units_read(c->store, &units, e))
		return -1;
	if (!cond_make(&w->cond, &w->text, &units, e) &&
	    !size_of(c, w, &size, e) &&
	    !cond_balance_at(c->store, &w->cond, size, &w->balance, e))
		rc = cond_holds(&w->cond, w->balance) ?
		    print_claim(c, w, e) : refuse(c, w, e);
	ledger_units_free(&units);
	return rc;
}

static int
act_assert(struct cli *c, struct ledger *l, const char *id, void *arg,
    struct buf *out, struct err *e)
{
	struct ledger_known known;
	struct claim *w = arg;
	struct posted posted;
	int64_t size = 0;
	int again, rc;

	if (cond_make(&w->cond, &w->text, ledger_units(l), e))
		return -1;
	again = ledger_find_in(l, id, &known, e);
	if (again < 0 || (w->say->at && size_of(c, w, &size, e)))
		return -1;
	if (w->say->at && !again) {
		if (cond_balance_at(c->store, &w->cond, size, &w->balance, e))
			return -1;
		if (!cond_holds(&w->cond, w->balance))
			return refuse(c, w, e);
	}
	rc = ledger_assert_in(l, id, &w->cond, size - 1, &w->balance, &posted,
	    e);
	if (rc && e->code == E_assertion_failed)
		return refuse(c, w, e);
	if (!rc)
		clerk_result(out, id, &posted);
	return rc;
}

int
clerk_assert(struct cli *c, const struct clerk *say, struct err *e)
{
	struct claim w = {
		.say = say,
		.text = { c->argv[0], c->argv[1], c->argv[2], c->argv[3],
		    say->subtree },
	};

	return say->check ? check(c, &w, e) :
	    clerk_act(c, act_assert, &w, e);
}
