/*
 * witness - what others have seen of a node that is about to be down
 * (spec/ops.md 3.3, spec/node.md 12).
 *
 * Who is about to call a node down asks two of the peers that it has pinned.
 * A peer does not probe for that, but tells the last samples of its own, of
 * each family of addresses, that still speak for the node:
 *
 *	{v, observer, node_id, nonce, at, samples: [sample], signature}
 *
 * signed (bzn-witness-v1) with the nonce that it was asked with.  Only what
 * it saw since the first of our failures, and within the gap for which a
 * probe speaks, counts: by its own clock, so that none has to agree with
 * ours.  It saw the node up if a sample that counts is good, and down if all
 * have failed.
 *
 * None of that changes what the node is, nor since when: what this machine
 * cannot reach is down to it, and a peer that lies could else hide an outage
 * or lengthen one.  It is kept with the decision, word by word, for who has
 * to judge the incident; which is contested if one peer or more saw the node
 * up, and none saw it down.
 * Units: _ms since 1970 UTC.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "health/sample.h"

struct buf;
struct health_incident;
struct params;
struct query;
struct store;

#define WITNESS_ASKED 2		/* of so many peers */
#define WITNESS_MAX 8192	/* bytes of what one says */

/* A decision that is about to be made. */
struct witness_case {
	char node_id[HASH_HEX];
	enum sample_family family;
	int64_t since_ms, decided_ms;	/* the failures, first and last */
	int64_t max_gap_ms;
};

/* WITNESS_NOTHING: no answer, for which class says why, or none that counts. */
enum witness_saw { WITNESS_NOTHING, WITNESS_UP, WITNESS_DOWN };

struct witness {
	struct witness_case of;		/* as kept: its decided_ms only */
	char peer[HASH_HEX];
	int64_t asked_ms;
	enum witness_saw saw;
	enum sample_class class;	/* of its failure, if it saw the node
					   down; of ours to ask it, if none */
	int http;			/* what it answered with, or 0 */
	char *said;			/* canonical, signed; or NULL; owned */
};

const char *witness_word(enum witness_saw);	/* "up" */

/*
 * What this node has seen, as the object above, closed.  E_node_missing if it
 * never asked that one.
 */
int witness_write(struct buf *out, struct store *, const struct params *,
    const char *node_id, const char *nonce, const struct sign_key *,
    int64_t now_ms, struct err *) CHECKED;

/*
 * What a peer has answered, of which the caller has set all up to asked_ms
 * and http.  Wrong signatures are CLASS_BADSIG.  release it.
 */
void witness_judge(struct witness *, const struct sign_public *,
    const char *nonce, const char *text, size_t n);
void witness_release(struct witness *);

/* Keep it, for a series. */
int witness_keep_in(struct store *, int64_t series, const struct witness *,
    struct err *) CHECKED;

/*
 * Of the decisions of an incident, in their order: 1, 0, -1.  Begin with a
 * zeroed one; each releases the one before.
 */
void witness_open(struct query *, struct store *,
    const struct health_incident *);
int witness_next(struct query *, struct witness *, struct err *) CHECKED;

/* Is it contested?  Looked at one by one: begin with a zeroed one. */
struct witness_count { int64_t up, down, nothing; };
void witness_count(struct witness_count *, const struct witness *);
bool witness_contested(const struct witness_count *);

#endif
