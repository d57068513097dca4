#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "ledger/history.h"
#include "ledger/moves.h"
#include "ledger/own.h"
#include "ledger/past.h"
#include "ledger/post.h"

struct walk {
	struct store *store;
	const struct moves_filter *filter;
	moves_each *each;
	void *arg;
	struct buf memo;
	int64_t left;			/* of the page */
};

static bool
wanted(const struct moves_filter *f, const struct entry *x, size_t leg)
{
	return (!f->type || (x->type && !strcmp(f->type, x->type))) &&
	    (!f->unit || !strcmp(f->unit, x->legs[leg].unit->code)) &&
	    (!f->account || !strcmp(f->account, x->legs[leg].account)) &&
	    (!f->before_seq || x->seq < f->before_seq ||
	    (x->seq == f->before_seq && (int64_t)leg < f->before_leg));
}

/* 1 once the page is full, or it was ended. */
static int
tell(struct walk *w, const struct entry *x, size_t leg, int64_t balance,
    struct err *e)
{
	struct move_told t = { x, leg, balance, NULL };
	int rc;

	buf_reset(&w->memo);
	if (x->memo_sha256) {
		if (ledger_memo(w->store, x->seq, &w->memo, e) < 0)
			return -1;
		t.memo = w->memo.len ? w->memo.data : NULL;
	}
	rc = w->each(w->arg, &t, e);
	return rc ? rc : --w->left <= 0;
}

/* Its legs, the last first, with what each left of its account. */
static int
tell_entry(struct walk *w, const struct entry *x, struct err *e)
{
	struct past *past = NULL;
	size_t i = x->n_legs;
	int64_t minor;
	int rc = 0;

	while (!rc && i-- > 0) {
		if (!wanted(w->filter, x, i))
			continue;
		if (!past && past_open(&past, w->store, x->seq + 1, e))
			return -1;
		rc = past_minor(past, &x->legs[i], &minor, e) ? -1 :
		    tell(w, x, i, minor, e);
	}
	past_close(past);
	return rc;
}

static int
walk_leaves(struct walk *w, struct err *e)
{
	struct units units = { 0 };
	struct leaf leaf = { 0 };
	const void *bytes;
	struct query q;
	int got, rc = -1;
	size_t n;

	if (ledger_units_read(w->store, &units, e))
		return -1;
	query_open(&q, w->store, SQL_LEDGER_ENTRY_BACK);
	query_int(&q, 0);
	query_int(&q, w->filter->before_seq ? w->filter->before_seq + 1 :
	    INT64_MAX);
	for (rc = 0; !rc && (got = query_row(&q, e)) != 0;) {
		bytes = got > 0 ? query_get_bytes(&q, 2, &n) : NULL;
		rc = got < 0 || leaf_parse(&leaf, bytes, n, &units, e) ? -1 :
		    tell_entry(w, &leaf.entry, e);
	}
	query_close(&q);
	leaf_release(&leaf);
	ledger_units_free(&units);
	return rc < 0 ? -1 : 0;
}

static int
walk_account(struct walk *w, const struct account *a, struct err *e)
{
	const struct history_range range = {
		0, w->filter->before_seq ? w->filter->before_seq + 1 :
		INT64_MAX, 0, true,
	};
	struct history_line line;
	struct history *h;
	int got, rc = 0;
	size_t i;

	if (history_open(&h, w->store, a, &range, e))
		return -1;
	while (!rc && (got = history_next(h, &line, e)) != 0) {
		for (i = 0; got > 0 && i < line.entry->n_legs; i++)
			if (!strcmp(line.entry->legs[i].account, a->name) &&
			    !strcmp(line.entry->legs[i].unit->code,
			    a->unit.code))
				break;
		if (got < 0)
			rc = -1;
		else if (i < line.entry->n_legs &&
		    wanted(w->filter, line.entry, i))
			rc = tell(w, line.entry, i, line.balance, e);
	}
	history_close(h);
	return rc < 0 ? -1 : 0;
}

/* Of one unit: that of the filter, else TCK, else the only one. */
static int
find_account(struct store *s, const struct moves_filter *f,
    struct account *out, struct err *e)
{
	const char *unit = f->unit ? f->unit : "TCK";
	struct account a;
	struct query q;
	int got, found = 0;

