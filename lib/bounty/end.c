/* How a bounty ends: one payout or one refund, and which is for the log. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "bounty/impl.h"
#include "cri/cri.h"
#include "hook/hook.h"
#include "ledger/clearing.h"
#include "ledger/ledger.h"
#include "ledger/make.h"
#include "node/purse.h"
#include "strike/strike.h"

void
bounty_account(char out[LEAF_ACCOUNT], const struct bounty *b)
{
	snprintf(out, LEAF_ACCOUNT, "ESCROW:BOUNTY:%s", b->id);
}

const struct bounty_step *
bounty_may(const struct bounty *b, enum bounty_event event, int64_t now_ms,
    struct err *e)
{
	const struct bounty_step *step = bounty_step(event, b->state);
	bool due = b->deadline_ms && now_ms >= b->deadline_ms;
	char at[CLOCK_TEXT];

	if (!step) {
		err_set(e, E_wrong_state, "bounty '%s' is %s", b->id,
		    bounty_state_word(b->state));
		return NULL;
	}
	if (step->due == due)
		return step;
	clock_text(b->deadline_ms, at);
	if (due)
		err_set(e, E_window_closed, "the bounty's deadline passed at "
		    "%s", at);
	else if (b->deadline_ms)
		err_set(e, E_window_open, "the bounty's deadline is %s", at);
	else
		err_set(e, E_window_open, "the bounty has no deadline");
	return NULL;
}

static int
check_creator(const struct bounty_end *w, const struct bounty *b,
    struct err *e)
{
	if (!w->node_id || w->event == BOUNTY_EXPIRE ||
	    !strcmp(w->node_id, b->creator_id))
		return 0;
	return err_set(e, E_not_creator, "'%.80s' is not the creator of "
	    "bounty '%s'", w->node_id, b->id);
}

/* Who was banned has no say any more in whom its reward goes to. */
static int
check_acts(struct ledger *l, const struct bounty_end *w, struct err *e)
{
	struct node creator;

	if (!w->node_id)
		return 0;
	if (node_get(ledger_store(l), w->node_id, &creator, e))
		return -1;
	return node_acts(&creator, ledger_now(l)) ? 0 : err_set(e,
	    E_node_unknown_or_banned, "'%s' is %s", w->node_id,
	    node_state(&creator, ledger_now(l)));
}

/* The submission that is to win. */
static int
choose(struct ledger *l, const struct bounty_end *w, struct bounty *b,
    struct err *e)
{
	struct store *s = ledger_store(l);
	struct submission is;
	struct node solver;
	int rc = -1;

	if (bounty_submission_get(s, b->id, w->submission_id, &is, e))
		return -1;
	if (is.state != SUBMISSION_PENDING) {
		err_set(e, E_wrong_state, "submission '%s' is %s", is.id,
		    bounty_submission_word(is.state));
		goto out;
	}
	if (node_get(s, is.solver_id, &solver, e))
		goto out;
	if (!node_acts(&solver, ledger_now(l))) {
		err_set(e, E_solver_inactive, "'%s' is not active",
		    is.solver_id);
		goto out;
	}
	memcpy(b->winner_id, is.solver_id, sizeof(b->winner_id));
	memcpy(b->submission_id, is.id, sizeof(b->submission_id));
	rc = 0;
out:
	bounty_submission_release(&is);
	return rc;
}

/* The reward, less the tax, to the winner; or all of it back. */
static int
pay(struct ledger *l, const struct bounty *b, struct err *e)
{
	bool back = b->state != BOUNTY_AWARDED;
	char account[LEAF_ACCOUNT];
	const struct move m = {
		.type = back ? TYPE_BOUNTY_REFUND : TYPE_BOUNTY_RELEASE,
		.ref = b->id, .from = account,
		.to = back ? b->creator_id : b->winner_id,
		.amount = b->reward,
	};

	bounty_account(account, b);
	if (back ? ledger_move_in(l, &m, e) :
	    ledger_payout_in(l, &m, b->tax_bp, e))
		return -1;
	return purse_close_in(l, b->creator_id, b->reward, back, e) ||
	    strike_confiscate_in(l, m.to, b->reward.unit, e) ? -1 : 0;
}

/* Guarded by the state that was judged: no row changed means a bug. */
static int
must_change(struct query *q, struct err *e)
{
	int got = query_run(q, NULL, e);

	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "a row changed under the lock");
}

