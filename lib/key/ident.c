#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "crypto/keccak.h"
#include "key/ident.h"

#define PREFIX_LEAST 4
#define HEX "0123456789abcdef"

/* Copy what an encoder appended, which fits. */
static void
keep(char *out, struct buf *text)
{
	memcpy(out, text->data, text->len + 1);
	buf_reset(text);
}

void
ident_id(char out[HASH_HEX], const struct sign_public *key)
{
	char pem[SIGN_SPKI + 1];
	struct hash digest;

	sign_spki(pem, key);
	hash_of(&digest, pem, SIGN_SPKI);
	hash_hex(out, &digest);
}

void
ident_of(struct ident *out, const struct sign_public *key)
{
	unsigned char multikey[2 + SIGN_PUBLIC] = { 0xed, 0x01 };
	struct buf text = BUF_INIT(sizeof(out->did) - 1);
	char pem[SIGN_SPKI + 1];
	struct hash hash;

	sign_spki(pem, key);
	hash_of(&out->digest, pem, SIGN_SPKI);
	hash_hex(out->node_id, &out->digest);
	keccak(&hash, out->node_id, HASH_HEX - 1);
	memcpy(out->node_hash, "0x", 2);
	hash_hex(out->node_hash + 2, &hash);
	enc_base32(&text, out->digest.b, HASH_BYTES);
	keep(out->label, &text);
	buf_adds(&text, "SHA256:");
	enc_base64(&text, out->digest.b, HASH_BYTES);
	buf_cut(&text, text.len - 1);		/* ssh(1) leaves out the = */
	keep(out->fingerprint, &text);
	memcpy(multikey + 2, key->b, SIGN_PUBLIC);
	buf_adds(&text, "did:key:z");
	enc_base58(&text, multikey, sizeof(multikey));
	keep(out->did, &text);
	buf_release(&text);
}

bool
ident_is_id(const char *s)
{
	return strlen(s) == HASH_HEX - 1 && strspn(s, HEX) == HASH_HEX - 1;
}

bool
ident_matches(const char *typed, const char *node_id)
{
	const char *digits = strrchr(typed, '_');
	size_t n;

	digits = digits ? digits + 1 : typed;
	n = strlen(digits);
	return n >= PREFIX_LEAST && !strncmp(digits, node_id, n);
}
