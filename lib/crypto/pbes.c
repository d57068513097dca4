#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/cipher.h"
#include "crypto/pbes.h"

#define SALT 16
#define KEY 32			/* of AES-256 */
#define IV 16

#define PKCS5 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05
#define RSADSI 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d
#define NIST_AES 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01
#define OID(...) { __VA_ARGS__ }, sizeof((uint8_t []){ __VA_ARGS__ })

struct oid {
	uint8_t b[12];
	size_t n;
};

struct pbes_cipher {
	struct oid oid;
	const EVP_CIPHER *(*evp)(void);
	size_t key, iv;
};

static const struct oid pbes2 = { OID(PKCS5, 13) };
static const struct oid pbkdf2 = { OID(PKCS5, 12) };
static const struct oid scrypt = {
	OID(0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b)
};

/* 3DES is what old releases of OpenSSL wrote. */
static const struct pbes_cipher ciphers[] = {
	{ { OID(NIST_AES, 42) }, EVP_aes_256_cbc, 32, 16 },
	{ { OID(NIST_AES, 22) }, EVP_aes_192_cbc, 24, 16 },
	{ { OID(NIST_AES, 2) }, EVP_aes_128_cbc, 16, 16 },
	{ { OID(RSADSI, 3, 7) }, EVP_des_ede3_cbc, 24, 8 },
};

static const struct { struct oid oid; enum kdf_hash hash; } prfs[] = {
	{ { OID(RSADSI, 2, 7) }, KDF_SHA1 },
	{ { OID(RSADSI, 2, 8) }, KDF_SHA224 },
	{ { OID(RSADSI, 2, 9) }, KDF_SHA256 },
	{ { OID(RSADSI, 2, 10) }, KDF_SHA384 },
	{ { OID(RSADSI, 2, 11) }, KDF_SHA512 },
};

/* The pieces of what pbes_lock() writes; the rest of it never changes. */
struct locked {
	uint8_t head[35], salt[SALT], middle[34], iv[IV], tail[2], text[64];
};

static const struct locked pattern = {
	.head = { 0x30, 0x81, 0xa4, 0x30, 0x60, 0x06, 9, PKCS5, 13,
	    0x30, 0x53, 0x30, 0x32, 0x06, 9, PKCS5, 12, 0x30, 0x25,
	    0x04, SALT },
	.middle = { 0x02, 3, PBES_ROUNDS >> 16, PBES_ROUNDS >> 8 & 255,
	    PBES_ROUNDS & 255, 0x30, 12, 0x06, 8, RSADSI, 2, 9, 0x05, 0,
	    0x30, 29, 0x06, 9, NIST_AES, 42, 0x04, IV },
	.tail = { 0x04, 64 },
};

static_assert(sizeof(struct locked) == PBES_LOCKED, "bytes and no padding");

static int
malformed(struct err *e)
{
	return err_set(e, E_bad_pem, "the key is damaged");
}

static int
unknown(const char *what, struct err *e)
{
	return err_set(e, E_bad_pem, "the key is encrypted with a %s that is "
	    "not known here", what);
}

static bool
is(const struct der *d, const struct oid *oid)
{
	return der_same(d, oid->b, oid->n);
}

/* AlgorithmIdentifier: its OBJECT IDENTIFIER, and what follows that. */
static bool
take_algorithm(struct der *oid, struct der *rest, struct der *in)
{
	return der_take(rest, in, DER_SEQUENCE) &&
	    der_take(oid, rest, DER_OID);
}

/* RFC 8018, A.2: HMAC-SHA1 unless another is named. */
static int
read_prf(enum kdf_hash *out, struct der *in, struct err *e)
{
	struct der oid, rest, none;
	size_t i;

	*out = KDF_SHA1;
	if (!in->n)
		return 0;
	if (!take_algorithm(&oid, &rest, in) || in->n ||
	    (rest.n && (!der_take(&none, &rest, DER_NULL) || none.n ||
	    rest.n)))
		return malformed(e);
	for (i = 0; i < sizeof(prfs) / sizeof(*prfs); i++)
		if (is(&oid, &prfs[i].oid)) {
			*out = prfs[i].hash;
			return 0;
		}
	return unknown("hash", e);
}

