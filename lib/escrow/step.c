/* The state machine: spec/vmp.md 3.2 and 3.3. */
#include <string.h>

#include "escrow/escrow.h"

#define T(state) (1u << TASK_##state)
#define UNDELIVERED (T(OPEN) | T(IN_PROGRESS))

enum {
	SELLER = PARTY_SELLER,
	BUYER = PARTY_BUYER,
	OPERATOR = PARTY_OPERATOR,
	/* Time is nobody's: each party may say that it has come. */
	TIME = PARTY_TIMER | PARTY_SELLER | PARTY_BUYER | PARTY_OPERATOR,
};

static const struct escrow_step steps[] = {
	{ ESCROW_CLAIM, ESCROW_PENDING, T(OPEN),
	    ESCROW_PENDING, TASK_IN_PROGRESS, SELLER, WHEN_BEFORE_REFUND },
	{ ESCROW_COMPLETE, ESCROW_PENDING, UNDELIVERED | T(NONE),
	    ESCROW_AWAITING, TASK_COMPLETED, SELLER, WHEN_BEFORE_REFUND },
	{ ESCROW_TIMEOUT, ESCROW_PENDING, UNDELIVERED | T(NONE),
	    ESCROW_REFUNDED, TASK_REFUNDED, TIME, WHEN_REFUND_DUE },
	{ ESCROW_REFUND, ESCROW_PENDING, UNDELIVERED | T(NONE),
	    ESCROW_REFUNDED, TASK_REFUNDED, SELLER | OPERATOR, WHEN_ANY },

	{ ESCROW_DISPUTE, ESCROW_AWAITING, T(COMPLETED) | T(NONE),
	    ESCROW_DISPUTED, TASK_DISPUTED, BUYER, WHEN_BEFORE_SETTLE },
	{ ESCROW_SETTLE, ESCROW_AWAITING, T(COMPLETED) | T(NONE),
	    ESCROW_SETTLED, TASK_COMPLETED, TIME, WHEN_SETTLE_DUE },
	{ ESCROW_FAIL, ESCROW_AWAITING, T(COMPLETED),
	    ESCROW_REFUNDED, TASK_REFUNDED, TIME, WHEN_SETTLE_DUE },
	{ ESCROW_REFUND, ESCROW_AWAITING, T(COMPLETED) | T(NONE),
	    ESCROW_REFUNDED, TASK_REFUNDED, SELLER | OPERATOR, WHEN_ANY },

	{ ESCROW_FAIL, ESCROW_DISPUTED, T(DISPUTED),
	    ESCROW_REFUNDED, TASK_REFUNDED, TIME, WHEN_SETTLE_DUE },
	{ ESCROW_RELEASE, ESCROW_DISPUTED, T(DISPUTED) | T(NONE),
	    ESCROW_SETTLED, TASK_COMPLETED, OPERATOR, WHEN_ANY },
	{ ESCROW_RETURN, ESCROW_DISPUTED, T(DISPUTED) | T(NONE),
	    ESCROW_REFUNDED, TASK_REFUNDED, OPERATOR, WHEN_ANY },
	{ ESCROW_REFUND, ESCROW_DISPUTED, T(DISPUTED) | T(NONE),
	    ESCROW_REFUNDED, TASK_REFUNDED, SELLER | OPERATOR, WHEN_ANY },

	/* A shadow task: the same work, and no money. */
	{ ESCROW_CLAIM, ESCROW_NONE, T(OPEN),
	    ESCROW_NONE, TASK_IN_PROGRESS, SELLER, WHEN_BEFORE_REFUND },
	{ ESCROW_COMPLETE, ESCROW_NONE, UNDELIVERED,
	    ESCROW_NONE, TASK_COMPLETED, SELLER, WHEN_BEFORE_REFUND },
	{ ESCROW_TIMEOUT, ESCROW_NONE, UNDELIVERED,
	    ESCROW_NONE, TASK_REFUNDED, TIME, WHEN_REFUND_DUE },
};

unsigned
escrow_parties(enum escrow_event event)
{
	unsigned all = 0;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i].event == event)
			all |= steps[i].parties;
	return all;
}

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
		"REFUNDED", NULL,
	};

	return words[s];
}

const char *
escrow_task_word(enum task_state s)
{
	static const char *const words[] = {
		"OPEN", "IN_PROGRESS", "COMPLETED", "DISPUTED", "REFUNDED",
		NULL,
	};

	return words[s];
}

bool
escrow_task_named(const char *word, enum task_state *out)
{
	enum task_state s;

	for (s = 0; s < TASK_NONE; s++)
		if (!strcmp(escrow_task_word(s), word)) {
			*out = s;
			return true;
		}
	return false;
}

enum escrow_event
escrow_due_event(const struct task *t, int64_t now_ms)
{
	bool undelivered = t->escrow == ESCROW_PENDING ||
	    (t->escrow == ESCROW_NONE && t->state < TASK_COMPLETED);

	if (undelivered && now_ms >= t->refund_ms)
		return ESCROW_TIMEOUT;
	if (t->escrow == ESCROW_AWAITING && now_ms >= t->settle_ms)
		return t->verdict ? ESCROW_FAIL : ESCROW_SETTLE;
	if (t->escrow == ESCROW_DISPUTED && now_ms >= t->settle_ms &&
	    t->verdict)
		return ESCROW_FAIL;
	return ESCROW__EVENTS;
}

enum escrow_event
escrow_refund_event(const char *reason)
{
	static const struct { const char *word; enum escrow_event event; }
	    words[] = {
		{ "TIMEOUT", ESCROW_TIMEOUT },
		{ "PROOF_MISSING", ESCROW_FAIL },
		{ "SCHEMA_MISMATCH", ESCROW_FAIL },
		{ "VALIDATOR_FAILED", ESCROW_FAIL },
		{ "MANUAL", ESCROW_REFUND },
		{ "DISPUTE_RESOLVED", ESCROW_REFUND },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i].word, reason))
			return words[i].event;
	return ESCROW__EVENTS;
}
