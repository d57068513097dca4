#include <stdio.h>
#include <string.h>

#include "base/amount.h"
#include "base/buf.h"
#include "receipt/story.h"

static int
broken(const struct story_leaf *l, const char *what, struct err *e)
{
	return err_set(e, E_escrow_broken, "entry '%.80s' %s", l->id, what);
}

/* The one leg that credits, or debits, and its amount without a sign. */
static const char *
moved(const struct story_leaf *l, bool credit, const char **account)
{
	const char *amount, *found = NULL;
	struct json leg = { 0 };
	struct err ignored;

	while (l->moves && json_next(&leg, &l->legs)) {
		if (json_get_str(&leg, "amount", &amount, &ignored) ||
		    (*amount != '-') != credit)
			continue;
		if (found || json_get_str(&leg, "account", account, &ignored))
			return NULL;
		found = amount + !credit;
	}
	return found;
}

/* "0.00" where amounts are like "10.00". */
static void
take_zero(struct story *s)
{
	size_t whole = strcspn(s->amount, "."), i;
	size_t tail = strlen(s->amount + whole);

	s->zero[0] = '0';
	for (i = 0; i < tail && i + 2 < sizeof(s->zero); i++)
		s->zero[1 + i] = i ? '0' : '.';
}

/* Whose text it is, or NULL. */
static const char *
said(const struct json *data, const char *key)
{
	struct json v;

	return json_find(&v, data, key) ? json_string(&v) : NULL;
}

static int
take_lock(struct story *s, const struct story_leaf *l,
    const struct json *data, struct err *e)
{
	const char *account;
	struct json leg;

	s->escrow_id = said(&l->root, "ref");
	s->seller_id = said(data, "seller");
	s->task_id = said(data, "task");
	s->order_id = said(data, "order");
	s->skill_id = said(data, "skill");
	s->amount = moved(l, false, &s->buyer_id);
	if (strcmp(l->type, "ESCROW_LOCK") || !s->escrow_id ||
	    !s->seller_id || !s->task_id == !s->order_id || !s->amount ||
	    !moved(l, true, &account) || json_at(&leg, &l->legs, 0) ||
	    json_get_str(&leg, "unit", &s->unit, e))
		return broken(l, "locks nothing", e);
	take_zero(s);
	s->made_ms = l->at_ms;
	s->status = "PENDING";
	return 0;
}

static bool
is_in(const struct story *s, const char *status)
{
	return !strcmp(s->status, status);
}

/*
 * Does this way to close go with what was told before?  Who leaves out the
 * delivery or the dispute is caught here.  A reason other than these two is
 * a rule's, and rules judge what was delivered.
 */
static bool
follows(const struct story *s, const struct story_leaf *l,
    const struct json *data)
{
	const char *reason;

	if (!strncmp(l->type, "DISPUTE_", 8))
		return is_in(s, "DISPUTED");
	if (!strcmp(l->type, "ESCROW_SETTLE"))
		return is_in(s, "AWAITING_SETTLEMENT");
	reason = said(data, "reason");
	return is_in(s, "AWAITING_SETTLEMENT") || (is_in(s, "PENDING") &&
	    (!reason || !strcmp(reason, "TIMEOUT") ||
	    !strcmp(reason, "MANUAL")));
}

static int
take_close(struct story *s, const struct story_leaf *l,
    const struct json *data, struct err *e)
{
	bool paid = !strcmp(l->type, "ESCROW_SETTLE") ||
	    !strcmp(l->type, "DISPUTE_RELEASE");
	const char *account;

	if (!paid && strcmp(l->type, "ESCROW_REFUND") &&
	    strcmp(l->type, "DISPUTE_REFUND"))
		return broken(l, "does not close an escrow", e);
	if (!follows(s, l, data))
		return broken(l, "does not follow from those before it", e);
	if (paid) {
		s->payout = moved(l, true, &account);
		s->tax = s->zero;
		if (!s->payout || strcmp(account, s->seller_id))
			return broken(l, "does not pay the seller", e);
	}
	s->status = paid ? "SETTLED" : "REFUNDED";
	s->closed_ms = l->at_ms;
	return 0;
}

