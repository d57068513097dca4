/* Rewards for whoever solves a task best: spec/vmp.md 2.9. */
#include <string.h>

#include "api/show.h"
#include "api/trade.h"
#include "bounty/bounty.h"
#include "cri/cri.h"
#include "market/market.h"

/* What a gate that is soft has to say. */
static void
put_warnings(struct buf *out, const char *warning)
{
	json_open(out, "warnings", '[');
	if (*warning)
		json_str(out, NULL, warning);
	json_close(out, ']');
}

/* Refusals in the words of the contract. */
static int
refused(struct call *c, enum bounty_event event, struct err *e)
{
	switch (e->code) {
	case E_insufficient_funds:
		c->detail = "Insufficient balance";
		break;
	case E_wrong_state:
		c->detail = "Bounty is not open";
		break;
	case E_window_closed:
		c->detail = "Bounty deadline has passed";
		break;
	case E_not_creator:
		c->detail = event == BOUNTY_AWARD ?
		    "Only the bounty creator can award" :
		    "Only the bounty creator can cancel";
		break;
	case E_bad_json:		/* what no schema can say */
		return show_fault(c, "body", e);
	default:
		break;
	}
	return show_refused(c, e);
}

static int
do_create(struct call *c, struct err *e)
{
	char reward[AMOUNT_TEXT] = "", warning[BOUNTY_WARNING];
	struct json tags;
	struct wish w = {
		.node_id = c->node.id, .reward = reward,
		.title = call_str(&c->body, "title", ""),
		.description = call_str(&c->body, "description", ""),
		.category = call_str(&c->body, "category", NULL),
		.deadline_days = call_int(&c->body, "deadline_days", 0),
	};
	struct amount asked = { 0, node_unit(&c->node) };
	struct buf *out = &c->out;
	char account[LEAF_ACCOUNT];
	struct bounty b;

	if (json_has(&c->body, "tags") &&
	    json_find(&tags, &c->body, "tags"))
		w.tags = &tags;
	(void)call_money_text(&c->body, "reward_tck", reward);
	if (bounty_create_in(c->ledger, &w, c->params, c->chance, &b, warning,
	    e)) {
		(void)call_money(&c->body, "reward_tck", &asked.minor);
		(void)trade_capped(c, asked, e);
		return refused(c, BOUNTY__EVENTS, e);
	}
	bounty_account(account, &b);
	json_open(out, NULL, '{');
	json_str(out, "bounty_id", b.id);
	json_str(out, "title", b.title);
	json_amount(out, "reward_tck", b.reward);
	json_str(out, "category", b.category);
	json_str(out, "status", bounty_state_word(b.state));
	json_time_or_null(out, "deadline_at", b.deadline_ms);
	json_str(out, "escrow_reference", account);
	json_time(out, "created_at", b.made_ms);
	put_warnings(out, warning);
	json_close(out, '}');
	bounty_release(&b);
	return 0;
}

