/*
 * second - a second opinion, before a node is called down: health/witness.h.
 *
 * Two of the peers that are pinned are asked, by chance, of those that have
 * not failed in this sweep if there are so many, with requests that the node
 * key signs; nobody is asked about himself.  All of it takes ten seconds at
 * most, and no longer than the sweep may.  Who has pinned nobody, or has no
 * passphrase at hand, goes without.
 */
#ifndef PING_SECOND_H
#define PING_SECOND_H

#include "cli/cli.h"
#include "cli/pass.h"
#include "health/witness.h"
#include "ping/run.h"

/*
 * Fetch the passphrase of the node key for later, if there is such a key and
 * a source that is not the terminal; release it.  What is wrong with a source
 * is complained of.
 */
void second_ready(struct cli *, const struct pass *, struct secret *out);

/* What is asked for, and what comes of it. */
struct second {
	const struct sweep_plan *plan;
	const struct sample *sample;	/* of this sweep, in their order */
	size_t samples;
	int64_t left_ms;		/* that it may take */
	struct witness_case *of;	/* owned, as is what follows */
	size_t cases;
	struct witness *witness;
	size_t n;
};

/*
 * Note a case; ask about all, where it is no error that nothing comes of it;
 * release them.
 */
void second_add(struct second *, const struct witness_case *);
void second_ask(struct second *, struct cli *);
void second_release(struct second *);

#endif