static int
take_tax(struct story *s, const struct story_leaf *l, struct err *e)
{
	const char *account;

	s->tax = moved(l, true, &account);
	if (!s->tax || !s->payout || strcmp(account, "VAULT") ||
	    strcmp(l->type, "PROTOCOL_TAX"))
		return broken(l, "is no tax", e);
	return 0;
}

static int
take_delivery(struct story *s, const struct story_leaf *l,
    const struct json *data, struct err *e)
{
	if (strcmp(l->type, "task.completed") || !is_in(s, "PENDING"))
		return broken(l, "delivers nothing", e);
	s->output_sha256 = said(data, "output_sha256");
	s->completed_ms = l->at_ms;
	s->status = "AWAITING_SETTLEMENT";
	return 0;
}

static int
take_dispute(struct story *s, const struct story_leaf *l, struct err *e)
{
	if (strcmp(l->type, "escrow.disputed") ||
	    !is_in(s, "AWAITING_SETTLEMENT"))
		return broken(l, "disputes nothing", e);
	s->disputed_ms = l->at_ms;
	s->status = "DISPUTED";
	return 0;
}

/* The id says what it is: that of the escrow, and a word. */
static int
take(struct story *s, const struct story_leaf *l, struct err *e)
{
	const char *word = strchr(l->id, ':'), *ref;
	struct json data;

	if (!json_find(&data, &l->root, "data"))
		data = l->root;
	if (!word)
		return broken(l, "is of no escrow", e);
	word++;
	if (!strcmp(word, "lock") != (s->n == 0))
		return broken(l, "comes in no such place", e);
	if (s->n == 0)
		return take_lock(s, l, &data, e);
	ref = said(&l->root, "ref");
	if (!ref || strcmp(ref, s->escrow_id) || strncmp(l->id, s->escrow_id,
	    strlen(s->escrow_id)) || l->id[strlen(s->escrow_id)] != ':' ||
	    l->seq <= s->leaf[s->n - 1].seq)
		return broken(l, "is of another escrow", e);
	if (!strcmp(word, "tax"))
		return take_tax(s, l, e);
	if (story_over(s))
		return broken(l, "comes behind the end", e);
	if (!strcmp(word, "completed"))
		return take_delivery(s, l, &data, e);
	if (!strcmp(word, "disputed"))
		return take_dispute(s, l, e);
	if (!strcmp(word, "close"))
		return take_close(s, l, &data, e);
	/* claimed, resolved, ...: they are told of by others. */
	return l->moves ? broken(l, "moves money", e) : 0;
}

static int
read_leaf(struct story_leaf *l, const char *text, size_t n, struct err *e)
{
	struct json v;

	if (json_parse(&l->root, text, n, e) ||
	    json_get_str(&l->root, "id", &l->id, e) ||
	    json_get_str(&l->root, "type", &l->type, e) ||
	    json_get_int(&l->root, "seq", &l->seq, e) ||
	    json_get_int(&l->root, "at_ms", &l->at_ms, e))
		return -1;
	if (!json_find(&v, &l->root, "legs"))
		return 0;
	l->legs = v;
	l->moves = true;
	return json_want(&v, JSON_ARRAY, e);
}

int
story_add(struct story *s, const char *text, size_t n, struct err *e)
{
	struct story_leaf *l = &s->leaf[s->n];

	if (s->n == STORY_LEAVES)
		return err_set(e, E_escrow_broken, "the trade has over %d "
		    "entries", STORY_LEAVES);
	*l = (struct story_leaf){ 0 };
	if (read_leaf(l, text, n, e) || take(s, l, e)) {
		json_release(&l->root);
		return -1;
	}
	s->n++;
	return 0;
}

void
story_release(struct story *s)
{
	while (s->n)
		json_release(&s->leaf[--s->n].root);
}

bool
story_over(const struct story *s)
{
	return s->closed_ms != 0;
}

