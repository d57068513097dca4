/* Records, with the names that older registries gave their members. */
#include <string.h>

#include "base/json.h"
#include "registry/registry.h"
#include "trust/trust.h"

void
registry_node_write(struct buf *out, const struct registry_view *v)
{
	const struct registry_node *r = &v->node;
	const char *wei = v->score.in.stake_wei;

	json_open(out, NULL, '{');
	json_str(out, "node_hash", r->node_hash);
	json_field_or_null(out, "node_id", r->node_id);
	json_field_or_null(out, "wallet", r->wallet);
	json_field_or_null(out, "dns_name", r->dns_name);
	json_bool(out, "verified", v->score.in.verified);
	json_str(out, "stake_wei", *wei ? wei : "0");
	trust_points_write(out, "trust_score", v->score.hundredths);
	json_str(out, "trust_tier", trust_tier_word(v->score.tier));
	json_field_or_null(out, "ip_address", r->ip);
	json_field_or_null(out, "endpoint", v->endpoint);
	json_time(out, "last_seen", r->seen_ms);
	json_time(out, "registered_at", r->made_ms);
	json_bool(out, "active", v->active);
}

void
registry_document_write(struct buf *out, const struct registry_document *d)
{
	json_open(out, NULL, '{');
	json_str(out, "sha256", d->sha256);
	json_str(out, "cid", d->cid);
	json_str(out, "kind", d->kind);
	json_bool(out, "sealed", d->sealed);
	json_time(out, "created_at", d->made_ms);
}
