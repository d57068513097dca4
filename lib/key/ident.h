/*
 * ident - the ways to name a node by its key (spec/node.md 3.1).
 *
 * A node_id is SHA-256 over the 113 bytes of node_public.pem, in hex; all
 * other spellings follow from it, but the DID, which is the key itself.
 */
#ifndef IDENT_H
#define IDENT_H

#include <stdbool.h>

#include "base/word.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define IDENT_WORDS 6
#define IDENT_PHRASE WORD_TEXT(IDENT_WORDS)

struct buf;

struct ident {
	struct hash digest;
	char node_id[HASH_HEX];
	char node_hash[2 + HASH_HEX];	/* 0x, Keccak-256 of the node_id */
	char label[53];			/* base32, for the DNS */
	char fingerprint[51];		/* SHA256: and base64, as ssh(1) does */
	char did[64];			/* did:key, of the key */
};

void ident_of(struct ident *out, const struct sign_public *);

/* Only the node_id, which is all that most need. */
void ident_id(char out[HASH_HEX], const struct sign_public *);

/* 64 digits in lower case? */
bool ident_is_id(const char *);

/*
 * Has this node_id the prefix that was typed?  It is 4 digits or more, or
 * they stand after the last '_' of a display id such as biz_node_0a3f.
 */
bool ident_matches(const char *typed, const char *node_id);

/* The first 60 bits of the node_id as words, to be compared aloud. */
void ident_phrase(char out[IDENT_PHRASE], const struct sign_public *);

/* Begin a record of all the names; no secret is in it. */
void ident_write(struct buf *, const struct sign_public *);

#endif
