#include <stdio.h>
#include <string.h>

#include "base/enc.h"
#include "base/jcs.h"
#include "base/same.h"
#include "key/domain.h"
#include "key/ident.h"
#include "receipt/core.h"
#include "receipt/exam_impl.h"
#include "receipt/paper.h"

static const struct { const char *word; enum err_code code; } parts[] = {
	[EXAM_HASH] = { "hash", E_receipt_hash },
	[EXAM_RS256] = { "rs256", E_receipt_token },
	[EXAM_ED25519] = { "ed25519", E_receipt_node },
	[EXAM_CORE] = { "core", E_receipt_core },
	[EXAM_CHECKPOINT] = { "checkpoint", E_receipt_checkpoint },
	[EXAM_PROOFS] = { "proofs", E_receipt_proofs },
	[EXAM_ENTRIES] = { "entries", E_receipt_entries },
};

void
exam_answer(struct exam *x, enum exam_part part, enum exam_answer answer,
    const char *why)
{
	if (x->part[part] == EXAM_FALSE)
		return;
	x->part[part] = answer;
	if (answer == EXAM_FALSE)
		err_set_(&x->said[part], parts[part].code, "%s", why);
}

/* What cannot be judged at all. */
static int
read_form(struct exam *x, struct json *core, struct err *e)
{
	struct json member, any;
	const char *const *k;
	const char *text;

	if (json_get_str(&x->doc, "receipt_id", &text, e) ||
	    json_get_str(&x->doc, "receipt_hash", &text, e) ||
	    json_get(core, &x->doc, "core", JSON_OBJECT, e) ||
	    json_get(&member, &x->doc, "signatures", JSON_OBJECT, e) ||
	    json_only(core, core_members, e))
		return -1;
	for (k = core_members; *k; k++)
		if (!json_find(&any, core, *k))
			return json_fail(core, *k, E_bad_json, "is missing",
			    e);
	return 0;
}

static void
check_hash(struct exam *x, const struct json *core)
{
	struct buf text = BUF_INIT(CORE_MAX);
	char hex[HASH_HEX];
	const char *said = "";
	struct hash h;
	struct err e;

	if (jcs_write(&text, core, &e) ||
	    json_get_str(&x->doc, "receipt_hash", &said, &e)) {
		exam_answer(x, EXAM_HASH, EXAM_FALSE, e.msg);
	} else {
		hash_of(&h, text.data, text.len);
		hash_hex(hex, &h);
		exam_answer(x, EXAM_HASH, strcmp(hex, said) ? EXAM_FALSE :
		    EXAM_TRUE, "receipt_hash is not the hash of the core");
	}
	buf_release(&text);
}

/* The claims of a token that holds. */
static int
check_claims(const struct exam *x, const struct jwt *t, struct err *e)
{
	const char *id, *hash, *want_id, *want_hash, *iss;
	struct json claims = { 0 };
	bool final, want_final;
	int64_t iat;
	int rc;

	rc = json_parse(&claims, t->payload.data, t->payload.len, e) ||
	    json_get_str(&claims, "receipt_id", &id, e) ||
	    json_get_str(&claims, "receipt_hash", &hash, e) ||
	    json_get_str(&claims, "iss", &iss, e) ||
	    json_get_int(&claims, "iat", &iat, e) ||
	    json_get_bool(&claims, "final", &final, e) ||
	    json_get_bool(&x->doc, "final", &want_final, e) ||
	    json_get_str(&x->doc, "receipt_id", &want_id, e) ||
	    json_get_str(&x->doc, "receipt_hash", &want_hash, e) ? -1 : 0;
	if (!rc && (strcmp(t->typ, PAPER_TYPE) || strcmp(id, want_id) ||
	    strcmp(hash, want_hash) || final != want_final))
		rc = err_set(e, E_hash_mismatch, "the token is not for this "
		    "receipt");
	json_release(&claims);
	return rc;
}

static bool
has_kind(const struct jwks *set, bool rsa)
{
	size_t i;

	for (i = 0; set && i < set->n; i++)
		if (set->key[i].rsa == rsa)
			return true;
	return false;
}

/* The key that comes with the token has the name that the token calls it. */
static int
check_token(const struct exam *x, const char *text, const struct jwks *set,
    bool own, struct err *e)
{
	const struct jwk *key;
	struct jwt t;
	int rc = jwt_read(&t, text, strlen(text), e) ||
	    jwt_check(&t, set, &key, e) ? -1 : 0;

	if (!rc && (!key->rsa || (own && strcmp(key->kid, t.kid) != 0)))
		rc = err_set(e, E_bad_alg, "it is not by the RSA key beside "
		    "it");
	if (!rc)
		rc = check_claims(x, &t, e);
	jwt_release(&t);
	return rc;
}

static void
check_rs256(struct exam *x, const struct json *signatures,
    const struct exam_trust *trust)
{
	bool named = has_kind(trust->keys, true);
	const char *text = NULL;
	struct jwks own = { 0 };
	struct json key;
	struct err e;

	if (json_opt_str(signatures, "rs256", &text, &e)) {
		exam_answer(x, EXAM_RS256, EXAM_FALSE, e.msg);
		return;
	}
	if (!text)
		return;
	if (json_get(&key, signatures, "rs256_key", JSON_OBJECT, &e) ||
	    jwks_read(&own, &key, &e) || check_token(x, text, &own,
	    true, &e) ||
	    (named && check_token(x, text, trust->keys, false, &e)))
		exam_answer(x, EXAM_RS256, EXAM_FALSE, e.msg);
	else
		exam_answer(x, EXAM_RS256, named ? EXAM_TRUE : EXAM_UNKNOWN,
		    NULL);
	jwks_release(&own);
}

