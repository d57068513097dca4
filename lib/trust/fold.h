/*
 * fold - what a log says of all node identities so far, with no store.
 *
 * Entries are taken in the order of the log.  What then follows for a node is
 * worked out by facts.h, as from a store with that log.
 */
#ifndef TRUST_FOLD_H
#define TRUST_FOLD_H

#include "trust/facts.h"

struct entry;
struct trust_fold;

struct trust_fold *trust_fold_new(void);
void trust_fold_free(struct trust_fold *);	/* accepts NULL */

/* The next entry of the log.  E_bad_json. */
int trust_fold_take(struct trust_fold *, const struct entry *, struct err *)
    CHECKED;

/* Of a node: the caller's, trust_facts_release().  false: nothing. */
bool trust_fold_facts(const struct trust_fold *, const char *node_id,
    struct trust_facts *out);

/* What it was when it was last scored; of nobody, day is -1. */
struct trust_epoch;
void trust_fold_epoch(const struct trust_fold *, const char *node_id,
    struct trust_epoch *out);

/* All that it names, in no order. */
int trust_fold_each(const struct trust_fold *,
    int (*told)(void *, const char *node_id, struct err *), void *arg,
    struct err *) CHECKED;

#endif