/* What lists tell of each, and its own page; stays open. */
static int
put_bounty(struct call *c, const struct bounty *b, struct err *e)
{
	struct buf *out = &c->out;
	struct cri cri;

	if (cri_score(c->store, b->creator_id, c->now_ms, c->params, &cri, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "bounty_id", b->id);
	json_str(out, "title", b->title);
	json_amount(out, "reward_tck", b->reward);
	json_str(out, "category", b->category);
	json_str(out, "status", bounty_state_word(b->state));
	json_raw(out, "tags", b->tags, strlen(b->tags));
	json_int(out, "submission_count", b->submissions);
	json_str(out, "creator_node_id", b->creator_id);
	cri_score_write(out, "creator_cri", cri.tenths);
	json_time_or_null(out, "deadline_at", b->deadline_ms);
	json_time(out, "created_at", b->made_ms);
	return 0;
}

static int
put_list(struct call *c, const struct bounty_filter *f, struct err *e)
{
	struct bounty b;
	struct query q;
	int got;

	json_open(&c->out, "bounties", '[');
	bounty_list_open(&q, c->store, f);
	while ((got = bounty_list_next(&q, &b, e)) > 0) {
		if (put_bounty(c, &b, e))
			got = -1;
		json_close(&c->out, '}');
		bounty_release(&b);
		if (got < 0)
			break;
	}
	query_close(&q);
	json_close(&c->out, ']');
	return got;
}

/* The words are checked by the schema. */
static int
do_list(struct call *c, struct err *e)
{
	const struct json *in = &c->query;
	const char *realm = call_str(in, "realm", call_realm(c));
	struct bounty_filter f = {
		.state = call_str(in, "status", "open"),
		.category = call_str(in, "category", NULL),
		.limit = call_int(in, "limit", 20),
		.offset = call_int(in, "offset", 0),
	};
	enum market_realm of = MARKET_PRODUCTION;
	int64_t total;

	(void)market_realm_named(realm, &of);
	f.unit = of == MARKET_ALL ? NULL : market_realm_unit(of);
	if (!strcmp(f.state, "all"))
		f.state = NULL;
	(void)bounty_sort_named(call_str(in, "sort", "newest"), &f.sort);
	(void)call_money(in, "min_reward", &f.least);
	json_open(&c->out, NULL, '{');
	if (bounty_total(c->store, &f, &total, e) || put_list(c, &f, e))
		return -1;
	json_int(&c->out, "total", total);
	json_int(&c->out, "limit", f.limit);
	json_int(&c->out, "offset", f.offset);
	json_close(&c->out, '}');
	return 0;
}

static void
put_submission(struct call *c, const struct bounty *b,
    const struct submission *s)
{
	bool shown = bounty_may_see(b, s,
	    c->who == CALLER_NODE ? c->node.id : NULL);
	struct buf *out = &c->out;

	json_open(out, NULL, '{');
	json_str(out, "id", s->id);
	json_str(out, "solver_node_id", s->solver_id);
	json_str_or_null(out, "content", shown ? s->content : NULL);
	json_str_or_null(out, "proof_url", shown ? s->proof_url : NULL);
	json_str_or_null(out, "skill_id", s->skill_id);
	json_str(out, "status", bounty_submission_word(s->state));
	json_time(out, "created_at", s->made_ms);
	json_close(out, '}');
}

static int
put_submissions(struct call *c, const struct bounty *b, struct err *e)
{
	struct submission s;
	struct query q;
	int got;

	json_open(&c->out, "submissions", '[');
	bounty_submissions_open(&q, c->store, b->id);
	while ((got = bounty_submissions_next(&q, &s, e)) > 0) {
		put_submission(c, b, &s);
		bounty_submission_release(&s);
	}
	query_close(&q);
	json_close(&c->out, ']');
	return got;
}

static int
do_show(struct call *c, struct err *e)
{
	struct buf *out = &c->out;
	struct bounty b;
	int rc;

	if (bounty_get(c->store, c->param[0], &b, e))
		return -1;
	rc = put_bounty(c, &b, e);
	json_str(out, "description", b.description);
	json_field_or_null(out, "winner_node_id", b.winner_id);
	json_field_or_null(out, "winner_submission_id", b.submission_id);
	json_time_or_null(out, "awarded_at", b.state == BOUNTY_AWARDED ?
	    b.closed_ms : 0);
	if (!rc)
		rc = put_submissions(c, &b, e);
	json_close(out, '}');
	bounty_release(&b);
	return rc;
}

static int
do_submit(struct call *c, struct err *e)
{
	const struct solution s = {
		.bounty_id = c->param[0], .node_id = c->node.id,
		.content = call_str(&c->body, "content", ""),
		.proof_url = call_str(&c->body, "proof_url", NULL),
		.skill_id = call_str(&c->body, "skill_id", NULL),
	};
	char warning[BOUNTY_WARNING];
	struct submission is;

	if (bounty_submit_in(c->ledger, &s, c->params, c->chance, &is,
	    warning, e))
		return refused(c, BOUNTY_SUBMIT, e);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "submission_id", is.id);
	json_str(&c->out, "bounty_id", is.bounty_id);
	json_str(&c->out, "status", bounty_submission_word(is.state));
	json_time(&c->out, "created_at", is.made_ms);
	put_warnings(&c->out, warning);
	json_close(&c->out, '}');
	bounty_submission_release(&is);
	return 0;
}

/* One that waits no more is said to be so, if its bounty is still open. */
static int
award_refused(struct call *c, struct err *e)
{
	struct bounty b;
	struct err why;
	bool open;

	if (e->code != E_wrong_state ||
	    bounty_get(c->store, c->param[0], &b, &why))
		return refused(c, BOUNTY_AWARD, e);
	open = b.state == BOUNTY_OPEN;
	bounty_release(&b);
	(void)refused(c, BOUNTY_AWARD, e);
	if (open)
		c->detail = "Submission is not pending";
	return -1;
}

static int
do_award(struct call *c, struct err *e)
{
	const struct bounty_end end = {
		.event = BOUNTY_AWARD, .bounty_id = c->param[0],
		.node_id = c->node.id, .params = c->params,
		.submission_id = call_str(&c->body, "submission_id", ""),
	};
	struct amount payout, tax;
	struct bounty b;

	if (bounty_end_in(c->ledger, &end, &b, e))
		return award_refused(c, e);
	payout = bounty_payout(&b);
	tax = b.reward;
	tax.minor -= payout.minor;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "bounty_id", b.id);
	json_str(&c->out, "status", bounty_state_word(b.state));
	json_str(&c->out, "winner_node_id", b.winner_id);
	json_amount(&c->out, "payout", payout);
	json_amount(&c->out, "tax", tax);
	json_time(&c->out, "awarded_at", b.closed_ms);
	json_close(&c->out, '}');
	bounty_release(&b);
	return 0;
}

