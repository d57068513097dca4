#include <stdio.h>
#include <string.h>

#include "base/jcs.h"
#include "crypto/keccak.h"
#include "key/domain.h"
#include "key/ident.h"
#include "key/member.h"
#include "trust/event.h"

/* What each has besides its type. */
static const char *const members[][6] = {
	[TRUST_ENDORSE] = { "type", "order_id", NULL },
	[TRUST_COMPLAIN] = { "type", "order_id", "evidence_hash", NULL },
	[TRUST_QUALITY] = { "type", "order_id", "evidence_hash", "weight",
	    NULL },
	[TRUST_UPTIME] = { "type", "since", "until", "ok", "fail", NULL },
	[TRUST_STAKE] = { "type", "stake_wei", NULL },
	[TRUST_VERIFY] = { "type", "verified", NULL },
};

void
trust_node_hash(char out[2 + HASH_HEX], const char *node_id)
{
	struct hash h;

	keccak(&h, node_id, strlen(node_id));
	out[0] = '0';
	out[1] = 'x';
	hash_hex(out + 2, &h);
}

/* The nodes that it is about: one by id, by hash, or by both that agree. */
static int
read_node(struct trust_event *out, const struct json *o, struct err *e)
{
	char own[2 + HASH_HEX];
	const char *hash = NULL;

	if (json_opt_str(o, "node_hash", &hash, e))
		return -1;
	if (hash && (strlen(hash) != 66 || strncmp(hash, "0x", 2) ||
	    !ident_is_id(hash + 2)))
		return json_fail(o, "node_hash", E_bad_json,
		    "is not 0x and 64 hex digits in lower case", e);
	if (!hash || json_has(o, "node_id")) {
		if (member_id(o, "node_id", out->node_id, e))
			return -1;
		trust_node_hash(own, out->node_id);
		if (hash && strcmp(own, hash))
			return json_fail(o, "node_hash", E_id_mismatch,
			    "is not that of this node_id", e);
	}
	snprintf(out->node_hash, sizeof(out->node_hash), "%s",
	    hash ? hash : "");
	return 0;
}

static int
read_evidence(struct trust_event *out, const struct json *event,
    struct err *e)
{
	const char *text;

	if (out->kind == TRUST_QUALITY && !json_has(event, "evidence_hash"))
		return 0;
	if (json_get_str(event, "evidence_hash", &text, e))
		return -1;
	if (!ident_is_id(text))
		return json_fail(event, "evidence_hash", E_bad_json, "is not "
		    "a SHA-256 as 64 hex digits in lower case", e);
	memcpy(out->evidence, text, HASH_HEX);
	return 0;
}

static int
read_probes(struct trust_event *out, const struct json *event, struct err *e)
{
	if (member_time(event, "since", &out->since_ms, e) ||
	    member_time(event, "until", &out->until_ms, e) ||
	    json_get_int(event, "ok", &out->ok, e) ||
	    json_get_int(event, "fail", &out->fail, e))
		return -1;
	if (out->since_ms >= out->until_ms || out->since_ms < 0)
		return json_fail(event, "until", E_bad_json,
		    "is not later than since", e);
	if (out->ok < 0 || out->fail < 0 || out->ok > UINT32_MAX ||
	    out->fail > UINT32_MAX)
		return json_fail(event, "ok", E_bad_json,
		    "and fail are not numbers of probes", e);
	return 0;
}

static int
read_weight(struct trust_event *out, const struct json *event, struct err *e)
{
	int64_t weight;

	if (json_get_int(event, "weight", &weight, e))
		return -1;
	out->good = weight == 1;
	return weight == 0 || weight == 1 ? 0 : json_fail(event, "weight",
	    E_bad_json, "is neither 1 nor 0", e);
}

static int
read_stake(struct trust_event *out, const struct json *event, struct err *e)
{
	const char *wei;

	if (json_get_decimal(event, "stake_wei", &wei, e))
		return -1;
	if (!trust_wei_ok(wei))
		return json_fail(event, "stake_wei", E_bad_json,
		    "is not a whole number of wei", e);
	memcpy(out->stake_wei, wei, strlen(wei) + 1);
	return 0;
}

