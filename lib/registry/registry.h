/*
 * registry - the nodes that are listed here, for those who look for one
 * (spec/node.md 5).
 *
 * A node enters by its own word, which its key has signed; with it its key
 * becomes a peer (card/peer.h), pending, and its score begins (trust/trust.h).
 * Here is kept what neither of them knows: what it says of its wallet, name
 * and address, and when it was last heard of.  A name is one node's at a
 * time; it is free again once the key of that node is revoked, and goes to
 * the key that follows it.
 *
 * Times are _ms since 1970 UTC.  Functions that end in _in need a transaction.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/param.h"
#include "card/peer.h"
#include "crypto/wallet.h"
#include "trust/formula.h"

#define REGISTRY_HASH (2 + HASH_HEX)
#define REGISTRY_NAME 68		/* "a" * 63, ".1bz", NUL */
#define REGISTRY_IP 46
#define REGISTRY_CID 129
#define REGISTRY_KIND 65

struct store;

struct registry_node {
	char node_hash[REGISTRY_HASH];
	char node_id[HASH_HEX];		/* "": seen on chain only */
	char wallet[WALLET_TEXT], dns_name[REGISTRY_NAME];	/* or "" */
	char endpoint[FIT_ENDPOINT + 1], ip[REGISTRY_IP];	/* or "" */
	int64_t made_ms, changed_ms, seen_ms;
};

/* By its hash, or by name: 1, 0, -1. */
int registry_get(struct store *, const char *node_hash,
    struct registry_node *out, struct err *) CHECKED;
int registry_named(struct store *, const char *dns_name,
    struct registry_node *out, struct err *) CHECKED;

/*
 * By whatever names a node: its id; its hash; alias.1bz; its id, or the 52
 * letters of it, or its two halves as labels, in .bzn or .1bz; in either case.
 * E_node_missing; E_bad_name if it could not be one.
 */
int registry_find(struct store *, const char *name,
    struct registry_node *out, struct err *) CHECKED;

/* The same, or as a person types the id of a peer.  Also E_ambiguous. */
int registry_meant(struct store *, const char *name,
    struct registry_node *out, struct err *) CHECKED;

/*
 * How trusted is whoever is meant: a node that is listed, a peer, or one that
 * is only known by its id.  1, 0 if nobody is meant, -1.
 */
int registry_standing(struct store *, const char *name, int64_t now_ms,
    const struct params *, struct trust_score *out, struct err *) CHECKED;

/* How many there are. */
int registry_total(struct store *, int64_t *out, struct err *) CHECKED;

/* A page of them, as they came; or of those that are verified only. */
typedef int registry_told(void *arg, const struct registry_node *,
    struct err *);
int registry_list(struct store *, bool verified, int64_t limit, int64_t skip,
    registry_told *, void *arg, struct err *) CHECKED;

/* What a node says of itself; NULL: nothing new. */
struct registry_wish {
	const char *node_hash, *node_id;
	const struct sign_public *key;	/* NULL: it is a peer's */
	const char *wallet, *dns_name, *endpoint, *ip;
};

/*
 * Register, or change what is known.  Who asks has signed with that key.
 * E_bad_id; E_hash_mismatch, E_id_mismatch; E_unknown_peer if the key is not
 * known and did not come along; E_revoked; E_bad_address, E_bad_name,
 * E_bad_json of the others; E_name_taken, E_registry_full.
 */
int registry_register_in(struct store *, const struct registry_wish *,
    const struct params *, int64_t now_ms, struct registry_node *out,
    bool *updated, struct err *) CHECKED;

/* It is there: only where, and when.  E_node_missing, and as above. */
int registry_seen_in(struct store *, const struct registry_wish *,
    int64_t now_ms, struct registry_node *out, struct err *) CHECKED;

/* A node, and what others know of it. */
struct registry_view {
	struct registry_node node;
	bool known;			/* peer is one */
	struct peer peer;		/* owned */
	struct trust_score score;
	bool active;			/* its key is in use */
	const char *endpoint;		/* its own word, or its card's; or "" */
};

int registry_look(struct store *, const struct registry_node *,
    int64_t now_ms, const struct params *, struct registry_view *out,
    struct err *) CHECKED;
void registry_view_release(struct registry_view *);

/*
 * Papers of a node: what they hash to, of which kind they are, where they
 * are.  The same again is a success that does nothing; *existed tells.
 * E_bad_json of their form, E_id_conflict if they were elsewhere before,
 * E_node_missing, E_registry_full.
 */
struct registry_document {
	char sha256[HASH_HEX], kind[REGISTRY_KIND], cid[REGISTRY_CID];
	bool sealed;
	int64_t made_ms;
};

int registry_document_in(struct store *, const char *node_hash,
    struct registry_document *, const struct params *, int64_t now_ms,
    bool *existed, struct err *) CHECKED;
typedef int registry_document_told(void *arg,
    const struct registry_document *, struct err *);
int registry_documents(struct store *, const char *node_hash,
    registry_document_told *, void *arg, struct err *) CHECKED;

/* Records; the objects stay open for what the caller has to add. */
void registry_node_write(struct buf *, const struct registry_view *);
void registry_document_write(struct buf *, const struct registry_document *);

#endif
