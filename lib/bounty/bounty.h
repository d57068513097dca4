/*
 * bounty - a reward for whoever solves a task best.
 *
 * A node puts up a reward, which ESCROW:BOUNTY:{id} holds; others hand in
 * what they have made; the creator awards it once, and the solver is paid,
 * less the protocol's tax, or everything goes back: cancelled by the creator,
 * or expired (spec/vmp.md 2.9, 3.3; spec/ledger.md 1.6 X9).  Every transition
 * is a row of one table and one transaction.  The deadline is half-open:
 * nodes act while now < deadline, and from then on it can only expire, swept
 * or not.  What was handed in is shown to all once it is awarded, and before
 * only to the creator and to who wrote it.
 *
 * A bounty may have no deadline.  The log, which wants one (X6), is then told
 * BOUNTY_NEVER, the last number that a leaf can bear.
 * Units: minor units, _ms since 1970 UTC.
 */
#ifndef BOUNTY_H
#define BOUNTY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"
#include "base/id.h"
#include "base/param.h"
#include "ledger/leaf.h"
#include "node/node.h"
#include "store/store.h"

struct buf;
struct json;
struct ledger;

#define BOUNTY_WARNING 200	/* bytes of a soft gate's */
#define BOUNTY_NEVER INT64_C(9007199254740991)	/* 2^53 - 1 */

enum bounty_state {
	BOUNTY_OPEN,
	BOUNTY_AWARDED, BOUNTY_CANCELLED, BOUNTY_EXPIRED,	/* final */
	BOUNTY__STATES
};

enum bounty_event {
	BOUNTY_SUBMIT,		/* somebody hands in a solution */
	BOUNTY_AWARD,		/* the creator has chosen */
	BOUNTY_CANCEL,		/* the creator wants it back */
	BOUNTY_EXPIRE,		/* the deadline came */
	BOUNTY__EVENTS
};

/*
 * The state machine.  What has no row is E_wrong_state.  due says on which
 * side of the deadline it belongs: before it, or from it on.  Submissions
 * that wait are rejected by whatever closes a bounty.
 */
struct bounty_step {
	enum bounty_event event;
	enum bounty_state from, to;
	bool due;
};

/* The row, or NULL. */
const struct bounty_step *bounty_step(enum bounty_event, enum bounty_state);

const char *bounty_state_word(enum bounty_state);	/* "open" */
bool bounty_state_named(const char *word, enum bounty_state *);

/* One of general, code, research, translation, data, monitoring, other? */
bool bounty_category(const char *);

struct bounty {
	char id[ID_TEXT];
	char creator_id[NODE_ID];
	char *title, *description;	/* owned */
	char category[16];
	char *tags;			/* owned: a JSON array of strings */
	struct amount reward;
	int64_t tax_bp;
	enum bounty_state state;
	int64_t made_ms;
	int64_t deadline_ms, closed_ms;	/* 0: none; not yet */
	char winner_id[NODE_ID];	/* "" until awarded, as the next */
	char submission_id[ID_TEXT];
	int64_t submissions;
};

void bounty_release(struct bounty *);	/* accepts a zeroed one */

/* The account that holds its reward. */
void bounty_account(char out[LEAF_ACCOUNT], const struct bounty *);

/* E_bounty_missing. */
int bounty_get(struct store *, const char *id, struct bounty *out,
    struct err *) CHECKED;

/* What a creator wants; all borrowed. */
struct wish {
	const char *node_id, *title, *description;
	const char *reward;		/* a decimal */
	const char *category;		/* NULL: general */
	const struct json *tags;	/* an array of strings, or NULL */
	int64_t deadline_days;		/* 1 to 90, or 0: never */
};

/*
 * Hold the reward.  E_bad_json for a text, list or number out of its range,
 * what amount_parse() says, E_price_range for a reward outside 10.00 and
 * 100000.00; then what gate_parties_in() and gate_money_in() say.  warning is
 * that of a soft gate, or "".
 */
int bounty_create_in(struct ledger *, const struct wish *,
    const struct params *, struct chance *, struct bounty *out,
    char warning[BOUNTY_WARNING], struct err *) CHECKED;

enum submission_state {
	SUBMISSION_PENDING, SUBMISSION_ACCEPTED, SUBMISSION_REJECTED,
	SUBMISSION__STATES
};

const char *bounty_submission_word(enum submission_state);

struct submission {
	char id[ID_TEXT], bounty_id[ID_TEXT];
	char solver_id[NODE_ID];
	char *content;			/* owned */
	char *proof_url, *skill_id;	/* owned, or NULL */
	enum submission_state state;
	int64_t made_ms, reviewed_ms;	/* 0: not yet */
};

void bounty_submission_release(struct submission *);

/* What a solver hands in; all borrowed. */
struct solution {
	const char *bounty_id, *node_id, *content;
	const char *proof_url, *skill_id;	/* or NULL */
};

