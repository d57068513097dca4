/*
 * post - posting in full: with conditions, memos, and why it was refused.
 *
 * The order of judgement is that of spec/ledger.md 4.1: shape, known id,
 * whole group, type and flow, "if", limits, "assert", length.  The first that
 * fails decides, and nothing is changed then.
 */
#ifndef LEDGER_POST_H
#define LEDGER_POST_H

#include "ledger/ledger.h"

#define MEMO_MAX 1024		/* bytes of a memo */
#define MEMO_SALT 16

struct chance;
struct cond;

/* What goes with an entry and is no part of its leaf; zeroed, nothing. */
struct terms {
	const struct cond *before, *after;	/* "if" and "assert" */
	size_t n_before, n_after;
	const char *memo;		/* its hash goes into the leaf */
	uint8_t salt[MEMO_SALT];	/* random: post_salt() */
};
void post_salt(struct terms *, struct chance *);
int post_check_memo(const char *, struct err *) CHECKED;

/* hex of SHA-256(salt || text), as a leaf has it. */
void post_memo_hash(const char *memo, const uint8_t salt[MEMO_SALT],
    char out[HASH_HEX]);

/* By what an entry differs from the known one of its id. */
enum post_field {
	POST_KIND = 1, POST_TYPE = 2, POST_LEGS = 4, POST_REF = 8,
	POST_DATA = 16, POST_EFFECTIVE = 32, POST_REVERSES = 64,
	POST_MEMO = 128,
};
const char *post_field_word(unsigned i);	/* of bit i; NULL past them */

/* Why a group was not taken; zeroed where it does not apply. */
struct refused {
	size_t member;			/* which of the group */
	unsigned fields;		/* E_id_conflict */
	int64_t seq;			/* the known entry's */
	char account[LEAF_ACCOUNT];	/* whose rule said no */
	const struct unit *unit;
	int64_t balance, available;	/* as they were before the group */
};

/* ledger_post_in() with terms, n of them or NULL, and why, or NULL. */
int ledger_post_with_in(struct ledger *, const struct entry *group,
    const struct terms *, size_t n, struct posted *out, struct refused *,
    struct err *) CHECKED;

#endif
