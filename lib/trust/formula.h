/*
 * formula - the trust score of a node identity, from its facts.
 *
 * A pure function (spec/node.md 6.1): points for stake, uptime, quality,
 * endorsements and verification, less those for complaints, within 0 and 100.
 * There are two ways to fill in its terms: as older registries do, from
 * numbers that somebody claims, and from what was measured, which is the
 * default.  It is computed in IEEE-754 double; the score is what
 * printf("%.2f") makes of the sum, kept as whole hundredths of a point.
 *
 * All weights, caps and thresholds are parameters (trust_*).  This is not the
 * index of cri/formula.h: the two are never mixed, compared or added.
 */
#ifndef TRUST_FORMULA_H
#define TRUST_FORMULA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/param.h"
#include "crypto/hash.h"

#define TRUST_FORMULA 1		/* the version of all this */
#define TRUST_MAX 10000		/* hundredths */
#define TRUST_WEIGHT 10000	/* of an endorser whose score is 100 */
#define TRUST_WEI 79		/* 2^256 has 78 digits */

enum trust_column { TRUST_MEASURED, TRUST_COMPATIBLE };

/* What goes in; each column reads its own, and those that both have. */
struct trust_inputs {
	enum trust_column column;
	double stake;			/* whole units; measured: the least */
	bool verified;			/* on chain */
	/* Compatible. */
	double uptime, quality;		/* 0 to 1 */
	int64_t endorsed, complained;	/* how many */
	/* Measured. */
	int64_t ok, fail;		/* probes by others */
	int64_t rated, good;		/* orders; those of them that count 1 */
	int64_t endorsers;		/* each once: for people */
	int64_t weight;			/* of endorsements, in TRUST_WEIGHT */
	double complaints, orders;	/* each by its age */
	char stake_wei[TRUST_WEI];	/* what stake was made of, or "" */
};

/* Stored words; who is not more is UNVERIFIED. */
enum trust_tier {
	TRUST_UNVERIFIED, TRUST_VERIFIED, TRUST_TRUSTED, TRUST_ENTERPRISE,
	TRUST__TIERS
};

struct trust_score {
	struct trust_inputs in;
	double s, u, q, e, c, v;	/* points; c is taken off */
	int64_t hundredths;
	enum trust_tier tier;
};

/* Points, score and tier of out->in. */
void trust_formula(struct trust_score *out, const struct params *);

/* The lower bound of Wilson's interval of ok in ok + fail; 0 of none. */
double trust_wilson(int64_t ok, int64_t fail, double z);

/* What is left of one after so long: 2^(-age / half life). */
double trust_decay(int64_t age_ms, int64_t half_life_ms);

/* Points as they are shown and stored: hundredths, ties to even. */
int64_t trust_round(double points);

const char *trust_tier_word(enum trust_tier);
bool trust_tier_named(const char *word, enum trust_tier *);

/*
 * What is shown of a node (6.2), mapped here and nowhere else: its badge, or
 * SELF DECLARED for one that is unverified or offline, and wherever no
 * registry has spoken for it, or not well, or not lately.
 */
enum trust_seen {
	TRUST_SEEN,		/* a good answer, or a good certificate */
	TRUST_OFFLINE,		/* the node does not answer */
	TRUST_UNREACHABLE,	/* the registry does not */
	TRUST_BAD_ANSWER,	/* not signed, or not as it must be */
	TRUST_LOCAL,		/* mode local: nobody is asked */
	TRUST_EXPIRED,		/* the certificate is */
	TRUST__SEEN
};

struct trust_badge {
	const char *words, *colour;	/* "1BZ TRUSTED NODE", "green" */
	const char *because;		/* why it is SELF DECLARED, or NULL */
};

struct trust_badge trust_badge_of(enum trust_tier, enum trust_seen);

/*
 * The rules that a score was made by: SHA-256 over a line NAME=VALUE for each
 * parameter trust_*, in the order of the table, as "bzn-node params" has
 * them, with a line feed behind each.
 */
void trust_rules(struct hash *out, const struct params *);

#endif
