/* Webhooks: spec/vmp.md 2.10. */
#include <stdlib.h>

#include "api/api.h"
#include "base/mem.h"
#include "hook/hook.h"

/* Read and judged before the transaction. */
struct heard {
	struct hook_target target;
	unsigned events;
};

static int
find_out(struct call *c, struct err *e)
{
	const char *url = call_str(&c->body, "url", "");
	struct heard *h = mem_zero(1, sizeof(*h));
	struct json events;

	c->found = h;
	c->let_go = free;
	if (call_target(c, url, &h->target, e))
		return -1;
	(void)json_find(&events, &c->body, "events");
	return hook_events_read(&h->events, &events, e);
}

/* The secret is shown once: a replay has null there. */
static int
do_add(struct call *c, struct err *e)
{
	const struct heard *h = c->found;
	const struct hook_wanted w = {
		.node_id = c->node.id, .target = &h->target,
		.events = h->events, .params = c->params,
	};
	struct secret key, text;
	struct hook_made made;
	int rc;

	call_hook_key(c, &key);
	rc = hook_add_in(c->ledger, &w, &key, c->chance, &made, e);
	secret_release(&key);
	if (rc)
		return -1;
	hook_made_write(&text, &made, true);
	buf_add(&c->out, (char *)text.data, text.len);
	secret_release(&text);
	hook_made_write(&text, &made, false);
	buf_add(&c->kept, (char *)text.data, text.len);
	secret_release(&text);
	secret_release(&made.secret);
	return 0;
}

static int
do_list(struct call *c, struct err *e)
{
	struct query q;
	struct hook h;
	int got;

	json_open(&c->out, NULL, '{');
	json_open(&c->out, "webhooks", '[');
	hook_list_open(&q, c->store, c->node.id);
	while ((got = hook_list_next(&q, &h, e)) > 0)
		hook_write(&c->out, &h);
	query_close(&q);
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	return got;
}

static int
do_remove(struct call *c, struct err *e)
{
	if (hook_remove_in(c->ledger, c->param[0], c->node.id, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "deleted");
	json_str(&c->out, "webhook_id", c->param[0]);
	json_close(&c->out, '}');
	return 0;
}

/* Also of one that was deleted: what became of what was due then. */
static int
do_deliveries(struct call *c, struct err *e)
{
	const struct hook_filter f = {
		.hook_id = c->param[0],
		.state = call_str(&c->query, "status", NULL),
		.limit = call_int(&c->query, "limit", 20),
		.offset = call_int(&c->query, "offset", 0),
	};
	struct hook_delivery d;
	struct hook h;
	struct query q;
	int64_t total;
	int got;

	if (hook_get(c->store, c->param[0], c->node.id, &h, e) ||
	    hook_deliveries_count(c->store, &f, &total, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "deliveries", '[');
	hook_deliveries_open(&q, c->store, &f);
	while ((got = hook_delivery_next(&q, &d, e)) > 0)
		hook_delivery_write(&c->out, &d);
	query_close(&q);
	json_close(&c->out, ']');
	json_int(&c->out, "total", total);
	json_int(&c->out, "limit", f.limit);
	json_int(&c->out, "offset", f.offset);
	json_close(&c->out, '}');
	return got;
}

#define TAG .tag = "webhooks"
#define HOOKS "/v1/webhooks"

const struct route routes_hook[] = {
	{ "POST", HOOKS, .auth = AUTH_NODE, .class = ROUTE_WRITE,
	    .rate = RATE_webhooks, .flags = ROUTE_EXEMPT,
	    .before = find_out, .act = do_add, TAG,
	    .summary = "Subscribe to events",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"url\":{\"type\":\"string\",\"maxLength\":500},"
		"\"events\":{\"type\":\"array\",\"maxItems\":100,"
		"\"items\":{\"type\":\"string\"}}},"
		"\"required\":[\"url\",\"events\"]}",
	    .codes = "webhook_https webhook_private webhook_dns "
		"webhook_resolves_private webhook_events webhook_limit "
		"level_gate policy_denied",
	    .reply = "{ id, url, secret: text|null, events: [text], "
		"active: bool, created_at: time, verification_example, "
		"warnings: [text] }" },
	{ "GET", HOOKS, .auth = AUTH_NODE, .act = do_list, TAG,
	    .summary = "One's own webhooks",
	    .reply = "{ webhooks: [{ id, url, events: [text], active: bool, "
		"created_at: time }] }" },
	{ "DELETE", HOOKS "/{webhook_id}", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_remove, TAG,
	    .summary = "End a subscription", .codes = "webhook_missing",
	    .reply = "{ status: 'deleted', webhook_id }" },
	{ "GET", HOOKS "/{webhook_id}/deliveries", .auth = AUTH_NODE,
	    .act = do_deliveries, TAG,
	    .summary = "What was sent to one, or will be",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"status\":{\"type\":\"string\",\"enum\":[\"pending\","
		"\"delivered\",\"failed\",\"exhausted\"]},"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":100},"
		"\"offset\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":1000000000}}}",
	    .codes = "webhook_missing",
	    .reply = "{ deliveries: [{ id, event_type, status, "
		"attempts: int, last_response_code: int|null, "
		"last_error: text|null, created_at: time }], total: int, "
		"limit: int, offset: int }" },
	{ 0 }
};
