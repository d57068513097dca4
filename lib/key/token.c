#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/enc.h"
#include "base/file.h"
#include "base/json.h"
#include "key/ident.h"
#include "key/identity.h"
#include "key/key.h"
#include "key/member.h"
#include "key/stage.h"
#include "key/token.h"

#define PRIVATE "token_private.pem"
#define RETIRED "token_retired.jsonl"
#define RETIRED_MAX (1 << 20)
#define PUBLIC_MAX 4096
#define NUMBER_MAX 1024		/* base64url of a modulus */

int
token_open(const char *home, struct token_key *out, struct err *e)
{
	struct secret pem = { 0 };
	char path[PATH_MAX];
	int rc;

	if (key_path_now(path, home, PRIVATE, e))
		return -1;
	if (access(path, F_OK))
		return err_set(e, E_no_key, "this home has no token key: make "
		    "one with 'bzn-keygen token'");
	rc = key_read_secret(path, &pem, KEY_PEM_MAX, e);
	if (!rc && rsa_pem_read(out, &pem, e))
		rc = err_wrap(e, "cannot open '%s'", path);
	secret_release(&pem);
	return rc;
}

static void
add_number(struct buf *out, const char *member, const uint8_t *b, size_t n)
{
	struct buf text = BUF_INIT(NUMBER_MAX);

	enc_base64url(&text, b, n);
	json_str(out, member, text.data);
	buf_release(&text);
}

void
token_jwk(struct buf *out, const char *member, const struct token_public *key)
{
	char kid[THUMB_TEXT];

	thumb_of_rsa(kid, key);
	json_open(out, member, '{');
	json_str(out, "kty", "RSA");
	add_number(out, "n", key->n, key->n_len);
	add_number(out, "e", key->e, key->e_len);
	json_str(out, "kid", kid);
	json_str(out, "use", "sig");
	json_str(out, "alg", "RS256");
	json_close(out, '}');
}

static void
add_node(struct buf *out, const struct sign_public *key)
{
	char id[HASH_HEX];

	ident_id(id, key);
	json_open(out, NULL, '{');
	json_str(out, "kty", "OKP");
	json_str(out, "crv", "Ed25519");
	add_number(out, "x", key->b, SIGN_PUBLIC);
	json_str(out, "kid", id);
	json_str(out, "use", "sig");
	json_str(out, "alg", "EdDSA");
	json_close(out, '}');
}

/* A file of identity/ that may be missing. */
static int
read_if(struct buf *out, const char *home, const char *name, struct err *e)
{
	char path[PATH_MAX];

	if (key_path_now(path, home, name, e))
		return -1;
	return access(path, F_OK) ? 0 : file_read(out, path, e);
}

/* The next line of a text in memory, which is empty at the end. */
static bool
next_line(const char **line, size_t *n, const struct buf *text)
{
	const char *p = *line ? *line + *n + 1 : text->data;
	const char *end;

	if (p >= text->data + text->len)
		return false;
	end = strchr(p, '\n');
	*line = p;
	*n = end ? (size_t)(end - p) : strlen(p);
	return true;
}

/* The key that a rotation replaced, out of the place where it is kept. */
static int
add_old(struct buf *out, const char *home, const struct json *rotation,
    struct err *e)
{
	struct buf pem = BUF_INIT(PUBLIC_MAX);
	struct sign_public key;
	char name[HASH_HEX + 24], id[HASH_HEX], again[HASH_HEX];
	int rc;

	if (member_id(rotation, "old_node_id", id, e))
		return -1;
	snprintf(name, sizeof(name), "old/%s/node_public.pem", id);
	rc = read_if(&pem, home, name, e);
	if (!rc && sign_spki_read(&key, pem.data, pem.len)) {
		ident_id(again, &key);
		if (!strcmp(again, id))
			add_node(out, &key);
	}
	buf_release(&pem);
	return rc;
}

static int
add_nodes(struct buf *out, const char *home, struct err *e)
{
	struct buf chain = BUF_INIT(IDENTITY_CHAIN_MAX);
	struct json rotation = { 0 };
	struct sign_public key;
	const char *line = NULL;
	size_t n = 0;
	int rc;

	if (!key_has_node(home))
		return 0;
	if (key_node_public(home, &key, e))
		return -1;
	add_node(out, &key);
	rc = read_if(&chain, home, IDENTITY_CHAIN, e);
	while (!rc && next_line(&line, &n, &chain)) {
		rc = json_parse(&rotation, line, n, e) ||
		    add_old(out, home, &rotation, e) ?
		    err_wrap(e, IDENTITY_CHAIN) : 0;
		json_release(&rotation);
	}
	buf_release(&chain);
	return rc;
}

