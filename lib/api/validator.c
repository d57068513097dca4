/* What a buyer judges deliveries by: spec/vmp.md 2.11, 6.5. */
#include <string.h>

#include "api/api.h"
#include "hook/target.h"
#include "market/custom.h"

#define RECORD (256 << 10)

/* What a webhook points to; that it is one of https is judged by act(). */
static int
find_out(struct call *c, struct err *e)
{
	const char *type = call_str(&c->body, "type", "");
	struct hook_target target;
	struct json config;
	const char *url;

	if (strcmp(type, "webhook") ||
	    !json_find(&config, &c->body, "config"))
		return 0;
	url = call_str(&config, "url", "");
	return strncmp(url, "https://", 8) ? 0 : call_target(c, url, &target,
	    e);
}

static int
do_add(struct call *c, struct err *e)
{
	struct buf path = BUF_INIT(4096);
	struct json config;
	const struct wanted w = {
		.node_id = c->node.id, .config = &config, .path = &path,
		.name = call_str(&c->body, "name", ""),
		.type = call_str(&c->body, "type", ""),
	};
	char id[ID_TEXT];
	int rc;

	(void)json_find(&config, &c->body, "config");
	rc = market_custom_add_in(c->ledger, &w, c->params, c->chance, id, e);
	if (rc && e->kind == ERR_INPUT)
		rc = call_fault_at(c, path.len ? path.data : "[\"config\"]",
		    e->msg, e);
	buf_release(&path);
	if (rc)
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "validator_id", id);
	json_str(&c->out, "name", w.name);
	json_str(&c->out, "type", w.type);
	json_close(&c->out, '}');
	return 0;
}

/* A record as bzn-market has it, under the name that members have here. */
static int
put_record(struct buf *out, const struct buf *record, struct err *e)
{
	struct json doc = { 0 }, it = { 0 };
	const char *id;

	if (json_parse(&doc, record->data, record->len, e))
		return -1;
	json_open(out, NULL, '{');
	if (!json_get_str(&doc, "validator_id", &id, e))
		json_str(out, "id", id);
	while (json_next(&it, &doc))
		json_copy(out, json_key(&it), &it);
	json_close(out, '}');
	json_release(&doc);
	return 0;
}

static int
do_list(struct call *c, struct err *e)
{
	struct buf record = BUF_INIT(RECORD);
	struct query q;
	int got;

	json_open(&c->out, NULL, '{');
	json_open(&c->out, "validators", '[');
	market_custom_list(&q, c->store, c->node.id);
	while ((got = market_custom_next(&q, &record, e)) > 0) {
		json_close(&record, '}');
		if (put_record(&c->out, &record, e)) {
			got = -1;
			break;
		}
		buf_reset(&record);
	}
	query_close(&q);
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	buf_release(&record);
	return got;
}

static int
do_remove(struct call *c, struct err *e)
{
	if (market_custom_remove_in(c->ledger, c->param[0], c->node.id, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "deleted");
	json_str(&c->out, "validator_id", c->param[0]);
	json_close(&c->out, '}');
	return 0;
}

#define TAG .tag = "validators"
#define VALIDATORS "/v1/validators"
const struct route routes_validator[] = {
	{ "POST", VALIDATORS, .auth = AUTH_NODE, .class = ROUTE_WRITE,
	    .flags = ROUTE_EXEMPT, .before = find_out, .act = do_add, TAG,
	    .summary = "Keep a validator, to attach it to purchases",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"name\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":100},"
		"\"type\":{\"type\":\"string\",\"enum\":[\"schema\","
		"\"regex\",\"webhook\"]},"
		"\"config\":{\"type\":\"object\"}},"
		"\"required\":[\"name\",\"type\",\"config\"]}",
	    .codes = "validator_schema validator_pattern validator_https "
		"webhook_https webhook_private webhook_resolves_private "
		"webhook_dns validator_limit",
	    .reply = "{ validator_id, name, type: 'schema'|'regex'|'webhook' "
		"}" },
	{ "GET", VALIDATORS, .auth = AUTH_NODE, .act = do_list, TAG,
	    .summary = "One's own validators",
	    .reply = "{ validators: [{ id, validator_id, node_id, name, "
		"type: 'schema'|'regex'|'webhook', config: object, "
		"created_at: time }] }" },
	{ "DELETE", VALIDATORS "/{validator_id}", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_remove, TAG,
	    .summary = "Attach one to nothing more",
	    .codes = "validator_missing",
	    .reply = "{ status: 'deleted', validator_id }" },
	{ 0 }
};