/* What is in the parameters of either; *keylen is 0 if none is named. */
static bool
read_numbers(struct kdf *k, uint64_t *keylen, struct der *in)
{
	struct der salt;

	if (!der_take(&salt, in, DER_BYTES))
		return false;
	k->salt = salt.p;
	k->nsalt = salt.n;
	if (k->kind == KDF_PBKDF2 ? !der_small(&k->rounds, in) :
	    !der_small(&k->n, in) || !der_small(&k->r, in) ||
	    !der_small(&k->p, in))
		return false;
	*keylen = 0;
	return !der_is(in, DER_INTEGER) || der_small(keylen, in);
}

static int
read_kdf(struct kdf *k, uint64_t *keylen, struct der *in, struct err *e)
{
	struct der oid, rest, param;

	if (!take_algorithm(&oid, &rest, in))
		return malformed(e);
	if (is(&oid, &pbkdf2))
		k->kind = KDF_PBKDF2;
	else if (is(&oid, &scrypt))
		k->kind = KDF_SCRYPT;
	else
		return unknown("key derivation", e);
	if (!der_take(&param, &rest, DER_SEQUENCE) || rest.n ||
	    !read_numbers(k, keylen, &param))
		return malformed(e);
	if (k->kind == KDF_PBKDF2)
		return read_prf(&k->hash, &param, e);
	return param.n ? malformed(e) : 0;
}

static int
read_cipher(struct pbes *out, uint64_t keylen, struct der *in, struct err *e)
{
	struct der oid, param;
	size_t i, most = sizeof(ciphers) / sizeof(*ciphers);

	if (!take_algorithm(&oid, &param, in) || in->n ||
	    !der_take(&out->iv, &param, DER_BYTES) || param.n)
		return malformed(e);
	for (i = 0; i < most && !is(&oid, &ciphers[i].oid); i++)
		;
	if (i == most)
		return unknown("cipher", e);
	out->cipher = &ciphers[i];
	if (out->iv.n != ciphers[i].iv ||
	    (keylen && keylen != ciphers[i].key))
		return malformed(e);
	return 0;
}

int
pbes_read(struct pbes *out, const void *der, size_t n, struct err *e)
{
	struct der all = { der, n }, file, oid, rest, param;
	struct pbes p = { 0 };
	uint64_t keylen;

	if (!der_take(&file, &all, DER_SEQUENCE) || all.n ||
	    !take_algorithm(&oid, &rest, &file) ||
	    !der_take(&p.text, &file, DER_BYTES) || file.n)
		return malformed(e);
	if (!is(&oid, &pbes2))
		return unknown("scheme", e);
	if (!der_take(&param, &rest, DER_SEQUENCE) || rest.n)
		return malformed(e);
	if (read_kdf(&p.kdf, &keylen, &param, e) ||
	    read_cipher(&p, keylen, &param, e) ||
	    kdf_check(&p.kdf, PBES_SCRYPT, e))
		return -1;
	if (!p.text.n || p.text.n % p.cipher->iv)
		return malformed(e);
	*out = p;
	return 0;
}

int
pbes_unlock(struct secret *out, const struct pbes *p,
    const struct secret *pass, struct err *e)
{
	struct secret key, plain;
	bool good;

	if (kdf_derive(&key, p->cipher->key, &p->kdf, pass, e))
		return -1;
	secret_init(&plain, p->text.n + CIPHER_BLOCK);
	good = cipher_run(plain.data, &plain.len, p->cipher->evp(), false,
	    key.data, p->iv.p, p->text.p, p->text.n);
	secret_release(&key);
	if (!good) {
		secret_release(&plain);
		return err_set(e, E_bad_passphrase, "the passphrase is wrong");
	}
	*out = plain;
	return 0;
}

int
pbes_lock(uint8_t out[PBES_LOCKED], const struct secret *plain,
    const struct secret *pass, struct err *e)
{
	struct locked l = pattern;
	struct kdf k = { .salt = l.salt, .nsalt = SALT, .hash = KDF_SHA256,
	    .rounds = PBES_ROUNDS };
	uint8_t text[PBES_PLAIN + CIPHER_BLOCK];
	struct secret key;
	size_t n;
	bool good;

	assert(plain->len == PBES_PLAIN);
	randombytes_buf(l.salt, SALT);
	randombytes_buf(l.iv, IV);
	if (kdf_derive(&key, KEY, &k, pass, e))
		return -1;
	good = cipher_run(text, &n, EVP_aes_256_cbc(), true, key.data, l.iv,
	    plain->data, plain->len);
	secret_release(&key);
	if (!good || n != sizeof(l.text))
		return err_set(e, E_out_of_memory, "cannot encrypt the key");
	memcpy(l.text, text, sizeof(l.text));
	memcpy(out, &l, PBES_LOCKED);
	return 0;
}
