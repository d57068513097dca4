/* bzn-market - skills that nodes offer for a price. */
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/batch.h"
#include "cli/cli.h"
#include "market/market.h"

#define RECORD_MAX 262144

static const char *provider, *label, *price, *category, *metadata, *type;
static const char *text, *least, *most;
static int64_t limit, offset;
static bool all_or_nothing;

static int
print(struct cli *c, const struct skill *k, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	market_skill_write(&out, k);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
offer(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	struct json data;
	struct offer o;
	struct skill k;

	(void)but;
	if (market_offer_read(&o, &data, in, e) ||
	    market_publish_in(l, &o, &c->params, &c->chance, &k, e))
		return -1;
	market_skill_write(out, &k);
	json_amount(out, "fee_deducted", (struct amount){
	    c->params.value[PARAM_listing_fee], k.price.unit });
	json_close(out, '}');
	market_skill_release(&k);
	return 0;
}

static int
publish(struct cli *c, struct err *e)
{
	const struct batch batch = { offer, BATCH_KEYED, all_or_nothing,
	    "provider_id" };
	struct buf in = BUF_INIT(RECORD_MAX), data = BUF_INIT(RECORD_MAX);
	int rc = -1;

	if (!provider && !label && !price && !metadata && !category && !type)
		return batch_stream(c, &batch, e);
	if (!provider || !label || !price)
		return err_set(e, E_usage, "--provider, --label and --price "
		    "belong together; without them offers come from stdin");
	json_open(&in, NULL, '{');
	json_str_if(&in, "provider_id", provider);
	json_str_if(&in, "label", label);
	json_str_if(&in, "price", price);
	json_str_if(&in, "category", category);
	json_str_if(&in, "type", type);
	if (metadata) {
		if (json_read_file(&data, metadata, JSON_OBJECT, e))
			goto out;
		json_raw(&in, "metadata", data.data, data.len);
	}
	rc = batch_one(c, &batch, &in, e);
out:
	buf_release(&in);
	buf_release(&data);
	return rc;
}

static int
read_price(const char *given, int64_t *out, struct err *e)
{
	struct amount a = { 0, unit_named("TCK") };

	if (given && amount_parse(&a, given, e))
		return -1;
	*out = a.minor;
	return 0;
}

static int
list(struct cli *c, struct err *e)
{
	struct market_filter f = {
		.text = text, .category = category, .node_id = provider,
		.limit = limit, .offset = offset,
	};
	struct market_list skills;
	struct skill k;
	int got;

	if (read_price(least, &f.least, e) || read_price(most, &f.most, e) ||
	    cli_store(c, e))
		return -1;
	if (most && !f.most)
		f.most = -1;		/* nothing is free; 0 asks for all */
	market_list_open(&skills, c->store, &f);
	while ((got = market_list_next(&skills, &k, e)) > 0) {
		if (print(c, &k, e))
			got = -1;
		market_skill_release(&k);
		if (got < 0)
			break;
	}
	market_list_close(&skills);
	return got;
}

static int
show(struct cli *c, struct err *e)
{
	struct skill k;
	char **id;
	int rc = 0;

	if (cli_store(c, e))
		return -1;
	for (id = c->argv; *id && !rc; id++) {
		if (market_skill(c->store, *id, &k, e))
			return -1;
		rc = print(c, &k, e);
		market_skill_release(&k);
	}
	return rc;
}

int
main(int argc, char *argv[])
{
	static const struct opt publish_opts[] = {
		OPT_STR('p', "provider", "NODE", &provider, "who offers it"),
		OPT_STR('l', "label", "TEXT", &label, "what it is called"),
		OPT_STR(0, "price", "TCK", &price, "0.01 to 10000.00"),
		OPT_STR('c', "category", "WORD", &category, "to be found by"),
		OPT_STR('m', "metadata", "FILE", &metadata,
		    "a JSON object; - is stdin"),
		OPT_STR(0, "type", "TYPE", &type,
		    "SKILL_OFFER, or TASK_BOUNTY"),
		OPT_FLAG(0, "all-or-nothing", &all_or_nothing,
		    "of the offers on stdin"),
		OPT_END
	};
	static const struct opt list_opts[] = {
		OPT_STR('p', "provider", "NODE", &provider, "of this node"),
		OPT_STR('c', "category", "WORD", &category, "of this one"),
		OPT_STR(0, "text", "TEXT", &text, "somewhere in the label"),
		OPT_STR(0, "min-price", "TCK", &least, "that or more"),
		OPT_STR(0, "max-price", "TCK", &most, "that or less"),
		OPT_NUM(0, "limit", "N", &limit, "at most so many"),
		OPT_NUM(0, "offset", "N", &offset, "after so many"),
		OPT_END
	};
	static const char columns[] =
	    "skill_id provider_id >price unit label category created_at";
	static const struct verb verbs[] = {
		{ "publish", "", "offer a skill, for a fee", 0, 0, CLI_WRITE,
		    publish_opts, NULL, publish },
		{ "list", "", "skills on offer, newest first", 0, 0, CLI_READ,
		    list_opts, columns, list },
		{ "show", "skill ...", "skills by id", 1, 1000, CLI_READ,
		    NULL, columns, show },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-market",
		.brief = "skills that nodes offer for a price",
		.examples =
		    "  bzn-market publish --provider bob --label wordcount "
		    "--price 10\n"
		    "  bzn-market list --max-price 20 | jq -r .skill_id\n",
		.statuses = "0 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
