/*
 * Names of keys: the vectors of spec/node.md 22.1 and spec/protocols.md 6,
 * and what must not be taken for them.
 */
#include <stdlib.h>

#include "tap.h"

#include "seed.h"

#include "base/buf.h"
#include "base/enc.h"
#include "base/json.h"
#include "crypto/keccak.h"
#include "key/domain.h"
#include "key/ident.h"

#define A_KEY "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define B_KEY "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
#define K_KEY "26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb"

static void
key_of(struct sign_public *out, const char *hex)
{
	OK(enc_unhex(out->b, hex, SIGN_PUBLIC));
}

static void
names(void)
{
	struct sign_public key;
	struct ident a;
	char id[HASH_HEX];

	key_of(&key, A_KEY);
	ident_of(&a, &key);
	IS(a.node_id, A_ID);
	IS(a.node_hash, "0x389ec80b0ca61a9b17c160ec894cf7cb"
	    "f80b070a4cd49cc0337baaf4d37925fe");
	IS(a.label, "p4wz5ufxdohfu3c46mhgi7loec23zjw2zadr6enl4p7pqaknwyia");
	IS(a.fingerprint,
	    "SHA256:fy2e0LcbjlpsXPMOZH1uILW8ptrIBx8Rq+P++AFNthA");
	IS(a.did, "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw");
	key_of(&key, B_KEY);
	ident_of(&a, &key);
	IS(a.node_id, "bf019c455f05e75ce74ca02a55a4b88b"
	    "ab561f85a76555d8281a79f7c2985233");
	IS(a.node_hash, "0xcbf3016725f8506995e71c0d84696b08"
	    "c96d1120bbaa229c2d25cb41d633476d");
	IS(a.label, "x4azyrk7axtvzz2muavfljfyrovvmh4fu5svlwbidj47pquykizq");
	key_of(&key, K_KEY);
	ident_of(&a, &key);
	IS(a.node_id, "22ce02aa18eb1ee5f39482d0f57a6ba5"
	    "6f4d549f81db547f3bea2863207c8a01");
	IS(a.did, "did:key:z6Mkh4LmfP1ev9MNPGr7JbEbtD6BD4fsu1duEj83PMCs3xHG");
	ident_id(id, &key);
	IS(id, a.node_id);
}

/* Ids and hashes of the wrong bytes differ from the right ones. */
static void
others(void)
{
	static const char *const ids[] = {
		"06e3fd8fda29bb60ab59557de61edb0a"	/* of the DER */
		"ecdb231134be30e75b455f8e1b792fa9",
		"21fe31dfa154a261626bf854046fd227"	/* of the raw key */
		"1b7bed4b6abe45aa58877ef47f9721b9",
		"874261a353575e072e5a25e3eb15c94b"	/* no last LF */
		"6d5838ed3430cb974071eabbcb9bffd5",
		"31915e1646890d966513a0e6a433b6ed"	/* with CRLF */
		"c6d7e32f4994e94e6328da186fb8a783",
	};
	static const char *const hashes[] = {
		"5ef6c486ee341dc58f990e99cde9c842"	/* of the 32 bytes */
		"f7760b99b8960d51700f6c0be5ac897b",
		"3ecc717122ce8be54c676360276ea894"	/* SHA3-256 */
		"bd2f4974775ee0472886515afc92ca5f",
	};
	struct sign_public key;
	struct ident a;
	struct hash h;
	char hex[HASH_HEX];
	int i;

	key_of(&key, A_KEY);
	ident_of(&a, &key);
	for (i = 0; i < 4; i++)
		OK(strcmp(a.node_id, ids[i]));
	for (i = 0; i < 2; i++)
		OK(strcmp(a.node_hash + 2, hashes[i]));
	keccak(&h, a.digest.b, HASH_BYTES);
	hash_hex(hex, &h);
	IS(hex, hashes[0]);
}

static void
pem(void)
{
	static const char line[] = "-----BEGIN PUBLIC KEY-----\n"
	    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
	    "-----END PUBLIC KEY-----\n";
	struct sign_public key, again;
	char text[SIGN_SPKI + 1];
	size_t n;
	int i, bad = 0;

	key_of(&key, A_KEY);
	sign_spki(text, &key);
	IS(text, line);
	OK(sign_spki_read(&again, line, SIGN_SPKI) &&
	    !memcmp(&again, &key, sizeof(key)));
	for (n = 0; n < SIGN_SPKI; n++) {
		bad += sign_spki_read(&again, line, n);
		memcpy(text, line, SIGN_SPKI + 1);
		for (i = 1; i < 256; i++) {
			text[n] = (char)(line[n] ^ i);
			bad += sign_spki_read(&again, text, SIGN_SPKI) &&
			    !memcmp(&again, &key, sizeof(key));
			/* Another key may stand there, but not another form. */
			bad += (n < 27 || n > 86 || text[n] == '\r') &&
			    sign_spki_read(&again, text, SIGN_SPKI);
		}
	}
	OK(bad == 0);
	OK(!sign_spki_read(&again, "x", 1) && !sign_spki_read(&again, "", 0));
}

