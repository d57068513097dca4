/*
 * The low-level calls are marked as deprecated, yet they are the ones to use:
 * they work on the DER that is kept, without OpenSSL's own copies of it, and
 * fetch no algorithms.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/der.h"
#include "crypto/hash.h"
#include "crypto/pem.h"
#include "crypto/rsa.h"

#define BITS 2048
#define LEAST_EXPONENT 65537
#define PRIVATE "PRIVATE KEY"
#define PUBLIC "PUBLIC KEY"

/* AlgorithmIdentifier of rsaEncryption, which has a NULL (RFC 8017, A.1). */
static const uint8_t rsa_encryption[] = {
	0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0
};

static void
put_number(uint8_t *out, size_t *len, const BIGNUM *number)
{
	*len = (size_t)BN_num_bytes(number);
	BN_bn2bin(number, out);
}

static int
no_key(const char *why, struct err *e)
{
	return err_set(e, E_bad_key, "not an RSA key for tokens: %s", why);
}

int
rsa_public_of(struct token_public *out, const void *n, size_t n_len,
    const void *ex, size_t e_len, struct err *e)
{
	struct token_public k = { 0 };
	const uint8_t *modulus = n, *p = ex;
	uint64_t exponent = 0;
	size_t i;

	if (n_len < RSA_LEAST || n_len > RSA_MOST ||
	    (n_len == RSA_LEAST && !(modulus[0] & 0x80)))
		return no_key("it has not 2048 to 4096 bits", e);
	if (!modulus[0] || !(modulus[n_len - 1] & 1))
		return no_key("its modulus is even or begins with a zero", e);
	if (!e_len || e_len > RSA_EXPONENT || !p[0])
		return no_key("its exponent is too long", e);
	for (i = 0; i < e_len; i++)
		exponent = exponent << 8 | p[i];
	if (exponent < LEAST_EXPONENT || !(exponent & 1))
		return no_key("its exponent is even or below 65537", e);
	memcpy(k.n, n, n_len);
	memcpy(k.e, ex, e_len);
	k.n_len = n_len;
	k.e_len = e_len;
	*out = k;
	return 0;
}

static int
public_of(struct token_public *out, const RSA *rsa, struct err *e)
{
	uint8_t n[RSA_MOST], ex[RSA_EXPONENT];
	size_t n_len, e_len;

	if (BN_num_bytes(RSA_get0_n(rsa)) > RSA_MOST ||
	    BN_num_bytes(RSA_get0_e(rsa)) > RSA_EXPONENT)
		return no_key("its numbers are too long", e);
	put_number(n, &n_len, RSA_get0_n(rsa));
	put_number(ex, &e_len, RSA_get0_e(rsa));
	return rsa_public_of(out, n, n_len, ex, e_len, e);
}

static RSA *
open_private(const struct secret *der)
{
	const unsigned char *p = der->data;
	RSA *rsa = d2i_RSAPrivateKey(NULL, &p, (long)der->len);

	if (rsa && p == der->data + der->len)
		return rsa;
	RSA_free(rsa);
	return NULL;
}

static RSA *
open_public(const struct token_public *k)
{
	BIGNUM *n = BN_bin2bn(k->n, (int)k->n_len, NULL);
	BIGNUM *e = BN_bin2bn(k->e, (int)k->e_len, NULL);
	RSA *rsa = RSA_new();

	if (!n || !e || !rsa || !RSA_set0_key(rsa, n, e, NULL))
		abort();
	return rsa;
}

void
rsa_key_new(struct token_key *out)
{
	struct token_key k = { 0 };
	BIGNUM *e = BN_new();
	RSA *rsa = RSA_new();
	unsigned char *p;
	struct err never;
	int n;

	if (!e || !rsa || !BN_set_word(e, LEAST_EXPONENT) ||
	    !RSA_generate_key_ex(rsa, BITS, e, NULL))
		abort();
	n = i2d_RSAPrivateKey(rsa, NULL);
	if (n <= 0 || public_of(&k.pub, rsa, &never))
		abort();
	secret_init(&k.der, (size_t)n);
	p = k.der.data;
	k.der.len = (size_t)i2d_RSAPrivateKey(rsa, &p);
	RSA_free(rsa);
	BN_free(e);
	*out = k;
}

void
rsa_key_release(struct token_key *k)
{
	secret_release(&k->der);
	*k = (struct token_key){ 0 };
}

/* A tag and a length of two bytes, which are as long as ours get. */
static void
add_head(struct secret *out, uint8_t tag, size_t n)
{
	const uint8_t bytes[] = { tag, 0x82, (uint8_t)(n >> 8), (uint8_t)n };

	assert(n > 0xff && n <= 0xffff);
	memcpy(out->data + out->len, bytes, sizeof(bytes));
	out->len += sizeof(bytes);
}

static void
add(struct secret *out, const void *bytes, size_t n)
{
	memcpy(out->data + out->len, bytes, n);
	out->len += n;
}

