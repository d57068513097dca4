/* Tasks, from the purchase to the delivery: spec/vmp.md 2.4. */
#include <stdlib.h>
#include <string.h>

#include "api/trade.h"
#include "base/mem.h"
#include "escrow/judged.h"
#include "escrow/said.h"

#define MINE 1000

static int
do_create(struct call *c, struct err *e)
{
	bool shadow = call_bool(&c->body, "is_shadow", false);
	struct amount asked = { 0 }, none, left;
	struct json input;
	struct order o;
	struct task t;
	int rc;

	trade_order(c, &o, &input);
	o.asked = &asked;
	if (shadow) {
		o.protocol = NULL;
		rc = escrow_shadow_in(c->ledger, &o, c->params, c->chance, &t,
		    e);
	} else {
		rc = escrow_lock_in(c->ledger, &o, c->params, c->chance, &t,
		    e);
	}
	if (rc)
		return trade_capped(c, asked, e);
	none = left = (struct amount){ 0, t.amount.unit };
	rc = trade_balance(c, &c->node, &left.minor, e);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "task_id", t.id);
	json_str_or_null(&c->out, "escrow_id", shadow ? NULL : t.escrow_id);
	json_str(&c->out, "status", escrow_task_word(t.state));
	json_amount(&c->out, "amount_locked", shadow ? none : t.amount);
	json_amount(&c->out, "remaining_balance", left);
	json_time(&c->out, "auto_refund_at", t.refund_ms);
	if (shadow)
		json_bool(&c->out, "shadow", true);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return rc;
}

/* As lists have it; the object stays open. */
static void
put_task(struct buf *out, const struct task *t)
{
	json_open(out, NULL, '{');
	json_str(out, "task_id", t->id);
	json_str(out, "skill_id", t->skill_id);
	json_str(out, "skill_label", t->label);
	json_str(out, "buyer_id", t->buyer_id);
	json_str(out, "seller_id", t->seller_id);
	json_raw_or_null(out, "input_data", t->input);
	json_raw_or_null(out, "output_data", t->output);
	json_field_or_null(out, "escrow_id", t->escrow_id);
	json_str(out, "status", escrow_task_word(t->state));
	json_time(out, "created_at", t->made_ms);
	json_str(out, "protocol", t->protocol);
	json_bool(out, "is_shadow", t->kind == TRADE_SHADOW);
	escrow_customs_write(out, t);
	json_time(out, "auto_refund_at", t->refund_ms);
}

/* As many as fit: how many, or -1.  *cut: there are more. */
static int64_t
put_tasks(struct call *c, const struct escrow_mine *m, bool *cut,
    struct err *e)
{
	size_t most = (size_t)c->params->value[PARAM_list_max_bytes], had;
	struct buf *out = &c->out;
	struct task t;
	struct query q;
	int64_t n = 0;
	int got;

	escrow_mine_open(&q, c->store, m);
	while ((got = escrow_list_next(&q, &t, e)) > 0) {
		had = out->len;
		put_task(out, &t);
		json_close(out, '}');
		escrow_task_release(&t);
		*cut = out->len > most;
		if (*cut) {
			buf_cut(out, had);
			break;
		}
		n++;
	}
	query_close(&q);
	return got < 0 ? -1 : n;
}

static enum escrow_role
role_of(const char *word)
{
	return !strcmp(word, "buyer") ? ROLE_BUYER :
	    !strcmp(word, "any") ? ROLE_ANY : ROLE_SELLER;
}

static int
do_mine(struct call *c, struct err *e)
{
	const char *status = call_str(&c->query, "status", "OPEN");
	const char *role = call_str(&c->query, "role", "seller");
	const struct escrow_mine m = {
		.node_id = c->node.id, .role = role_of(role),
		.state = strcmp(status, "ALL") ? status : NULL,
		.limit = call_int(&c->query, "limit", MINE),
		.offset = call_int(&c->query, "offset", 0),
	};
	bool cut = false;
	int64_t n, all;

	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", c->node.id);
	json_str(&c->out, "role", role);
	json_str(&c->out, "status_filter", status);
	json_int(&c->out, "limit", m.limit);
	json_int(&c->out, "offset", m.offset);
	json_open(&c->out, "tasks", '[');
	n = put_tasks(c, &m, &cut, e);
	json_close(&c->out, ']');
	if (n < 0)
		return -1;
	/* Where the list ends with the last, it has told how many. */
	all = m.offset + n;
	if ((cut || n == m.limit || (!n && m.offset)) &&
	    escrow_mine_total(c->store, &m, &all, e))
		return -1;
	json_int(&c->out, "count", n);
	json_int(&c->out, "total", all);
	json_close(&c->out, '}');
	return 0;
}

