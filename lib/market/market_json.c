#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "market/market.h"

void
market_skill_write(struct buf *out, const struct skill *k)
{
	json_open(out, NULL, '{');
	json_str(out, "skill_id", k->id);
	json_str(out, "provider_id", k->node_id);
	json_str(out, "type", k->type);
	json_str(out, "label", k->label);
	json_amount(out, "price", k->price);
	json_str(out, "unit", k->price.unit->code);
	json_str_if(out, "category", k->category);
	json_raw(out, "metadata", k->metadata, strlen(k->metadata));
	json_time(out, "created_at", k->made_ms);
	json_time_if(out, "retired_at", k->retired_ms);
}

int
market_offer_read(struct offer *out, struct json *metadata,
    const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "provider_id", "type", "label", "price", "category",
		"metadata", NULL,
	};

	*out = (struct offer){ .type = "SKILL_OFFER" };
	if (json_only(in, keys, e) ||
	    json_get_str(in, "provider_id", &out->node_id, e) ||
	    json_opt_str(in, "type", &out->type, e) ||
	    json_get_str(in, "label", &out->label, e) ||
	    json_get_decimal(in, "price", &out->price, e) ||
	    json_opt_str(in, "category", &out->category, e))
		return -1;
	if (!json_has(in, "metadata"))
		return 0;
	out->metadata = metadata;
	return json_get(metadata, in, "metadata", JSON_OBJECT, e);
}
