/*
 * escrow - tasks, and the price of each held until work is accepted.
 *
 * A buyer locks a skill's price; the seller claims and completes; a dispute
 * window runs; then the seller is paid, less the protocol's tax, or the buyer
 * gets everything back (spec/vmp.md 3.2, spec/ledger.md 1.6).  Every
 * transition is a row of one table and one transaction: its leaves and its
 * rows are written together or not at all.  Deadlines are half-open: an act
 * is allowed while now < deadline, the timer's from then on.  The log's time
 * is the clock.  Units: minor units, _ms since 1970 UTC.
 */
#ifndef ESCROW_H
#define ESCROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"
#include "base/id.h"
#include "base/param.h"
#include "node/node.h"
#include "store/store.h"

struct buf;
struct json;
struct ledger;

enum escrow_state {
	ESCROW_PENDING,
	ESCROW_AWAITING,	/* delivered; the dispute window runs */
	ESCROW_DISPUTED,
	ESCROW_SETTLED,		/* final */
	ESCROW_REFUNDED,	/* final */
	ESCROW__STATES
};

enum task_state {
	TASK_OPEN, TASK_IN_PROGRESS, TASK_COMPLETED, TASK_DISPUTED,
	TASK_REFUNDED, TASK__STATES
};

enum escrow_event {
	ESCROW_CLAIM,		/* the seller begins */
	ESCROW_COMPLETE,	/* the seller delivers */
	ESCROW_TIMEOUT,		/* nothing came in time */
	ESCROW_DISPUTE,		/* the buyer objects */
	ESCROW_SETTLE,		/* the window passed */
	ESCROW_FAIL,		/* the window passed, and a rule says no */
	ESCROW_RELEASE,		/* the operator decides for the seller */
	ESCROW_RETURN,		/* the operator decides for the buyer */
	ESCROW__EVENTS
};

enum escrow_party { PARTY_SELLER, PARTY_BUYER, PARTY_OPERATOR, PARTY_TIMER };

/* Which side of which deadline an event belongs on. */
enum escrow_when {
	WHEN_ANY,
	WHEN_BEFORE_REFUND, WHEN_REFUND_DUE,
	WHEN_BEFORE_SETTLE, WHEN_SETTLE_DUE,
};

/*
 * The state machine.  What has no row is E_wrong_state, or E_already_claimed
 * for a claim.  tasks is a mask of 1 << enum task_state.
 */
struct escrow_step {
	enum escrow_event event;
	enum escrow_state from;
	unsigned tasks;
	enum escrow_state to;
	enum task_state task;
	enum escrow_party party;
	enum escrow_when when;
};

/* The row, or NULL. */
const struct escrow_step *escrow_step(enum escrow_event, enum escrow_state,
    enum task_state);

const char *escrow_state_word(enum escrow_state);	/* "PENDING" */
const char *escrow_task_word(enum task_state);		/* "OPEN" */
bool escrow_task_named(const char *word, enum task_state *);

struct task {
	char id[ID_TEXT], escrow_id[ID_TEXT], skill_id[ID_TEXT];
	char buyer_id[NODE_ID], seller_id[NODE_ID];
	struct amount amount;
	int64_t tax_bp;
	enum task_state state;
	enum escrow_state escrow;
	char *label, *input;		/* owned; input is JSON */
	char *output, *output_sha256;	/* owned, or NULL until delivered */
	char *verdict, *reason, *reasoning;	/* owned, or NULL */
	int64_t made_ms, refund_ms;
	int64_t settle_ms, claimed_ms, completed_ms;	/* 0 until then */
	int64_t disputed_ms, closed_ms;
};

void escrow_task_release(struct task *);	/* accepts a zeroed one */

/* By the id of the task, or of its escrow.  E_task_missing. */
int escrow_task(struct store *, const char *id, struct task *out,
    struct err *) CHECKED;

/* What a buyer orders; all borrowed. */
struct order {
	const char *buyer_id, *skill_id;
	const char *price;		/* that the buyer expects, or NULL */
	const struct json *input;	/* an object */
};

/*
 * Lock the skill's price.  E_node_missing, E_skill_missing, E_self_trade,
 * E_seller_inactive, E_skill_retired, E_price_mismatch,
 * E_insufficient_funds, E_cap_exposure, in this order (spec/vmp.md 2.0).
 */
int escrow_lock_in(struct ledger *, const struct order *,
    const struct params *, struct chance *, struct task *out, struct err *)
    CHECKED;

/* What is done to a task, by whom; all borrowed, NULL where it has none. */
struct act {
	enum escrow_event event;
	const char *task_id;		/* or the id of its escrow */
	const char *node_id;		/* who acts; NULL: who may */
	const struct json *output;	/* of COMPLETE: an object */
	const char *reason;		/* of DISPUTE, RELEASE, RETURN: text */
};

/*
 * Perform one event.  FAIL is for a task with a verdict, SETTLE for one
 * without: E_wrong_state.  out is the task afterwards.  E_task_missing,
 * E_not_your_task, E_already_claimed, E_wrong_state, E_window_closed,
 * E_window_open, in this order.  Completing again with the same output is a
 * success that does nothing.
 */
int escrow_act_in(struct ledger *, const struct act *, const struct params *,
    struct task *out, struct err *) CHECKED;

/* Tasks in the order of their ids, which is that of time. */
struct escrow_filter {
	const char *buyer_id, *seller_id;	/* NULL: anybody */
	const char *state;			/* of the task; NULL: any */
	int64_t due_ms;				/* due by then; 0: all */
	int64_t limit;				/* 0: all */
};

void escrow_list_open(struct query *, struct store *,
    const struct escrow_filter *);
int escrow_list_next(struct query *, struct task *out, struct err *) CHECKED;

/*
 * Escrows whose timer is due at now_ms, from where *after_ms and after_id
 * stopped: at most limit ids into out.  The number of them, or -1.
 */
enum escrow_due { DUE_SETTLE, DUE_REFUND };
int escrow_due(struct store *, enum escrow_due, int64_t now_ms,
    int64_t *after_ms, char after_id[ID_TEXT], int limit,
    char (*out)[ID_TEXT], struct err *) CHECKED;

/* What each escrow of a unit should hold: 1, 0 after the last, -1. */
struct escrow_hold {
	char id[ID_TEXT];
	int64_t minor;			/* 0 once closed */
	int64_t pending_ms;		/* its refund is due then; 0 if not */
};

void escrow_holds_open(struct query *, struct store *, const char *unit);
int escrow_holds_next(struct query *, struct escrow_hold *out, struct err *)
    CHECKED;

/* The event that is due for a task at now, or ESCROW__EVENTS. */
enum escrow_event escrow_due_event(const struct task *, int64_t now_ms);

/* Records; the object stays open for what the caller has to add. */
void escrow_task_write(struct buf *, const struct task *, bool with_data);
int escrow_order_read(struct order *out, struct json *input,
    const struct json *, struct err *) CHECKED;
int escrow_act_read(struct act *out, struct json *output,
    const struct json *, struct err *) CHECKED;

#endif
