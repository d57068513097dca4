/*
 * eigen - EigenTrust: whom those trust who are trusted.
 *
 * Kamvar, Schlosser, Garcia-Molina, WWW 2003.  Peers are numbers from 0; an
 * edge says how much one trusts another.  With C the edges, each row divided
 * by its sum, p the pre-trust, which sums to one as well, and 0 < alpha <= 1,
 * shares t are the one solution of
 *
 *	t = alpha p + (1 - alpha) C' t		(C' is C transposed)
 *
 * Edges to oneself and those of no trust count for nothing; a peer that has
 * no others has p for its row; what is said twice of the same two adds up.
 *
 * Shares are whole numbers of EIGEN_ONE parts, and sum to exactly that.  They
 * follow from edges, pre-trust and alpha alone: all arithmetic is of
 * integers, whose sums do not depend on an order, so neither the order of the
 * edges, nor the number of threads, nor the compiler is seen in a bit of
 * them.  Under other numbers the peers keep their shares, but for the last
 * part where two have equal claims to it, which the lower number gets.
 *
 * How exact they are.  Rounds are computed in parts of 2^-124, and whatever
 * is rounded is rounded down: with m edges between n peers a round loses less
 * than h = m + 4 n parts in all (solve.c counts them).  Each row of C sums to
 * one, so a round shrinks the distance to the solution, summed over all
 * peers, to 1 - alpha of itself, and adds h at most.  Therefore, after a
 * round that has moved by s in all,
 *
 *	distance <= (1 - alpha) (distance + s) + h,
 *	distance <= ((1 - alpha) s + h) / alpha;
 *
 * and after k rounds from p, which is 2 away at most, the distance is at most
 * 2 (1 - alpha)^k + h / alpha.  It ends when s <= alpha 2^-65, or at k = 46 /
 * alpha, where 2 (1 - alpha)^k < 2 e^-46 < 2^-65.  As alpha is at least
 * 1/EIGEN_DEN, and m and n at most 2^30, h / alpha is under 2^-71.  So in the
 * end all peers together are wrong by 2^-65 + 2^-71, which is less than a
 * thirtieth of one of the 10^18 parts.  Each gets its whole parts, and those
 * left over go to the largest remainders: no share is off by more than 1 +
 * 1/30 parts; a peer that no path of trust leads to from p has exactly 0; and
 * where the 18 decimals nearest to each sum to one, and none is that close to
 * a tie, these are the shares.
 *
 * The work is a product and a sum for each edge and round.  Memory is 40
 * bytes for an edge and 180 for a peer at most.
 */
#ifndef EIGEN_H
#define EIGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define EIGEN_DECIMALS	18
#define EIGEN_ONE	1000000000000000000	/* 10^18 */
#define EIGEN_PEERS	(1 << 30)		/* at most */
#define EIGEN_EDGES	(1 << 30)
#define EIGEN_DEN	1000000			/* of alpha, at most */

struct eigen;

struct eigen_edge {
	int32_t from, to;
	int64_t value;			/* > 0 */
};

struct eigen_alpha { int64_t num, den; };

/* No opinions yet of so many peers.  E_bad_graph: not 1 to EIGEN_PEERS. */
int eigen_new(struct eigen **out, int64_t peers, struct err *) CHECKED;
void eigen_free(struct eigen *);

/*
 * One trusts another by so much more: from 0 trust, below 0 distrust, which
 * is kept apart and counts in eigen_discount() alone.  E_bad_graph: no such
 * peer, or too many edges; E_amount_overflow: INT64_MIN.
 */
int eigen_add(struct eigen *, int64_t from, int64_t to, int64_t value,
    struct err *) CHECKED;

/*
 * Trust this peer from the start, by so much more of all that is given so.
 * Without a call all peers are trusted equally.  E_bad_graph: no such peer,
 * or a negative weight; E_amount_overflow: of all together.
 */
int eigen_prior(struct eigen *, int64_t peer, int64_t weight, struct err *)
    CHECKED;

/* What was said, split by its sign; borrowed until the next eigen_add(). */
const struct eigen_edge *eigen_edges(const struct eigen *, bool distrust,
    size_t *n);

/* 0 < num / den <= 1, den at most EIGEN_DEN?  E_bad_graph. */
int eigen_check(struct eigen_alpha, struct err *) CHECKED;

/*
 * The shares of all peers, by so many threads; share has one for each, and
 * *rounds, which may be NULL, says how many it took.  E_bad_graph: alpha, or
 * a pre-trust that is zero; E_amount_overflow: the trust of one peer does
 * not fit into 63 bits.
 */
int eigen_solve(const struct eigen *, struct eigen_alpha, int jobs,
    uint64_t *share, int64_t *rounds, struct err *) CHECKED;

/*
 * Distrust applied: each peer takes its own share, in parts like its
 * distrust, away from those whom it distrusts.  Not one round more: what is
 * taken from them does not weaken what they say.  Below 0 is possible; what
 * is taken is rounded down.  E_amount_overflow as above.
 */
int eigen_discount(const struct eigen *, const uint64_t *share, int64_t *out,
    struct err *) CHECKED;

#endif
