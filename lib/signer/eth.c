#include <string.h>

#include "base/enc.h"
#include "base/file.h"
#include "key/bind.h"
#include "key/key.h"
#include "key/keywallet.h"
#include "signer/impl.h"

#define TEXT_MAX (1 << 20)
#define HEX_SIG (2 * WALLET_SIG)

static int
open_wallet(struct cli *c, struct signer *o, struct pass *pass,
    struct wallet_key *out, struct err *e)
{
	struct pass_asker a = { c, pass };

	pass->of = "the wallet";
	return o->wallet ? keywallet_read(o->wallet, pass_ask, &a, out,
	    e) : keywallet_open(c->home, pass_ask, &a, out, e);
}

static int
sign(struct cli *c, const struct wallet_key *key, const struct hash *digest,
    struct err *e)
{
	struct buf out = BUF_INIT(1024);
	struct wallet_address address;
	struct wallet_sig sig;
	char text[WALLET_TEXT], hex[HEX_SIG + 3] = "0x";
	int rc;

	wallet_sign(&sig, key, digest);
	wallet_address_of(&address, &key->pub);
	wallet_address_text(text, &address);
	enc_hex(hex + 2, sig.b, sizeof(sig.b));
	json_open(&out, NULL, '{');
	json_str(&out, "address", text);
	json_str(&out, "signature", hex);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

/* Who has signed?  And is it who it should be, if that is said? */
static void
judge(struct check *v, char text[WALLET_TEXT], const char *hex,
    const struct hash *digest, const struct wallet_address *want)
{
	struct wallet_address is;
	struct wallet_public key;
	struct wallet_sig sig = { { 0 } };

	hex += strncmp(hex, "0x", 2) ? 0 : 2;
	if (!enc_unhex(sig.b, hex, sizeof(sig.b))) {
		err_set_(&v->why, E_bad_sig, "a signature is 0x and %d digits",
		    HEX_SIG);
		return;
	}
	if (wallet_recover(&key, &sig, digest, &v->why))
		return;
	wallet_address_of(&is, &key);
	wallet_address_text(text, &is);
	if (want && memcmp(&is, want, sizeof(is)))
		err_set_(&v->why, E_bad_signature, "another wallet has signed "
		    "this: %s", text);
}

static int
recover(struct cli *c, const struct signer *o, const struct hash *digest,
    struct err *e)
{
	struct wallet_address want;
	struct buf out = BUF_INIT(1024);
	char text[WALLET_TEXT] = "";
	struct check v;
	int rc = -1;

	if (!o->signature)
		return err_set(e, E_usage, "--verify needs --signature");
	if (o->address && wallet_address_read(&want, o->address, e))
		return -1;
	check_init(&v);
	judge(&v, text, o->signature, digest, o->address ? &want : NULL);
	json_open(&out, NULL, '{');
	check_write(&out, &v);
	if (*text)
		json_str(&out, "address", text);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	if (!rc && v.why.kind) {
		*e = v.why;
		rc = -1;
	}
	check_release(&v);
	buf_release(&out);
	return rc;
}

int
signer_eth(struct cli *c, struct signer *o, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct wallet_key key = { 0 };
	struct hash digest;
	int rc = -1;

	if (signer_signs(o, o->at, e) ||
	    (!o->verify && open_wallet(c, o, &o->pass, &key, e)) ||
	    signer_shut(c, o, SIGNER_NOTHING, e))
		goto out;
	cli_expect_stdin(c);
	if (!file_read(&text, "-", e)) {
		wallet_message(&digest, text.data, text.len);
		rc = o->verify ? recover(c, o, &digest, e) :
		    sign(c, &key, &digest, e);
	}
out:
	wallet_key_release(&key);
	buf_release(&text);
	return rc;
}

static int
bind(struct cli *c, struct signer *o, struct err *e)
{
	struct pass *pass = o->wallet_pass.file || o->wallet_pass.fd ||
	    o->wallet_pass.cmd ? &o->wallet_pass : &o->pass;
	struct wallet_key wallet = { 0 };
	struct buf out = BUF_INIT(4096);
	struct sign_key key = { 0 };
	struct key_bind b;
	int rc = -1;

	if (!signer_key(c, o, &key, e) &&
	    !open_wallet(c, o, pass, &wallet, e) &&
	    !signer_shut(c, o, SIGNER_NOTHING, e)) {
		key_bind_make(&b, &key, &wallet);
		key_bind_write(&out, &b);
		rc = cli_emit_buf(c, &out, e);
	}
	sign_key_release(&key);
	wallet_key_release(&wallet);
	buf_release(&out);
	return rc;
}

/* Both signatures, and a node that is trusted for bindings. */
static void
judge_bind(struct check *v, const struct check_ask *a,
    const struct key_bind *b, struct buf *also)
{
	struct sign_public key;

	v->named = true;
	v->space = a->space;
	memcpy(v->key_id, b->node_id, sizeof(v->key_id));
	json_str(also, "wallet", b->wallet);
	if (check_key(v, a))
		return;
	if (!trust_key(a->trust, b->node_id, &key))
		err_set_(&v->why, E_unknown_signer, "the public key of %.16s "
		    "is not known: give it by --key or a trust file",
		    b->node_id);
	else if (key_bind_check(b, &key, &v->why))
		err_wrap_(&v->why, "no binding");
}

static int
verify_bind(struct cli *c, struct signer *o, struct err *e)
{
	struct signer_item i = {
		.path = (char[]){ "stdin" }, .also = BUF_INIT(1024),
	};
	struct buf text = BUF_INIT(JSON_MAX);
	struct signer_round r;
	struct json root = { 0 };
	struct key_bind b;
	int rc = -1;

	check_init(&i.check);
	if (signer_round_open(&r, c, o, "bzn-bind-v1", e) ||
	    signer_shut(c, o, SIGNER_NOTHING, e))
		goto out;
	cli_expect_stdin(c);
	if (file_read(&text, "-", e) ||
	    json_parse(&root, text.data, text.len, e) ||
	    key_bind_read(&b, &root, e))
		goto out;
	judge_bind(&i.check, &r.ask, &b, &i.also);
	rc = signer_round_give(&r, &i, e) < 0 ? -1 :
	    signer_round_sum(&r, e);
out:
	json_release(&root);
	signer_round_close(&r);
	check_release(&i.check);
	buf_release(&i.also);
	buf_release(&text);
	return rc;
}

int
signer_bind(struct cli *c, struct signer *o, struct err *e)
{
	if (signer_signs(o, o->at, e))
		return -1;
	return o->verify ? verify_bind(c, o, e) : bind(c, o, e);
}
