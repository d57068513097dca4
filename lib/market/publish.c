/* Offers are made, changed and withdrawn. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "gate/gate.h"
#include "ledger/make.h"
#include "market/impl.h"
#include "node/purse.h"
#include "validate/contract.h"

#define PRICE_MAX 1000000	/* 10000.00 */
#define CATEGORY_MAX 50
#define VERIFIERS_MAX 20

/* Characters of a text that is one line and printable, else 0. */
static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return 0;
		n += (*s & 0xc0) != 0x80;
	}
	return n;
}

static int
take_label(const char *label, struct skill *out, struct err *e)
{
	size_t n = characters(label);

	if (!n || n > MARKET_LABEL)
		return err_set(e, E_bad_label, "the label is not one line of "
		    "1 to %d characters", MARKET_LABEL);
	free(out->label);
	out->label = mem_text(label);
	return 0;
}

static int
take_type(const char *type, struct skill *out, struct err *e)
{
	if (strcmp(type, "SKILL_OFFER") && strcmp(type, "TASK_BOUNTY"))
		return err_set(e, E_bad_json, "'%.40s' is neither SKILL_OFFER "
		    "nor TASK_BOUNTY", type);
	snprintf(out->type, sizeof(out->type), "%s", type);
	return 0;
}

static int
take_price(const char *price, struct skill *out, struct err *e)
{
	struct amount a = { 0, out->price.unit };

	if (amount_parse(&a, price, e))
		return -1;
	if (a.minor < 1 || a.minor > PRICE_MAX)
		return err_set(e, E_price_range, "a price of '%s' is not "
		    "within 0.01 and 10000.00", price);
	out->price = a;
	return 0;
}

static int
take_category(const char *category, struct skill *out, struct err *e)
{
	size_t n = characters(category);

	if (!n || n > CATEGORY_MAX)
		return err_set(e, E_bad_label, "the category is not one line "
		    "of 1 to %d characters", CATEGORY_MAX);
	free(out->category);
	out->category = mem_text(category);
	return 0;
}

/* Skills that the seller would have its work judged by. */
static int
check_verifiers(const struct json *metadata, struct err *e)
{
	static const char key[] = "recommended_verifiers";
	struct json list, it = { 0 };

	if (!json_has(metadata, key))
		return 0;
	if (json_get(&list, metadata, key, JSON_ARRAY, e))
		return -1;
	if (json_count(&list) > VERIFIERS_MAX)
		return json_fail(&list, NULL, E_bad_contract,
		    "has more than 20 items", e);
	while (json_next(&it, &list))
		if (json_want(&it, JSON_STRING, e))
			return -1;
	return 0;
}

/* What the seller promises has to be something that can be judged. */
static int
check_contract(const struct json *metadata, struct language *language,
    struct buf *path, struct err *e)
{
	struct contract *c;

	if (check_verifiers(metadata, e) ||
	    contract_read(&c, metadata, language, path, e))
		return -1;
	contract_free(c);
	return 0;
}

/* The metadata in one form, and its category beside it. */
static int
take_metadata(const struct json *metadata, struct skill *out, struct err *e)
{
	struct buf text = BUF_INIT(MARKET_METADATA);
	const char *category = NULL;
	int rc = -1;

	json_copy(&text, NULL, metadata);
	if (text.full) {
		err_set(e, E_too_long, "the metadata is over %d bytes",
		    MARKET_METADATA);
		goto out;
	}
	if (json_opt_str(metadata, "category", &category, e) ||
	    (category && take_category(category, out, e)))
		goto out;
	free(out->metadata);
	out->metadata = mem_text(text.data);
	rc = 0;
out:
	buf_release(&text);
	return rc;
}

/* Whether the provider may offer that at all. */
static int
check_provider(struct ledger *l, enum gate_act act, const char *id,
    const struct skill *k, const struct params *p, struct gated *out,
    struct err *e)
{
	const struct gate gate = {
		.act = act, .node_id = id,
		.category = k->category, .params = p,
	};

