#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "crypto/mac.h"
#include "sig/hook.h"

#define STAMP 24
#define PREFIX "whsec_"
#define RAW_LEAST 24
#define RAW_MOST 64

static void
make(struct mac *out, const struct secret *key, int64_t timestamp,
    const void *body, size_t n)
{
	struct buf text = BUF_INIT(n + STAMP);

	buf_addf(&text, "%" PRId64 ".", timestamp);
	buf_add(&text, body, n);
	mac_hmac(out, key->data, key->len, text.data, text.len);
	buf_release(&text);
}

void
hook_make(char out[HOOK_HEX], const struct secret *key, int64_t timestamp,
    const void *body, size_t n)
{
	struct mac mac;

	make(&mac, key, timestamp, body, n);
	enc_hex(out, mac.b, sizeof(mac.b));
}

int
hook_check(const char *hex, const struct secret *key, int64_t timestamp,
    const void *body, size_t n, struct err *e)
{
	struct mac is, said;

	if (strspn(hex, "0123456789abcdef") != HOOK_HEX - 1 ||
	    !enc_unhex(said.b, hex, sizeof(said.b)))
		return err_set(e, E_bad_sig, "a webhook's signature is 64 "
		    "digits of hex in lower case");
	make(&is, key, timestamp, body, n);
	return mac_same(&is, &said, sizeof(is)) ? 0 : err_set(e,
	    E_bad_signature, "it is not that of this secret, timestamp and "
	    "body");
}

int
hook_signer_take(struct hook_signer *h, struct secret *text, struct err *e)
{
	const size_t skip = sizeof(PREFIX) - 1;

	h->text = *text;
	*text = (struct secret){ 0 };
	secret_init(&h->raw, RAW_MOST);
	if (h->text.len < skip || memcmp(h->text.data, PREFIX, skip) ||
	    !enc_unbase64(h->raw.data, RAW_MOST, &h->raw.len,
	    (const char *)h->text.data + skip, h->text.len - skip) ||
	    h->raw.len < RAW_LEAST)
		return err_set(e, E_unfit_secret, "a webhook's secret is "
		    PREFIX " and base64 of %d to %d bytes", RAW_LEAST,
		    RAW_MOST);
	return 0;
}

void
hook_signer_release(struct hook_signer *h)
{
	secret_release(&h->text);
	secret_release(&h->raw);
	sign_key_release(&h->key);
}

void
hook_standard(struct buf *out, const struct hook_signer *h, const char *id,
    int64_t timestamp, const void *body, size_t n)
{
	struct buf text = BUF_INIT(n + strlen(id) + STAMP);
	struct sign_sig sig;
	struct mac mac;

	buf_addf(&text, "%s.%" PRId64 ".", id, timestamp);
	buf_add(&text, body, n);
	if (h->raw.len) {
		mac_hmac(&mac, h->raw.data, h->raw.len, text.data, text.len);
		buf_adds(out, "v1,");
		enc_base64(out, mac.b, sizeof(mac.b));
	}
	if (h->key.pair.len) {
		sign_make(&sig, &h->key, text.data, text.len);
		buf_adds(out, h->raw.len ? " v1a," : "v1a,");
		enc_base64(out, sig.b, sizeof(sig.b));
	}
	buf_release(&text);
}
