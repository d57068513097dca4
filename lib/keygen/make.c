/* The other keys of a home: wallet, tokens, log, API. */
#include <string.h>

#include "base/json.h"
#include "key/apikey.h"
#include "key/ident.h"
#include "key/identity.h"
#include "key/keywallet.h"
#include "key/logcert.h"
#include "key/token.h"
#include "keygen/impl.h"
#include "node/node.h"
#include "tlog/note.h"

#define SANDBOX "sandbox-"

static int
print_wallet(struct cli *c, const struct keygen *k, struct err *e)
{
	struct buf out = BUF_INIT(KEYGEN_RECORD);
	struct wallet_address address;
	char text[WALLET_TEXT];
	int rc;

	if (keywallet_address(c->home, &address, e))
		return -1;
	wallet_address_text(text, &address);
	json_open(&out, NULL, '{');
	json_str(&out, "result", "made");
	json_str(&out, "address", text);
	rc = keygen_emit(c, k, &out, e);
	buf_release(&out);
	return rc;
}

int
keygen_wallet(struct cli *c, const struct keygen *k, struct err *e)
{
	struct asked a = { .cli = c, .k = k, .writes = true, .more = true };
	struct wallet_address there;
	struct wallet_key key = { 0 };
	struct err none = { 0 };
	int rc = !k->dry_run && identity_settle(c->home, e) < 0 ? -1 : 0;

	if (!rc && !k->force && !keywallet_address(c->home, &there, &none))
		rc = err_set(e, E_id_conflict, "this home has a wallet: say "
		    "--force to put it aside");
	if (!rc && k->from)
		rc = keywallet_read(k->from, keygen_ask, &a, &key, e);
	else if (!rc)
		wallet_key_new(&key);
	if (!rc && !k->dry_run)
		rc = keygen_ask_new(&a, e) || keywallet_make(c->home, &key,
		    &a.got, k->force, e) ? -1 : 0;
	wallet_key_release(&key);
	secret_release(&a.got);
	if (rc)
		return -1;
	return k->dry_run ? keygen_would(c, k, "made", e) :
	    print_wallet(c, k, e);
}

int
keygen_token(struct cli *c, const struct keygen *k, struct err *e)
{
	struct asked a = { .cli = c, .k = k, .writes = true };

	return keygen_shut(&a, e) ||
	    token_make(c->home, k->force, cli_now(c), e) ? -1 :
	    keygen_jwks(c, e);
}

/* Certify the log's key, which is made at need; again is harmless. */
int
keygen_log(struct cli *c, const struct keygen *k, struct err *e)
{
	struct buf name = BUF_INIT(256), vkey = BUF_INIT(512);
	struct buf out = BUF_INIT(KEYGEN_RECORD);
	struct asked a = { .cli = c, .k = k, .writes = true };
	struct sign_key node = { 0 };
	struct sign_public log;
	struct logcert cert;
	int rc = -1;

	if (keygen_open(&a, &node, e) || key_log(c->home, &log, e))
		goto out;
	if (k->origin)
		buf_adds(&name, k->origin);
	else
		logcert_origin(&name, &node.pub);
	if (note_check_name(name.data, e))
		goto out;
	note_vkey(&vkey, name.data, &log);
	logcert_make(&cert, name.data, vkey.data, &node);
	if (logcert_save(c->home, &cert, name.data, vkey.data, e))
		goto out;
	json_open(&out, NULL, '{');
	logcert_write(&out, &cert, name.data, vkey.data);
	rc = keygen_emit(c, k, &out, e);
out:
	secret_release(&a.got);
	sign_key_release(&node);
	buf_release(&out);
	buf_release(&vkey);
	buf_release(&name);
	return rc;
}

/* The record holds the key, so it is made in locked memory. */
static int
print_api_key(struct cli *c, const char *node, const struct secret *key,
    const char *hash, struct err *e)
{
	struct secret out;
	int rc;

	apikey_write(&out, node, key, hash);
	rc = cli_emit(c, (char *)out.data, out.len, e);
	secret_release(&out);
	return rc;
}

int
keygen_api_key(struct cli *c, const struct keygen *k, struct err *e)
{
	struct secret pepper = { 0 }, key = { 0 };
	char id[HASH_HEX], hash[HASH_HEX];
	const char *node = c->argv[0];
	struct asked a = { .cli = c, .k = k, .writes = true };
	struct sign_public own;
	int rc;

	if (keygen_shut(&a, e))
		return -1;
	if (!node) {
		if (key_node_public(c->home, &own, e))
			return -1;
		ident_id(id, &own);
		node = id;
	} else if (node_check_given(node, e)) {
		/* The sandbox hands out reserved names. */
		if (e->code != E_reserved_id || strncmp(node, SANDBOX,
		    strlen(SANDBOX)))
			return -1;
		*e = (struct err){ 0 };
	}
	if (apikey_pepper(c->home, &pepper, e))
		return -1;
	apikey_new(&key, node);
	apikey_hash(hash, &pepper, key.data, key.len);
	rc = print_api_key(c, node, &key, hash, e);
	secret_release(&key);
	secret_release(&pepper);
	return rc;
}
