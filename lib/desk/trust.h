/*
 * trust - the verbs of bzn-cri about the trust model of nodes: what is said
 * to them, and what they answer.
 */
#ifndef DESK_TRUST_H
#define DESK_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"
#include "cli/pass.h"

/* What the options say; NULL, -1 or false where they were not given. */
struct desk_trust {
	const char *order, *weight, *evidence, *evidence_sha256;
	const char *stake, *since, *until, *verified;
	int64_t ok, fail;
	bool svg, verify;
	const char *registry;
	struct pass pass;
};

#define DESK_TRUST { .ok = -1, .fail = -1 }

typedef int desk_trust_verb(struct cli *, struct desk_trust *, struct err *);

desk_trust_verb desk_trust_event, desk_trust_endorse, desk_trust_complain,
    desk_trust_quality, desk_trust_update, desk_trust_badge,
    desk_trust_tier, desk_trust_rescore, desk_trust_status;

/* score, explain and audit by another --model: biznode, or E_usage. */
struct desk_cri;
bool desk_trust_model(const struct desk_cri *);
int desk_trust_check(const struct desk_cri *, struct err *) CHECKED;
int desk_trust_score(struct cli *, const struct desk_cri *, struct err *)
    CHECKED;
int desk_trust_explain(struct cli *, const struct desk_cri *, struct err *)
    CHECKED;
int desk_trust_audit(struct cli *, const struct desk_cri *, struct err *)
    CHECKED;

#endif
