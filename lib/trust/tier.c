#include <stdio.h>
#include <string.h>

#include "base/amount.h"
#include "base/buf.h"
#include "key/domain.h"
#include "key/ident.h"
#include "key/member.h"
#include "trust/entry.h"
#include "trust/event.h"
#include "trust/tier.h"
#include "trust/trust.h"

int
trust_tier_make(struct buf *out, const struct trust_certificate *c,
    const struct sign_key *key, struct err *e)
{
	char hash[2 + HASH_HEX], registry[HASH_HEX], points[TRUST_TEXT];

	trust_node_hash(hash, c->node_id);
	ident_id(registry, &key->pub);
	trust_points_text(c->hundredths, points);
	json_open(out, NULL, '{');
	json_int(out, "v", 1);
	json_str(out, "node_id", c->node_id);
	json_str(out, "node_hash", hash);
	json_str(out, "tier", trust_tier_word(c->tier));
	json_str(out, "trust_score", points);
	json_time(out, "issued_at", c->issued_ms);
	json_time(out, "expires_at", c->expires_ms);
	json_str(out, "registry", registry);
	if (domain_seal(out, DOMAIN_tier, key, "signature", e))
		return -1;
	json_close(out, '}');
	return 0;
}

static int
read_points(struct trust_certificate *out, const struct json *o,
    struct err *e)
{
	const char *text;

	if (json_get_decimal(o, "trust_score", &text, e))
		return -1;
	return amount_canonical(text, strlen(text), 2, &out->hundredths) &&
	    out->hundredths >= 0 && out->hundredths <= TRUST_MAX ? 0 :
	    json_fail(o, "trust_score", E_bad_json,
	    "is not a score like 74.85", e);
}

int
trust_tier_read(struct trust_certificate *out, const struct json *o,
    struct err *e)
{
	static const char *const keys[] = {
		"expires_at", "issued_at", "node_hash", "node_id", "registry",
		"signature", "tier", "trust_score", "v", NULL,
	};
	char own[2 + HASH_HEX];
	const char *tier, *hash;

	*out = (struct trust_certificate){ 0 };
	if (json_want(o, JSON_OBJECT, e) || member_v1(o, e) ||
	    json_only(o, keys, e) ||
	    member_id(o, "node_id", out->node_id, e) ||
	    json_get_str(o, "node_hash", &hash, e) ||
	    json_get_str(o, "tier", &tier, e) || read_points(out, o, e) ||
	    member_time(o, "issued_at", &out->issued_ms, e) ||
	    member_time(o, "expires_at", &out->expires_ms, e) ||
	    member_id(o, "registry", out->registry, e))
		return -1;
	if (!trust_tier_named(tier, &out->tier))
		return json_fail(o, "tier", E_bad_json, "is no tier", e);
	trust_node_hash(own, out->node_id);
	return strcmp(own, hash) ? json_fail(o, "node_hash", E_id_mismatch,
	    "is not that of this node_id", e) : 0;
}

int
trust_tier_check(const struct json *o, const struct trust_certificate *c,
    const struct sign_public *key, int64_t at_ms, struct err *e)
{
	if (member_id_of(o, "registry", key, e) ||
	    domain_check(DOMAIN_tier, o, "signature", key, e))
		return -1;
	if (c->issued_ms > at_ms + TRUST_SKEW_MS)
		return err_set(e, E_not_yet_valid, "the certificate will be "
		    "issued later");
	return at_ms < c->expires_ms ? 0 : err_set(e, E_expired,
	    "the certificate has expired");
}

enum trust_seen
trust_tier_seen(const struct err *e)
{
	if (!e)
		return TRUST_SEEN;
	return e->code == E_expired ? TRUST_EXPIRED : TRUST_BAD_ANSWER;
}
