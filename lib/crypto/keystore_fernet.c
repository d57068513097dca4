/*
 * Fernet, as the package cryptography of Python has it: a version byte, the
 * time, an IV, AES-128-CBC, and HMAC-SHA256 over all of that.
 */
#include <string.h>

#include <openssl/evp.h>

#include "base/enc.h"
#include "crypto/cipher.h"
#include "crypto/hash.h"
#include "crypto/keystore.h"
#include "crypto/mac.h"

#define FERNET 0x80
#define HEAD (1 + 8)		/* that and the time, before the IV */
#define IV 16
#define KEY 16
#define BLOCK 16
#define TOKEN 512		/* bytes at most: ours are 169 */

static int
damaged(struct err *e)
{
	return err_set(e, E_bad_key, "not the wallet of an older node");
}

/* base64url with padding, and an end of line maybe. */
static int
read_token(uint8_t out[TOKEN], size_t *len, const char *text, size_t n,
    struct err *e)
{
	if (n && text[n - 1] == '\n')
		n--;
	if (!n || n % 4)
		return damaged(e);
	if (text[n - 1] == '=')
		n -= text[n - 2] == '=' ? 2 : 1;
	if (!enc_unbase64url(out, TOKEN, len, text, n) ||
	    *len < HEAD + IV + BLOCK + MAC_BYTES || out[0] != FERNET)
		return damaged(e);
	return 0;
}

/* What was encrypted is 0x and 64 digits. */
static int
read_key(struct wallet_key *out, const struct secret *plain, struct err *e)
{
	const char *hex = (const char *)plain->data;
	struct secret bytes;
	int rc;

	hex += !strncmp(hex, "0x", 2) ? 2 : 0;
	secret_init(&bytes, WALLET_SECRET);
	bytes.len = WALLET_SECRET;
	if (enc_unhex(bytes.data, hex, WALLET_SECRET))
		rc = wallet_key_of(out, &bytes, e);
	else
		rc = damaged(e);
	secret_release(&bytes);
	return rc;
}

/* The key is that of the MAC, and then that of the cipher. */
static int
open_token(struct wallet_key *out, const uint8_t *token, size_t n,
    const uint8_t key[2 * KEY], struct err *e)
{
	struct secret plain;
	struct mac mac;
	int rc;

	n -= MAC_BYTES;
	mac_hmac(&mac, key, KEY, token, n);
	if (!mac_same(mac.b, token + n, MAC_BYTES))
		return err_set(e, E_bad_passphrase, "the passphrase is wrong");
	n -= HEAD + IV;
	secret_init(&plain, n + CIPHER_BLOCK + 1);
	if (cipher_run(plain.data, &plain.len, EVP_aes_128_cbc(), false,
	    key + KEY, token + HEAD, token + HEAD + IV, n)) {
		plain.data[plain.len] = '\0';
		rc = read_key(out, &plain, e);
	} else {
		rc = damaged(e);
	}
	secret_release(&plain);
	return rc;
}

int
keystore_read_fernet(struct wallet_key *out, const void *text, size_t n,
    const struct secret *pass, struct err *e)
{
	uint8_t token[TOKEN];
	struct secret key;
	struct hash h;
	size_t len;
	int rc;

	if (read_token(token, &len, text, n, e))
		return -1;
	if (!pass)
		return err_set(e, E_bad_passphrase, "the wallet is locked "
		    "with a passphrase");
	hash_of(&h, pass->data, pass->len);
	secret_init(&key, HASH_BYTES);
	memcpy(key.data, h.b, HASH_BYTES);
	explicit_bzero(&h, sizeof(h));
	rc = open_token(out, token, len, key.data, e);
	secret_release(&key);
	return rc;
}
