#include <stdio.h>
#include <string.h>

#include "base/enc.h"
#include "crypto/mac.h"
#include "key/apikey.h"
#include "key/fresh.h"
#include "key/key.h"

#define SECRET_BYTES 16
#define SANDBOX_BYTES 24
#define SANDBOX "sandbox-"

int
apikey_pepper(const char *home, struct secret *out, struct err *e)
{
	struct secret text;
	char path[PATH_MAX];
	bool good;

	if (key_path(path, home, "pepper", e) ||
	    fresh_secret(home, "pepper", &text, e))
		return -1;
	secret_init(out, APIKEY_PEPPER);
	out->len = APIKEY_PEPPER;
	good = enc_unhex(out->data, (char *)text.data, APIKEY_PEPPER);
	secret_release(&text);
	if (good)
		return 0;
	secret_release(out);
	return err_set(e, E_bad_key, "'%s' is not %d digits", path,
	    2 * APIKEY_PEPPER);
}

void
apikey_new(struct secret *out, const char *node)
{
	bool sandbox = !strncmp(node, SANDBOX, strlen(SANDBOX));
	size_t n = sandbox ? SANDBOX_BYTES : SECRET_BYTES;
	size_t size = strlen("bn_") + strlen(node) + strlen("_") + ENC_HEX(n);
	struct secret random;

	secret_random(&random, n);
	secret_init(out, size);
	out->len = (size_t)snprintf((char *)out->data, size, "bn_%s_", node);
	enc_hex((char *)out->data + out->len, random.data, n);
	out->len += 2 * n;
	secret_release(&random);
}

void
apikey_hash(char out[HASH_HEX], const struct secret *pepper, const void *key,
    size_t n)
{
	struct mac mac;

	mac_blake(&mac, pepper, key, n);
	enc_hex(out, mac.b, MAC_BYTES);
}

/* Neither the node nor the key has anything that JSON would escape. */
void
apikey_write(struct secret *out, const char *node, const struct secret *key,
    const char *hash)
{
	static const char form[] =
	    "{\"node_id\":\"%s\",\"api_key\":\"%s\",\"hash\":\"%s\"}";
	size_t size = sizeof(form) + strlen(node) + key->len + strlen(hash);

	secret_init(out, size);
	out->len = (size_t)snprintf((char *)out->data, size, form, node,
	    (char *)key->data, hash);
}
