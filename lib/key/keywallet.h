/*
 * keywallet - the wallet of a home: identity/wallet.json, a V3 keystore, and
 * its address in wallet_address.txt.
 */
#ifndef KEYWALLET_H
#define KEYWALLET_H

#include "crypto/wallet.h"
#include "key/key.h"

/* The address, for which no secret is needed.  E_no_key, E_bad_address. */
int keywallet_address(const char *home, struct wallet_address *out,
    struct err *) CHECKED;

/*
 * The wallet's key, which is the caller's: wallet_key_release().  E_no_key,
 * E_unsafe_mode, what keystore_read() says, E_key_mismatch if
 * wallet_address.txt is of another key.
 */
int keywallet_open(const char *home, key_ask *ask, void *arg,
    struct wallet_key *out, struct err *) CHECKED;

/*
 * The key in any file: a keystore, the wallet_key.enc of older nodes, or 64
 * hex digits, which may begin with 0x.  ask is called if it is locked.
 */
int keywallet_read(const char *path, key_ask *ask, void *arg,
    struct wallet_key *out, struct err *) CHECKED;

/*
 * Write both files, or none.  E_id_conflict if there is a wallet, unless it
 * is to be replaced: then it is kept in identity/old/.
 */
int keywallet_make(const char *home, const struct wallet_key *,
    const struct secret *passphrase, bool replace, struct err *) CHECKED;

/*
 * Lock the same key with another passphrase.  E_lock_timeout if it is no
 * longer the wallet of this home.
 */
int keywallet_lock(const char *home, const struct wallet_key *,
    const struct secret *passphrase, struct err *) CHECKED;

#endif
