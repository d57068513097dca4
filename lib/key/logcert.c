#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/file.h"
#include "base/json.h"
#include "key/ident.h"
#include "key/logcert.h"

#define FILE_NAME "log_cert.json"
#define TEXT_MAX 4096

static void
text_of(struct buf *out, const char *origin, const char *vkey)
{
	domain_text(out, DOMAIN_log_key, origin, strlen(origin));
	buf_addf(out, "\n%s\n", vkey);
}

/* Base64 into an array that it fits. */
static void
base64(char *out, const void *data, size_t n)
{
	struct buf text = BUF_INIT(DOMAIN_SIG);

	enc_base64(&text, data, n);
	memcpy(out, text.data, text.len + 1);
	buf_release(&text);
}

void
logcert_say(char out[DOMAIN_SIG], const char *origin, const char *vkey,
    const struct sign_key *key)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct sign_sig sig;

	text_of(&text, origin, vkey);
	sign_make(&sig, key, text.data, text.len);
	base64(out, sig.b, SIGN_BYTES);
	buf_release(&text);
}

int
logcert_said(const char *origin, const char *vkey, const char *sig,
    const struct sign_public *key, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct sign_sig raw;
	size_t n;
	bool good;

	text_of(&text, origin, vkey);
	good = enc_unbase64(raw.b, SIGN_BYTES, &n, sig, strlen(sig)) &&
	    n == SIGN_BYTES && sign_check(&raw, key, text.data, text.len);
	buf_release(&text);
	return good ? 0 : err_set(e, E_bad_signature, "the signature is not "
	    "of this key and origin");
}

void
logcert_make(struct logcert *out, const char *origin, const char *vkey,
    const struct sign_key *key)
{
	ident_id(out->node_id, &key->pub);
	base64(out->node_key, key->pub.b, SIGN_PUBLIC);
	logcert_say(out->node_sig, origin, vkey, key);
}

int
logcert_check(const struct logcert *c, const char *origin, const char *vkey,
    const struct sign_public *key, struct err *e)
{
	char id[HASH_HEX], node_key[LOGCERT_KEY];

	ident_id(id, key);
	base64(node_key, key->b, SIGN_PUBLIC);
	if (strcmp(id, c->node_id) || strcmp(node_key, c->node_key))
		return err_set(e, E_id_mismatch, "the key of the log is "
		    "certified by node %.16s..., not %.16s...", c->node_id, id);
	return logcert_said(origin, vkey, c->node_sig, key, e) ?
	    err_wrap(e, "the node") : 0;
}

void
logcert_write(struct buf *out, const struct logcert *c, const char *origin,
    const char *vkey)
{
	json_str(out, "log_key", vkey);
	json_str(out, "node_id", c->node_id);
	json_str(out, "node_key", c->node_key);
	json_str(out, "node_sig", c->node_sig);
	json_str(out, "origin", origin);
}

static int
get(char *out, size_t size, const struct json *in, const char *member,
    struct err *e)
{
	const char *text;

	if (json_get_str(in, member, &text, e))
		return -1;
	if (strlen(text) >= size)
		return json_fail(in, member, E_bad_json, "is too long", e);
	snprintf(out, size, "%s", text);
	return 0;
}

int
logcert_read(struct logcert *out, const struct json *in, struct err *e)
{
	return get(out->node_id, sizeof(out->node_id), in, "node_id", e) ||
	    get(out->node_key, sizeof(out->node_key), in, "node_key", e) ||
	    get(out->node_sig, sizeof(out->node_sig), in, "node_sig", e) ?
	    -1 : 0;
}

bool
logcert_signer(struct sign_public *out, const struct logcert *c)
{
	size_t n;

	return enc_unbase64(out->b, SIGN_PUBLIC, &n, c->node_key,
	    strlen(c->node_key)) && n == SIGN_PUBLIC;
}

int
logcert_load(const char *home, const char *origin, const char *vkey,
    struct logcert *out, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct json in = { 0 };
	struct sign_public key;
	struct err why;
	char path[PATH_MAX];
	int rc = -1;

	if (key_path(path, home, FILE_NAME, e) ||
	    key_node_public(home, &key, e))
		return -1;
	if (access(path, F_OK))
		return 0;
	if (json_read_file(&text, path, JSON_OBJECT, e) ||
	    json_parse(&in, text.data, text.len, e) ||
	    logcert_read(out, &in, e))
		goto out;
	rc = !logcert_check(out, origin, vkey, &key, &why);
out:
	json_release(&in);
	buf_release(&text);
	return rc;
}

int
logcert_save(const char *home, const struct logcert *c, const char *origin,
    const char *vkey, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	char path[PATH_MAX];
	int rc = -1;

	json_open(&text, NULL, '{');
	logcert_write(&text, c, origin, vkey);
	json_close(&text, '}');
	buf_addc(&text, '\n');
	if (!key_path(path, home, FILE_NAME, e))
		rc = file_write(path, text.data, text.len, 0600, e);
	buf_release(&text);
	return rc;
}

int
logcert_get(const char *home, const char *origin, const char *vkey,
    key_ask *ask, void *arg, struct logcert *out, struct err *e)
{
	struct sign_key key;
	int got = logcert_load(home, origin, vkey, out, e);

	if (got)
		return got < 0 ? -1 : 0;
	if (key_node(home, ask, arg, &key, e))
		return -1;
	logcert_make(out, origin, vkey, &key);
	sign_key_release(&key);
	return logcert_save(home, out, origin, vkey, e);
}

void
logcert_origin(struct buf *out, const struct sign_public *node)
{
	char id[HASH_HEX];

	ident_id(id, node);
	buf_addf(out, "%s.bzn/ledger", id);
}
