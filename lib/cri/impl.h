/* impl - what the files of cri share; nobody else includes it. */
#ifndef CRI_IMPL_H
#define CRI_IMPL_H

#include <string.h>

#include "cri/cri.h"
#include "store/store.h"

#define DAY_MS INT64_C(86400000)

static inline bool
in_sandbox(const struct node *n)
{
	return !strcmp(n->realm, "sandbox");
}

/* A node that was read already: its score at a moment, and its record. */
int cri_of(struct store *, const struct node *, int64_t now_ms,
    const struct params *, struct cri *, struct cri_record *, struct err *)
    CHECKED;

/* A row, if there is one, for what is counted next. */
int cri_open_in(struct store *, const char *node_id, struct err *) CHECKED;

/* What a node has before anything is known of it. */
int64_t cri_first(const struct node *, const struct params *);

/* Compute the score of a node and store it, with a snapshot. */
int cri_keep_in(struct ledger *, const struct node *, const struct params *,
    struct err *) CHECKED;

/*
 * Badges to those who wait for one, as long as there are any; who got one is
 * scored, unless that is skip or also, who will be.
 */
int cri_genesis_in(struct ledger *, const struct node *skip,
    const struct node *also, const struct params *, struct err *) CHECKED;

/* It sold for the first time: may it wait for a badge? */
int cri_genesis_wait_in(struct ledger *, const struct node *, struct err *)
    CHECKED;

#endif