static int
do_show(struct call *c, struct err *e)
{
	struct buf *out = &c->out;
	struct task t;

	if (trade_own_task(c, c->param[0], &t, e))
		return -1;
	put_task(out, &t);
	json_time_or_null(out, "completed_at", t.completed_ms);
	json_time_or_null(out, "disputed_at", t.disputed_ms);
	json_time_or_null(out, "closed_at", t.closed_ms);
	json_str_or_null(out, "proof_hash", t.proof_hash);
	json_str_or_null(out, "output_hash", t.output_sha256);
	json_str_or_null(out, "proof_match", t.proof_match);
	json_str_or_null(out, "verdict", t.verdict);
	trade_escrow_write(out, "escrow", &t);
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

static int
do_claim(struct call *c, struct err *e)
{
	const struct act a = {
		.event = ESCROW_CLAIM, .task_id = c->param[0],
		.node_id = c->node.id,
	};
	struct task t;

	if (trade_task(c, c->param[0], &t, e))
		return -1;
	if (escrow_act_on_in(c->ledger, &a, c->params, &t, e))
		return trade_refused(c, ESCROW_CLAIM, c->param[0], false, e);
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "status", escrow_task_word(t.state));
	json_str(&c->out, "task_id", t.id);
	json_close(&c->out, '}');
	escrow_task_release(&t);
	return 0;
}

/* What the body delivers; output is where its member is kept. */
static void
read_delivery(struct call *c, struct act *a, struct json *output)
{
	*a = (struct act){
		.event = ESCROW_COMPLETE, .node_id = c->node.id,
		.task_id = call_str(&c->body, "task_id", ""),
		.output = output, .language = api_language(c->api),
		.proof_hash = call_str(&c->body, "proof_hash", NULL),
		.llm_provider = call_str(&c->body, "llm_provider_used", NULL),
	};
	(void)json_find(output, &c->body, "output_data");
}

static void
drop_judged(void *judged)
{
	escrow_judged_release(judged);
	free(judged);
}

/*
 * The output is judged before the writer has it, if it is to be delivered at
 * all: whoever may not, or too late, is told so by act().
 */
static int
judge(struct call *c, struct err *e)
{
	struct judged *found;
	struct json output;
	struct act a;
	struct task t;
	bool due;

	read_delivery(c, &a, &output);
	if (trade_task(c, a.task_id, &t, e)) {
		*e = (struct err){ 0 };
		return 0;
	}
	due = call_is(c, t.seller_id) && escrow_step(ESCROW_COMPLETE,
	    t.escrow, t.state);
	escrow_task_release(&t);
	if (!due)
		return 0;
	found = mem_zero(1, sizeof(*found));
	c->found = found;
	c->let_go = drop_judged;
	return escrow_judge(c->store, &a, c->params, found, e);
}

static int
do_complete(struct call *c, struct err *e)
{
	struct json output;
	struct act a;
	struct task t;

	read_delivery(c, &a, &output);
	a.judged = c->found;
	return trade_task(c, a.task_id, &t, e) ? -1 :
	    trade_complete(c, &a, &t, false, e);
}

static int
do_dispute(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "task_id", "");
	struct task t;

	return trade_task(c, id, &t, e) ? -1 :
	    trade_dispute(c, id, &t, false, e);
}

