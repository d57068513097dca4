/* impl - what the files of eigen share; nobody else includes it. */
#ifndef EIGEN_IMPL_H
#define EIGEN_IMPL_H

#include "eigen/eigen.h"

/* Parts of 2^-124, and products on their way to them. */
__extension__ typedef unsigned __int128 wide;

struct edges {
	struct eigen_edge *edge;
	size_t n, room;
};

struct eigen {
	int64_t peers;
	struct edges trust, distrust;
	int64_t *prior, total;		/* prior is NULL: all are equal */
};

/*
 * Edges in rows, one for each peer: row i is [at[i], end[i]).  What a peer of
 * an edge has to give is somewhere in memory, and waiting for it costs more
 * than all the rest: so it is asked for so many edges ahead, and there are as
 * many peers more behind the last row.
 */
#define EIGEN_AHEAD 24

struct rows {
	size_t *at, *end;
	int32_t *peer;
	uint64_t *value;
	int64_t *sum;			/* of a row; NULL where nobody asks */
};

/*
 * Rows by who says it, in the order in which it was said, without edges to
 * oneself.  E_amount_overflow.
 */
int eigen_rows(struct rows *, const struct edges *, int64_t peers,
    struct err *) CHECKED;

/*
 * Rows by whom it is said of, each in the order of who says it, once for
 * each; the values of one speaker are shifted so that their sum has its
 * highest bit set.  The rows it is made from are released.
 */
void eigen_turn(struct rows *out, struct rows *from, int64_t peers);
void eigen_rows_release(struct rows *);

/* How far a sum is shifted. */
static inline int
eigen_shift(int64_t sum)
{
	return __builtin_clzll((unsigned long long)sum);
}

#endif
