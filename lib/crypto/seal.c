#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "crypto/mac.h"
#include "crypto/seal.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
    SEAL_KEY == MAC_BYTES && SEAL_MORE == NONCE + TAG, "sizes of seal.h");

void
seal_key(struct secret *out, const struct secret *root, const char *purpose)
{
	struct mac mac;

	mac_blake(&mac, root, purpose, strlen(purpose));
	secret_init(out, SEAL_KEY);
	memcpy(out->data, mac.b, SEAL_KEY);
	out->len = SEAL_KEY;
	sodium_memzero(&mac, sizeof(mac));
}

void
seal_close(uint8_t *box, const struct secret *key, const char *owner,
    const void *data, size_t n)
{
	assert(key->len == SEAL_KEY);
	randombytes_buf(box, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, NULL, data, n,
	    (const uint8_t *)owner, strlen(owner), NULL, box, key->data);
}

int
seal_open(struct secret *out, const struct secret *key, const char *owner,
    const uint8_t *box, size_t n, struct err *e)
{
	assert(key->len == SEAL_KEY);
	if (n < SEAL_MORE)
		return err_set(e, E_bad_seal, "a sealed secret is too short");
	secret_init(out, n - SEAL_MORE + 1);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out->data, NULL, NULL,
	    box + NONCE, n - NONCE, (const uint8_t *)owner, strlen(owner),
	    box, key->data)) {
		secret_release(out);
		return err_set(e, E_bad_seal, "a sealed secret does not open "
		    "with the key of this home");
	}
	out->len = n - SEAL_MORE;
	out->data[out->len] = '\0';
	return 0;
}