static void
typed(void)
{
	OK(ident_is_id(A_ID) && !ident_is_id("7f2d") && !ident_is_id(""));
	OK(!ident_is_id("7F2D9ED0B71B8E5A6C5CF30E647D6E20"
	    "b5bca6dac8071f11abe3fef8014db610"));
	OK(ident_matches(A_ID, A_ID) && ident_matches("7f2d", A_ID));
	OK(ident_matches("biz_node_7f2d9", A_ID));
	OK(!ident_matches("7f2", A_ID) && !ident_matches("", A_ID));
	OK(!ident_matches("biz_node_", A_ID) && !ident_matches("7f2e", A_ID));
	OK(!ident_matches(A_ID "0", A_ID));
}

/* The card of spec/node.md 22.2, its bytes, and every other domain. */
static void
signatures(void)
{
	static const char card[] = "{\"v\":1,\"node_id\":\"" A_ID "\",\"name\":"
	    "\"Acme Consulting\",\"alg\":\"Ed25519\",\"endpoint\":"
	    "\"https://acme.example\",\"capabilities\":[\"legal-review\"],"
	    "\"issued_at\":\"2026-03-09T14:23:00Z\",\"expires_at\":"
	    "\"2027-03-09T14:23:00Z\",\"public_key_pem\":\"-----BEGIN PUBLIC "
	    "KEY-----\\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIa"
	    "aPcHURo=\\n-----END PUBLIC KEY-----\\n\",\"signature\":\""
	    "6cH9jQU97oNnBgvrG0tMnJVWn3Fpl4mqmV3G+2zZOsp8GUwytNLI/RlrhJJjW5rR"
	    "jOt6jd24BqTO+frYxnk6Dg==\"}";
	static const char *const odd[] = {
		"{\"a\":1.5}", "{\"a\":[{\"b\":1e2}]}",
		"{\"a\":9007199254740992}", "{\"a\":[1,2,-0.0]}",
	};
	static const char small[] = "{\"signature_old\":1,\"a\":\"b\"}";
	struct buf text = BUF_INIT(1000);
	struct json root, again;
	struct err e = { 0 };
	struct sign_key key;
	char out[DOMAIN_SIG], hex[HASH_HEX];
	const char *sig;
	struct hash h;
	int i, fit = 0;

	seed_key(&key, SEED_A);
	OK(!json_parse(&root, card, strlen(card), &e));
	OK(!domain_object(&text, DOMAIN_card, &root, &e));
	OK(text.len == 12 + 398 && !strncmp(text.data, "bzn-card-v1\n{", 13));
	hash_of(&h, text.data + 12, 398);
	hash_hex(hex, &h);
	IS(hex, "8cb80e0291f20c3ec0fc6764225ada84"
	    "38b849b5f034353d3cc8cec5c39e2c0a");
	OK(!json_get_str(&root, "signature", &sig, &e));
	OK(!domain_sign(out, DOMAIN_card, &root, &key, &e));
	IS(out, sig);
	for (i = 0; i < DOMAIN__COUNT; i++)
		fit += !domain_check((enum domain)i, &root, "signature",
		    &key.pub, &e);
	OK(fit == 1);
	OK(!domain_check(DOMAIN_card, &root, "signature", &key.pub, &e));
	OK(domain_check(DOMAIN_card, &root, "name", &key.pub, &e) &&
	    e.code == E_bad_signature);
	OK(domain_check(DOMAIN_card, &root, "none", &key.pub, &e) &&
	    e.code == E_bad_json);
	OK(!json_parse(&again, small, strlen(small), &e));
	buf_reset(&text);
	OK(!domain_object(&text, DOMAIN_file, &again, &e));
	IS(text.data, "bzn-file-v1\n{\"a\":\"b\"}");
	json_release(&again);
	for (i = 0; i < 4; i++) {
		OK(!json_parse(&again, odd[i], strlen(odd[i]), &e));
		buf_reset(&text);
		OK(domain_object(&text, DOMAIN_ack, &again, &e) &&
		    e.code == E_bad_json);
		json_release(&again);
	}
	json_release(&root);
	sign_key_release(&key);
	buf_release(&text);
}

int
main(void)
{
	signatures();
	names();
	others();
	pem();
	typed();
	return DONE();
}
