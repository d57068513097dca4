/*
 * gate - the one place where it is judged whether a node may do something.
 *
 * Whatever locks money passes it, in the order of spec/vmp.md 2.0: with whom
 * (L2 to L6), then, after what the caller alone can judge (L7, L8), how much
 * (L9 to L12).  It books nothing: purse_lock_in() does, once the lock is
 * posted.  Shadow tasks, submissions and listings pass the first half only.
 */
#ifndef GATE_H
#define GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/err.h"
#include "base/param.h"
#include "node/node.h"
#include "store/store.h"

struct ledger;

enum gate_act {
	GATE_BUY,		/* a skill */
	GATE_DIRECT,		/* an escrow with another node */
	GATE_SHADOW,		/* a skill, without money */
	GATE_BOUNTY,		/* promise one */
	GATE_SUBMIT,		/* a solution of one */
	GATE_PUBLISH,		/* a skill */
	GATE_UPDATE,		/* one's own skill, which no level hinders */
	GATE_LISTEN,		/* subscribe a webhook */
};

/* What is asked; all borrowed. */
struct gate {
	enum gate_act act;
	const char *node_id;		/* who acts */
	const struct node *node;	/* the same, if it was read; or NULL */
	const char *other_id;		/* the seller or creator, or NULL */
	const char *category;		/* of the skill, or NULL */
	bool retired, quote_expired;
	bool asking;			/* what would be: nothing is counted */
	const struct params *params;
};

/* Who they are, and what the act is worth in. */
struct gated {
	struct node node, other;	/* other is zeroed if there is none */
	const struct unit *unit;
	char warning[200];		/* of a gate that is soft; or "" */
};

/*
 * L2 to L6, in this order: E_node_missing, E_node_unknown_or_banned,
 * E_seller_missing, E_self_trade, E_realm, E_seller_inactive,
 * E_skill_retired, E_quote_expired, E_level_gate, E_policy_denied.  A level
 * that is too low is a warning unless enforce_level_gates: then the act goes
 * on, and gate_soft_next() tells of it.
 */
int gate_parties_in(struct ledger *, const struct gate *, struct gated *out,
    struct err *) CHECKED;

/* From which level on an act is allowed, were levels enforced. */
int gate_level(enum gate_act, const struct params *);

/* What levels would have refused, by node and act: 1, 0 after all, -1. */
struct gate_soft {
	char node_id[NODE_ID];
	char act[16];			/* "publish", "listen", ... */
	int64_t needed, times, first_ms, last_ms;
};

void gate_soft_open(struct query *, struct store *, const char *node_id);
int gate_soft_next(struct query *, struct gate_soft *out, struct err *)
    CHECKED;

/*
 * L9 to L12, in this order: E_cap_exceeded for one task and for a day,
 * E_insufficient_funds, E_cap_exposure.  So a hopeless amount is never told
 * to wait.
 */
int gate_money_in(struct ledger *, const char *node_id, struct amount,
    const struct params *, struct err *) CHECKED;

/* The same of a node as gate_parties_in() has read it. */
int gate_money_of_in(struct ledger *, const struct node *, struct amount,
    const struct params *, struct err *) CHECKED;

/*
 * What the gate would say, and changing nothing: the policy gate of vmp 10.1.
 * With an amount both halves are asked, without one the first.  A node that
 * is not there is an error, not an answer.
 */
struct gate_answer {
	bool allowed;
	bool override_available;	/* by the node itself, or a soft gate */
	enum err_code code;		/* of the refusal, or E_ok */
	char reason[256];		/* of it, or of a warning; or "" */
};

int gate_ask_in(struct ledger *, const struct gate *,
    const int64_t *minor, struct gate_answer *out, struct err *) CHECKED;

#endif
