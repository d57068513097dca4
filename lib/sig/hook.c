#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/enc.h"
#include "crypto/mac.h"
#include "sig/hook.h"

#define STAMP 24

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
