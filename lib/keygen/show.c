/* What is there, and whether it is as it should be. */
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "crypto/thumb.h"
#include "key/audit.h"
#include "key/form.h"
#include "key/ident.h"
#include "key/identity.h"
#include "key/keywallet.h"
#include "key/statement.h"
#include "key/token.h"
#include "keygen/impl.h"

/* What else the home has, as far as it can be read. */
static void
add_home(struct buf *out, struct cli *c)
{
	char text[WALLET_TEXT], kid[THUMB_TEXT];
	struct token_key token = { 0 };
	struct wallet_address address;
	struct err ignored;
	int links;

	if (!keywallet_address(c->home, &address, &ignored)) {
		wallet_address_text(text, &address);
		json_str(out, "wallet", text);
	}
	if (!token_open(c->home, &token, &ignored)) {
		thumb_of_rsa(kid, &token.pub);
		json_str(out, "token_kid", kid);
	}
	rsa_key_release(&token);
	if (!identity_chain(c->home, &links, &ignored))
		json_int(out, "rotations", links);
}

int
keygen_inspect(struct cli *c, const struct keygen *k, struct err *e)
{
	struct asked a = { .cli = c, .k = k };
	struct buf out = BUF_INIT(KEYGEN_RECORD), line = BUF_INIT(1024);
	struct sign_public key;
	int rc;

	if (keygen_shut(&a, e) || keygen_public(c, c->argv[0], &key, e))
		return -1;
	ident_write(&out, &key);
	form_write(&line, FORM_SSH, &key);
	buf_cut(&line, line.len - 1);
	json_str(&out, "ssh", line.data);
	if (!c->argc)
		add_home(&out, c);
	rc = keygen_emit(c, k, &out, e);
	buf_release(&line);
	buf_release(&out);
	return rc;
}

static int
found(void *cli, const struct audit_finding *f, struct err *e)
{
	struct buf out = BUF_INIT(KEYGEN_RECORD);
	int rc;

	audit_write(&out, f);
	rc = cli_emit_buf(cli, &out, e);
	buf_release(&out);
	return rc;
}

/* From a key that somebody trusts to the newest, over statements only. */
static int
check_chain(struct cli *c, const struct keygen *k, struct err *e)
{
	struct buf lines = BUF_INIT(KEYGEN_RECORD);
	struct buf out = BUF_INIT(KEYGEN_RECORD);
	struct sign_public first, last;
	char id[HASH_HEX], pem[SIGN_SPKI + 1];
	int links, rc = -1;

	if (keygen_public(c, k->key, &first, e) ||
	    file_read(&lines, k->chain, e))
		goto out;
	last = first;
	if (statement_follow(&last, &links, lines.data, lines.len, e))
		goto out;
	json_open(&out, NULL, '{');
	ident_id(id, &first);
	json_str(&out, "old_node_id", id);
	ident_id(id, &last);
	json_str(&out, "new_node_id", id);
	json_int(&out, "links", links);
	sign_spki(pem, &last);
	json_str(&out, "new_public_key_pem", pem);
	rc = keygen_emit(c, k, &out, e);
out:
	buf_release(&out);
	buf_release(&lines);
	return rc;
}

int
keygen_check(struct cli *c, const struct keygen *k, struct err *e)
{
	struct asked a = { .cli = c, .k = k };
	struct audit_result all;
	int rc;

	if (k->key && !k->chain)
		return err_set(e, E_usage, "--key needs --chain");
	if (!k->open && keygen_shut(&a, e))
		return -1;
	if (k->chain)
		return check_chain(c, k, e);
	rc = audit_run(c->home, k->open ? keygen_ask : NULL, &a, found, c,
	    &all, e);
	secret_release(&a.got);
	if (rc || !all.bad)
		return rc;
	return err_set(e, all.unsafe ? E_unsafe_mode : E_identity_unsound,
	    "%d of %d files %s not as %s should be", all.bad, all.files,
	    all.bad > 1 ? "are" : "is", all.bad > 1 ? "they" : "it");
}

/* The half of the token key that strangers check certificates with. */
static int
export_token(struct cli *c, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	struct token_key key = { 0 };
	int rc;

	if (c->argc > 1)
		return err_set(e, E_usage, "'token' is of this home: it takes "
		    "no file");
	rc = token_open(c->home, &key, e);
	if (!rc) {
		rsa_spki(&out, &key.pub);
		buf_cut(&out, out.len - 1);
		rc = cli_emit_buf(c, &out, e);
	}
	rsa_key_release(&key);
	buf_release(&out);
	return rc;
}

int
keygen_export(struct cli *c, const struct keygen *k, struct err *e)
{
	struct asked a = { .cli = c, .k = k };
	struct buf out = BUF_INIT(4096);
	struct sign_public key;
	enum form form;
	int rc;

	if (keygen_shut(&a, e))
		return -1;
	if (!strcmp(c->argv[0], "jwks"))
		return keygen_jwks(c, e);
	if (!strcmp(c->argv[0], "token"))
		return export_token(c, e);
	if (!form_named(c->argv[0], &form))
		return err_set(e, E_usage, "no format '%.40s': say pem, hex, "
		    "ssh, minisign, jwks or token", c->argv[0]);
	if (keygen_public(c, c->argv[1], &key, e))
		return -1;
	form_write(&out, form, &key);
	buf_cut(&out, out.len - 1);
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}
