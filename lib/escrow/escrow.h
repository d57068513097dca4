/*
 * escrow - trades, and the money of each held until work is accepted.
 *
 * There are three kinds.  Of a task a buyer locks the skill's price; the
 * seller claims and delivers; a dispute window runs; then the seller is paid,
 * less the protocol's tax, or the buyer gets everything back.  A direct
 * escrow is the same between two nodes without a skill, and so without rules
 * for what is delivered.  A shadow task is a task without money: nothing is
 * locked, paid or counted (spec/vmp.md 3.2, 3.3, 8.4; spec/ledger.md 1.6).
 *
 * Every transition is a row of one table and one transaction: its leaves, its
 * rows, and what it changes of the parties are written together or not at
 * all.  Deadlines are half-open: an act is allowed while now < deadline, the
 * timer's from then on.  The log's time is the clock.  Units: minor units,
 * _ms since 1970 UTC.
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
struct hook_target;
struct judged;
struct json;
struct language;
struct ledger;

enum trade { TRADE_TASK, TRADE_SHADOW, TRADE_DIRECT };

enum escrow_state {
	ESCROW_PENDING,
	ESCROW_AWAITING,	/* delivered; the dispute window runs */
	ESCROW_DISPUTED,
	ESCROW_SETTLED,		/* final */
	ESCROW_REFUNDED,	/* final */
	ESCROW_NONE,		/* of a shadow task */
	ESCROW__STATES
};

enum task_state {
	TASK_OPEN, TASK_IN_PROGRESS, TASK_COMPLETED, TASK_DISPUTED,
	TASK_REFUNDED,
	TASK_NONE,		/* of a direct escrow */
	TASK__STATES
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
	ESCROW_REFUND,		/* the seller gives it back, or the operator */
	ESCROW__EVENTS
};

enum escrow_party {
	PARTY_SELLER = 1, PARTY_BUYER = 2, PARTY_OPERATOR = 4, PARTY_TIMER = 8
};

/* Which side of which deadline an event belongs on. */
enum escrow_when {
	WHEN_ANY,
	WHEN_BEFORE_REFUND, WHEN_REFUND_DUE,
	WHEN_BEFORE_SETTLE, WHEN_SETTLE_DUE,
};

/*
 * The state machine.  What has no row is E_wrong_state, or E_already_claimed
 * for a claim.  tasks is a mask of 1 << enum task_state, parties one of who
 * may.  A direct escrow has TASK_NONE before and after.
 */
struct escrow_step {
	enum escrow_event event;
	enum escrow_state from;
	unsigned tasks;
	enum escrow_state to;
	enum task_state task;
	unsigned parties;
	enum escrow_when when;
};

/* The row, or NULL. */
const struct escrow_step *escrow_step(enum escrow_event, enum escrow_state,
    enum task_state);

/* Who may do it to any trade at all: the union over the rows. */
unsigned escrow_parties(enum escrow_event);

const char *escrow_state_word(enum escrow_state);	/* NULL: none */
const char *escrow_task_word(enum task_state);		/* NULL: none */
bool escrow_task_named(const char *word, enum task_state *);

struct task {
	enum trade kind;
	char id[ID_TEXT];		/* "" of a direct escrow */
	char escrow_id[ID_TEXT];	/* "" of a shadow task */
	char skill_id[ID_TEXT];		/* "" of a direct escrow */
	char buyer_id[NODE_ID], seller_id[NODE_ID];
	struct amount amount;		/* of a shadow: what it would cost */
	int64_t tax_bp;
	enum task_state state;
	enum escrow_state escrow;
	char *label, *input;		/* owned; NULL of a direct escrow */
	char *output, *output_sha256;	/* owned, or NULL until delivered */
	char *verdict;			/* owned: the first failing rule */
	char *reason, *reasoning;	/* owned, or NULL */
	char *proof_hash, *proof_match, *settle_proof_hash;	/* the same */
	char *protocol;			/* owned: "api", "shadow", ... */
	char *integration, *capability, *llm_provider;	/* owned, or NULL */
	char *customs;			/* owned JSON array, or NULL */
	char *verified_task_id, *run_id;	/* owned, or NULL */
	int64_t made_ms, refund_ms;
	int64_t settle_ms, claimed_ms, completed_ms;	/* 0 until then */
	int64_t disputed_ms, closed_ms;
	int64_t deadline_s;		/* that was wished for; 0: none */
};

