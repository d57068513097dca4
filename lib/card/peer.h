/*
 * peer - the other nodes whose keys are known here (spec/node.md 3.2, 3.4).
 *
 * Trust on first use: the first card of a node makes it pending; the operator
 * pins it.  Later cards of the same key may change all else.  Another key
 * under a name or an endpoint that a live peer has is E_key_changed: nothing
 * is replaced.  A peer is live until it is revoked, for good, or until a
 * rotation moves its name and its pin to the key that follows.  On endpoints
 * of the loopback there is no claim: every node may have them.
 *
 * What is taken in has been checked before: card_check(), uri_check().
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "card/fit.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

struct buf;
struct card;
struct store;
struct uri;

enum peer_state { PEER_PENDING, PEER_PINNED, PEER_REVOKED };

enum peer_news {
	PEER_SAME,		/* nothing that was not known */
	PEER_CHANGED,
	PEER_NEW,
};

struct peer {
	char node_id[HASH_HEX];
	struct sign_public key;
	char name[FIT_NAME + 1];
	char endpoint[FIT_ENDPOINT + 1];	/* "": not known */
	enum peer_state state;
	char *card;		/* canonical JSON, owned; NULL: see uri.h */
	char *reason;		/* owned, or NULL */
	char *proof;		/* JSON, owned, or NULL */
	char moved_to[HASH_HEX];	/* a node_id, or "" */
	int64_t issued_ms, made_ms, changed_ms;
	int64_t pinned_ms, revoked_ms, used_ms;	/* 0: never */
};

void peer_release(struct peer *);
const char *peer_state_word(enum peer_state);
bool peer_state_named(const char *, enum peer_state *);

/* By its whole id: 1, 0 if it is not known, -1. */
int peer_get(struct store *, const char *node_id, struct peer *out,
    struct err *) CHECKED;

/*
 * By id, a prefix of it or a display id (ident.h), or name.  E_node_missing;
 * E_ambiguous, also if one's name is another's prefix.
 */
int peer_find(struct store *, const char *typed, struct peer *out,
    struct err *) CHECKED;

/*
 * All, by id: begin with a zeroed peer; 1, or 0 after the last.  Releases
 * the one before.
 */
int peer_next(struct store *, struct peer *, struct err *) CHECKED;

/*
 * Take a card in.  An older one than is known, and the card of one that has
 * moved, change nothing.  E_revoked, E_key_changed.  On success out is the
 * caller's, here and below.
 */
int peer_card_in(struct store *, const struct card *, int64_t now_ms,
    struct peer *out, enum peer_news *, struct err *) CHECKED;

/* The same for a URI: what a card has said is not undone by it. */
int peer_uri_in(struct store *, const struct uri *, int64_t now_ms,
    struct peer *out, enum peer_news *, struct err *) CHECKED;

/*
 * The same for a key alone, of which nothing else is known yet: until there
 * is a card, its name is a display id.
 */
int peer_key_in(struct store *, const struct sign_public *, int64_t now_ms,
    struct peer *out, enum peer_news *, struct err *) CHECKED;

/* A request that was signed with its key has been taken; no matter if not
   known. */
int peer_used_in(struct store *, const char *node_id, int64_t now_ms,
    struct err *) CHECKED;

/*
 * Has another, who is pinned, the name of this card, or its endpoint?
 * E_key_changed.
 */
int peer_check_pins(struct store *, const struct card *, struct err *)
    CHECKED;

/* How many pending ones a card or a URI has brought. */
int peer_pending(struct store *, int64_t *n, struct err *) CHECKED;

/* The operator's word.  E_revoked; E_wrong_state of one that has moved. */
int peer_pin_in(struct store *, const char *node_id, int64_t now_ms,
    struct peer *out, enum peer_news *, struct err *) CHECKED;
int peer_revoke_in(struct store *, const char *node_id, const char *reason,
    int64_t now_ms, struct peer *out, enum peer_news *, struct err *)
    CHECKED;

/*
 * Statements of keys that are known here (E_node_missing if not): that one is
 * revoked; that another follows it.  E_bad_json, E_bad_pem, E_bad_signature,
 * E_id_mismatch, E_not_yet_valid; E_key_changed if it moved elsewhere before,
 * or if the new key has moved on itself.
 */
int peer_revocation_in(struct store *, const struct json *, int64_t now_ms,
    struct peer *out, enum peer_news *, struct err *) CHECKED;
int peer_rotation_in(struct store *, const struct json *, int64_t now_ms,
    struct peer *out, enum peer_news *, struct err *) CHECKED;

/* A record; the object stays open for what the caller has to add. */
void peer_write(struct buf *, const struct peer *);

/* Append its line of a trust file (spec/ops.md 2.6), if it is not pending. */
void peer_trust(struct buf *, const struct peer *);

#endif
