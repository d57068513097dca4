/*
 * cri - the verbs of bzn-cri: what is said to them, and what they answer.
 */
#ifndef DESK_CRI_H
#define DESK_CRI_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"

/* What the options say; NULL, 0 or false where they were not given. */
struct desk_cri {
	int64_t limit, offset;
	bool all, entries;
	const char *at, *facts;			/* facts.h, verify */
	const char *model;			/* of trust.h; or NULL */
	const char *pubkey, *jwks, *issuer;	/* verify */
	bool with_facts;		/* certificate */
};

typedef int desk_cri_verb(struct cli *, const struct desk_cri *, struct err *);

desk_cri_verb desk_cri_explain, desk_cri_score, desk_cri_level,
    desk_cri_levels, desk_cri_leaderboard, desk_cri_genesis,
    desk_cri_history, desk_cri_pioneers, desk_cri_snapshots,
    desk_cri_snapshot, desk_cri_refresh,
    desk_cri_certificate, desk_cri_verify, desk_cri_audit;

#endif