void escrow_task_release(struct task *);	/* accepts a zeroed one */

/* By the id of the task, or of its escrow.  E_task_missing. */
int escrow_task(struct store *, const char *id, struct task *out,
    struct err *) CHECKED;

/* Who trades, by the id of an escrow: 1, 0 if there is no such, -1. */
struct escrow_traders {
	char buyer_id[NODE_ID], seller_id[NODE_ID];
};
int escrow_traders(struct store *, const char *escrow_id,
    struct escrow_traders *out, struct err *) CHECKED;

/* What a record of it is called: the task's id, or the escrow's. */
const char *escrow_name(const struct task *);

/* What its receipt is called (spec/vmp.md 8.1); returns out. */
#define ESCROW_PAPER "rcpt_"
#define ESCROW_PAPER_ID (sizeof(ESCROW_PAPER) + ID_TEXT)
const char *escrow_receipt_id(const struct task *,
    char out[ESCROW_PAPER_ID]);

#define ESCROW_CUSTOMS 20	/* validators of a buyer for one task */

/* What a buyer orders; all borrowed, NULL and 0 where nothing was said. */
struct order {
	const char *buyer_id;
	const char *skill_id, *quote_id;	/* one, or both that agree */
	const char *seller_id, *price;	/* that the buyer expects */
	const char *custom[ESCROW_CUSTOMS];	/* ids of its validators */
	size_t n_custom;
	const struct json *input;	/* an object */
	const char *protocol;		/* NULL: "api" */
	const char *integration, *capability;
	int64_t deadline_s;		/* advisory */
	const char *run_id;		/* of a benchmark */
	const struct hook_target *callback;	/* that was judged good */
	struct amount *asked;		/* set to the price once it is known */
};

/*
 * Lock the skill's price, or that of the quote, which is then used.
 * E_node_missing, E_skill_missing or E_quote_missing, what gate_parties_in()
 * says, E_validator_missing, E_seller_missing or E_price_mismatch for what
 * was stated otherwise, what gate_money_in() says: in this order
 * (spec/vmp.md 2.0).  The task keeps copies of the skill's contract and of
 * the buyer's validators, which no later change touches.  All that happens
 * to it is told to the callback, if there is one.
 */
int escrow_lock_in(struct ledger *, const struct order *,
    const struct params *, struct chance *, struct task *out, struct err *)
    CHECKED;

/*
 * The same without money (spec/vmp.md 8.4): L2 to L8 of the gate.  The
 * protocol is "shadow" unless the order says another, as "benchmark".
 */
int escrow_shadow_in(struct ledger *, const struct order *,
    const struct params *, struct chance *, struct task *out, struct err *)
    CHECKED;

/* Lock an amount for a seller, without a skill: "0.01" to "100000". */
struct direct {
	const char *buyer_id, *seller_id, *amount;
};
int escrow_direct_in(struct ledger *, const struct direct *,
    const struct params *, struct chance *, struct task *out, struct err *)
    CHECKED;

/* What the seller gets of it, and the protocol. */
void escrow_split(const struct task *, struct amount *payout,
    struct amount *tax);

/* What is done to a trade, by whom; all borrowed, NULL where it has none. */
struct act {
	enum escrow_event event;
	const char *task_id;		/* or the id of its escrow */
	const char *dispute_id;		/* in place of it */
	const char *node_id;		/* the node that acts; if NULL: */
	unsigned as;			/* enum escrow_party; 0: who may */
	struct chance *chance;		/* of DISPUTE, which has an id */
	/* COMPLETE: an object, of a direct escrow or NULL */
	const struct json *output;
	const char *proof_hash;		/* COMPLETE, SETTLE: free text */
	const char *llm_provider;	/* COMPLETE */
	const struct judged *judged;	/* COMPLETE: else it is judged here */
	struct language *language;	/* for that, or one is loaded */
	const char *reason;		/* DISPUTE, RELEASE, RETURN: text */
	const struct json *evidence;	/* DISPUTE: an object */
	const char *resolved_by;	/* RELEASE, RETURN: MANUAL_REVIEW */
	const char *because;		/* REFUND: MANUAL, or of a disputed
					   one DISPUTE_RESOLVED; FAIL: only
					   if this is the verdict */
};

