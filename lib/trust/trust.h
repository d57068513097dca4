/*
 * trust - what a registry knows of node identities, and what it makes of it.
 *
 * Facts come in as signed events (event.h): each that is taken in is an entry
 * of the log and a row, in one transaction, and the score of the node is
 * stored anew with all that went into it (spec/node.md 5.2, 6).  Who speaks of
 * an order must be a party of it, the other party be the one that is spoken
 * of, and the escrow of it be settled, in this store.  The ids of identities
 * are the names of the nodes that traded.
 *
 * An epoch is a day, UTC.  Its scores say what endorsements weigh until the
 * next, so that no score depends on itself.
 *
 * Functions ending in _in need the transaction of a ledger, whose time is the
 * clock.  Units: hundredths of a point, _ms since 1970 UTC.
 */
#ifndef TRUST_TRUST_H
#define TRUST_TRUST_H

#include "base/json.h"
#include "crypto/sign.h"
#include "trust/entry.h"

struct buf;
struct ledger;
struct store;

#define TRUST_SKEW_MS INT64_C(300000)	/* a clock may be so far ahead */

/* What became of an event. */
struct trust_taken {
	bool binding;			/* of a wallet; else: */
	enum trust_kind kind;
	char id[LEAF_ID];		/* of the entry */
	char node_id[HASH_HEX], from_id[HASH_HEX];
	bool existed;			/* it was known: nothing was done */
	struct trust_score score;	/* of the node, now */
};

/*
 * Take an event in.  own is the key of the registry's node, or NULL if it has
 * none.  The same again is a success that does nothing.
 *
 * What trust_event_read() says; E_unknown_peer if the key is not known and
 * not brought along, E_revoked, E_bad_signature; E_not_yet_valid;
 * E_not_registry for what only the registry says; E_self_report;
 * E_task_missing, E_not_escrow_party, E_realm, E_wrong_state of the order;
 * E_id_conflict if the same was said before in other words; E_stale of what
 * is older than what the registry said last; E_endorse_limit.
 */
int trust_event_in(struct ledger *, const struct json *event,
    const struct sign_public *own, const struct params *,
    struct trust_taken *out, struct err *) CHECKED;

/*
 * The same for a binding of a wallet (key/bind.h), whose node is known here.
 */
int trust_bind_in(struct ledger *, const struct json *binding,
    const struct sign_public *own, const struct params *,
    struct trust_taken *out, struct err *) CHECKED;

/* Is it a binding, and no event? */
bool trust_is_binding(const struct json *);

/* What the store knows of a node; the caller's: trust_facts_release(). */
int trust_facts_read(struct store *, const char *node_id,
    struct trust_facts *out, struct err *) CHECKED;

/* A node as it stands at a moment.  E_node_missing. */
int trust_score(struct store *, const char *node_id, int64_t now_ms,
    const struct params *, struct trust_score *out, struct err *) CHECKED;

/* Is it a node, a peer, or one that was spoken of?  E_node_missing. */
int trust_known(struct store *, const char *node_id, struct err *) CHECKED;

/* All that something was said of, or that have said something, by id. */
typedef int trust_told(void *arg, const char *node_id, struct err *);
int trust_each(struct store *, trust_told *, void *arg, struct err *)
    CHECKED;

/*
 * Score all anew, once in an epoch; those that have it already are passed
 * over.  Told are those whose weight or score has changed.
 */
struct trust_change {
	char node_id[HASH_HEX];
	struct trust_epoch was, now;
};
typedef int trust_epoch_told(void *arg, const struct trust_change *,
    struct err *);
int trust_epoch_in(struct ledger *, const struct params *, trust_epoch_told *,
    void *arg, int64_t *scored, struct err *) CHECKED;

/*
 * The score of one, made anew; stored, if something was said of it.
 * E_node_missing.
 */
int trust_rescore_in(struct ledger *, const char *node_id,
    const struct params *, struct trust_score *out, struct err *) CHECKED;

/*
 * Records; the objects stay open for what the caller has to add.  All say
 * that they are of the model "biznode".
 */
void trust_score_write(struct buf *, const char *node_id,
    const struct trust_score *);
void trust_explain_write(struct buf *, const struct trust_facts *,
    const struct trust_score *, int64_t now_ms, const struct params *);
void trust_taken_write(struct buf *, const struct trust_taken *);
void trust_badge_write(struct buf *, const char *node_id, enum trust_tier,
    enum trust_seen);

/* A number as scores are shown: 74.85. */
void trust_points_write(struct buf *, const char *key, int64_t hundredths);

#endif
