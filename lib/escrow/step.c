/* The state machine: spec/vmp.md 3.2 and 3.3. */
#include <string.h>

#include "escrow/escrow.h"

#define T(state) (1u << TASK_##state)

static const struct escrow_step steps[] = {
	{ ESCROW_CLAIM, ESCROW_PENDING, T(OPEN),
	    ESCROW_PENDING, TASK_IN_PROGRESS, PARTY_SELLER,
	    WHEN_BEFORE_REFUND },
	{ ESCROW_COMPLETE, ESCROW_PENDING, T(OPEN) | T(IN_PROGRESS),
	    ESCROW_AWAITING, TASK_COMPLETED, PARTY_SELLER,
	    WHEN_BEFORE_REFUND },
	{ ESCROW_TIMEOUT, ESCROW_PENDING, T(OPEN) | T(IN_PROGRESS),
	    ESCROW_REFUNDED, TASK_REFUNDED, PARTY_TIMER, WHEN_REFUND_DUE },
	{ ESCROW_DISPUTE, ESCROW_AWAITING, T(COMPLETED),
	    ESCROW_DISPUTED, TASK_DISPUTED, PARTY_BUYER,
	    WHEN_BEFORE_SETTLE },
	{ ESCROW_SETTLE, ESCROW_AWAITING, T(COMPLETED),
	    ESCROW_SETTLED, TASK_COMPLETED, PARTY_TIMER, WHEN_SETTLE_DUE },
	{ ESCROW_FAIL, ESCROW_AWAITING, T(COMPLETED),
	    ESCROW_REFUNDED, TASK_REFUNDED, PARTY_TIMER, WHEN_SETTLE_DUE },
	{ ESCROW_FAIL, ESCROW_DISPUTED, T(DISPUTED),
	    ESCROW_REFUNDED, TASK_REFUNDED, PARTY_TIMER, WHEN_SETTLE_DUE },
	{ ESCROW_RELEASE, ESCROW_DISPUTED, T(DISPUTED),
	    ESCROW_SETTLED, TASK_COMPLETED, PARTY_OPERATOR, WHEN_ANY },
	{ ESCROW_RETURN, ESCROW_DISPUTED, T(DISPUTED),
	    ESCROW_REFUNDED, TASK_REFUNDED, PARTY_OPERATOR, WHEN_ANY },
};

const struct escrow_step *
escrow_step(enum escrow_event event, enum escrow_state from,
    enum task_state task)
{
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i].event == event && steps[i].from == from &&
		    steps[i].tasks & 1u << task)
			return &steps[i];
	return NULL;
}

const char *
escrow_state_word(enum escrow_state s)
{
	static const char *const words[] = {
		"PENDING", "AWAITING_SETTLEMENT", "DISPUTED", "SETTLED",
		"REFUNDED",
	};

	return words[s];
}

const char *
escrow_task_word(enum task_state s)
{
	static const char *const words[] = {
		"OPEN", "IN_PROGRESS", "COMPLETED", "DISPUTED", "REFUNDED",
	};

	return words[s];
}

bool
escrow_task_named(const char *word, enum task_state *out)
{
	enum task_state s;

	for (s = 0; s < TASK__STATES; s++)
		if (!strcmp(escrow_task_word(s), word)) {
			*out = s;
			return true;
		}
	return false;
}

enum escrow_event
escrow_due_event(const struct task *t, int64_t now_ms)
{
	if (t->escrow == ESCROW_PENDING && now_ms >= t->refund_ms)
		return ESCROW_TIMEOUT;
	if (t->escrow == ESCROW_AWAITING && now_ms >= t->settle_ms)
		return t->verdict ? ESCROW_FAIL : ESCROW_SETTLE;
	if (t->escrow == ESCROW_DISPUTED && now_ms >= t->settle_ms &&
	    t->verdict)
		return ESCROW_FAIL;
	return ESCROW__EVENTS;
}
