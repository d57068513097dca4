/*
 * pem - private Ed25519 keys as files: PKCS#8 in PEM (RFC 8410, RFC 7468),
 * locked with a passphrase or not, as OpenSSL and Python read them.
 *
 * What we write is PBES2 with PBKDF2-HMAC-SHA256, 600,000 rounds, and
 * AES-256-CBC.  What we read is that; less rounds, which the caller should
 * warn of; scrypt; the other hashes and AES, and 3DES.  The cost that a file
 * asks for is looked at before any work is done.  Nothing here ever prompts.
 */
#ifndef PEM_H
#define PEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

#define PEM_MOST 16384		/* bytes of a file */

struct pem_info {
	bool locked;		/* a passphrase is needed */
	bool weak;		/* by PBKDF2 of less rounds than we write */
	uint64_t rounds;	/* of PBKDF2; 0 for scrypt, or not locked */
};

/*
 * The file of a key; out is the caller's: secret_release().  Not locked if
 * the passphrase is NULL.  E_out_of_memory.
 */
int pem_write(struct secret *out, const struct sign_key *,
    const struct secret *passphrase, struct err *) CHECKED;

/*
 * What a file is, without a passphrase and without work.  E_bad_pem if it is
 * damaged or of another kind; E_kdf_cost.
 */
int pem_look(struct pem_info *out, const struct secret *file, struct err *)
    CHECKED;

/*
 * The key in a file, which is the caller's: sign_key_release().  The
 * passphrase is not looked at if the file is not locked.  As pem_look(), and
 * E_bad_passphrase if it is wrong, or NULL where one is needed.
 */
int pem_read(struct sign_key *out, const struct secret *file,
    const struct secret *passphrase, struct err *) CHECKED;

/*
 * Any PEM file of one block: DER to text with lines of 64, and back, exactly
 * that; out is the caller's: secret_release().  E_bad_pem.
 */
void pem_wrap(struct secret *out, const char *label, const void *der,
    size_t n);
int pem_unwrap(struct secret *out, const char *label, const void *text,
    size_t n, struct err *) CHECKED;

#endif
