#include <stdio.h>
#include <string.h>

#include "base/enc.h"
#include "base/file.h"
#include "crypto/mac.h"
#include "key/apikey.h"
#include "key/key.h"

#define SECRET_BYTES 16
#define SANDBOX_BYTES 24
#define SANDBOX "sandbox-"

/* 64 digits and a line feed, so that it can be copied by hand. */
static int
make_pepper(const char *home, const char *path, struct err *e)
{
	struct secret random, text;
	char dir[PATH_MAX];
	int rc;

	if (key_path(dir, home, "", e) || file_mkdir(dir, 0700, e))
		return -1;
	secret_random(&random, APIKEY_PEPPER);
	secret_init(&text, ENC_HEX(APIKEY_PEPPER));
	enc_hex((char *)text.data, random.data, APIKEY_PEPPER);
	text.len = ENC_HEX(APIKEY_PEPPER);
	text.data[text.len - 1] = '\n';
	rc = key_write_secret(path, &text, false, e);
	secret_release(&text);
	secret_release(&random);
	return rc;
}

static int
read_pepper(struct secret *out, struct secret *text, const char *path,
    struct err *e)
{
	if (text->len && text->data[text->len - 1] == '\n')
		text->len--;
	text->data[text->len] = '\0';
	secret_init(out, APIKEY_PEPPER);
	out->len = APIKEY_PEPPER;
	if (enc_unhex(out->data, (char *)text->data, APIKEY_PEPPER))
		return 0;
	secret_release(out);
	return err_set(e, E_bad_key, "'%s' is not %d digits", path,
	    2 * APIKEY_PEPPER);
}

int
apikey_pepper(const char *home, struct secret *out, struct err *e)
{
	struct secret text = { 0 };
	char path[PATH_MAX];
	bool tried = false;
	int rc;

	if (key_path(path, home, "pepper", e))
		return -1;
	while (key_read_secret(path, &text, ENC_HEX(APIKEY_PEPPER), e)) {
		if (e->code != E_no_file || tried)
			return -1;
		tried = true;
		*e = (struct err){ 0 };
		if (make_pepper(home, path, e) && e->code != E_id_conflict)
			return -1;
		*e = (struct err){ 0 };		/* another was first */
	}
	rc = read_pepper(out, &text, path, e);
	secret_release(&text);
	return rc;
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