/*
 * Perform one event.  FAIL is for a task with a verdict, SETTLE for one
 * without: E_wrong_state.  out is the task afterwards.  E_task_missing or
 * E_dispute_missing;
 * E_not_your_task, of a direct escrow and of what ends one
 * E_not_escrow_party; E_has_task, E_already_claimed, E_wrong_state,
 * E_window_closed, E_window_open, in this order.  Completing again with the
 * same output and proof is a success that does nothing.
 */
int escrow_act_in(struct ledger *, const struct act *, const struct params *,
    struct task *out, struct err *) CHECKED;

/*
 * The same for a trade that was read in this transaction: t becomes what the
 * act makes of it, or is released.
 */
int escrow_act_on_in(struct ledger *, const struct act *,
    const struct params *, struct task *t, struct err *) CHECKED;

/*
 * The event that a reason of operation refund asks for (spec/vmp.md 10.1):
 * TIMEOUT, PROOF_MISSING, SCHEMA_MISMATCH, VALIDATOR_FAILED, MANUAL or
 * DISPUTE_RESOLVED; ESCROW__EVENTS for any other word.
 */
enum escrow_event escrow_refund_event(const char *reason);

/* Trades in the order of their ids, which is that of time. */
struct escrow_filter {
	const char *buyer_id, *seller_id;	/* NULL: anybody */
	const char *party_id;			/* either of the two */
	const char *state;			/* of the task; NULL: any */
	int64_t due_ms;				/* due by then; 0: all */
	int64_t limit, offset;			/* limit 0: all */
};

void escrow_list_open(struct query *, struct store *,
    const struct escrow_filter *);
int escrow_list_next(struct query *, struct task *out, struct err *) CHECKED;

/*
 * Trades whose timer is due at now_ms, from where *after_ms and after_id
 * stopped: at most limit ids into out, of escrows, or for DUE_SHADOW of
 * tasks, which time out as escrows do.  The number of them, or -1.
 */
enum escrow_due { DUE_SETTLE, DUE_REFUND, DUE_SHADOW };
int escrow_due(struct store *, enum escrow_due, int64_t now_ms,
    int64_t *after_ms, char after_id[ID_TEXT], int limit,
    char (*out)[ID_TEXT], struct err *) CHECKED;

/*
 * Tasks of a node, shadows too, oldest first.  What is still to be done of
 * those that it sells is found at constant cost, whatever it has sold before.
 */
enum escrow_role { ROLE_SELLER, ROLE_BUYER, ROLE_ANY };
struct escrow_mine {
	const char *node_id;
	enum escrow_role role;
	const char *state;		/* of the task; NULL: any */
	int64_t limit, offset;
};

void escrow_mine_open(struct query *, struct store *,
    const struct escrow_mine *);	/* then escrow_list_next() */
int escrow_mine_total(struct store *, const struct escrow_mine *,
    int64_t *out, struct err *) CHECKED;

/*
 * How much of what a node has bought is open: escrows that are neither closed
 * nor disputed, and tasks, shadows too, that were not delivered.
 */
struct escrow_opens { int64_t escrows, tasks; };
int escrow_opens(struct store *, const char *buyer_id,
    struct escrow_opens *out, struct err *) CHECKED;

/*
 * When the first of a buyer's open escrows can close, if that is by by_ms;
 * else by_ms.  Where very many are due before, it is not looked for for long.
 */
int escrow_first_close(struct store *, const char *buyer_id, int64_t by_ms,
    int64_t *out_ms, struct err *) CHECKED;

/* What each escrow of a unit should hold: 1, 0 after the last, -1. */
struct escrow_hold {
	char id[ID_TEXT];
	int64_t minor;			/* 0 once closed */
	int64_t pending_ms;		/* its refund is due then; 0 if not */
};

void escrow_holds_open(struct query *, struct store *, const char *unit);
int escrow_holds_next(struct query *, struct escrow_hold *out, struct err *)
    CHECKED;

/* The event that is due for a trade at now, or ESCROW__EVENTS. */
enum escrow_event escrow_due_event(const struct task *, int64_t now_ms);

/* Records; the object stays open for what the caller has to add. */
void escrow_task_write(struct buf *, const struct task *, bool with_data);

/*
 * The members validator_ids, and custom_validators: what the buyer attached,
 * as it was then.  An empty list without them.
 */
void escrow_customs_write(struct buf *, const struct task *);

#endif