static bool
read_minor(const char *text, int64_t *minor)
{
	const char *point = strchr(text, '.');

	return amount_canonical(text, strlen(text),
	    point ? (int)strlen(point + 1) : 0, minor);
}

int
story_end(const struct story *s, struct err *e)
{
	int64_t amount, payout, tax;

	if (!s->payout || (read_minor(s->amount, &amount) &&
	    read_minor(s->payout, &payout) && read_minor(s->tax, &tax) &&
	    amount - payout == tax))
		return 0;
	return err_set(e, E_escrow_broken, "of %.40s were paid %.40s, and no "
	    "tax of the rest", s->amount, s->payout);
}

static int
add_row(struct buf *out, const struct story_leaf *l, const struct json *leg,
    story_row *more, void *arg, struct err *e)
{
	const char *account, *amount, *other = NULL;
	struct json far = { 0 };
	bool credit;

	if (json_get_str(leg, "account", &account, e) ||
	    json_get_str(leg, "amount", &amount, e))
		return -1;
	credit = *amount != '-';
	while (json_next(&far, &l->legs))
		if (json_count(&l->legs) == 2 && far.node != leg->node)
			other = said(&far, "account");
	json_open(out, NULL, '{');
	json_str(out, "account", account);
	json_str(out, "amount", amount + !credit);
	json_str_or_null(out, "counterparty", other);
	json_str(out, "entry_id", l->id);
	json_str(out, "reference_type", l->type);
	json_time(out, "timestamp", l->at_ms);
	json_str(out, "type", credit ? "CREDIT" : "DEBIT");
	if (more && more(arg, l, credit, account, out, e))
		return -1;
	json_close(out, '}');
	return 0;
}

int
story_rows(struct buf *out, const struct story *s, story_row *more, void *arg,
    struct err *e)
{
	const struct story_leaf *l;
	struct json leg = { 0 };
	const char *amount;
	int credit;

	for (l = s->leaf; l < s->leaf + s->n; l++)
		for (credit = 0; credit < 2; credit++)
			while (l->moves && json_next(&leg, &l->legs)) {
				if (json_get_str(&leg, "amount", &amount, e))
					return -1;
				if ((*amount != '-') == credit &&
				    add_row(out, l, &leg, more, arg, e))
					return -1;
			}
	return 0;
}

static void
add_state(struct buf *out, const char *state, int64_t at_ms)
{
	if (!at_ms)
		return;
	json_open(out, NULL, '{');
	json_time(out, "at", at_ms);
	json_str(out, "state", state);
	json_close(out, '}');
}

void
story_write(struct buf *out, const struct story *s)
{
	struct err ignored;

	json_str_or_null(out, "amount", s->amount);
	json_str_or_null(out, "buyer_id", s->buyer_id);
	json_time_or_null(out, "completed_at", s->completed_ms);
	json_time_or_null(out, "created_at", s->made_ms);
	json_str_or_null(out, "escrow_id", s->escrow_id);
	json_open(out, "escrow_lifecycle", '[');
	add_state(out, "PENDING", s->escrow_id ? s->made_ms : 0);
	add_state(out, "AWAITING_SETTLEMENT", s->escrow_id ?
	    s->completed_ms : 0);
	add_state(out, "DISPUTED", s->disputed_ms);
	add_state(out, s->status, s->escrow_id ? s->closed_ms : 0);
	json_close(out, ']');
	json_open(out, "ledger_entries", '[');
	if (story_rows(out, s, NULL, NULL, &ignored))
		out->full = true;	/* no leaf that was taken is so */
	json_close(out, ']');
	json_str_or_null(out, "output_hash", s->output_sha256);
	json_str_or_null(out, "payout", s->payout);
	json_str_or_null(out, "seller_id", s->seller_id);
	json_time_or_null(out, "settled_at", s->closed_ms);
	json_str_or_null(out, "skill_id", s->skill_id);
	json_str_or_null(out, "status", s->status);
	json_str_or_null(out, "task_id", s->task_id);
	json_str_or_null(out, "tax", s->tax);
	json_str_or_null(out, "unit", s->unit);
}
