/* The names of a key as a record. */
#include "base/buf.h"
#include "base/enc.h"
#include "base/json.h"
#include "base/word.h"
#include "key/form.h"
#include "key/ident.h"

void
ident_phrase(char out[IDENT_PHRASE], const struct sign_public *key)
{
	struct ident names;

	ident_of(&names, key);
	word_text(out, names.digest.b, IDENT_WORDS);
}

void
ident_write(struct buf *out, const struct sign_public *key)
{
	char hex[ENC_HEX(SIGN_PUBLIC)], print[FORM_PRINT];
	char phrase[IDENT_PHRASE];
	struct ident names;

	ident_of(&names, key);
	enc_hex(hex, key->b, SIGN_PUBLIC);
	form_print(print, key);
	ident_phrase(phrase, key);
	json_open(out, NULL, '{');
	json_str(out, "node_id", names.node_id);
	json_str(out, "node_hash", names.node_hash);
	json_str(out, "dns_label", names.label);
	json_str(out, "did", names.did);
	json_str(out, "public_key", hex);
	json_str(out, "fingerprint", names.fingerprint);
	json_str(out, "words", phrase);
	json_str(out, "ssh_fingerprint", print);
}