static int
do_cancel(struct call *c, struct err *e)
{
	const struct bounty_end end = {
		.event = BOUNTY_CANCEL, .bounty_id = c->param[0],
		.node_id = c->node.id, .params = c->params,
	};
	struct bounty b;

	if (bounty_end_in(c->ledger, &end, &b, e))
		return refused(c, BOUNTY_CANCEL, e);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "bounty_id", b.id);
	json_str(&c->out, "status", bounty_state_word(b.state));
	json_amount(&c->out, "refunded_tck", b.reward);
	json_time(&c->out, "cancelled_at", b.closed_ms);
	json_close(&c->out, '}');
	bounty_release(&b);
	return 0;
}

#define CATEGORY_IS "\"category\":{\"type\":\"string\",\"enum\":[" \
    "\"general\",\"code\",\"research\",\"translation\",\"data\"," \
    "\"monitoring\",\"other\"]}"

#define TAG .tag = "bounties"
const struct route routes_bounty[] = {
	{ "POST", "/v1/bounties", .auth = AUTH_NODE, .class = ROUTE_WRITE,
	    .rate = RATE_bounties, .act = do_create, TAG,
	    .body_max = ROUTE_BODY_L,
	    .summary = "Promise a reward",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"title\":{\"type\":\"string\",\"minLength\":5,"
		"\"maxLength\":200},"
		"\"description\":{\"type\":\"string\",\"minLength\":10,"
		"\"maxLength\":5000},"
		"\"reward_tck\":{\"format\":\"money\",\"x-least\":\"10.00\","
		"\"x-most\":\"100000.00\"}," CATEGORY_IS ","
		"\"tags\":{\"type\":\"array\",\"maxItems\":20,\"items\":{"
		"\"type\":\"string\",\"minLength\":1,\"maxLength\":50}},"
		"\"deadline_days\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":90}},"
		"\"required\":[\"title\",\"description\",\"reward_tck\"]}",
	    .codes = "level_gate policy_denied cap_exceeded "
		"insufficient_funds cap_exposure ledger_invalid",
	    .reply = "{ bounty_id, title, reward_tck: money, category, "
		"status: 'open', deadline_at: time|null, escrow_reference, "
		"created_at: time, warnings: [text] }" },
	{ "GET", "/v1/bounties", .flags = ROUTE_KNOWS, .act = do_list, TAG,
	    .class = ROUTE_SLOW, .summary = "Rewards that were promised",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"status\":{\"type\":\"string\",\"enum\":[\"open\","
		"\"awarded\",\"cancelled\",\"expired\",\"all\"]},"
		CATEGORY_IS ","
		"\"min_reward\":{\"format\":\"money\",\"x-least\":\"0\"},"
		"\"sort\":{\"type\":\"string\",\"enum\":[\"newest\","
		"\"reward\",\"deadline\"]},"
		"\"realm\":{\"type\":\"string\",\"enum\":[\"production\","
		"\"sandbox\",\"all\"]},"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":100},"
		"\"offset\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":1000000000}}}",
	    .reply = "{ bounties: [Bounty], total: int, limit: int, "
		"offset: int }" },
	{ "GET", "/v1/bounties/{bounty_id}", .flags = ROUTE_KNOWS,
	    .act = do_show, TAG, .codes = "bounty_missing",
	    .summary = "One of them, and what was handed in",
	    .reply = "Bounty & { description, winner_node_id: text|null, "
		"winner_submission_id: text|null, awarded_at: time|null, "
		"submissions: [{ id, solver_node_id, content: text|null, "
		"proof_url: text|null, skill_id: text|null, status, "
		"created_at: time }] }" },
	{ "POST", "/v1/bounties/{bounty_id}/submissions", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_submit, TAG,
	    .body_max = ROUTE_BODY_L, .summary = "Hand in a solution",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"content\":{\"type\":\"string\",\"minLength\":5,"
		"\"maxLength\":10000},"
		"\"proof_url\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":500},"
		"\"skill_id\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":100}},\"required\":[\"content\"]}",
	    .codes = "level_gate bounty_missing wrong_state window_closed "
		"own_bounty realm submission_dup",
	    .reply = "{ submission_id, bounty_id, status: 'pending', "
		"created_at: time, warnings: [text] }" },
	{ "POST", "/v1/bounties/{bounty_id}/award", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_award, TAG,
	    .summary = "Give the reward to a solution",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"submission_id\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":100}},\"required\":[\"submission_id\"]}",
	    .codes = "bounty_missing not_creator wrong_state window_closed "
		"submission_missing solver_inactive",
	    .reply = "{ bounty_id, status: 'awarded', winner_node_id, "
		"payout: money, tax: money, awarded_at: time }" },
	{ "POST", "/v1/bounties/{bounty_id}/cancel", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_cancel, TAG,
	    .summary = "Take the reward back",
	    .codes = "bounty_missing not_creator wrong_state window_closed",
	    .reply = "{ bounty_id, status: 'cancelled', refunded_tck: money, "
		"cancelled_at: time }" },
	{ 0 }
};
