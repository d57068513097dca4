/*
 * bind - a node and a wallet that vouch for each other (spec/node.md 3.5).
 *
 * Both keys sign "bzn-bind-v1 LF node_id LF address LF": the node's with
 * Ed25519, the wallet's as personal_sign does (EIP-191).  Both signatures, or
 * there is no binding.
 */
#ifndef BIND_H
#define BIND_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "crypto/wallet.h"

struct key_bind {
	char node_id[HASH_HEX];
	char wallet[WALLET_TEXT];	/* with the checksum of EIP-55 */
	struct sign_sig node_sig;
	struct wallet_sig wallet_sig;
};

/* Append what is signed. */
void key_bind_text(struct buf *, const char *node_id, const char *wallet);

void key_bind_make(struct key_bind *out, const struct sign_key *,
    const struct wallet_key *);

/*
 * Is it of this node, and are both signatures good?  E_id_mismatch,
 * E_bad_signature.
 */
int key_bind_check(const struct key_bind *, const struct sign_public *,
    struct err *) CHECKED;

/*
 * {"v","node_id","wallet","signature_node" in base64,"signature_wallet" as 0x
 * and hex}.  Reading is of the form only: E_bad_json, E_bad_address.
 */
void key_bind_write(struct buf *, const struct key_bind *);
int key_bind_read(struct key_bind *out, const struct json *, struct err *)
    CHECKED;

#endif
