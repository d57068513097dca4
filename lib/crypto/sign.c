#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "base/buf.h"
#include "base/enc.h"
#include "crypto/sign.h"

#define SPKI_HEAD "-----BEGIN PUBLIC KEY-----\n"
#define SPKI_TAIL "\n-----END PUBLIC KEY-----\n"
#define SPKI_TEXT 60		/* base64 of the 44 bytes of DER */

static const unsigned char spki_der[] = {
	0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
};

void
sign_key_of(struct sign_key *out, const struct secret *seed)
{
	assert(seed->len == SIGN_SEED);
	secret_init(&out->pair, crypto_sign_SECRETKEYBYTES);
	crypto_sign_seed_keypair(out->pub.b, out->pair.data, seed->data);
	out->pair.len = crypto_sign_SECRETKEYBYTES;
}

void
sign_key_new(struct sign_key *out)
{
	struct secret seed;

	secret_random(&seed, SIGN_SEED);
	sign_key_of(out, &seed);
	secret_release(&seed);
}

void
sign_key_release(struct sign_key *k)
{
	secret_release(&k->pair);
	*k = (struct sign_key){ 0 };
}

void
sign_make(struct sign_sig *out, const struct sign_key *k, const void *text,
    size_t n)
{
	crypto_sign_detached(out->b, NULL, text, n, k->pair.data);
}

bool
sign_check(const struct sign_sig *s, const struct sign_public *k,
    const void *text, size_t n)
{
	return !crypto_sign_verify_detached(s->b, text, n, k->b);
}

void
sign_public_of(struct sign_public *out, const struct secret *seed)
{
	struct sign_key k;

	sign_key_of(&k, seed);
	*out = k.pub;
	sign_key_release(&k);
}

void
sign_spki(char out[SIGN_SPKI + 1], const struct sign_public *k)
{
	unsigned char der[sizeof(spki_der) + SIGN_PUBLIC];
	struct buf text = BUF_INIT(SIGN_SPKI);

	memcpy(der, spki_der, sizeof(spki_der));
	memcpy(der + sizeof(spki_der), k->b, SIGN_PUBLIC);
	buf_adds(&text, SPKI_HEAD);
	enc_base64(&text, der, sizeof(der));
	buf_adds(&text, SPKI_TAIL);
	memcpy(out, text.data, SIGN_SPKI + 1);
	buf_release(&text);
}

bool
sign_spki_read(struct sign_public *out, const void *text, size_t n)
{
	unsigned char der[sizeof(spki_der) + SIGN_PUBLIC];
	const char *p = text;
	char again[SIGN_SPKI + 1];
	size_t got;

	if (n != SIGN_SPKI || !enc_unbase64(der, sizeof(der), &got,
	    p + strlen(SPKI_HEAD), SPKI_TEXT) || got != sizeof(der))
		return false;
	memcpy(out->b, der + sizeof(spki_der), SIGN_PUBLIC);
	sign_spki(again, out);
	return !memcmp(again, text, SIGN_SPKI);
}
