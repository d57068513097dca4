#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "gate/gate.h"
#include "ledger/ledger.h"
#include "market/custom.h"
#include "validate/custom.h"

#define CONFIG_MAX (128 * 1024)		/* bytes of a config */

static bool
named_before(const char *const *ids, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (!strcmp(ids[k], ids[i]))
			return true;
	return false;
}

static void
write_custom(struct buf *out, const struct query *q)
{
	const char *config = query_get_text(q, 3);

	json_open(out, NULL, '{');
	json_str(out, "id", query_get_text(q, 0));
	json_str(out, "name", query_get_text(q, 1));
	json_str(out, "type", query_get_text(q, 2));
	json_raw(out, "config", config, strlen(config));
	json_close(out, '}');
}

int
market_customs(struct store *s, const char *buyer_id, const char *const *ids,
    size_t n, struct buf *snapshot, struct err *e)
{
	struct query q;
	size_t i;
	int got;

	json_open(snapshot, NULL, '[');
	for (i = 0; i < n; i++) {
		if (named_before(ids, i))
			continue;
		query_open(&q, s, SQL_MARKET_CUSTOM_GET);
		query_text(&q, ids[i]);
		query_text(&q, buyer_id);
		got = query_row(&q, e);
		if (got > 0)
			write_custom(snapshot, &q);
		query_close(&q);
		if (!got)
			return err_set(e, E_validator_missing,
			    "no validator '%.80s'", ids[i]);
		if (got < 0)
			return -1;
	}
	json_close(snapshot, ']');
	return 0;
}

static int
check_limit(struct store *s, const char *node_id, int64_t most,
    struct err *e)
{
	int64_t have = 0;
	struct query q;

	query_open(&q, s, SQL_MARKET_CUSTOM_COUNT);
	query_text(&q, node_id);
	if (query_run(&q, &have, e) < 0)
		return -1;
	return have < most ? 0 : err_set(e, E_validator_limit, "'%.100s' has "
	    "%lld validators, which is the most", node_id, (long long)have);
}

/* It is kept as it is; a task that is bought with it gets a copy. */
static int
add(struct ledger *l, const struct wanted *w, const char *id, struct err *e)
{
	struct buf config = BUF_INIT(CONFIG_MAX);
	struct query q;
	int rc;

	json_copy(&config, NULL, w->config);
	if (config.full) {
		buf_release(&config);
		return err_set(e, E_too_long, "the config is over %d bytes",
		    CONFIG_MAX);
	}
	query_open(&q, ledger_store(l), SQL_MARKET_CUSTOM_ADD);
	query_text(&q, id);
	query_text(&q, w->node_id);
	query_text(&q, w->name);
	query_text(&q, w->type);
	query_text(&q, config.data);
	query_int(&q, ledger_now(l));
	rc = query_run(&q, NULL, e);
	buf_release(&config);
	return rc < 0 ? -1 : 0;
}

int
market_custom_add_in(struct ledger *l, const struct wanted *w,
    const struct params *p, struct chance *chance, char out[ID_TEXT],
    struct err *e)
{
	const struct gate gate = {
		.act = GATE_UPDATE, .node_id = w->node_id, .params = p,
	};
	struct gated gated;
	struct custom *custom;

	id_new(out, ledger_now(l), chance);
	if (custom_read(&custom, out, w->name, w->type, w->config, w->path,
	    e))
		return -1;
	custom_free(custom);
	return gate_parties_in(l, &gate, &gated, e) ||
	    check_limit(ledger_store(l), w->node_id,
	    p->value[PARAM_validators_per_node], e) ||
	    add(l, w, out, e) ? -1 : 0;
}

int
market_custom_remove_in(struct ledger *l, const char *id,
    const char *node_id, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, ledger_store(l), SQL_MARKET_CUSTOM_REMOVE);
	query_text(&q, id);
	query_text(&q, node_id);
	query_int(&q, ledger_now(l));
	got = query_run(&q, NULL, e);
	if (!got)
		return err_set(e, E_validator_missing, "no validator '%.80s'",
		    id);
	return got < 0 ? -1 : 0;
}

void
market_custom_list(struct query *q, struct store *s, const char *node_id)
{
	query_open(q, s, SQL_MARKET_CUSTOM_LIST);
	query_text(q, node_id);
}

int
market_custom_next(struct query *q, struct buf *record, struct err *e)
{
	const char *config;
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	config = query_get_text(q, 3);
	json_open(record, NULL, '{');
	json_str(record, "validator_id", query_get_text(q, 0));
	json_str(record, "node_id", query_get_text(q, 5));
	json_str(record, "name", query_get_text(q, 1));
	json_str(record, "type", query_get_text(q, 2));
	json_raw(record, "config", config, strlen(config));
	json_time(record, "created_at", query_get_int(q, 4));
	return 1;
}

int
market_wanted_read(struct wanted *out, struct json *config,
    const struct json *in, struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", "name", "type", "config", NULL,
	};

	*out = (struct wanted){ .config = config };
	return json_only(in, keys, e) ||
	    json_get_str(in, "node_id", &out->node_id, e) ||
	    json_get_str(in, "name", &out->name, e) ||
	    json_get_str(in, "type", &out->type, e) ||
	    json_get(config, in, "config", JSON_OBJECT, e) ? -1 : 0;
}
