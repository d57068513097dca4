#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "cri/cri.h"
#include "market/market.h"
#include "market/quote.h"

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
	json_int(out, "version", k->version);
	json_time(out, "created_at", k->made_ms);
	json_time_if(out, "updated_at", k->changed_ms);
	json_time_if(out, "retired_at", k->retired_ms);
}

/* "type", or "type:field". */
static void
write_validators(struct buf *out, const struct json *metadata)
{
	struct json list, it = { 0 };
	const char *type, *field;
	struct err ignored;
	struct buf text = BUF_INIT(MARKET_METADATA);

	if (!json_has(metadata, "validators") ||
	    !json_find(&list, metadata, "validators"))
		return;
	json_open(out, "validators", '[');
	while (json_next(&it, &list)) {
		field = NULL;
		if (json_get_str(&it, "type", &type, &ignored) ||
		    json_opt_str(&it, "field", &field, &ignored))
			continue;
		buf_reset(&text);
		buf_adds(&text, type);
		if (field && *field)
			buf_addf(&text, ":%s", field);
		json_str(out, NULL, text.data);
	}
	json_close(out, ']');
	buf_release(&text);
}

/*
 * Most metadata is free text for people: it is only read where it can have
 * what is looked for, since names may be escaped.
 */
static bool
may_promise(const char *metadata)
{
	return strstr(metadata, "validators") ||
	    strstr(metadata, "verifiers") || strchr(metadata, '\\');
}

int
market_promises_write(struct buf *out, const struct skill *k, struct err *e)
{
	struct json metadata = { 0 }, list;

	if (!may_promise(k->metadata))
		return 0;
	if (json_parse(&metadata, k->metadata, strlen(k->metadata), e))
		return -1;
	write_validators(out, &metadata);
	if (json_has(&metadata, "recommended_verifiers") &&
	    json_find(&list, &metadata, "recommended_verifiers"))
		json_copy(out, "recommended_verifiers", &list);
	json_release(&metadata);
	return 0;
}

int
market_listing_write(struct buf *out, const struct listing *listing,
    struct err *e)
{
	const struct skill *k = &listing->skill;

	market_skill_write(out, k);
	if (market_promises_write(out, k, e))
		return -1;
	cri_score_write(out, "seller_cri", listing->tenths);
	if (listing->verified)
		json_raw(out, "verified", listing->verified,
		    strlen(listing->verified));
	json_bool(out, "sandbox", !strcmp(k->price.unit->code, "SBX"));
	return 0;
}

/* It may be left out, but not be null (spec/vmp.md 1.8). */
static int
read_metadata(const struct json **out, struct json *metadata,
    const struct json *in, struct err *e)
{
	if (!json_find(metadata, in, "metadata"))
		return 0;
	*out = metadata;
	return json_want(metadata, JSON_OBJECT, e);
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
	return read_metadata(&out->metadata, metadata, in, e);
}

int
market_change_read(struct change *out, struct json *metadata,
    const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "skill_id", "node_id", "label", "price", "category",
		"metadata", NULL,
	};

	*out = (struct change){ 0 };
	if (json_only(in, keys, e) ||
	    json_get_str(in, "skill_id", &out->skill_id, e) ||
	    json_opt_str(in, "node_id", &out->node_id, e) ||
	    json_opt_str(in, "label", &out->label, e) ||
	    (json_has(in, "price") &&
	    json_get_decimal(in, "price", &out->price, e)) ||
	    json_opt_str(in, "category", &out->category, e) ||
	    read_metadata(&out->metadata, metadata, in, e))
		return -1;
	if (out->label || out->price || out->category || out->metadata)
		return 0;
	return err_set(e, E_bad_json, "what is to change: label, price, "
	    "category or metadata?");
}

/* What the output will be judged by. */
static void
write_criteria(struct buf *out, const struct skill *k)
{
	struct json metadata = { 0 }, v, it = { 0 };
	struct err ignored;

	json_open(out, "acceptance_criteria", '[');
	if (!json_parse(&metadata, k->metadata, strlen(k->metadata),
	    &ignored)) {
		if (json_has(&metadata, "output_schema") &&
		    json_find(&v, &metadata, "output_schema")) {
			json_open(out, NULL, '{');
			json_str(out, "type", "output_schema");
			json_copy(out, "schema", &v);
			json_close(out, '}');
		}
		if (json_has(&metadata, "validators") &&
		    json_find(&v, &metadata, "validators"))
			while (json_next(&it, &v))
				json_copy(out, NULL, &it);
	}
	json_close(out, ']');
	json_release(&metadata);
}

void
market_quote_write(struct buf *out, const struct quote *q, int64_t seconds)
{
	json_open(out, NULL, '{');
	json_str(out, "quote_id", q->id);
	json_str(out, "buyer_id", q->node_id);
	json_str(out, "skill_id", q->skill.id);
	json_str(out, "seller_id", q->skill.node_id);
	json_str(out, "label", q->skill.label);
	json_amount(out, "price", q->skill.price);
	json_str(out, "unit", q->skill.price.unit->code);
	json_int(out, "estimated_duration_seconds", seconds);
	write_criteria(out, &q->skill);
	json_time(out, "valid_until", q->valid_ms);
}

int
market_ask_read(struct ask *out, const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "buyer_id", "capability", "input_preview",
		"constraints", NULL,
	};
	static const char *const inner[] = {
		"max_price", "deadline", "quality_level", NULL,
	};
	struct json c;

	*out = (struct ask){ 0 };
	if (json_only(in, keys, e) ||
	    json_get_str(in, "buyer_id", &out->node_id, e) ||
	    json_get_str(in, "capability", &out->capability, e))
		return -1;
	if (!json_has(in, "constraints"))
		return 0;
	if (json_get(&c, in, "constraints", JSON_OBJECT, e) ||
	    json_only(&c, inner, e) ||
	    (json_has(&c, "max_price") &&
	    json_get_decimal(&c, "max_price", &out->most, e)) ||
	    json_opt_int(&c, "deadline", &out->deadline_s, e) ||
	    json_opt_str(&c, "quality_level", &out->quality, e))
		return -1;
	if (json_has(&c, "deadline") && out->deadline_s < 1)
		return json_fail(&c, "deadline", E_bad_json, "is not 1 second "
		    "or more", e);
	return 0;
}
