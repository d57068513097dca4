/*
 * keystore - wallet keys as files: Web3 Secret Storage, version 3, which
 * ethers, geth and MetaMask open; and, read only, the wallet_key.enc of older
 * nodes (spec/node.md 3.5 and row 18).
 *
 * What we write is scrypt with N 131072, r 8, p 1, AES-128-CTR, and a MAC of
 * Keccak-256.  What we read is that, other parameters of scrypt, and PBKDF2
 * with HMAC-SHA256.  The cost that a file asks for is looked at before any
 * work is done.
 */
#ifndef KEYSTORE_H
#define KEYSTORE_H

#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"
#include "crypto/wallet.h"

#define KEYSTORE_N 131072
#define KEYSTORE_MEMORY (UINT64_C(513) << 20)	/* 512 MiB, and what is by it */
#define KEYSTORE_MOST 16384			/* bytes of a file */

/* Append the file, one line.  E_out_of_memory. */
int keystore_write(struct buf *out, const struct wallet_key *,
    const struct secret *passphrase, struct err *) CHECKED;

/* The same with another N, a power of 2: for tests, which have no time. */
int keystore_write_n(struct buf *out, const struct wallet_key *,
    const struct secret *passphrase, uint64_t n, struct err *) CHECKED;

/*
 * The key in a file, which is the caller's: wallet_key_release().  E_bad_key
 * if the file is damaged, of another kind, or names another address than that
 * of its key; E_kdf_cost; E_bad_passphrase if it is wrong, or NULL, which
 * asks for the checks without any work.  The MAC does not cover the IV: in a
 * file without an address, a damaged IV gives another key.
 */
int keystore_read(struct wallet_key *out, const void *text, size_t n,
    const struct secret *passphrase, struct err *) CHECKED;

/*
 * The address that a file names, not proven by a key.  E_bad_key, also if it
 * names none.
 */
int keystore_address(struct wallet_address *out, const void *text, size_t n,
    struct err *) CHECKED;

/*
 * The key in a wallet_key.enc: a Fernet token under SHA-256 of the
 * passphrase.  E_bad_key, E_bad_passphrase; damage looks like a wrong
 * passphrase.
 */
int keystore_read_fernet(struct wallet_key *out, const void *text, size_t n,
    const struct secret *passphrase, struct err *) CHECKED;

#endif