	return gate_parties_in(l, &gate, out, e);
}

static int
pay_fee(struct ledger *l, const struct skill *k, int64_t fee, struct err *e)
{
	const struct move m = {
		.type = TYPE_LISTING_FEE, .ref = k->id,
		.from = k->node_id, .to = "VAULT",
		.amount = { fee, k->price.unit },
	};

	if (!fee)
		return 0;
	return ledger_move_in(l, &m, e) ||
	    purse_fee_in(l, k->node_id, m.amount, e) ? -1 : 0;
}

static void
hash_text(struct buf *data, const char *key, const char *text)
{
	char hex[HASH_HEX];
	struct hash h;

	hash_of(&h, text, strlen(text));
	hash_hex(hex, &h);
	json_str(data, key, hex);
}

/*
 * Labels and metadata are free text, which has no place in a leaf: only
 * their hashes.
 */
static int
log_offer(struct ledger *l, const struct skill *k, struct err *e)
{
	bool first = k->version == 1;
	struct buf data = BUF_INIT(1024);
	char id[LEAF_ID], price[AMOUNT_TEXT];
	int rc;

	amount_text(k->price, price);
	if (first)
		snprintf(id, sizeof(id), "%s:published", k->id);
	else
		snprintf(id, sizeof(id), "%s:updated:%lld", k->id,
		    (long long)k->version);
	json_open(&data, NULL, '{');
	hash_text(&data, "label_sha256", k->label);
	if (!first)
		hash_text(&data, "metadata_sha256", k->metadata);
	json_str(&data, "price", price);
	json_str(&data, "provider", k->node_id);
	json_str(&data, "unit", k->price.unit->code);
	if (!first)
		json_int(&data, "version", k->version);
	json_close(&data, '}');
	rc = ledger_event_in(l, first ? "skill.published" : "skill.updated",
	    id, k->id, data.data, e);
	buf_release(&data);
	return rc;
}

static int
add(struct store *s, const struct skill *k, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_MARKET_SKILL_ADD);
	query_text(&q, k->id);
	query_text(&q, k->node_id);
	query_text(&q, k->type);
	query_text(&q, k->label);
	query_text(&q, k->category);
	query_text(&q, k->price.unit->code);
	query_int(&q, k->price.minor);
	query_text(&q, k->metadata);
	query_int(&q, k->made_ms);
	if (query_run(&q, NULL, e) < 0)
		return -1;
	query_open(&q, s, SQL_MARKET_PRICE_ADD);
	query_text(&q, k->id);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static int
take_offer(const struct offer *o, struct skill *out, struct err *e)
{
	return take_label(o->label, out, e) || take_type(o->type, out, e) ||
	    take_price(o->price, out, e) ||
	    (o->metadata && take_metadata(o->metadata, out, e)) ||
	    (o->category && take_category(o->category, out, e)) ? -1 : 0;
}

int
market_publish_in(struct ledger *l, const struct offer *o,
    const struct params *p, struct chance *chance, struct skill *out,
    struct err *e)
{
	struct gated gated;

	*out = (struct skill){
		.price.unit = unit_named("TCK"), .made_ms = ledger_now(l),
		.version = 1, .metadata = mem_text("{}"),
	};
	if (take_offer(o, out, e) ||
	    check_provider(l, GATE_PUBLISH, o->node_id, out, p, &gated, e) ||
	    (o->metadata && check_contract(o->metadata, o->language, o->path,
	    e)))
		goto bad;
	memcpy(out->node_id, gated.node.id, sizeof(out->node_id));
	out->price.unit = gated.unit;
	if (o->warning)
		buf_adds(o->warning, gated.warning);
	id_new(out->id, out->made_ms, chance);
	if (pay_fee(l, out, p->value[PARAM_listing_fee], e) ||
	    log_offer(l, out, e) || add(ledger_store(l), out, e))
		goto bad;
	return 0;
bad:
	market_skill_release(out);
	return -1;
}

