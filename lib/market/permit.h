/*
 * permit - would a node be allowed to do something?
 *
 * The question of spec/vmp.md 10.1, operation 11, in its own words, put to the
 * gate that acts pass.  It changes nothing, and promises nothing: what counts
 * is what the gate says when the node acts.
 */
#ifndef PERMIT_H
#define PERMIT_H

#include "base/err.h"
#include "base/param.h"
#include "gate/gate.h"

struct buf;
struct json;
struct ledger;

/* What is asked; all borrowed, NULL for what is not said. */
struct permit {
	const char *node_id;
	const char *action;	/* CREATE_TASK, PUBLISH_SKILL, CREATE_BOUNTY */
	const char *skill_id;	/* says the others itself */
	const char *seller_id, *category;
	const char *amount;	/* a decimal */
};

/* The members of a context, up to a NULL. */
extern const char *const permit_context[];

/*
 * Take what a context says, beside node, action and amount, which callers
 * read as they do all amounts.  E_bad_json for what is not of its type, and
 * for a skill whose seller, category or amount is said as well.
 */
int permit_read(struct permit *, const struct json *context, struct err *)
    CHECKED;

/*
 * Ask: a refusal is an answer.  E_bad_json for an action that is none, what
 * amount_parse() says, E_skill_missing; E_node_missing for who asks.
 */
int permit_ask_in(struct ledger *, const struct permit *,
    const struct params *, struct gate_answer *out, struct err *) CHECKED;

/* "allowed", "code" of a refusal, "reason" and "override_available". */
void permit_write(struct buf *, const struct gate_answer *);

#endif
