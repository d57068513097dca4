#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "ledger/make.h"
#include "market/impl.h"

#define PRICE_MAX 1000000	/* 10000.00 */
#define CATEGORY_MAX 50

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
check_offer(const struct offer *o, struct amount *price, struct err *e)
{
	size_t n = characters(o->label);

	if (!n || n > MARKET_LABEL)
		return err_set(e, E_bad_label, "the label is not one line of "
		    "1 to %d characters", MARKET_LABEL);
	if (strcmp(o->type, "SKILL_OFFER") && strcmp(o->type, "TASK_BOUNTY"))
		return err_set(e, E_bad_json, "'%.40s' is neither SKILL_OFFER "
		    "nor TASK_BOUNTY", o->type);
	if (amount_parse(price, o->price, e))
		return -1;
	if (price->minor < 1 || price->minor > PRICE_MAX)
		return err_set(e, E_price_range, "a price of '%s' is not "
		    "within 0.01 and 10000.00", o->price);
	return 0;
}

static int
check_provider(struct store *s, const char *id, struct err *e)
{
	struct node n;

	if (node_get(s, id, &n, e))
		return -1;
	return n.active ? 0 :
	    err_set(e, E_seller_inactive, "'%s' is not active", id);
}

/* The metadata in one form, and its category beside it. */
static int
take_metadata(const struct offer *o, struct skill *out, struct err *e)
{
	struct buf text = BUF_INIT(MARKET_METADATA);
	const char *category = o->category;
	int rc = -1;

	if (o->metadata)
		json_copy(&text, NULL, o->metadata);
	else
		buf_adds(&text, "{}");
	if (text.full) {
		err_set(e, E_too_long, "the metadata is over %d bytes",
		    MARKET_METADATA);
		goto out;
	}
	if (o->metadata && !category &&
	    json_opt_str(o->metadata, "category", &category, e))
		goto out;
	if (category && (!characters(category) ||
	    characters(category) > CATEGORY_MAX)) {
		err_set(e, E_bad_label, "the category is not one line of 1 to "
		    "%d characters", CATEGORY_MAX);
		goto out;
	}
	out->metadata = mem_text(text.data);
	out->category = category ? mem_text(category) : NULL;
	rc = 0;
out:
	buf_release(&text);
	return rc;
}

static int
pay_fee(struct ledger *l, const struct skill *k, int64_t fee, struct err *e)
{
	const struct move m = {
		.type = TYPE_LISTING_FEE, .ref = k->id,
		.from = k->node_id, .to = "VAULT",
		.amount = { fee, k->price.unit },
	};

	return fee ? ledger_move_in(l, &m, e) : 0;
}

/* Labels are free text, which has no place in a leaf: only their hash. */
static int
log_published(struct ledger *l, const struct skill *k, struct err *e)
{
	struct buf data = BUF_INIT(1024);
	char id[LEAF_ID], hex[HASH_HEX], price[AMOUNT_TEXT];
	struct hash h;
	int rc;

	hash_of(&h, k->label, strlen(k->label));
	hash_hex(hex, &h);
	amount_text(k->price, price);
	snprintf(id, sizeof(id), "%s:published", k->id);
	json_open(&data, NULL, '{');
	json_str(&data, "label_sha256", hex);
	json_str(&data, "price", price);
	json_str(&data, "provider", k->node_id);
	json_str(&data, "unit", k->price.unit->code);
	json_close(&data, '}');
	rc = ledger_event_in(l, "skill.published", id, k->id, data.data, e);
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

int
market_publish_in(struct ledger *l, const struct offer *o,
    const struct params *p, struct chance *chance, struct skill *out,
    struct err *e)
{
	*out = (struct skill){
		.price.unit = unit_named("TCK"), .made_ms = ledger_now(l),
	};
	if (check_offer(o, &out->price, e) ||
	    check_provider(ledger_store(l), o->node_id, e) ||
	    take_metadata(o, out, e))
		goto bad;
	id_new(out->id, out->made_ms, chance);
	snprintf(out->node_id, sizeof(out->node_id), "%s", o->node_id);
	snprintf(out->type, sizeof(out->type), "%s", o->type);
	out->label = mem_text(o->label);
	if (pay_fee(l, out, p->value[PARAM_listing_fee], e) ||
	    log_published(l, out, e) || add(ledger_store(l), out, e))
		goto bad;
	return 0;
bad:
	market_skill_release(out);
	return -1;
}

void
market_skill_take(const struct query *q, struct skill *out)
{
	*out = (struct skill){ 0 };
	query_put_text(q, 0, out->id, sizeof(out->id));
	query_put_text(q, 1, out->node_id, sizeof(out->node_id));
	query_put_text(q, 2, out->type, sizeof(out->type));
	out->label = query_copy_text(q, 3);
	out->category = query_copy_text(q, 4);
	out->price.unit = unit_named(query_get_text(q, 5));
	out->price.minor = query_get_int(q, 6);
	out->metadata = query_copy_text(q, 7);
	out->made_ms = query_get_int(q, 8);
	out->retired_ms = query_get_int(q, 9);
	out->version = query_get_int(q, 10);
}

int
market_skill(struct store *s, const char *id, struct skill *out,
    struct err *e)
{
	struct query q;
	int got;

	*out = (struct skill){ 0 };
	query_open(&q, s, SQL_MARKET_SKILL_GET);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0)
		market_skill_take(&q, out);
	query_close(&q);
	if (!got)
		return err_set(e, E_skill_missing, "no skill '%.80s'", id);
	return got < 0 ? -1 : 0;
}

void
market_skill_release(struct skill *k)
{
	free(k->label);
	free(k->category);
	free(k->metadata);
	*k = (struct skill){ 0 };
}

/* The text anywhere in the label; what LIKE gives a meaning loses it. */
static struct buf *
pattern(const char *text)
{
	struct buf *out = mem_zero(1, sizeof(*out));

	*out = (struct buf)BUF_INIT(text ? 2 * strlen(text) + 2 : 2);
	buf_addc(out, '%');
	for (; text && *text; text++) {
		if (strchr("%_\\", *text))
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
	buf_addc(out, '%');
	return out;
}

void
market_list_open(struct market_list *list, struct store *s,
    const struct market_filter *f)
{
	struct query *q = &list->query;

	list->pattern = pattern(f->text);
	query_open(q, s, SQL_MARKET_SKILL_LIST);
	query_text(q, list->pattern->data);
	query_text(q, f->category);
	query_text(q, f->node_id);
	query_int(q, f->least);
	query_int(q, f->most ? f->most : INT64_MAX);
	query_int(q, f->limit ? f->limit : INT64_MAX);
	query_int(q, f->offset);
}

int
market_list_next(struct market_list *list, struct skill *out, struct err *e)
{
	int got = query_row(&list->query, e);

	*out = (struct skill){ 0 };
	if (got > 0)
		market_skill_take(&list->query, out);
	return got;
}

void
market_list_close(struct market_list *list)
{
	query_close(&list->query);
	buf_release(list->pattern);
	free(list->pattern);
	list->pattern = NULL;
}