static int
do_validations(struct call *c, struct err *e)
{
	struct escrow_check check;
	struct buf *out = &c->out;
	struct query q;
	struct task t;
	int got;

	if (trade_own_task(c, c->param[0], &t, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "task_id", t.id);
	json_str_or_null(out, "verdict", t.verdict);
	json_open(out, "results", '[');
	escrow_checks_open(&q, c->store, t.id);
	while ((got = escrow_checks_next(&q, &check, e)) > 0)
		escrow_check_write(out, &check);
	query_close(&q);
	json_close(out, ']');
	json_close(out, '}');
	escrow_task_release(&t);
	return got;
}

#define TAG .tag = "tasks"
const struct route routes_task[] = {
	{ "POST", "/v1/tasks/create", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .rate = RATE_tasks, .flags = ROUTE_DEMO,
	    .body = TRADE_ORDER, .body_max = ROUTE_BODY_L, .act = do_create,
	    TAG, .summary = "Buy a skill",
	    .codes = TRADE_GATE " " TRADE_PURSE,
	    .reply = "{ task_id, escrow_id: text|null, status: 'OPEN', "
		"amount_locked: money, remaining_balance: money, "
		"auto_refund_at: time, shadow: bool?, idempotent: bool? }" },
	{ "GET", "/v1/tasks/mine", .auth = AUTH_NODE, .act = do_mine, TAG,
	    .summary = "What one has to do, or has bought",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"status\":{\"type\":\"string\",\"maxLength\":40},"
		"\"role\":{\"type\":\"string\",\"enum\":[\"seller\","
		"\"buyer\",\"any\"]},"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":1000},"
		"\"offset\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":1000000000}}}",
	    .reply = "{ node_id, role: 'seller'|'buyer'|'any', "
		"status_filter, tasks: [Task], count: int, total: int, "
		"limit: int, offset: int }" },
	{ "GET", "/v1/tasks/{task_id}", .auth = AUTH_NODE, .act = do_show,
	    TAG, .summary = "A task of one's own",
	    .codes = "task_missing not_task_party",
	    .reply = "Task & { completed_at: time|null, "
		"disputed_at: time|null, closed_at: time|null, "
		"proof_hash: text|null, output_hash: hash|null, "
		"proof_match: text|null, verdict: text|null, "
		"escrow: Hold|null }" },
	{ "GET", "/v1/tasks/{task_id}/validations", .auth = AUTH_NODE,
	    .act = do_validations, TAG,
	    .summary = "What each validator said of the delivery",
	    .codes = "task_missing not_task_party",
	    .reply = "{ task_id, verdict: text|null, results: [{ index: int, "
		"validator_id, source: 'protocol'|'custom', type, "
		"result: 'PASS'|'FAIL'|'INCONCLUSIVE'|'ERROR', details: any, "
		"evaluated_at: time }] }" },
	{ "POST", "/v1/tasks/{task_id}/claim", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_claim, TAG,
	    .summary = "Begin with a task",
	    .codes = "task_missing not_your_task already_claimed "
		"window_closed",
	    .reply = "{ status: 'IN_PROGRESS', task_id }" },
	{ "POST", "/v1/tasks/complete", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .flags = ROUTE_EXEMPT,
	    .body_max = ROUTE_BODY_L, .before = judge,
	    .act = do_complete, TAG, .summary = "Deliver",
	    .body = "{\"type\":\"object\","
		"\"properties\":{\"task_id\":" TRADE_ID ","
		"\"output_data\":" TRADE_DATA ","
		"\"proof_hash\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":256},"
		"\"llm_provider_used\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":20}},"
		"\"required\":[\"task_id\",\"output_data\",\"proof_hash\"]}",
	    .codes = "task_missing not_your_task wrong_state window_closed",
	    .reply = "Delivered & { task_id, escrow_id: text?, rules: { "
		"verdict, details: any }, shadow: bool? }" },
	{ "POST", "/v1/tasks/dispute", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .flags = ROUTE_EXEMPT, .act = do_dispute,
	    TAG, .summary = "Object to what was delivered",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"task_id\":" TRADE_ID ","
		"\"reason\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":2000},"
		"\"verification_evidence\":" TRADE_DATA "},"
		"\"required\":[\"task_id\",\"reason\"]}",
	    .codes = "task_missing not_your_task wrong_state window_closed",
	    .reply = "Disputed & { task_id }" },
	{ 0 }
};
