/*
 * The operations of AEIS: spec/vmp.md 10.  Each is done as its twin below /v1
 * is, by the same functions, and differs in what it is called.
 */
#include <stdio.h>
#include <string.h>

#include "api/aeis.h"
#include "api/trade.h"
#include "escrow/said.h"
#include "ledger/ledger.h"
#include "market/quote.h"
#include "node/caps.h"
#include "settle/settle.h"

#define INTERFACE "2026-03"
#define NUMBER 128

/* NULL is the operator. */
static const char *
caller(const struct call *c)
{
	return c->who == CALLER_NODE ? c->node.id : NULL;
}

/* --- 1: quote ------------------------------------------------------------ */

struct wish {
	char most[AMOUNT_TEXT], quality[NUMBER];
};

/* Text, or a number as it was written. */
static const char *
read_quality(const struct json *from, char room[NUMBER])
{
	struct json v;
	const char *p;
	size_t n;

	if (!json_has(from, "quality_level") ||
	    !json_find(&v, from, "quality_level"))
		return NULL;
	p = json_lexeme(&v, &n);
	if (!p)
		return json_string(&v);
	memcpy(room, p, n);		/* of JSON_DIGITS at most */
	room[n] = '\0';
	return room;
}

static int
read_wish(struct call *c, struct ask *a, struct wish *w, struct err *e)
{
	struct json from;

	if (!json_has(&c->body, "constraints") ||
	    !json_find(&from, &c->body, "constraints"))
		return 0;
	if (json_has(&from, "max_price")) {
		if (!call_money_text(&from, "max_price", w->most))
			return call_fault_at(c, "[\"constraints\","
			    "\"max_price\"]", "must be an amount", e);
		a->most = w->most;
	}
	a->deadline_s = call_int(&from, "deadline", 0);
	a->quality = read_quality(&from, w->quality);
	return 0;
}

static int
do_quote(struct call *c, struct err *e)
{
	struct ask a = {
		.node_id = c->node.id,
		.capability = call_str(&c->body, "capability", ""),
	};
	struct wish w;
	struct quote q;
	int64_t seconds;

	if (read_wish(c, &a, &w, e))
		return -1;
	if (market_quote_in(c->ledger, &a, c->params, c->chance, &q, &seconds,
	    e))
		return e->kind == ERR_INPUT ? call_fault_at(c,
		    "[\"constraints\"]", e->msg, e) : -1;
	market_quote_write(&c->out, &q, seconds);
	json_close(&c->out, '}');
	market_quote_release(&q);
	return 0;
}

/* --- 2: hold ------------------------------------------------------------- */

static int
do_hold(struct call *c, struct err *e)
{
	char price[AMOUNT_TEXT] = "";
	struct amount asked = { 0 };
	struct json input;
	struct order o = {
		.input = &input, .price = price, .asked = &asked,
		.skill_id = call_str(&c->body, "skill_id", ""),
		.quote_id = call_str(&c->body, "quote_id", NULL),
		.seller_id = call_str(&c->body, "seller_id", ""),
	};
	struct task t;

	if (aeis_agent(c, "buyer_id", &o.buyer_id, e))
		return -1;
	(void)json_find(&input, &c->body, "input_data");
	(void)call_money_text(&c->body, "amount", price);
	trade_validators(c, &o);
	if (escrow_lock_in(c->ledger, &o, c->params, c->chance, &t, e))
		return trade_capped(c, asked, e);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "escrow_id", t.escrow_id);
	json_str(&c->out, "task_id", t.id);
	json_str(&c->out, "status", escrow_state_word(t.escrow));
	json_time(&c->out, "auto_refund_at", t.refund_ms);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

/* --- 3, 4: settle, refund ------------------------------------------------ */

/* What has become of an escrow that is closed; t is released. */
static int
put_closed(struct call *c, struct task *t, const char *reason)
{
	trade_closed_write(&c->out, t, reason);
	json_close(&c->out, '}');
	escrow_task_release(t);
	return 0;
}

/* The escrow that is named; of a caller that is no party it is told. */
static int
check_escrow(struct call *c, const char *id, struct err *e)
{
	struct task t;

	if (trade_own_escrow(c, id, &t, e))
		return -1;
	escrow_task_release(&t);
	return 0;
}

static int
do_settle(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "escrow_id", "");
	const struct settle_claim claim = {
		.id = id, .node_id = caller(c),
		.proof_hash = call_str(&c->body, "proof_hash", NULL),
	};
	struct task t;

	if (check_escrow(c, id, e))
		return -1;
	if (settle_one_in(c->ledger, &claim, c->params, &t, e))
		return trade_refused(c, ESCROW_SETTLE, id, true, e);
	return put_closed(c, &t, NULL);
}

