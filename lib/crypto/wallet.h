/*
 * wallet - secp256k1 keys as Ethereum uses them: addresses and signatures.
 *
 * A private key is a number from 1 to n-1, in locked memory; a public key is
 * a point, as its x and y of 32 bytes each; an address is the last 20 bytes
 * of Keccak-256 over these 64.  What is signed is a digest of 32 bytes.
 * Signatures are deterministic (RFC 6979) and have the low s (EIP-2); one
 * with the high s, which anybody can make of it, is refused and never
 * normalised.  Any of this may be used by many threads at once.
 */
#ifndef WALLET_H
#define WALLET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

#define WALLET_SECRET 32
#define WALLET_PUBLIC 64
#define WALLET_ADDRESS 20
#define WALLET_TEXT 43		/* 0x, 40 digits, and the NUL */
#define WALLET_RS 64		/* r and s, 32 bytes each */
#define WALLET_SIG 65		/* r, s and v */

struct wallet_public { uint8_t b[WALLET_PUBLIC]; };
struct wallet_address { uint8_t b[WALLET_ADDRESS]; };
struct wallet_rs { uint8_t b[WALLET_RS]; };
struct wallet_sig { uint8_t b[WALLET_SIG]; };	/* v is 27 or 28 */

struct wallet_key {
	struct secret secret;
	struct secp256k1_context_struct *context;	/* owned, blinded */
	struct wallet_public pub;
};

/* A new key, which is the caller's: wallet_key_release(). */
void wallet_key_new(struct wallet_key *out);

/*
 * The key of WALLET_SECRET bytes, big end first, which remain the caller's.
 * E_bad_key if they are not 32, or not a number from 1 to n-1.
 */
int wallet_key_of(struct wallet_key *out, const struct secret *bytes,
    struct err *) CHECKED;
void wallet_key_release(struct wallet_key *);	/* accepts a zeroed one */

void wallet_address_of(struct wallet_address *out,
    const struct wallet_public *);

/*
 * An address as text, with the checksum of EIP-55 in the case of its letters.
 * Read are 0x and 40 digits, nothing before or behind; letters of both cases
 * must be those of the checksum.  All of one case carry no checksum and are
 * accepted, as EIP-55 means it ("compatible with existing hex parsers"); who
 * needs the checksum, as EIP-4361 does, compares with wallet_address_text().
 * E_bad_address.
 */
void wallet_address_text(char out[WALLET_TEXT], const struct wallet_address *);
int wallet_address_read(struct wallet_address *out, const char *text,
    struct err *) CHECKED;

void wallet_sign(struct wallet_sig *out, const struct wallet_key *,
    const struct hash *digest);

/*
 * The key that signed.  E_bad_signature if v is not 27 or 28, s is high, r or
 * s is not from 1 to n-1, or no key has made this.  That it is the key one
 * expected is for the caller to see.
 */
int wallet_recover(struct wallet_public *out, const struct wallet_sig *,
    const struct hash *digest, struct err *) CHECKED;

/* Has this key signed the digest?  No too for a high s, and no such key. */
bool wallet_check(const struct wallet_rs *, const struct wallet_public *,
    const struct hash *digest);

/*
 * r and s out of a signature in DER (SEC 1, C.8): one encoding only, nothing
 * behind it, no negative numbers, at most 32 bytes each.  Else false.
 */
bool wallet_rs_read(struct wallet_rs *out, const void *der, size_t n);

/* The digest that personal_sign signs: EIP-191, version 0x45. */
void wallet_message(struct hash *out, const void *text, size_t n);

#endif
