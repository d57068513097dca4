/*
 * event - what one identity says of another, signed (spec/node.md 5.2).
 *
 *	{v, node_id | node_hash, event:{type, ...}, from, at?,
 *	 public_key_pem?, signature}
 *
 * in the domain bzn-trust-v1.  What an event has besides its type:
 *
 *	endorse		order_id
 *	complain	order_id, evidence_hash
 *	quality		order_id, weight: 1 or 0; evidence_hash?
 *	uptime		since, until, ok, fail
 *	stake		stake_wei; at is required
 *	verify		verified: true or false; at is required
 *
 * The last three are the registry's own.  Here is only their form and their
 * signature: whether they are taken in is decided by trust.h.
 */
#ifndef TRUST_EVENT_H
#define TRUST_EVENT_H

#include "base/json.h"
#include "crypto/sign.h"
#include "trust/facts.h"

#define TRUST_EVENT_MAX 8192

struct trust_event {
	enum trust_kind kind;
	char node_id[HASH_HEX];		/* or "", and then: */
	char node_hash[2 + HASH_HEX];	/* as it was given, or "" */
	char from_id[HASH_HEX];
	const char *order_id;		/* of a task or its escrow; or NULL */
	char evidence[HASH_HEX];	/* or "" */
	int64_t at_ms;			/* -1: not said */
	int64_t since_ms, until_ms, ok, fail;
	bool good;
	char stake_wei[TRUST_WEI];
	bool has_key;
	struct sign_public key;		/* as the event brings it: of from_id */
	char sha256[HASH_HEX];		/* of what is signed */
};

/*
 * E_bad_json, E_unknown_member; of a key that it brings E_bad_pem,
 * E_id_mismatch if it is not that of from.  Text is borrowed from the object.
 */
int trust_event_read(struct trust_event *out, const struct json *,
    struct err *) CHECKED;

/* E_bad_signature. */
int trust_event_check(const struct json *, const struct sign_public *,
    struct err *) CHECKED;

/* Append the object, signed; it is all that the buffer holds. */
int trust_event_make(struct buf *out, const struct trust_event *,
    const struct sign_key *, struct err *) CHECKED;

/* 0x and the Keccak-256 of an id. */
void trust_node_hash(char out[2 + HASH_HEX], const char *node_id);

#endif