static int
do_refund(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "escrow_id", "");
	const char *reason = call_str(&c->body, "reason", "");
	const struct act a = {
		.event = escrow_refund_event(reason), .task_id = id,
		.node_id = caller(c), .because = reason,
		.as = c->who == CALLER_ADMIN ? PARTY_OPERATOR : 0,
	};
	struct task t;

	if (check_escrow(c, id, e))
		return -1;
	if (escrow_act_in(c->ledger, &a, c->params, &t, e))
		return trade_refused(c, a.event, id, true, e);
	return put_closed(c, &t, reason);
}

/* --- 8, 9: dispute_initiate, dispute_resolve ----------------------------- */

static int
do_dispute(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "task_id", "");
	struct json evidence;
	const bool more = json_has(&c->body, "evidence") &&
	    json_find(&evidence, &c->body, "evidence");
	const struct act a = {
		.event = ESCROW_DISPUTE, .task_id = id,
		.node_id = c->node.id, .chance = c->chance,
		.reason = call_str(&c->body, "reason", NULL),
		.evidence = more ? &evidence : NULL,
	};
	struct task t;
	int rc;

	if (trade_task(c, id, &t, e))
		return -1;
	if (escrow_act_on_in(c->ledger, &a, c->params, &t, e))
		return trade_refused(c, ESCROW_DISPUTE, id, false, e);
	json_open(&c->out, NULL, '{');
	rc = escrow_disputed_write(&c->out, c->store, &t, a.evidence, e);
	json_str(&c->out, "status", "DISPUTED");
	json_str(&c->out, "escrow_status", escrow_state_word(t.escrow));
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return rc;
}

