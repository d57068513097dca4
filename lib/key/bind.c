#include <stdio.h>
#include <string.h>

#include "base/enc.h"
#include "key/bind.h"
#include "key/domain.h"
#include "key/ident.h"
#include "key/member.h"

#define TEXT_MAX 256

void
key_bind_text(struct buf *out, const char *node_id, const char *wallet)
{
	domain_text(out, DOMAIN_bind, node_id, strlen(node_id));
	buf_addf(out, "\n%s\n", wallet);
}

void
key_bind_make(struct key_bind *out, const struct sign_key *node,
    const struct wallet_key *wallet)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct wallet_address address;
	struct hash digest;

	ident_id(out->node_id, &node->pub);
	wallet_address_of(&address, &wallet->pub);
	wallet_address_text(out->wallet, &address);
	key_bind_text(&text, out->node_id, out->wallet);
	sign_make(&out->node_sig, node, text.data, text.len);
	wallet_message(&digest, text.data, text.len);
	wallet_sign(&out->wallet_sig, wallet, &digest);
	buf_release(&text);
}

/* Has the wallet signed the digest? */
static int
check_wallet(const struct key_bind *b, const struct hash *digest,
    struct err *e)
{
	struct wallet_address address;
	struct wallet_public signer;
	char text[WALLET_TEXT];

	if (wallet_recover(&signer, &b->wallet_sig, digest, e))
		return -1;
	wallet_address_of(&address, &signer);
	wallet_address_text(text, &address);
	return strcmp(text, b->wallet) ? err_set(e, E_bad_signature,
	    "the binding is signed by wallet %s, not %s", text, b->wallet) :
	    0;
}

int
key_bind_check(const struct key_bind *b, const struct sign_public *node,
    struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct hash digest;
	char id[HASH_HEX];
	int rc;

	ident_id(id, node);
	if (strcmp(id, b->node_id))
		return err_set(e, E_id_mismatch, "the binding is of node "
		    "%.16s..., not %.16s...", b->node_id, id);
	key_bind_text(&text, b->node_id, b->wallet);
	wallet_message(&digest, text.data, text.len);
	rc = sign_check(&b->node_sig, node, text.data, text.len) ?
	    check_wallet(b, &digest, e) : err_set(e, E_bad_signature,
	    "the binding is not signed by the node");
	buf_release(&text);
	return rc;
}

void
key_bind_write(struct buf *out, const struct key_bind *b)
{
	struct buf sig = BUF_INIT(TEXT_MAX);
	char hex[ENC_HEX(WALLET_SIG)];

	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "node_id", b->node_id);
	json_str(out, "wallet", b->wallet);
	enc_base64(&sig, b->node_sig.b, SIGN_BYTES);
	json_str(out, "signature_node", sig.data);
	enc_hex(hex, b->wallet_sig.b, WALLET_SIG);
	buf_reset(&sig);
	buf_addf(&sig, "0x%s", hex);
	json_str(out, "signature_wallet", sig.data);
	json_close(out, '}');
	buf_release(&sig);
}

static int
read_sigs(struct key_bind *out, const struct json *in, struct err *e)
{
	const char *node, *wallet;
	size_t n;

	if (json_get_str(in, "signature_node", &node, e) ||
	    json_get_str(in, "signature_wallet", &wallet, e))
		return -1;
	if (!enc_unbase64(out->node_sig.b, SIGN_BYTES, &n, node,
	    strlen(node)) || n != SIGN_BYTES)
		return json_fail(in, "signature_node", E_bad_json,
		    "is not base64 of 64 bytes", e);
	if (strncmp(wallet, "0x", 2) ||
	    !enc_unhex(out->wallet_sig.b, wallet + 2, WALLET_SIG))
		return json_fail(in, "signature_wallet", E_bad_json,
		    "is not 0x and hex of 65 bytes", e);
	return 0;
}

int
key_bind_read(struct key_bind *out, const struct json *in, struct err *e)
{
	struct wallet_address address;
	const char *wallet;

	if (member_v1(in, e) || member_id(in, "node_id", out->node_id, e) ||
	    json_get_str(in, "wallet", &wallet, e) ||
	    wallet_address_read(&address, wallet, e))
		return -1;
	wallet_address_text(out->wallet, &address);
	return read_sigs(out, in, e);
}
