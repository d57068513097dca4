/*
 * pbes - what a passphrase locks: PBES2 (RFC 8018, 6.2), as in an
 * EncryptedPrivateKeyInfo (RFC 5958, 3); for lib/crypto only.
 */
#ifndef PBES_H
#define PBES_H

#include "crypto/der.h"
#include "crypto/kdf.h"

#define PBES_ROUNDS 600000	/* of PBKDF2 with HMAC-SHA256, as written */
#define PBES_SCRYPT (UINT64_C(32) << 20)	/* OpenSSL reads no more */
#define PBES_PLAIN 48		/* bytes that pbes_lock() takes */
#define PBES_LOCKED 167		/* and bytes that it makes of them */

struct pbes_cipher;

struct pbes {
	struct kdf kdf;
	const struct pbes_cipher *cipher;
	struct der iv, text;	/* borrowed from what was read */
};

/*
 * Read all of the n bytes, without any work.  E_bad_pem, E_kdf_cost; for
 * what is sound but of another kind, E_bad_pem too.
 */
int pbes_read(struct pbes *out, const void *der, size_t n, struct err *)
    CHECKED;

/*
 * Unlock; out is the caller's: secret_release().  E_bad_passphrase, unless
 * what comes out has the right padding by chance, once in 256.
 */
int pbes_unlock(struct secret *out, const struct pbes *,
    const struct secret *passphrase, struct err *) CHECKED;

/* Lock with PBES_ROUNDS and AES-256-CBC.  E_out_of_memory. */
int pbes_lock(uint8_t out[PBES_LOCKED], const struct secret *plain,
    const struct secret *passphrase, struct err *) CHECKED;

#endif
