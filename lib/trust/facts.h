/*
 * facts - what is known of a node identity, and the inputs that makes.
 *
 * The same facts come out of a store and out of a fold over a log (fold.h),
 * and what follows from them is worked out here, once: so that both give one
 * number.  What orders say is among them: those that settled, and those that
 * were disputed, by who won.
 *
 * Endorsers who share a wallet, with each other or with the node, count once:
 * with the greatest of their weights.  A wallet that both keys vouch for
 * binds all who have it.  What a card alone claims moves only the one that
 * claims it, so that nobody can tie two others together.
 * Units: _ms since 1970 UTC, weights in TRUST_WEIGHT.
 */
#ifndef TRUST_FACTS_H
#define TRUST_FACTS_H

#include "base/err.h"
#include "base/id.h"
#include "crypto/wallet.h"
#include "ledger/leaf.h"
#include "trust/formula.h"

enum trust_kind {
	TRUST_ENDORSE, TRUST_COMPLAIN, TRUST_QUALITY,	/* by counterparties */
	TRUST_UPTIME, TRUST_STAKE, TRUST_VERIFY,	/* by the registry */
	TRUST_ORDER,			/* an escrow that was closed */
	TRUST__KINDS
};

struct trust_fact {
	enum trust_kind kind;
	char id[LEAF_ID];		/* of the entry that says so */
	char from_id[HASH_HEX];		/* "" of an order */
	char escrow_id[ID_TEXT];	/* "" of what the registry says */
	char evidence[HASH_HEX];	/* or "" */
	int64_t at_ms;			/* log time */
	int64_t since_ms, until_ms;	/* UPTIME; since of STAKE, VERIFY: when
					   it became so */
	int64_t ok, fail;		/* UPTIME */
	int64_t weight;			/* ENDORSE: of the endorser, now */
	bool good;			/* QUALITY, VERIFY; ORDER: it settled */
	bool sold, disputed;		/* ORDER: the node sold; ever */
	char stake_wei[TRUST_WEI];	/* STAKE */
};

struct trust_bond {
	char node_id[HASH_HEX];
	char wallet[WALLET_TEXT];
	bool proven;			/* by both keys; else a card's claim */
};

struct trust_facts {
	char node_id[HASH_HEX];
	struct trust_fact *fact;	/* owned */
	size_t n, cap;
	struct trust_bond *bond;	/* owned: of it and its endorsers */
	size_t bonds, bonds_cap;
};

const char *trust_kind_word(enum trust_kind);	/* "endorse" */
bool trust_kind_named(const char *word, enum trust_kind *);

struct trust_fact *trust_facts_add(struct trust_facts *);	/* zeroed */
struct trust_bond *trust_facts_bond(struct trust_facts *);
void trust_facts_release(struct trust_facts *);

/*
 * The score that they make at a moment, measured.  They are put into order
 * first: by time, then by the entry.
 */
void trust_facts_score(struct trust_facts *, int64_t now_ms,
    const struct params *, struct trust_score *out);

/* Does the fact go into the score of that moment? */
bool trust_fact_counts(const struct trust_fact *, int64_t now_ms,
    const struct params *);

/*
 * Wei as decimal digits, without zeroes in front: at most 78 of them.  false
 * if it is nothing of the kind.  Less than 0, 0, more than 0, as a is to b.
 */
bool trust_wei_ok(const char *);
int trust_wei_compare(const char *a, const char *b);

/* In whole units of the chain. */
double trust_wei_units(const char *);

#endif
