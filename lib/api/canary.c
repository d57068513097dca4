/* What a node lets itself spend: spec/vmp.md 8.8. */
#include <string.h>

#include "api/trade.h"
#include "node/caps.h"

static int
answer(struct call *c, const struct node *n, struct err *e)
{
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", n->id);
	caps_write(&c->out, n);
	if (trade_canary_write(c, n, "canary", e))
		return -1;
	json_close(&c->out, '}');
	return 0;
}

static int
do_show(struct call *c, struct err *e)
{
	return answer(c, &c->node, e);
}

/* As it is said: null, or 0 and less where that counts as such, is none. */
struct said {
	const char *text;		/* NULL: it is left as it is */
	char room[AMOUNT_TEXT];
};

static int
read_money(struct call *c, const struct json *in, const char *key,
    struct said *out, struct err *e)
{
	struct json v;
	int64_t minor;

	if (!in->node || !json_find(&v, in, key))
		return 0;
	out->text = "none";
	if (json_kind(&v) == JSON_NULL)
		return 0;
	if (!call_money(in, key, &minor))
		return call_fault(c, key, "must be an amount with at most two "
		    "decimals, as a number or a string", e);
	if (minor > 0) {
		amount_print(minor, 2, out->room);
		out->text = out->room;
	}
	return 0;
}

static void
read_percent(const struct json *in, struct caps_change *out)
{
	static const char key[] = "max_active_exposure_pct";
	struct json v;

	if (!in->node || !json_find(&v, in, key))
		return;
	out->has_pct = true;
	out->pct = call_int(in, key, -1);
}

static int
change(struct call *c, const struct json *const *from, size_t n,
    struct err *e)
{
	struct caps_change say = { .node_id = c->node.id, .pct = -1 };
	struct said daily = { 0 }, per_task = { 0 };
	struct node is;
	size_t i;

	for (i = 0; i < n; i++) {
		if (read_money(c, from[i], "max_spend_daily", &daily, e) ||
		    read_money(c, from[i], "max_escrow_per_task", &per_task,
		    e))
			return -1;
		read_percent(from[i], &say);
	}
	say.daily = daily.text;
	say.per_task = per_task.text;
	return caps_set_in(c->ledger, &say, &is, e) ? -1 :
	    answer(c, &is, e);
}

static int
do_put(struct call *c, struct err *e)
{
	const struct json *const from[] = { &c->body };

	return change(c, from, 1, e);
}

/* The body, where both say something. */
static int
do_post(struct call *c, struct err *e)
{
	const struct json *const from[] = { &c->query, &c->body };

	return change(c, from, 2, e);
}

#define TAG .tag = "caps"
#define PERCENT_IS "\"max_active_exposure_pct\":{\"type\":[\"integer\"," \
    "\"null\"],\"minimum\":0,\"maximum\":100}"
#define ANY_IS "{\"type\":[\"number\",\"string\",\"null\"]}"
#define PAID_IS "{\"format\":\"money\",\"x-least\":\"0.01\"," \
    "\"x-most\":\"9999999999.99\"}"
#define CAPS_ARE(kind) "{\"type\":\"object\",\"properties\":{" \
    "\"max_spend_daily\":" kind ",\"max_escrow_per_task\":" kind "," \
    PERCENT_IS "}}"

const struct route routes_canary[] = {
	{ "GET", "/v1/node/canary", .auth = AUTH_NODE, .act = do_show, TAG,
	    .summary = "One's caps, and where one stands",
	    .reply = "OwnCaps" },
	{ "PUT", "/v1/node/canary", .auth = AUTH_NODE, .class = ROUTE_WRITE,
	    .act = do_put, TAG, .summary = "Set or remove caps of one's own",
	    .body = CAPS_ARE(PAID_IS),
	    .reply = "OwnCaps" },
	{ "POST", "/v1/nodes/me/canary", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_post, TAG,
	    .summary = "The same, by query or body; 0 removes one",
	    .query = CAPS_ARE("{\"type\":[\"number\",\"null\"]}"),
	    .body = CAPS_ARE(ANY_IS),
	    .reply = "OwnCaps" },
	{ 0 }
};
