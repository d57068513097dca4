/*
 * web - trust between peers that have names.
 *
 * The same as eigen.h, for those who do not number their peers: opinions are
 * taken one by one, and at any time shares can be asked for.  Peers are
 * numbered by their names, in the order of bytes, so shares follow from the
 * set of opinions alone, to the last part.  Nothing is kept of how often or
 * when something was said.
 */
#ifndef WEB_H
#define WEB_H

#include <stddef.h>
#include <stdint.h>

#include "eigen/eigen.h"

#define WEB_NAME 256		/* bytes of a name, with its NUL */

struct web;

struct web_place {
	const char *peer;	/* borrowed from the web */
	uint64_t share;		/* of EIGEN_ONE */
	int64_t left;		/* of it, once distrust is taken away */
};

struct web *web_new(void);
void web_free(struct web *);

/* There is a peer of this name, whatever is said of it.  E_bad_graph. */
int web_peer(struct web *, const char *name, struct err *) CHECKED;

/*
 * One trusts another by so much more, or by less than 0; either may be new.
 * What is 0, or of oneself, only says that there are such peers.
 * E_bad_graph: a name that is empty or too long; E_amount_overflow: what a
 * peer says, or its distrust, does not fit into 63 bits.
 */
int web_add(struct web *, const char *from, const char *to, int64_t value,
    struct err *) CHECKED;

/*
 * Trust it from the start, by so much of all that is given so.  Without a
 * call all are trusted equally.  E_node_missing: nobody has named it yet;
 * E_bad_graph: a negative weight, or it has one; E_amount_overflow.
 */
int web_prior(struct web *, const char *name, int64_t weight, struct err *)
    CHECKED;

/* What eigen_solve() says; E_bad_graph without a peer. */
int web_solve(struct web *, struct eigen_alpha, int jobs, struct err *)
    CHECKED;

/*
 * All peers as last solved: the most that is left first, then by name.
 * Borrowed until the next web_solve().
 */
const struct web_place *web_places(const struct web *, size_t *n);

#endif
