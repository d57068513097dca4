/* The state machine: spec/vmp.md 3.3. */
#include <string.h>

#include "bounty/bounty.h"

static const struct bounty_step steps[] = {
	{ BOUNTY_SUBMIT, BOUNTY_OPEN, BOUNTY_OPEN, false },
	{ BOUNTY_AWARD, BOUNTY_OPEN, BOUNTY_AWARDED, false },
	{ BOUNTY_CANCEL, BOUNTY_OPEN, BOUNTY_CANCELLED, false },
	{ BOUNTY_EXPIRE, BOUNTY_OPEN, BOUNTY_EXPIRED, true },
};

const struct bounty_step *
bounty_step(enum bounty_event event, enum bounty_state from)
{
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i].event == event && steps[i].from == from)
			return &steps[i];
	return NULL;
}

const char *
bounty_state_word(enum bounty_state s)
{
	static const char *const words[] = {
		"open", "awarded", "cancelled", "expired",
	};

	return words[s];
}

bool
bounty_state_named(const char *word, enum bounty_state *out)
{
	enum bounty_state s;

	for (s = 0; s < BOUNTY__STATES; s++)
		if (!strcmp(bounty_state_word(s), word)) {
			*out = s;
			return true;
		}
	return false;
}

const char *
bounty_submission_word(enum submission_state s)
{
	static const char *const words[] = {
		"pending", "accepted", "rejected",
	};

	return words[s];
}

bool
bounty_category(const char *word)
{
	static const char *const words[] = {
		"general", "code", "research", "translation", "data",
		"monitoring", "other",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

bool
bounty_sort_named(const char *word, enum bounty_sort *out)
{
	static const char *const words[] = {
		[BOUNTY_NEWEST] = "newest", [BOUNTY_REWARD] = "reward",
		[BOUNTY_DEADLINE] = "deadline",
	};
	enum bounty_sort s;

	for (s = BOUNTY_NEWEST; s <= BOUNTY_DEADLINE; s++)
		if (!strcmp(words[s], word)) {
			*out = s;
			return true;
		}
	return false;
}
