/*
 * kdf - keys from passphrases: PBKDF2 (RFC 8018), scrypt (RFC 7914).
 *
 * The parameters come from files of others, who may ask for years of work or
 * all of memory: kdf_check() comes before kdf_derive(), always.
 */
#ifndef KDF_H
#define KDF_H

#include <stdint.h>

#include "base/err.h"
#include "crypto/secret.h"

#define KDF_ROUNDS 10000000		/* of PBKDF2 at most */
#define KDF_WORK (UINT64_C(1) << 24)	/* of scrypt, N r p: some 6 s */

enum kdf_kind { KDF_PBKDF2, KDF_SCRYPT };
enum kdf_hash { KDF_SHA1, KDF_SHA224, KDF_SHA256, KDF_SHA384, KDF_SHA512 };

struct kdf {
	enum kdf_kind kind;
	const uint8_t *salt;		/* borrowed */
	size_t nsalt;
	uint64_t rounds;		/* of PBKDF2, */
	enum kdf_hash hash;		/* with HMAC of this */
	uint64_t n, r, p;		/* of scrypt; n is a power of 2 */
};

/*
 * May this be done, in that many bytes of memory?  E_kdf_cost if it is too
 * much, or parameters are none of the algorithm.
 */
int kdf_check(const struct kdf *, uint64_t memory, struct err *) CHECKED;

/*
 * Derive n bytes, of parameters that have been checked; out is the caller's:
 * secret_release().  E_out_of_memory.
 */
int kdf_derive(struct secret *out, size_t n, const struct kdf *,
    const struct secret *passphrase, struct err *) CHECKED;

#endif