static int
read_bytes(void *out, size_t n, const struct json *in, const char *member,
    struct err *e)
{
	const char *text;
	size_t got;

	if (json_get_str(in, member, &text, e))
		return -1;
	return enc_unbase64(out, n, &got, text, strlen(text)) && got == n ?
	    0 : json_fail(in, member, E_bad_sig, "is not base64 of its "
	    "length", e);
}

static int
check_node(const struct json *in, const struct json *core,
    struct sign_public *key, struct err *e)
{
	struct buf text = BUF_INIT(2 * CORE_MAX);
	struct sign_sig sig;
	char id[HASH_HEX];
	const char *said;
	int rc = -1;

	if (read_bytes(key->b, sizeof(key->b), in, "public_key", e) ||
	    read_bytes(sig.b, sizeof(sig.b), in, "sig", e) ||
	    json_get_str(in, "node_id", &said, e))
		goto out;
	ident_id(id, key);
	if (strcmp(id, said))
		err_set(e, E_id_mismatch, "the node_id is not that of the "
		    "key");
	else if (!domain_object(&text, DOMAIN_vmp_receipt, core, e))
		rc = sign_check(&sig, key, text.data, text.len) ? 0 :
		    err_set(e, E_bad_signature, "the key has not signed this "
		    "core");
out:
	buf_release(&text);
	return rc;
}

static bool
is_trusted(const struct sign_public *key, const struct exam_trust *trust)
{
	size_t i;

	if (trust->node && !memcmp(trust->node, key, sizeof(*key)))
		return true;
	for (i = 0; trust->keys && i < trust->keys->n; i++)
		if (!trust->keys->key[i].rsa &&
		    !memcmp(&trust->keys->key[i].ed, key, sizeof(*key)))
			return true;
	return false;
}

static void
check_ed25519(struct exam *x, const struct json *signatures,
    const struct json *core, const struct exam_trust *trust)
{
	bool named = trust->node || has_kind(trust->keys, false);
	struct sign_public key;
	struct json in;
	struct err e;

	if (!json_has(signatures, "ed25519")) {
		if (trust->node)
			exam_answer(x, EXAM_ED25519, EXAM_FALSE, "the node "
			    "has not signed it");
		return;
	}
	if (json_get(&in, signatures, "ed25519", JSON_OBJECT, &e) ||
	    check_node(&in, core, &key, &e))
		exam_answer(x, EXAM_ED25519, EXAM_FALSE, e.msg);
	else if (named && !is_trusted(&key, trust))
		exam_answer(x, EXAM_ED25519, EXAM_FALSE, "it is signed by "
		    "another node than those that are trusted");
	else
		exam_answer(x, EXAM_ED25519, named ? EXAM_TRUE :
		    EXAM_UNKNOWN, NULL);
}

static void
check_signatures(struct exam *x, const struct json *core,
    const struct exam_trust *trust)
{
	struct json signatures;

	if (!json_find(&signatures, &x->doc, "signatures"))
		return;
	check_rs256(x, &signatures, trust);
	check_ed25519(x, &signatures, core, trust);
	if (trust->keys && x->part[EXAM_RS256] == EXAM_ABSENT &&
	    x->part[EXAM_ED25519] == EXAM_ABSENT)
		exam_answer(x, EXAM_RS256, EXAM_FALSE, "it is not signed");
}

static void
conclude(struct exam *x)
{
	bool signed_by_trusted = x->part[EXAM_RS256] == EXAM_TRUE ||
	    x->part[EXAM_ED25519] == EXAM_TRUE ||
	    x->part[EXAM_CHECKPOINT] == EXAM_TRUE;
	enum exam_part p;

	for (p = 0; p < EXAM__PARTS; p++)
		if (x->part[p] == EXAM_FALSE) {
			x->why = x->said[p];
			return;
		}
	if (!signed_by_trusted)
		err_set_(&x->why, E_unknown_signer, "nobody who is trusted "
		    "has signed it");
}

int
exam_receipt(struct exam *x, const char *text, size_t n,
    const struct exam_trust *trust, struct err *e)
{
	struct json core;

	*x = (struct exam){ 0 };
	if (json_parse(&x->doc, text, n, e) ||
	    json_want(&x->doc, JSON_OBJECT, e) || read_form(x, &core, e))
		return -1;
	check_hash(x, &core);
	check_signatures(x, &core, trust);
	exam_copies(x, &core);
	if (exam_evidence(x, &core, trust, e))
		return -1;
	conclude(x);
	return 0;
}

void
exam_release(struct exam *x)
{
	json_release(&x->doc);
}

void
exam_write(struct buf *out, const struct exam *x, const char *file)
{
	static const char *const answers[] = {
		"absent", "true", "unknown", "false",
	};
	static const char *const told[] = {
		"receipt_id", "status", "amount", "unit", NULL
	};
	const char *const *k;
	struct json core, v;
	enum exam_part p;

	json_open(out, NULL, '{');
	json_str(out, "file", file);
	json_str(out, "result", x->why.kind == ERR_OK ? "true" : "false");
	if (x->why.kind != ERR_OK) {
		json_str(out, "code", err_word(x->why.code));
		json_str(out, "message", x->why.msg);
	}
	for (k = told; *k && json_find(&core, &x->doc, "core"); k++)
		if (json_find(&v, &core, *k))
			json_copy(out, *k, &v);
	json_bool(out, "final", json_find(&core, &x->doc, "core") &&
	    core_is_final(&core));
	json_open(out, "parts", '{');
	for (p = 0; p < EXAM__PARTS; p++)
		json_str(out, parts[p].word, answers[x->part[p]]);
	json_close(out, '}');
}