static int
read_number(uint8_t *out, size_t max, size_t *n, const struct json *in,
    const char *member, struct err *e)
{
	const char *text;

	if (json_get_str(in, member, &text, e))
		return -1;
	return enc_unbase64url(out, max, n, text, strlen(text)) ? 0 :
	    json_fail(in, member, E_bad_json, "is not base64url", e);
}

/* A retired key, unless the last token that it signed is long dead. */
static int
add_retired(struct buf *out, const char *line, size_t n, int64_t now_ms,
    struct err *e)
{
	uint8_t modulus[RSA_MOST], exponent[RSA_EXPONENT];
	struct token_public key;
	struct json in = { 0 };
	size_t n_len, e_len;
	const char *at;
	int64_t at_ms;
	int rc = -1;

	if (json_parse(&in, line, n, e) ||
	    json_get_str(&in, "retired_at", &at, e) ||
	    clock_parse(at, &at_ms, e) || read_number(modulus,
	    sizeof(modulus), &n_len, &in, "n", e) || read_number(exponent,
	    sizeof(exponent), &e_len, &in, "e", e) ||
	    rsa_public_of(&key, modulus, n_len, exponent, e_len, e))
		goto out;
	if (now_ms < at_ms + TOKEN_KEPT_MS)
		token_jwk(out, NULL, &key);
	rc = 0;
out:
	json_release(&in);
	return rc;
}

static int
add_tokens(struct buf *out, const char *home, int64_t now_ms, struct err *e)
{
	struct buf text = BUF_INIT(RETIRED_MAX);
	struct token_key key = { 0 };
	const char *line = NULL;
	size_t n = 0;
	int rc;

	if (!token_open(home, &key, e))
		token_jwk(out, NULL, &key.pub);
	else if (e->code != E_no_key)
		return -1;
	else
		*e = (struct err){ 0 };
	rsa_key_release(&key);
	rc = read_if(&text, home, RETIRED, e);
	while (!rc && next_line(&line, &n, &text))
		rc = add_retired(out, line, n, now_ms, e) ?
		    err_wrap(e, RETIRED) : 0;
	buf_release(&text);
	return rc;
}

int
token_jwks(struct buf *out, const char *home, int64_t now_ms, struct err *e)
{
	json_open(out, NULL, '{');
	json_open(out, "keys", '[');
	if (add_nodes(out, home, e) || add_tokens(out, home, now_ms, e))
		return -1;
	json_close(out, ']');
	json_close(out, '}');
	return 0;
}

/* The list of retired keys, with the one in use. */
static int
retire(struct stage *s, const char *home, int64_t now_ms, struct err *e)
{
	struct buf text = BUF_INIT(RETIRED_MAX);
	struct token_key key = { 0 };
	int rc = token_open(home, &key, e) ||
	    read_if(&text, home, RETIRED, e) ? -1 : 0;

	if (!rc) {
		json_open(&text, NULL, '{');
		json_time(&text, "retired_at", now_ms);
		add_number(&text, "n", key.pub.n, key.pub.n_len);
		add_number(&text, "e", key.pub.e, key.pub.e_len);
		json_close(&text, '}');
		buf_addc(&text, '\n');
		rc = text.full ? err_set(e, E_too_long, "'" RETIRED "' is "
		    "too long") : stage_add(s, RETIRED, text.data, text.len,
		    0600, e);
	}
	rsa_key_release(&key);
	buf_release(&text);
	return rc;
}

int
token_make(const char *home, bool replace, int64_t now_ms, struct err *e)
{
	struct token_key key = { 0 };
	struct secret pem = { 0 };
	char path[PATH_MAX];
	struct stage s;
	bool exists;
	int rc = -1;

	if (stage_open(&s, home, e))
		return -1;
	if (key_path(path, home, PRIVATE, e))
		goto out;
	exists = !access(path, F_OK);
	if (exists && !replace) {
		err_set(e, E_id_conflict, "this home has a token key: "
		    "'bzn-keygen rotate token' replaces it");
		goto out;
	}
	if (exists && retire(&s, home, now_ms, e))
		goto out;
	rsa_key_new(&key);
	rsa_pem(&pem, &key);
	rc = stage_add(&s, PRIVATE, pem.data, pem.len, 0600, e) ||
	    stage_commit(&s, e) ? -1 : 0;
out:
	secret_release(&pem);
	rsa_key_release(&key);
	stage_close(&s);
	return rc;
}
