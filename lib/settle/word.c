/*
 * What phases are called.  Apart from what they do, so that a program which
 * only reads of them has nothing of that in it.
 */
#include <string.h>

#include "settle/impl.h"

static const struct { const char *word, *thing; } words[] = {
	[SETTLE_PAY] = { "settle", "escrow" },
	[SETTLE_REFUND] = { "refund", "escrow" },
	[SETTLE_SHADOW] = { "shadow", "task" },
	[SETTLE_BENCH] = { "bench", "benchmark" },
	[SETTLE_BOUNTY] = { "bounty", "bounty" },
	[SETTLE_SANDBOX] = { "sandbox", "node" },
	[SETTLE_TIDY] = { "tidy", NULL },
};

const char *
settle_phase_word(enum settle_phase p)
{
	return words[p].word;
}

const char *
settle_phase_thing(enum settle_phase p)
{
	return words[p].thing;
}

bool
settle_phase_named(const char *word, enum settle_phase *out)
{
	enum settle_phase p;

	for (p = 0; p < SETTLE__PHASES; p++)
		if (!strcmp(words[p].word, word)) {
			*out = p;
			return true;
		}
	return false;
}
