/* "bzn-market validator": what a buyer keeps, to judge outputs by. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "desk/market_impl.h"
#include "market/custom.h"

static int
add_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	char id[ID_TEXT];
	struct json config;
	struct wanted w;

	(void)but;
	if (market_wanted_read(&w, &config, in, e) ||
	    market_custom_add_in(l, &w, &c->params, &c->chance, id, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "validator_id", id);
	json_str(out, "node_id", w.node_id);
	json_str(out, "name", w.name);
	json_str(out, "type", w.type);
	json_close(out, '}');
	return 0;
}

static int
remove_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	static const char *const keys[] = {
		"id", "validator_id", "node_id", NULL,
	};
	const char *id, *node = NULL;

	(void)c;
	(void)but;
	if (json_only(in, keys, e) ||
	    json_get_str(in, "validator_id", &id, e) ||
	    json_opt_str(in, "node_id", &node, e) ||
	    market_custom_remove_in(l, id, node, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "validator_id", id);
	json_str(out, "status", "deleted");
	json_close(out, '}');
	return 0;
}

static int
add(struct cli *c, const struct desk_market *say, const struct batch *batch,
    struct err *e)
{
	struct buf in = BUF_INIT(DESK_MARKET_RECORD);
	struct buf config = BUF_INIT(DESK_MARKET_RECORD);
	int rc = -1;

	if (c->argc > 1)
		return err_set(e, E_usage, "add: an id is not chosen");
	if (!say->node && !say->name && !say->type && !say->config)
		return batch_stream(c, batch, e);
	if (!say->node || !say->name || !say->type || !say->config)
		return err_set(e, E_usage, "--as, --name, --type and --config "
		    "belong together; without them requests come from stdin");
	if (json_read_file(&config, say->config, JSON_OBJECT, e))
		goto out;
	json_open(&in, NULL, '{');
	json_str(&in, "node_id", say->node);
	json_str(&in, "name", say->name);
	json_str(&in, "type", say->type);
	json_raw(&in, "config", config.data, config.len);
	rc = batch_one(c, batch, &in, e);
out:
	buf_release(&config);
	buf_release(&in);
	return rc;
}

static int
drop(struct cli *c, const struct desk_market *say, const struct batch *batch,
    struct err *e)
{
	struct buf in = BUF_INIT(DESK_MARKET_RECORD);
	int rc;

	if (c->argc < 2 && say->node)
		return err_set(e, E_usage, "which validator? without one "
		    "requests come from stdin, and say all that options would");
	if (c->argc < 2)
		return batch_stream(c, batch, e);
	json_open(&in, NULL, '{');
	json_str(&in, "validator_id", c->argv[1]);
	json_str_if(&in, "node_id", say->node);
	rc = batch_one(c, batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
list(struct cli *c, const struct desk_market *say, struct err *e)
{
	struct buf record = BUF_INIT(DESK_MARKET_RECORD);
	struct query q;
	int got;

	if (!say->node || c->argc > 1)
		return err_set(e, E_usage, "list: those of which node? see "
		    "--as");
	if (cli_store_read(c, e))
		return -1;
	market_custom_list(&q, c->store, say->node);
	while ((got = market_custom_next(&q, &record, e)) > 0) {
		json_close(&record, '}');
		if (cli_emit_buf(c, &record, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	buf_release(&record);
	return got;
}

int
desk_market_validator(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	struct batch batch = {
		NULL, BATCH_KEYED, say->all_or_nothing, "node_id",
	};

	c->word = c->argv[0];
	if (!strcmp(c->word, "add")) {
		batch.act = add_act;
		return add(c, say, &batch, e);
	}
	if (!strcmp(c->word, "remove")) {
		batch.act = remove_act;
		return drop(c, say, &batch, e);
	}
	if (!strcmp(c->word, "list"))
		return list(c, say, e);
	return err_set(e, E_usage, "add, list or remove?");
}
