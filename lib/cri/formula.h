/*
 * formula - the Composite Reliability Index of a node, from its facts.
 *
 * A pure function of what settled trades, disputes and strikes say of a node
 * (spec/vmp.md 5.1, 5.2).  It is computed in IEEE-754 double, in the order of
 * the table there; the score is what printf("%.1f") makes of the sum, kept as
 * whole tenths of a point.  Doubles end here: no money is made of them.
 *
 * So that every machine makes the same of the same facts, this relies on:
 * sums, products and quotients of IEEE-754 double, each rounded, with no more
 * precision in between and none fused; a printf that rounds the exact value,
 * ties to even; log2 of powers of two and log10 of powers of ten being the
 * whole numbers that they are.  Of other logarithms the last bits may differ
 * between libraries: a score changes by that only if its sum is within some
 * 1e-14 of a tie, as none is over the grid of tests/tools/cri_grid.c.
 */
#ifndef FORMULA_H
#define FORMULA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/param.h"

#define CRI_MAX 1000		/* tenths */
#define CRI_PARTS 10		/* base to strikes */

struct cri_facts {
	int64_t sold, bought;		/* S, B: settled escrows */
	int64_t partners;		/* U: distinct, both sides together */
	int64_t most;			/* m: with one of them, both sides */
	int64_t volume_minor;		/* V: both sides, two decimals */
	int64_t days;			/* D: whole ones since it was made */
	int64_t delivered, failed;	/* N, X */
	int64_t strikes;
	int64_t idle_days;		/* since it last settled; -1 never */
	bool badge;
	bool sheltered;			/* the Genesis floor holds now */
	bool sandbox, banned;
};

struct cri {
	struct cri_facts facts;
	double base, tx, diversity, volume, age, buyer, genesis;
	double dispute, concentration, strike;	/* taken off: >= 0 */
	double ratio;			/* r: most of all trades */
	double decay;			/* factor; 1 where it is off */
	int64_t tenths;			/* the score */
};

/* The parameters that a score depends on, by name. */
#define CRI_PARAMS 6
extern const enum param cri_params[CRI_PARAMS];

/* Parts and score of out->facts. */
void cri_formula(struct cri *out, const struct params *);

/* What a score that decays is multiplied by, after so many idle days. */
double cri_decay(int64_t idle_days);

/* A number as it is shown and stored: in 1/per, ties to even. */
int64_t cri_round(double x, int per);

#endif
