/*
 * hire - buying by what is wanted: the MCP bridge of spec/vmp.md 2.5.
 *
 * The buyer names a capability and the most that it pays.  What is bought is
 * the cheapest skill of its realm that has the capability: it is quoted, and
 * the quote used, so the price that was looked at is the one that is paid.
 */
#ifndef ESCROW_HIRE_H
#define ESCROW_HIRE_H

#include "base/json.h"
#include "escrow/escrow.h"

/* All borrowed; NULL and 0 where nothing was said. */
struct hire {
	const char *buyer_id;
	const char *integration;	/* 1 to 50 characters */
	const char *capability;		/* of the table */
	const char *most;		/* a price: 1.00 */
	const struct json *input;	/* an object */
	int64_t deadline_s;		/* 1 to 3600: 30; kept, no more */
	struct amount *asked;		/* as of struct order, or NULL */
};

/*
 * E_capability_unknown; E_over_price if the capability costs more than that,
 * typically or from everybody; E_realm if only the other realm has it,
 * E_self_trade if only the buyer has, E_skill_missing if nobody has; then as
 * escrow_lock_in().  *seconds is what it usually takes.
 */
int escrow_hire_in(struct ledger *, const struct hire *,
    const struct params *, struct chance *, struct task *out,
    int64_t *seconds, struct err *) CHECKED;

int escrow_hire_read(struct hire *out, struct json *input,
    const struct json *, struct err *) CHECKED;

/* What the bridge calls an error, and what it says to do about it. */
struct hire_word {
	const char *type, *hint;	/* "BAD_PAYLOAD" */
};
struct hire_word escrow_hire_word(enum err_code, bool in_sandbox);

#endif