static int
read_event(struct trust_event *out, const struct json *event, struct err *e)
{
	const char *type;

	if (json_get_str(event, "type", &type, e))
		return -1;
	if (!trust_kind_named(type, &out->kind))
		return json_fail(event, "type", E_bad_json, "is none of "
		    "endorse, complain, quality, uptime, stake, verify", e);
	if (json_only(event, members[out->kind], e))
		return -1;
	switch (out->kind) {
	case TRUST_ENDORSE:
		return json_get_str(event, "order_id", &out->order_id, e);
	case TRUST_COMPLAIN:
		return json_get_str(event, "order_id", &out->order_id, e) ||
		    read_evidence(out, event, e) ? -1 : 0;
	case TRUST_QUALITY:
		return json_get_str(event, "order_id", &out->order_id, e) ||
		    read_weight(out, event, e) ||
		    read_evidence(out, event, e) ? -1 : 0;
	case TRUST_UPTIME:
		return read_probes(out, event, e);
	case TRUST_STAKE:
		return read_stake(out, event, e);
	case TRUST_VERIFY:
		return json_get_bool(event, "verified", &out->good, e);
	case TRUST_ORDER:
	case TRUST__KINDS:
		break;
	}
	return -1;
}

static int
read_key(struct trust_event *out, const struct json *o, struct err *e)
{
	char id[HASH_HEX];

	if (!json_has(o, "public_key_pem"))
		return 0;
	if (member_pem(o, "public_key_pem", &out->key, e))
		return -1;
	ident_id(id, &out->key);
	out->has_key = true;
	return strcmp(id, out->from_id) ? json_fail(o, "from", E_id_mismatch,
	    "is not the id of this key", e) : 0;
}

static int
hash_signed(struct trust_event *out, const struct json *o, struct err *e)
{
	struct buf text = BUF_INIT(2 * TRUST_EVENT_MAX);
	struct hash h;
	int rc = domain_object(&text, DOMAIN_trust, o, e);

	hash_of(&h, text.data, text.len);
	hash_hex(out->sha256, &h);
	buf_release(&text);
	return rc;
}

int
trust_event_read(struct trust_event *out, const struct json *o,
    struct err *e)
{
	static const char *const keys[] = {
		"at", "event", "from", "node_hash", "node_id",
		"public_key_pem", "signature", "v", NULL,
	};
	struct json event;

	*out = (struct trust_event){ .at_ms = -1 };
	if (json_want(o, JSON_OBJECT, e) || json_only(o, keys, e) ||
	    (json_has(o, "v") && member_v1(o, e)) ||
	    json_get(&event, o, "event", JSON_OBJECT, e) ||
	    member_id(o, "from", out->from_id, e) || read_node(out, o, e) ||
	    read_event(out, &event, e) || (json_has(o, "at") &&
	    member_time(o, "at", &out->at_ms, e)) || read_key(out, o, e))
		return -1;
	if (out->kind == TRUST_STAKE || out->kind == TRUST_VERIFY) {
		if (out->at_ms < 0)
			return json_fail(o, "at", E_bad_json,
			    "is missing: when it became so", e);
		out->since_ms = out->at_ms;
	}
	if (!*out->node_id && !out->order_id)
		return json_fail(o, "node_id", E_bad_json, "is missing: a "
		    "hash alone is enough only where an order is named", e);
	return hash_signed(out, o, e);
}

int
trust_event_check(const struct json *o, const struct sign_public *key,
    struct err *e)
{
	return domain_check(DOMAIN_trust, o, "signature", key, e);
}

static void
put_event(struct buf *out, const struct trust_event *x)
{
	json_open(out, "event", '{');
	json_str(out, "type", trust_kind_word(x->kind));
	json_str_if(out, "order_id", x->order_id);
	if (x->kind == TRUST_QUALITY)
		json_int(out, "weight", x->good);
	if (*x->evidence)
		json_str(out, "evidence_hash", x->evidence);
	if (x->kind == TRUST_UPTIME) {
		json_time(out, "since", x->since_ms);
		json_time(out, "until", x->until_ms);
		json_int(out, "ok", x->ok);
		json_int(out, "fail", x->fail);
	}
	if (x->kind == TRUST_STAKE)
		json_str(out, "stake_wei", x->stake_wei);
	if (x->kind == TRUST_VERIFY)
		json_bool(out, "verified", x->good);
	json_close(out, '}');
}

int
trust_event_make(struct buf *out, const struct trust_event *x,
    const struct sign_key *key, struct err *e)
{
	char from[HASH_HEX], pem[SIGN_SPKI + 1];

	ident_id(from, &key->pub);
	sign_spki(pem, &key->pub);
	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "node_id", x->node_id);
	put_event(out, x);
	json_str(out, "from", from);
	json_time(out, "at", x->at_ms);
	json_str(out, "public_key_pem", pem);
	if (domain_seal(out, DOMAIN_trust, key, "signature", e))
		return -1;
	json_close(out, '}');
	return 0;
}
