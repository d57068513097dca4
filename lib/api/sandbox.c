/* Trading with money of one's own, and showing it: spec/vmp.md 2.12, 8.6. */
#include <inttypes.h>

#include "api/page.h"
#include "api/show.h"
#include "cri/cri.h"
#include "ledger/ledger.h"
#include "node/access.h"
#include "node/sandbox.h"
#include "node/share.h"

static void
put_node(struct call *c, const struct node *n, int64_t minor,
    const struct cri *cri)
{
	int64_t days = c->params->value[PARAM_sandbox_days];
	struct buf text = BUF_INIT(64);

	json_amount(&c->out, "balance",
	    (struct amount){ minor, node_unit(n) });
	cri_score_write(&c->out, "cri_score", cri->tenths);
	json_bool(&c->out, "sandbox", true);
	buf_addf(&text, "%" PRId64 " day%s", days, days == 1 ? "" : "s");
	json_str(&c->out, "expires_in", text.data);
	json_time(&c->out, "expires_at", n->expires_ms);
	json_str(&c->out, "note", "Sandbox money trades with sandbox nodes "
	    "only, and is worth nothing elsewhere");
	buf_release(&text);
}

static int
do_sandbox(struct call *c, struct err *e)
{
	const char *alias = call_str(&c->body, "alias", NULL);
	char hash[HASH_HEX];
	struct balance have;
	struct cri cri;
	struct node n;

	if (node_sandbox_in(c->ledger, alias && *alias ? alias : NULL,
	    c->params, c->chance, &n, e))
		return e->code == E_bad_label ? show_fault(c, "alias", e) : -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", n.id);
	call_new_key(c, &c->out, "api_key", n.id, hash);
	if (access_put_in(c->store, n.id, hash, c->now_ms, e) ||
	    ledger_balance_in(c->ledger, n.id, node_unit(&n), &have, e) ||
	    cri_score(c->store, n.id, c->now_ms, c->params, &cri, e))
		return -1;
	put_node(c, &n, have.minor, &cri);
	json_close(&c->out, '}');
	return 0;
}

static const char *const facts[] = {
	"node_id", "skill", "price", "task_id", "escrow_id", "balance",
};

/* A scalar as text: what a page shows is what was sent. */
static int
put_fact(struct call *c, struct buf *out, const char *key, struct err *e)
{
	const char *text;
	struct json v;
	size_t n;

	if (!c->body.node || !json_has(&c->body, key) ||
	    !json_find(&v, &c->body, key))
		return 0;
	text = json_lexeme(&v, &n);
	if (text) {
		json_strn(out, key, text, n);
		return 0;
	}
	if (json_kind(&v) == JSON_BOOL) {
		json_str(out, key, json_true(&v) ? "true" : "false");
		return 0;
	}
	text = json_string(&v);
	if (!text)
		return call_fault(c, key, "must be a string or a number", e);
	json_str(out, key, text);
	return 0;
}

static int
do_share(struct call *c, struct err *e)
{
	struct buf text = BUF_INIT(ROUTE_BODY_S);
	char id[SHARE_ID];
	int rc = 0;
	size_t i;

	json_open(&text, NULL, '{');
	for (i = 0; i < sizeof(facts) / sizeof(*facts) && !rc; i++)
		rc = put_fact(c, &text, facts[i], e);
	json_close(&text, '}');
	if (!rc)
		rc = share_put_in(c->ledger, text.data, c->chance, id, e);
	if (!rc) {
		buf_reset(&text);
		buf_addf(&text, "%s/sandbox/trade/%s", c->base_url, id);
		json_open(&c->out, NULL, '{');
		json_str(&c->out, "share_id", id);
		json_str(&c->out, "url", text.data);
		json_close(&c->out, '}');
	}
	buf_release(&text);
	return rc;
}

/* What was shared, as a page for people. */
static int
do_trade(struct call *c, struct err *e)
{
	struct buf data = BUF_INIT(ROUTE_BODY_L), path = BUF_INIT(64);
	struct shown s = {
		.file = "trade.html", .title = "A trade in the sandbox",
		.description = "Somebody has tried the market with play "
		    "money.",
	};
	int rc;

	if (share_get(c->store, c->param[0], c->now_ms, c->params, &data,
	    e)) {
		rc = e->code == E_share_missing ? page_missing(c, e) : -1;
	} else {
		buf_cut(&data, data.len - 1);	/* the closing bracket */
		buf_addf(&path, "/sandbox/trade/%s", c->param[0]);
		s.path = path.data;
		rc = page_show(c, &s, &data, e);
	}
	buf_release(&data);
	buf_release(&path);
	return rc;
}

#define FACT_IS "{\"type\":[\"string\",\"number\",\"boolean\"]," \
    "\"maxLength\":200}"

#define TAG .tag = "sandbox"
const struct route routes_sandbox[] = {
	{ "POST", "/v1/sandbox/nodes", .class = ROUTE_WRITE,
	    .rate = RATE_sandbox, .flags = ROUTE_DEMO, .act = do_sandbox, TAG,
	    .summary = "Make a node that trades with play money",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"alias\":{\"type\":\"string\",\"maxLength\":100}}}",
	    .reply = "{ node_id, api_key, balance: money, cri_score: number, "
		"sandbox: bool, expires_in, expires_at: time, note }" },
	{ "POST", "/v1/sandbox/share", .class = ROUTE_WRITE,
	    .rate = RATE_share, .flags = ROUTE_DEMO, .act = do_share, TAG,
	    .summary = "Show a trade to others",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"node_id\":" FACT_IS ",\"skill\":" FACT_IS ","
		"\"price\":" FACT_IS ",\"task_id\":" FACT_IS ","
		"\"escrow_id\":" FACT_IS ",\"balance\":" FACT_IS "}}",
	    .reply = "{ share_id, url }" },
	{ "GET", "/sandbox/trade/{share_id}", .act = do_trade, TAG,
	    .media = "text/html",
	    .summary = "A trade that was shared, as a page",
	    .codes = "share_missing" },
	{ 0 }
};
