/* Offers made, changed and withdrawn. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "desk/market_impl.h"
#include "market/house.h"
#include "validate/language.h"

/*
 * Many requests share what is known of languages, which takes a moment to
 * load: it is loaded for the first that needs it.
 */
static int
run_speaking(struct cli *c, const struct batch *b, const struct buf *one,
    struct err *e)
{
	struct language language = LANGUAGE_INIT(LANGUAGE_DIR);
	int rc;

	c->own = &language;
	rc = one ? batch_one(c, b, one, e) : batch_stream(c, b, e);
	c->own = NULL;
	language_release(&language);
	return rc;
}

/* The members that an offer and a change share. */
static int
put_members(struct buf *in, const struct desk_market *say, struct err *e)
{
	struct buf data = BUF_INIT(DESK_MARKET_RECORD);
	int rc = 0;

	json_str_if(in, "label", say->label);
	json_str_if(in, "price", say->price);
	json_str_if(in, "category", say->category);
	if (say->metadata) {
		rc = json_read_file(&data, say->metadata, JSON_OBJECT, e);
		if (!rc)
			json_raw(in, "metadata", data.data, data.len);
	}
	buf_release(&data);
	return rc;
}

static int
offer(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	struct buf warning = BUF_INIT(1024);
	struct json data;
	struct offer o;
	struct skill k;
	int rc = -1;

	(void)but;
	if (market_offer_read(&o, &data, in, e))
		goto out;
	o.language = c->own;
	o.warning = &warning;
	if (market_publish_in(l, &o, &c->params, &c->chance, &k, e))
		goto out;
	market_skill_write(out, &k);
	json_amount(out, "fee_deducted", (struct amount){
	    c->params.value[PARAM_listing_fee], k.price.unit });
	json_open(out, "warnings", '[');
	if (warning.len)
		json_str(out, NULL, warning.data);
	json_close(out, ']');
	json_close(out, '}');
	market_skill_release(&k);
	rc = 0;
out:
	buf_release(&warning);
	return rc;
}

int
desk_market_publish(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	const struct batch batch = {
		offer, BATCH_KEYED, say->all_or_nothing, "provider_id",
	};
	struct buf in = BUF_INIT(DESK_MARKET_RECORD);
	int rc = -1;

	if (!say->provider && !say->label && !say->price && !say->metadata &&
	    !say->category && !say->type)
		return run_speaking(c, &batch, NULL, e);
	if (!say->provider || !say->label || !say->price)
		return err_set(e, E_usage, "--provider, --label and --price "
		    "belong together; without them offers come from stdin");
	json_open(&in, NULL, '{');
	json_str(&in, "provider_id", say->provider);
	json_str_if(&in, "type", say->type);
	if (!put_members(&in, say, e))
		rc = run_speaking(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
revise(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct json data;
	struct change change;
	struct skill k;

	(void)but;
	if (market_change_read(&change, &data, in, e))
		return -1;
	change.language = c->own;
	if (market_update_in(l, &change, &c->params, &k, e))
		return -1;
	market_skill_write(out, &k);
	json_close(out, '}');
	market_skill_release(&k);
	return 0;
}

int
desk_market_update(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	const struct batch batch = {
		revise, BATCH_KEYED, say->all_or_nothing, "node_id",
	};
	struct buf in = BUF_INIT(DESK_MARKET_RECORD);
	int rc = -1;

	if (!c->argc && (say->node || say->label || say->price ||
	    say->metadata || say->category))
		return err_set(e, E_usage, "which skill? without one requests "
		    "come from stdin, and say all that options would");
	if (!c->argc)
		return run_speaking(c, &batch, NULL, e);
	json_open(&in, NULL, '{');
	json_str(&in, "skill_id", c->argv[0]);
	json_str_if(&in, "node_id", say->node);
	if (!put_members(&in, say, e))
		rc = run_speaking(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
withdraw(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	static const char *const keys[] = {
		"id", "skill_id", "node_id", NULL,
	};
	const char *id, *node = NULL;
	struct skill k;

	(void)c;
	(void)but;
	if (json_only(in, keys, e) || json_get_str(in, "skill_id", &id, e) ||
	    json_opt_str(in, "node_id", &node, e) ||
	    market_retire_in(l, id, node, &k, e))
		return -1;
	market_skill_write(out, &k);
	json_close(out, '}');
	market_skill_release(&k);
	return 0;
}

int
desk_market_retire(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	const struct batch batch = {
		withdraw, BATCH_KEYED, say->all_or_nothing, "node_id",
	};
	struct buf in = BUF_INIT(DESK_MARKET_RECORD);
	int rc;

	if (!c->argc && say->node)
		return err_set(e, E_usage, "which skill? without one requests "
		    "come from stdin, and say all that options would");
	if (!c->argc)
		return batch_stream(c, &batch, e);
	json_open(&in, NULL, '{');
	json_str(&in, "skill_id", c->argv[0]);
	json_str_if(&in, "node_id", say->node);
	rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
plant(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	static const char *const keys[] = { "id", "provider_id", NULL };
	struct buf skills = BUF_INIT(DESK_MARKET_RECORD);
	struct house made = { .skills = &skills };
	const char *provider;
	int rc = -1;

	(void)but;
	json_open(&skills, NULL, '[');
	if (json_only(in, keys, e) ||
	    json_get_str(in, "provider_id", &provider, e) ||
	    house_seed_in(l, provider, &c->params, &c->chance, &made, e))
		goto out;
	json_close(&skills, ']');
	json_open(out, NULL, '{');
	json_str(out, "provider_id", provider);
	json_int(out, "published", made.published);
	json_int(out, "kept", made.kept);
	json_amount(out, "fee_deducted", made.fee);
	json_raw(out, "skills", skills.data, skills.len);
	json_close(out, '}');
	rc = skills.full ? err_set(e, E_too_long, "too many skills") : 0;
out:
	buf_release(&skills);
	return rc;
}

int
desk_market_seed(struct cli *c, const struct desk_market *say, struct err *e)
{
	const struct batch batch = { plant, BATCH_KEYED, false,
	    "provider_id" };
	struct buf in = BUF_INIT(DESK_MARKET_RECORD);
	int rc;

	if (!say->provider)
		return err_set(e, E_usage, "--provider is missing: who offers "
		    "them");
	json_open(&in, NULL, '{');
	json_str(&in, "provider_id", say->provider);
	rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}
