/* impl - what the files of cri share; nobody else includes it. */
#ifndef CRI_IMPL_H
#define CRI_IMPL_H

#include <string.h>

#include "cri/cri.h"
#include "store/store.h"

static inline bool
in_sandbox(const struct node *n)
{
	return !strcmp(n->realm, "sandbox");
}

/* The parts of a score by their names: first those that add to it. */
#define CRI_ADDED 7
extern const char *const cri_part_names[CRI_PARTS];

/* All that is counted of a node; zeroes, and no number, without a row. */
struct cri_row {
	int64_t number, snapshot;	/* 0: none */
	struct cri_facts facts;
	struct cri_record record;
};

int cri_row(struct store *, const char *node_id, struct cri_row *,
    struct err *) CHECKED;

/* What it comes to at a moment. */
void cri_of(const struct cri_row *, const struct node *, int64_t now_ms,
    const struct params *, struct cri *);

/* How often two have traded, in either direction: 1, 0 if never, -1. */
int cri_times(struct store *, const char *a, const char *b, int64_t *times,
    struct err *) CHECKED;

/* A row, if there is one, for what is counted next. */
int cri_open_in(struct store *, const char *node_id, struct err *) CHECKED;

/* What a node has before anything is known of it. */
int64_t cri_first(const struct node *, const struct params *);

/* Score a row as it has become and store both, with a snapshot. */
int cri_write_in(struct ledger *, const struct cri_row *,
    const struct node *, const struct params *, struct err *) CHECKED;

/* The same of the row as it is stored. */
int cri_keep_in(struct ledger *, const struct node *, const struct params *,
    struct err *) CHECKED;

/*
 * Badges to those who wait for one, as long as there are any; who got one is
 * scored, unless that is skip or also, who will be.
 */
int cri_genesis_in(struct ledger *, const struct node *skip,
    const struct node *also, const struct params *, struct err *) CHECKED;

/* It sells: for the first time?  Then it may wait for a badge. */
int cri_genesis_wait_in(struct ledger *, const struct node *, struct err *)
    CHECKED;

/* attest.c: what is claimed against what is made; E_bad_conf. */
struct certified;
struct json;
int attest_params_read(struct params *, const struct json *claims,
    struct err *) CHECKED;
int attest_compare(const struct json *claims, const struct certified *,
    const char *why, struct err *) CHECKED;

#endif
