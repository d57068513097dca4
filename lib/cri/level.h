/*
 * level - what a node has grown to: five levels, each with two minima.
 *
 * The highest whose minima both hold: what the node has spent, in the unit of
 * its realm (spec/vmp.md 5.4), and its score (5.6).
 */
#ifndef LEVEL_H
#define LEVEL_H

#include <stdint.h>

#define CRI_LEVELS 5

struct cri_rung {
	const char *name, *emoji;
	int64_t spent_minor, tenths;	/* at least */
};

const struct cri_rung *cri_rung(int id);	/* NULL: there is none */

struct cri_level {
	int id;
	int64_t spent_minor, tenths;	/* of the node */
	int64_t thousandths;		/* of the way to the next, by money */
};

/* id and thousandths, from what the node has spent and its score. */
void cri_level_of(struct cri_level *);

#endif