static int
store_end(struct store *s, const struct bounty *b, struct err *e)
{
	struct query q;

	if (b->state == BOUNTY_AWARDED) {
		query_open(&q, s, SQL_BOUNTY_SUBMISSION_ACCEPT);
		query_text(&q, b->id);
		query_text(&q, b->submission_id);
		query_int(&q, b->closed_ms);
		if (must_change(&q, e))
			return -1;
	}
	query_open(&q, s, SQL_BOUNTY_SUBMISSION_REJECT);
	query_text(&q, b->id);
	query_int(&q, b->closed_ms);
	if (query_run(&q, NULL, e) < 0)
		return -1;
	query_open(&q, s, SQL_BOUNTY_MOVE);
	query_text(&q, b->id);
	query_text(&q, bounty_state_word(BOUNTY_OPEN));
	query_text(&q, bounty_state_word(b->state));
	query_int(&q, b->closed_ms);
	return must_change(&q, e);
}

static void
write_won(struct buf *out, enum hook_event event, const void *about)
{
	const struct bounty *b = about;

	(void)event;
	json_str(out, "bounty_id", b->id);
	json_str(out, "submission_id", b->submission_id);
	json_amount(out, "reward_amount", b->reward);
}

struct amount
bounty_payout(const struct bounty *b)
{
	return (struct amount){ b->reward.minor -
	    clearing_tax(b->reward.minor, b->tax_bp), b->reward.unit };
}

int
bounty_won(struct store *s, const char *node_id, const struct unit *unit,
    int64_t *minor, struct err *e)
{
	struct query q;

	*minor = 0;
	query_open(&q, s, SQL_BOUNTY_WON);
	query_text(&q, node_id);
	query_text(&q, unit->code);
	return query_run(&q, minor, e) < 0 ? -1 : 0;
}

static int
count_won(struct store *s, const struct bounty *b, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_BOUNTY_WON_ADD);
	query_text(&q, b->winner_id);
	query_text(&q, b->reward.unit->code);
	query_int(&q, bounty_payout(b).minor);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static int
awarded(struct ledger *l, const struct bounty *b, const struct params *p,
    struct err *e)
{
	const struct hook_news news = {
		.events = HOOK_OF(HOOK_BOUNTY_SUBMISSION_WON), .ref = b->id,
		.to = { b->winner_id }, .write = write_won, .about = b,
	};

	return count_won(ledger_store(l), b, e) ||
	    cri_struck_in(l, b->winner_id, p, e) ||
	    hook_tell_in(ledger_store(l), &news, ledger_now(l), e) ? -1 : 0;
}

int
bounty_end_in(struct ledger *l, const struct bounty_end *w,
    struct bounty *out, struct err *e)
{
	struct store *s = ledger_store(l);
	const struct bounty_step *step;

	assert(ledger_writing(l));
	*out = (struct bounty){ 0 };
	if (bounty_get(s, w->bounty_id, out, e) || check_creator(w, out, e))
		goto bad;
	step = bounty_may(out, w->event, ledger_now(l), e);
	if (!step || (w->event == BOUNTY_AWARD && (check_acts(l, w, e) ||
	    choose(l, w, out, e))))
		goto bad;
	out->state = step->to;
	out->closed_ms = ledger_now(l);
	if (pay(l, out, e) || store_end(s, out, e) ||
	    (out->state == BOUNTY_AWARDED && awarded(l, out, w->params, e)))
		goto bad;
	return 0;
bad:
	bounty_release(out);
	return -1;
}

int
bounty_expire_in(struct ledger *l, const char *id, struct bounty *out,
    struct err *e)
{
	const struct bounty_end end = {
		.event = BOUNTY_EXPIRE, .bounty_id = id,
	};

	return bounty_end_in(l, &end, out, e);
}

/* The next that a node has open: 1, 0, -1. */
static int
next_open(struct store *s, const char *node_id, char id[ID_TEXT],
    struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_BOUNTY_OPEN_OF);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0)
		query_put_text(&q, 0, id, ID_TEXT);
	query_close(&q);
	return got;
}

int
bounty_cancel_all_in(struct ledger *l, const char *node_id, struct err *e)
{
	char id[ID_TEXT];
	struct bounty_end end = { .bounty_id = id };
	struct bounty b;
	int got, n = 0;

	while ((got = next_open(ledger_store(l), node_id, id, e)) > 0) {
		if (bounty_get(ledger_store(l), id, &b, e))
			return -1;
		end.event = b.deadline_ms &&
		    ledger_now(l) >= b.deadline_ms ? BOUNTY_EXPIRE :
		    BOUNTY_CANCEL;
		bounty_release(&b);
		if (bounty_end_in(l, &end, &b, e))
			return -1;
		bounty_release(&b);
		n++;
	}
	return got < 0 ? -1 : n;
}
