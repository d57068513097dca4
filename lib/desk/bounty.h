/*
 * bounty - the verbs of "bzn-escrow bounty": what is said to them, and what
 * they answer.
 */
#ifndef DESK_BOUNTY_H
#define DESK_BOUNTY_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"

/* What the options say; NULL, 0 or false where they were not given. */
struct desk_bounty {
	const char *node;			/* --as */
	const char *title, *description, *reward, *category, *tags;
	int64_t days;				/* -1 */
	const char *content, *proof_url, *skill;
	const char *status, *min_reward, *sort, *realm;
	int64_t limit, offset;			/* limit -1 */
	bool total, all_or_nothing;
};

int desk_bounty(struct cli *, const struct desk_bounty *, struct err *)
    CHECKED;

#endif