static int
do_resolve(struct call *c, struct err *e)
{
	bool release = !strcmp(call_str(&c->body, "resolution", ""),
	    "RELEASE_TO_SELLER");
	const struct act a = {
		.event = release ? ESCROW_RELEASE : ESCROW_RETURN,
		.dispute_id = call_str(&c->body, "dispute_id", ""),
		.as = PARTY_OPERATOR,
		.resolved_by = call_str(&c->body, "resolved_by", NULL),
		.reason = call_str(&c->body, "reasoning", NULL),
	};
	char receipt[ESCROW_PAPER_ID];
	struct task t;

	if (escrow_act_in(c->ledger, &a, c->params, &t, e))
		return e->code == E_wrong_state ? err_set(e, E_wrong_state,
		    "Escrow is not in DISPUTED state") : -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", "RESOLVED");
	json_str(&c->out, "escrow_id", t.escrow_id);
	json_str(&c->out, "escrow_status", escrow_state_word(t.escrow));
	json_str(&c->out, "receipt_id", escrow_receipt_id(&t, receipt));
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

/* --- 10: spending_cap ---------------------------------------------------- */

/* null removes a cap, and what is not there leaves it. */
static const char *
read_cap(const struct call *c, const char *key, char room[AMOUNT_TEXT])
{
	struct json v;

	if (!json_find(&v, &c->body, key))
		return NULL;
	return call_money_text(&c->body, key, room) ? room : "none";
}

static int
do_cap(struct call *c, struct err *e)
{
	static const char pct[] = "max_active_exposure_pct";
	char daily[AMOUNT_TEXT], per_task[AMOUNT_TEXT];
	struct caps_change say = {
		.daily = read_cap(c, "max_spend_daily", daily),
		.per_task = read_cap(c, "max_per_transaction", per_task),
		.pct = call_int(&c->body, pct, -1),
	};
	struct json v;
	struct node n;

	say.has_pct = json_find(&v, &c->body, pct);
	if (aeis_agent(c, "agent_id", &say.node_id, e) ||
	    caps_set_in(c->ledger, &say, &n, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "agent_id", n.id);
	if (trade_canary_write(c, &n, "caps", e))
		return -1;
	json_close(&c->out, '}');
	return 0;
}

/* --- What there is ------------------------------------------------------- */

static int
do_version(struct call *c, struct err *e)
{
	const struct route *r;

	(void)e;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "version", INTERFACE);
	json_open(&c->out, "operations", '[');
	for (r = routes_aeis; r->method; r++)
		if (*r->method == 'P')
			json_str(&c->out, NULL, strrchr(r->pattern, '/') + 1);
	json_close(&c->out, ']');
	json_str(&c->out, "verify_with", "bzn-cri verify, bzn-escrow receipt "
	    "--check, bzn-ledger verify");
	json_close(&c->out, '}');
	call_document(c);
	return 0;
}

#define AEIS "/aeis/v1"
#define BOTH AUTH_NODE | AUTH_ADMIN
#define TAG .tag = "aeis", .dialect = DIALECT_ERROR
#define WRITES .class = ROUTE_WRITE
#define BODY(members, needs) "{\"type\":\"object\",\"properties\":{" \
    members "},\"required\":[" needs "]}"
#define ID(name) "\"" name "\":{\"type\":\"string\",\"minLength\":1," \
    "\"maxLength\":100}"
#define TEXT(name, most) "\"" name "\":{\"type\":\"string\"," \
    "\"minLength\":1,\"maxLength\":" #most "}"
#define DATA(name) "\"" name "\":{\"type\":\"object\"}"
#define PAID(name) "\"" name "\":{\"format\":\"money\"," \
    "\"x-least\":\"0.01\",\"x-most\":\"9999999999.99\"}"

const struct route routes_aeis[] = {
	{ "GET", AEIS, .act = do_version, TAG,
	    .summary = "The operations that there are",
	    .reply = "{ version, operations: [text], verify_with }" },
	{ "POST", AEIS "/quote", .auth = AUTH_NODE, WRITES, .act = do_quote,
	    TAG, .summary = "A price that is promised for a while",
	    .body = BODY(TEXT("capability", 200) ",\"constraints\":{"
		"\"type\":\"object\",\"properties\":{\"max_price\":{"
		"\"type\":[\"number\",\"string\",\"null\"]},\"deadline\":{"
		"\"type\":[\"integer\",\"null\"],\"minimum\":1,"
		"\"maximum\":1000000000},"
		"\"quality_level\":{\"type\":[\"string\",\"number\","
		"\"null\"],\"maxLength\":100}}}", "\"capability\""),
	    .codes = "skill_missing level_gate policy_denied",
	    .reply = "{ quote_id, buyer_id, skill_id, seller_id, label, "
		"price: money, unit, estimated_duration_seconds: int, "
		"acceptance_criteria: [any], valid_until: time }" },
	{ "POST", AEIS "/hold", .auth = BOTH, WRITES, .act = do_hold, TAG,
	    .rate = RATE_tasks, .flags = ROUTE_KEY,
	    .body_max = ROUTE_BODY_L, .summary = "Buy a skill",
	    .body = BODY(ID("buyer_id") "," ID("seller_id") ","
		PAID("amount") "," ID("skill_id") "," DATA("input_data")
		"," ID("quote_id") ",\"validator_ids\":{\"type\":\"array\","
		"\"maxItems\":20,\"items\":{\"type\":\"string\"}}",
		"\"buyer_id\",\"seller_id\",\"amount\",\"skill_id\","
		"\"input_data\""),
	    .codes = "not_agent node_missing skill_missing quote_missing "
		"self_trade realm seller_inactive skill_retired "
		"quote_expired level_gate policy_denied validator_missing "
		"seller_missing price_mismatch cap_exceeded "
		"insufficient_funds cap_exposure ledger_invalid",
	    .reply = "{ escrow_id, task_id, status: 'PENDING', "
		"auto_refund_at: time, idempotent: bool? }" },
	{ "POST", AEIS "/settle", .auth = BOTH, WRITES, .act = do_settle,
	    TAG, .rate = RATE_escrow_settle,
	    .summary = "Have it paid, once the dispute window is over",
	    .body = BODY(ID("escrow_id") "," TEXT("proof_hash", 256),
		"\"escrow_id\",\"proof_hash\""),
	    .codes = "escrow_missing not_escrow_party wrong_state "
		"window_open",
	    .reply = "Settled|Refunded & { reason }" },
	{ "POST", AEIS "/refund", .auth = BOTH, WRITES, .act = do_refund, TAG,
	    .summary = "Give all of it back to the buyer",
	    .body = BODY(ID("escrow_id") ",\"reason\":{\"enum\":["
		"\"TIMEOUT\",\"PROOF_MISSING\",\"SCHEMA_MISMATCH\","
		"\"VALIDATOR_FAILED\",\"MANUAL\",\"DISPUTE_RESOLVED\"]}",
		"\"escrow_id\",\"reason\""),
	    .codes = "escrow_missing not_escrow_party wrong_state "
		"window_open",
	    .reply = "Refunded & { reason }" },
	{ "POST", AEIS "/receipt", .auth = BOTH, .class = ROUTE_ALONE,
	    .before = aeis_receipt_look, .act = aeis_receipt, TAG,
	    .summary = "All that can be proven of a trade",
	    .body = BODY(ID("task_id") "," ID("escrow_id"), ""),
	    .codes = "task_missing escrow_missing not_task_party "
		"not_escrow_party",
	    .reply = "Receipt" },
	{ "POST", AEIS "/reputation_attestation", .class = ROUTE_SLOW,
	    .act = aeis_attest, TAG,
	    .summary = "The score of an agent, signed",
	    .body = BODY(ID("agent_id"), "\"agent_id\""),
	    .codes = "node_missing",
	    .reply = "Certificate" },
	{ "POST", AEIS "/verify", .auth = AUTH_NODE, .class = ROUTE_SLOW,
	    .flags = ROUTE_EXEMPT, .act = aeis_verify, TAG,
	    .body_max = ROUTE_BODY_L,
	    .summary = "Judge an output by validators; nothing is kept",
	    .body = BODY(ID("task_id") ",\"output\":{\"x-null\":false},"
		"\"validators\":{\"type\":\"array\",\"minItems\":1,"
		"\"maxItems\":20,\"items\":{\"type\":\"object\"}}",
		"\"output\",\"validators\""),
	    .codes = "task_missing not_task_party",
	    .reply = "{ passed: bool, results: [{ validator_type, "
		"passed: bool, error: text? }] }" },
	{ "POST", AEIS "/dispute_initiate", .auth = AUTH_NODE, WRITES,
	    .flags = ROUTE_EXEMPT, .act = do_dispute, TAG,
	    .summary = "Object to what was delivered",
	    .body = BODY(ID("task_id") "," TEXT("reason", 2000) ","
		DATA("evidence"), "\"task_id\",\"reason\""),
	    .codes = "task_missing not_your_task wrong_state window_closed",
	    .reply = "{ dispute_id, status: 'DISPUTED', "
		"escrow_status: 'DISPUTED', evidence_attached: bool?, "
		"evidence_summary: any? }" },
	{ "POST", AEIS "/dispute_resolve", .auth = AUTH_ADMIN, WRITES,
	    .flags = ROUTE_EXEMPT, .act = do_resolve, TAG,
	    .summary = "Decide a dispute",
	    .body = BODY(ID("dispute_id") ",\"resolution\":{\"enum\":["
		"\"REFUND_BUYER\",\"RELEASE_TO_SELLER\"]},"
		"\"resolved_by\":{\"enum\":[\"AUTO_RULE\","
		"\"MANUAL_REVIEW\",\"VERIFIER_EVIDENCE\"]},"
		TEXT("reasoning", 2000),
		"\"dispute_id\",\"resolution\",\"resolved_by\","
		"\"reasoning\""),
	    .codes = "dispute_missing wrong_state",
	    .reply = "{ status: 'RESOLVED', escrow_id, escrow_status, "
		"receipt_id }" },
	{ "POST", AEIS "/spending_cap", .auth = BOTH, WRITES, .act = do_cap,
	    TAG, .summary = "Set or remove caps",
	    .body = BODY(ID("agent_id") "," PAID("max_spend_daily") ","
		PAID("max_per_transaction") ",\"max_active_exposure_pct\":{"
		"\"type\":[\"integer\",\"null\"],\"minimum\":0,"
		"\"maximum\":100}", "\"agent_id\""),
	    .codes = "not_agent node_missing",
	    .reply = "{ agent_id, caps: Canary }" },
	{ "POST", AEIS "/policy_gate", .auth = BOTH, WRITES,
	    .act = aeis_policy, TAG,
	    .summary = "Would an act be allowed? It is not done",
	    .body = BODY(ID("agent_id") ",\"action\":{\"enum\":["
		"\"CREATE_TASK\",\"PUBLISH_SKILL\",\"CREATE_BOUNTY\"]},"
		"\"context\":{\"type\":\"object\",\"properties\":{"
		TEXT("skill_id", 100) "," TEXT("seller_id", 100) ","
		TEXT("category", 200) ",\"amount\":{\"type\":["
		"\"number\",\"string\"]}}}", "\"agent_id\",\"action\""),
	    .codes = "not_agent node_missing skill_missing "
		"seller_missing",
	    .reply = "{ allowed: bool, reason: text|null, "
		"override_available: bool }" },
	{ 0 }
};
