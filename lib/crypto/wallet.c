#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <sodium.h>

#include "base/enc.h"
#include "base/mem.h"
#include "crypto/der.h"
#include "crypto/keccak.h"
#include "crypto/wallet.h"

#define POINT (1 + WALLET_PUBLIC)	/* 04, x, y (SEC 1, 2.3.3) */
#define V_FIRST 27

/*
 * What the library calls an illegal argument ends in its failure, which each
 * call below looks at; its own callback would print and abort.
 */
static void
illegal(const char *what, void *unused)
{
	(void)what;
	(void)unused;
}

/* Takes 0.6 us: a check makes its own rather than share a global one. */
static secp256k1_context *
make_context(void)
{
	secp256k1_context *c;

	c = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
	if (!c)
		abort();
	secp256k1_context_set_illegal_callback(c, illegal, NULL);
	return c;
}

static void
blind(secp256k1_context *c)
{
	struct secret seed;

	secret_random(&seed, 32);
	if (!secp256k1_context_randomize(c, seed.data))
		abort();
	secret_release(&seed);
}

static bool
put_point(struct wallet_public *out, const secp256k1_context *c,
    const secp256k1_pubkey *point)
{
	unsigned char bytes[POINT];
	size_t n = sizeof(bytes);

	if (!secp256k1_ec_pubkey_serialize(c, bytes, &n, point,
	    SECP256K1_EC_UNCOMPRESSED) || n != sizeof(bytes))
		return false;
	memcpy(out->b, bytes + 1, WALLET_PUBLIC);
	return true;
}

/* Takes over a secret of 32 bytes that is a valid key. */
static void
complete(struct wallet_key *out, struct secret *valid)
{
	struct wallet_key k = { *valid, make_context(), { { 0 } } };
	secp256k1_pubkey point;

	blind(k.context);
	if (!secp256k1_ec_pubkey_create(k.context, &point, k.secret.data) ||
	    !put_point(&k.pub, k.context, &point))
		abort();
	*valid = (struct secret){ 0 };
	*out = k;
}

static bool
is_key(const struct secret *s)
{
	return s->len == WALLET_SECRET && secp256k1_ec_seckey_verify(
	    secp256k1_context_static, s->data);
}

void
wallet_key_new(struct wallet_key *out)
{
	struct secret s;

	secret_random(&s, WALLET_SECRET);
	while (!is_key(&s))			/* once in 2^128 */
		randombytes_buf(s.data, s.len);
	complete(out, &s);
}

int
wallet_key_of(struct wallet_key *out, const struct secret *bytes,
    struct err *e)
{
	struct secret own;

	if (!is_key(bytes))
		return err_set(e, E_bad_key, "not a key of secp256k1");
	secret_init(&own, WALLET_SECRET);
	memcpy(own.data, bytes->data, WALLET_SECRET);
	own.len = WALLET_SECRET;
	complete(out, &own);
	return 0;
}

void
wallet_key_release(struct wallet_key *k)
{
	secret_release(&k->secret);
	if (k->context)
		secp256k1_context_destroy(k->context);
	*k = (struct wallet_key){ 0 };
}

void
wallet_address_of(struct wallet_address *out, const struct wallet_public *k)
{
	struct hash h;

	keccak(&h, k->b, WALLET_PUBLIC);
	memcpy(out->b, h.b + HASH_BYTES - WALLET_ADDRESS, WALLET_ADDRESS);
}

void
wallet_address_text(char out[WALLET_TEXT], const struct wallet_address *a)
{
	char *digits = out + 2;
	struct hash h;
	size_t i;

	memcpy(out, "0x", 2);
	enc_hex(digits, a->b, WALLET_ADDRESS);
	keccak(&h, digits, 2 * WALLET_ADDRESS);
	for (i = 0; digits[i]; i++)
		if (digits[i] >= 'a' && h.b[i / 2] & (i % 2 ? 0x08 : 0x80))
			digits[i] = (char)(digits[i] - 'a' + 'A');
}

/* Letters of one case only say nothing of a checksum. */
static bool
has_both_cases(const char *s)
{
	return strpbrk(s, "abcdef") && strpbrk(s, "ABCDEF");
}

int
wallet_address_read(struct wallet_address *out, const char *text,
    struct err *e)
{
	struct wallet_address a;
	char again[WALLET_TEXT];