/* PrivateKeyInfo (RFC 5208, 5) around the key. */
void
rsa_pem(struct secret *out, const struct token_key *k)
{
	static const uint8_t head[] = { 0x02, 1, 0, 0x30,
	    sizeof(rsa_encryption) };
	size_t n = sizeof(head) + sizeof(rsa_encryption) + 4 + k->der.len;
	struct secret all;

	secret_init(&all, 4 + n);
	add_head(&all, DER_SEQUENCE, n);
	add(&all, head, sizeof(head));
	add(&all, rsa_encryption, sizeof(rsa_encryption));
	add_head(&all, DER_BYTES, k->der.len);
	add(&all, k->der.data, k->der.len);
	pem_wrap(out, PRIVATE, all.data, all.len);
	secret_release(&all);
}

static bool
find_private(struct der *key, const struct secret *file)
{
	struct der all = { file->data, file->len }, in, kind;
	uint64_t version;

	return der_take(&in, &all, DER_SEQUENCE) && !all.n &&
	    der_small(&version, &in) && !version &&
	    der_take(&kind, &in, DER_SEQUENCE) &&
	    der_same(&kind, rsa_encryption, sizeof(rsa_encryption)) &&
	    der_take(key, &in, DER_BYTES) && !in.n;
}

static int
read_private(struct token_key *out, const struct der *key, struct err *e)
{
	struct token_key k = { 0 };
	RSA *rsa;
	int rc;

	secret_init(&k.der, key->n);
	add(&k.der, key->p, key->n);
	rsa = open_private(&k.der);
	rc = rsa ? public_of(&k.pub, rsa, e) : no_key("it is damaged", e);
	/* OpenSSL signs with the numbers that are sound, if enough are. */
	if (!rc && RSA_check_key(rsa) != 1)
		rc = no_key("its numbers do not belong together", e);
	RSA_free(rsa);
	if (rc)
		rsa_key_release(&k);
	else
		*out = k;
	return rc;
}

int
rsa_pem_read(struct token_key *out, const struct secret *file, struct err *e)
{
	struct secret der;
	struct err why;
	struct der key;
	int rc = 0;

	if (pem_unwrap(&der, PRIVATE, file->data, file->len, e))
		return -1;
	if (!find_private(&key, &der))
		rc = err_set(e, E_bad_pem, "not one unlocked RSA key");
	else if (read_private(out, &key, &why))
		rc = err_set(e, E_bad_pem, "%s", why.msg);
	secret_release(&der);
	return rc;
}

void
rsa_spki(struct buf *out, const struct token_public *k)
{
	RSA *rsa = open_public(k);
	unsigned char *der = NULL;
	struct secret text;
	int n = i2d_RSA_PUBKEY(rsa, &der);

	if (n <= 0)
		abort();
	pem_wrap(&text, PUBLIC, der, (size_t)n);
	buf_add(out, text.data, text.len);
	secret_release(&text);
	OPENSSL_free(der);
	RSA_free(rsa);
}

static bool
find_public(struct der *n, struct der *ex, const struct secret *file)
{
	struct der all = { file->data, file->len }, in, kind, bits, key;

	if (!der_take(&in, &all, DER_SEQUENCE) || all.n ||
	    !der_take(&kind, &in, DER_SEQUENCE) ||
	    !der_same(&kind, rsa_encryption, sizeof(rsa_encryption)) ||
	    !der_take(&bits, &in, DER_BITS) || in.n || !bits.n || bits.p[0])
		return false;
	bits.p++;
	bits.n--;
	return der_take(&key, &bits, DER_SEQUENCE) && !bits.n &&
	    der_number(n, &key) && der_number(ex, &key) && !key.n;
}

int
rsa_spki_read(struct token_public *out, const void *text, size_t len,
    struct err *e)
{
	struct secret der;
	struct der n, ex;
	int rc;

	if (pem_unwrap(&der, PUBLIC, text, len, e))
		return -1;
	if (find_public(&n, &ex, &der))
		rc = rsa_public_of(out, n.p, n.n, ex.p, ex.n, e);
	else
		rc = err_set(e, E_bad_pem, "not one public RSA key");
	secret_release(&der);
	return rc;
}

void
rsa_sign(struct token_sig *out, const struct token_key *k, const void *data,
    size_t n)
{
	RSA *rsa = open_private(&k->der);
	unsigned int len = 0;
	struct hash h;

	hash_of(&h, data, n);
	if (!rsa || (size_t)RSA_size(rsa) != k->pub.n_len ||
	    !RSA_sign(NID_sha256, h.b, sizeof(h.b), out->b, &len, rsa))
		abort();
	out->len = len;
	RSA_free(rsa);
}

bool
rsa_check(const void *sig, size_t sig_len, const struct token_public *k,
    const void *data, size_t n)
{
	RSA *rsa;
	struct hash h;
	bool good;

	if (sig_len != k->n_len)
		return false;
	rsa = open_public(k);
	hash_of(&h, data, n);
	good = RSA_verify(NID_sha256, h.b, sizeof(h.b), sig,
	    (unsigned int)sig_len, rsa) == 1;
	RSA_free(rsa);
	return good;
}