/* One that its provider may still change. */
static int
own(struct store *s, const char *id, const char *node_id, struct skill *out,
    struct err *e)
{
	if (market_skill(s, id, out, e))
		return -1;
	if (node_id && strcmp(node_id, out->node_id))
		return err_set(e, E_not_provider,
		    "'%.100s' does not provide skill '%s'", node_id, out->id);
	return out->retired_ms ? err_set(e, E_skill_retired,
	    "skill '%s' is no longer offered", out->id) : 0;
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool
same(const struct skill *a, const struct skill *b)
{
	return a->price.minor == b->price.minor &&
	    same_text(a->label, b->label) &&
	    same_text(a->category, b->category) &&
	    same_text(a->metadata, b->metadata);
}

/* What it was is kept, for those who were quoted that. */
static int
keep_past(struct store *s, const struct skill *k, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_MARKET_PAST_ADD);
	query_text(&q, k->id);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static int
change(struct store *s, const struct skill *k, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_MARKET_SKILL_CHANGE);
	query_text(&q, k->id);
	query_text(&q, k->label);
	query_text(&q, k->category);
	query_int(&q, k->price.minor);
	query_text(&q, k->metadata);
	query_int(&q, k->version);
	query_int(&q, k->changed_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static int
take_change(const struct change *c, struct skill *out, struct err *e)
{
	return (c->label && take_label(c->label, out, e)) ||
	    (c->price && take_price(c->price, out, e)) ||
	    (c->metadata && take_metadata(c->metadata, out, e)) ||
	    (c->category && take_category(c->category, out, e)) ? -1 : 0;
}

int
market_update_in(struct ledger *l, const struct change *c,
    const struct params *p, struct skill *out, struct err *e)
{
	struct store *s = ledger_store(l);
	struct skill was = { 0 };
	struct gated gated;
	int rc = -1;

	*out = (struct skill){ 0 };
	if (own(s, c->skill_id, c->node_id, &was, e) ||
	    market_skill(s, was.id, out, e) || take_change(c, out, e) ||
	    check_provider(l, GATE_UPDATE, was.node_id, out, p, &gated, e) ||
	    (c->metadata && check_contract(c->metadata, c->language, c->path,
	    e)))
		goto out;
	if (same(&was, out)) {
		rc = 0;
		goto out;
	}
	out->version++;
	out->changed_ms = ledger_now(l);
	if (keep_past(s, &was, e) || change(s, out, e) ||
	    log_offer(l, out, e))
		goto out;
	rc = 0;
out:
	market_skill_release(&was);
	if (rc)
		market_skill_release(out);
	return rc;
}

static int
log_retired(struct ledger *l, const struct skill *k, struct err *e)
{
	struct buf data = BUF_INIT(1024);
	char id[LEAF_ID];
	int rc;

	snprintf(id, sizeof(id), "%s:retired", k->id);
	json_open(&data, NULL, '{');
	json_str(&data, "provider", k->node_id);
	json_close(&data, '}');
	rc = ledger_event_in(l, "skill.retired", id, k->id, data.data, e);
	buf_release(&data);
	return rc;
}

int
market_retire_in(struct ledger *l, const char *skill_id, const char *node_id,
    struct skill *out, struct err *e)
{
	struct store *s = ledger_store(l);
	struct query q;

	*out = (struct skill){ 0 };
	if (own(s, skill_id, node_id, out, e))
		goto bad;
	out->retired_ms = ledger_now(l);
	query_open(&q, s, SQL_MARKET_SKILL_RETIRE);
	query_text(&q, out->id);
	query_int(&q, out->retired_ms);
	if (query_run(&q, NULL, e) < 0 || log_retired(l, out, e))
		goto bad;
	return 0;
bad:
	market_skill_release(out);
	return -1;
}