	if (strncmp(text, "0x", 2) || !enc_unhex(a.b, text + 2,
	    WALLET_ADDRESS))
		return err_set(e, E_bad_address, "'%.80s' is not 0x and 40 "
		    "hexadecimal digits", text);
	wallet_address_text(again, &a);
	if (has_both_cases(text) && strcmp(text, again))
		return err_set(e, E_bad_address, "'%s' is mistyped: its "
		    "letters have not the case of EIP-55", text);
	*out = a;
	return 0;
}

void
wallet_sign(struct wallet_sig *out, const struct wallet_key *k,
    const struct hash *digest)
{
	secp256k1_ecdsa_recoverable_signature sig;
	int v;

	assert(k->context && k->secret.len == WALLET_SECRET);
	/* No nonce function: that of RFC 6979, whose s is made low. */
	if (!secp256k1_ecdsa_sign_recoverable(k->context, &sig, digest->b,
	    k->secret.data, NULL, NULL))
		abort();
	if (!secp256k1_ecdsa_recoverable_signature_serialize_compact(
	    k->context, out->b, &v, &sig) || v < 0 || v > 1)
		abort();	/* 2 and 3: once in 2^127 */
	out->b[WALLET_RS] = (uint8_t)(V_FIRST + v);
}

/* r and s are numbers below n, and s is not the high one. */
static bool
read_rs(const secp256k1_context *c, secp256k1_ecdsa_signature *out,
    const uint8_t *rs)
{
	return secp256k1_ecdsa_signature_parse_compact(c, out, rs) &&
	    !secp256k1_ecdsa_signature_normalize(c, NULL, out);
}

static bool
recover(struct wallet_public *out, const secp256k1_context *c,
    const struct wallet_sig *s, const struct hash *digest)
{
	secp256k1_ecdsa_recoverable_signature sig;
	secp256k1_ecdsa_signature plain;
	secp256k1_pubkey point;
	int v = s->b[WALLET_RS] - V_FIRST;

	return (v == 0 || v == 1) && read_rs(c, &plain, s->b) &&
	    secp256k1_ecdsa_recoverable_signature_parse_compact(c, &sig,
	    s->b, v) && secp256k1_ecdsa_recover(c, &point, &sig,
	    digest->b) && put_point(out, c, &point);
}

int
wallet_recover(struct wallet_public *out, const struct wallet_sig *s,
    const struct hash *digest, struct err *e)
{
	secp256k1_context *c = make_context();
	struct wallet_public k;
	bool good = recover(&k, c, s, digest);

	secp256k1_context_destroy(c);
	if (!good)
		return err_set(e, E_bad_signature, "not a signature of any "
		    "wallet");
	*out = k;
	return 0;
}

bool
wallet_check(const struct wallet_rs *s, const struct wallet_public *k,
    const struct hash *digest)
{
	unsigned char bytes[POINT] = { 4 };
	secp256k1_context *c = make_context();
	secp256k1_ecdsa_signature sig;
	secp256k1_pubkey point;
	bool good;

	memcpy(bytes + 1, k->b, WALLET_PUBLIC);
	good = secp256k1_ec_pubkey_parse(c, &point, bytes, sizeof(bytes)) &&
	    read_rs(c, &sig, s->b) &&
	    secp256k1_ecdsa_verify(c, &sig, digest->b, &point);
	secp256k1_context_destroy(c);
	return good;
}

/* A number, into 32 bytes with zeroes before it. */
static bool
take_number(uint8_t out[32], struct der *in)
{
	struct der digits;

	if (!der_number(&digits, in) || digits.n > 32)
		return false;
	memset(out, 0, 32);
	memcpy(out + 32 - digits.n, digits.p, digits.n);
	return true;
}

bool
wallet_rs_read(struct wallet_rs *out, const void *der, size_t n)
{
	struct der all = { der, n }, pair;
	struct wallet_rs s = { { 0 } };

	if (!der_take(&pair, &all, DER_SEQUENCE) || all.n ||
	    !take_number(s.b, &pair) || !take_number(s.b + 32, &pair) ||
	    pair.n)
		return false;
	*out = s;
	return true;
}

void
wallet_message(struct hash *out, const void *text, size_t n)
{
	char head[64], *all;
	int len;

	len = snprintf(head, sizeof(head), "\x19" "Ethereum Signed Message:\n"
	    "%zu", n);
	all = mem_grow(NULL, (size_t)len + n, 1);
	memcpy(all, head, (size_t)len);
	if (n)
		memcpy(all + len, text, n);
	keccak(out, all, (size_t)len + n);
	free(all);
}