	ledger_accounts_open(&q, s, f->account);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0)
		if (!strcmp(a.unit.code, unit) || (!f->unit && !found)) {
			*out = a;
			found = 1;
		}
	query_close(&q);
	return got < 0 ? -1 : found;
}

int
moves_read(struct store *s, const struct moves_filter *f, moves_each *each,
    void *arg, struct err *e)
{
	struct walk w = {
		s, f, each, arg, BUF_INIT(MEMO_MAX), f->limit,
	};
	struct account a;
	int rc;

	if (f->account) {
		rc = find_account(s, f, &a, e);
		if (rc > 0)
			rc = walk_account(&w, &a, e);
	} else {
		rc = walk_leaves(&w, e);
	}
	buf_release(&w.memo);
	return rc < 0 ? -1 : 0;
}

static const struct {
	const char *type, *credit, *debit;
} clauses[] = {
	{ "REGISTRATION_CREDIT", "received the credit of registration",
	    "issued the credit of registration" },
	{ "GENESIS_BONUS", "received the Genesis bonus",
	    "issued a Genesis bonus" },
	{ "VERIFIER_PIONEER_BONUS", "received the bonus of a pioneer",
	    "paid the bonus of a pioneer" },
	{ "LISTING_FEE", "received a listing fee", "paid the listing fee" },
	{ "ESCROW_LOCK", "holds a lock", "locked money in escrow" },
	{ "ESCROW_SETTLE", "was paid from escrow", "paid the seller" },
	{ "ESCROW_REFUND", "was refunded from escrow", "refunded the buyer" },
	{ "DISPUTE_RELEASE", "was paid after a dispute",
	    "paid the seller after a dispute" },
	{ "DISPUTE_REFUND", "was refunded after a dispute",
	    "refunded the buyer after a dispute" },
	{ "BOUNTY_HOLD", "holds the reward of a bounty",
	    "put up the reward of a bounty" },
	{ "BOUNTY_RELEASE", "won a bounty", "paid the winner of a bounty" },
	{ "BOUNTY_REFUND", "got the reward of a bounty back",
	    "gave the reward of a bounty back" },
	{ "PROTOCOL_TAX", "received the tax on a payout",
	    "paid the tax on a payout" },
	{ "CONFISCATION", "received what was confiscated",
	    "was banned and lost its balance" },
	{ "FIAT_PURCHASE", "bought credit", "issued credit that was bought" },
	{ "CHARGEBACK_CLAWBACK", "took back a payment that was disputed",
	    "lost a payment that was disputed" },
	{ "REFUND_CLAWBACK", "took back a payment that was refunded",
	    "lost a payment that was refunded" },
	{ "CREDIT_ISSUE", "was credited by the operator",
	    "issued what the operator credited" },
	{ "CREDIT_DEDUCT", "received what the operator deducted",
	    "was charged by the operator" },
	{ "CHAIN_DEPOSIT", "received a deposit", "issued for a deposit" },
	{ "CHAIN_PAYOUT", "took back what was paid out", "was paid out" },
	{ "REWARD", "received a reward", "paid a reward" },
	{ "OPENING", "received its opening balance",
	    "issued an opening balance" },
	{ "SANDBOX_EXPIRY", "took back what had expired",
	    "expired and lost its balance" },
	{ "TRANSFER", "received a transfer", "sent a transfer" },
};

void
moves_narrate(struct buf *out, const struct move_told *t)
{
	const struct entry *x = t->entry;
	const struct leg *leg = &x->legs[t->leg];
	const char *what = x->kind == ENTRY_REVERSAL ?
	    "had an entry reversed" : leg->minor > 0 ? "received" : "paid";
	char text[AMOUNT_TEXT];
	size_t i;

	for (i = 0; x->type && i < sizeof(clauses) / sizeof(*clauses); i++)
		if (!strcmp(clauses[i].type, x->type))
			what = leg->minor > 0 ? clauses[i].credit :
			    clauses[i].debit;
	amount_text((struct amount){ leg->minor < 0 ? -leg->minor :
		leg->minor, leg->unit }, text);
	buf_addf(out, "%s %s: %s %s", leg->account, what, text,
	    leg->unit->code);
}