/*
 * E_bad_json for a text out of its range; what gate_parties_in() says;
 * E_bounty_missing, E_wrong_state, E_window_closed, E_own_bounty, E_realm,
 * E_submission_dup, in this order.
 */
int bounty_submit_in(struct ledger *, const struct solution *,
    const struct params *, struct chance *, struct submission *out,
    char warning[BOUNTY_WARNING], struct err *) CHECKED;

/* How a bounty ends; all borrowed. */
struct bounty_end {
	enum bounty_event event;	/* AWARD, CANCEL or EXPIRE */
	const char *bounty_id;
	const char *node_id;		/* who acts; NULL: who may */
	const char *submission_id;	/* of AWARD */
	const struct params *params;	/* the same: the winner is scored */
};

/*
 * End one.  out is the bounty afterwards.  E_bounty_missing, E_not_creator,
 * E_wrong_state, E_window_closed (or E_window_open), and of an award
 * E_node_unknown_or_banned for the creator, E_submission_missing,
 * E_wrong_state, E_solver_inactive, in this order.
 */
int bounty_end_in(struct ledger *, const struct bounty_end *,
    struct bounty *out, struct err *) CHECKED;

/* What a winner gets of a reward. */
struct amount bounty_payout(const struct bounty *);

/* What a node was paid so, in all; 0 if nothing. */
int bounty_won(struct store *, const char *node_id, const struct unit *,
    int64_t *minor, struct err *) CHECKED;

/* The sweep's: E_window_open before the deadline. */
int bounty_expire_in(struct ledger *, const char *id, struct bounty *out,
    struct err *) CHECKED;

/* End all that a node has open: what is not due is cancelled.  How many. */
int bounty_cancel_all_in(struct ledger *, const char *node_id, struct err *)
    CHECKED;

/*
 * Open ones whose deadline is due at now_ms, from where *after_ms and
 * after_id stopped: at most limit ids into out.  The number of them, or -1.
 */
int bounty_due(struct store *, int64_t now_ms, int64_t *after_ms,
    char after_id[ID_TEXT], int limit, char (*out)[ID_TEXT], struct err *)
    CHECKED;

/* When the first of a creator's closes, if that is by by_ms; else by_ms. */
int bounty_first_close(struct store *, const char *creator_id, int64_t by_ms,
    int64_t *out_ms, struct err *) CHECKED;

/* What to list; NULL and 0 ask for everything. */
enum bounty_sort { BOUNTY_NEWEST, BOUNTY_REWARD, BOUNTY_DEADLINE };

struct bounty_filter {
	const char *state, *category, *creator_id;
	const char *unit;		/* of its realm */
	int64_t least;			/* minor units */
	enum bounty_sort sort;		/* largest reward, next deadline */
	int64_t limit, offset;
};

bool bounty_sort_named(const char *word, enum bounty_sort *);
int bounty_total(struct store *, const struct bounty_filter *, int64_t *out,
    struct err *) CHECKED;
void bounty_list_open(struct query *, struct store *,
    const struct bounty_filter *);
int bounty_list_next(struct query *, struct bounty *out, struct err *)
    CHECKED;			/* 1, 0 after the last, -1 */

/* What was handed in for a bounty, oldest first. */
void bounty_submissions_open(struct query *, struct store *,
    const char *bounty_id);
int bounty_submissions_next(struct query *, struct submission *out,
    struct err *) CHECKED;

/* May this node, or with NULL anybody, see what a submission says? */
bool bounty_may_see(const struct bounty *, const struct submission *,
    const char *node_id);

/* What each bounty of a unit should hold: 1, 0 after the last, -1. */
struct bounty_hold {
	char id[ID_TEXT];
	int64_t minor;			/* 0 once closed */
};

void bounty_holds_open(struct query *, struct store *, const char *unit);
int bounty_holds_next(struct query *, struct bounty_hold *out, struct err *)
    CHECKED;

/*
 * The rows beside what the log tells (see lib/escrow/told.h); state is that
 * of an escrow, PENDING, SETTLED or REFUNDED, and deadline_ms the log's.
 */
struct bounty_told {
	const char *id, *creator, *winner, *unit, *state;	/* "" if none */
	int64_t minor, tax_bp, made_ms, deadline_ms, closed_ms;
};

int bounty_told_same(struct store *, const struct bounty_told *,
    struct err *) CHECKED;	/* 1; 0 if not, or not there; -1 */
int bounty_told_count(struct store *, int64_t *out, struct err *) CHECKED;

/* Records; the object stays open for what the caller has to add. */
void bounty_write(struct buf *, const struct bounty *, bool full);
void bounty_write_end(struct buf *, const struct bounty *);
void bounty_submission_write(struct buf *, const struct submission *,
    bool with_content);
int bounty_wish_read(struct wish *out, struct json *tags,
    const struct json *, struct err *) CHECKED;
int bounty_solution_read(struct solution *out, const struct json *,
    struct err *) CHECKED;
int bounty_end_read(struct bounty_end *out, const struct json *,
    struct err *) CHECKED;

#endif
