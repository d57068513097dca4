/* What a node may do, who reports it, and what that costs it. */
#include "base/file.h"
#include "desk/node_impl.h"
#include "market/permit.h"
#include "strike/strike.h"

static int
read_context(struct permit *p, const struct json *in, struct err *e)
{
	struct json context;

	if (!json_has(in, "context"))
		return 0;
	return json_get(&context, in, "context", JSON_OBJECT, e) ||
	    json_only(&context, permit_context, e) ||
	    (json_has(&context, "amount") &&
	    json_get_decimal(&context, "amount", &p->amount, e)) ||
	    permit_read(p, &context, e) ? -1 : 0;
}

static void
put_answer(struct buf *out, const struct permit *p,
    const struct gate_answer *a)
{
	json_open(out, NULL, '{');
	json_str(out, "node_id", p->node_id);
	json_str(out, "action", p->action);
	permit_write(out, a);
	json_close(out, '}');
}

/* An answer that is no is an answer, and the status says it too. */
static int
policy_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", "action", "context", NULL,
	};
	struct permit p = { 0 };
	struct gate_answer answer;

	if (json_only(in, keys, e) ||
	    json_get_str(in, "node_id", &p.node_id, e) ||
	    json_get_str(in, "action", &p.action, e) ||
	    read_context(&p, in, e) ||
	    permit_ask_in(l, &p, &c->params, &answer, e))
		return -1;
	put_answer(out, &p, &answer);
	if (!answer.allowed)
		err_set(but, E_not_allowed, "%s", answer.reason);
	return 0;
}

static int
put_context(struct buf *in, const struct desk_node *say, struct err *e)
{
	struct buf data = BUF_INIT(JSON_MAX);
	int rc = 0;

	if (say->context) {
		rc = json_read_file(&data, say->context, JSON_OBJECT, e);
		if (!rc)
			json_raw(in, "context", data.data, data.len);
	} else {
		json_open(in, "context", '{');
		json_str_if(in, "skill_id", say->skill_id);
		json_str_if(in, "seller_id", say->seller_id);
		json_str_if(in, "category", say->category);
		json_str_if(in, "amount", say->amount);
		json_close(in, '}');
	}
	buf_release(&data);
	return rc;
}

int
desk_node_policy(struct cli *c, const struct desk_node *say, struct err *e)
{
	bool options = say->skill_id || say->seller_id || say->category ||
	    say->amount;
	struct buf in = BUF_INIT(2 * JSON_MAX);
	int rc;

	if (say->context && options)
		return err_set(e, E_usage, "--context says all that the other "
		    "options would");
	if (!c->argc && (say->action || say->context || options))
		return err_set(e, E_usage, "which node? without one requests "
		    "come from stdin, and say all that options would");
	if (!c->argc)
		return desk_node_run(c, say, policy_act, "node_id", NULL, e);
	if (!say->action)
		return err_set(e, E_usage, "--action is missing");
	json_open(&in, NULL, '{');
	json_str(&in, "node_id", c->argv[0]);
	json_str(&in, "action", say->action);
	rc = put_context(&in, say, e);
	if (!rc)
		rc = desk_node_run(c, say, policy_act, "node_id", &in, e);
	buf_release(&in);
	return rc;
}

static int
strike(struct cli *c, struct ledger *l, const struct report *r,
    struct buf *out, struct err *e)
{
	struct struck s;

	if (strike_report_in(l, r, &c->params, &c->chance, &s, e))
		return -1;
	strike_write(out, &s);
	return 0;
}

static int
report_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct report r;

	(void)but;
	return strike_report_read(&r, in, e) ||
	    json_get_str(in, "node_id", &r.reporter_id, e) ||
	    strike(c, l, &r, out, e) ? -1 : 0;
}

static int
strike_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct report r;

	(void)but;
	if (strike_report_read(&r, in, e))
		return -1;
	if (r.reporter_id)
		return json_fail(in, "node_id", E_unknown_member,
		    "is not known here: the operator strikes", e);
	return strike(c, l, &r, out, e);
}

/* Of a report, or of a strike by the operator. */
static int
run_report(struct cli *c, const struct desk_node *say, batch_act *act,
    const char *actor, struct err *e)
{
	struct buf in = BUF_INIT(DESK_RECORD);
	int rc;

	if (!c->argc && (say->node || say->why || say->task_id))
		return err_set(e, E_usage, "which node? without one requests "
		    "come from stdin, and say all that options would");
	if (!c->argc)
		return desk_node_run(c, say, act, actor, NULL, e);
	json_open(&in, NULL, '{');
	json_str(&in, "target_id", c->argv[0]);
	json_str_if(&in, "node_id", say->node);
	json_str_if(&in, "reason", say->why);
	json_str_if(&in, "task_id", say->task_id);
	rc = desk_node_run(c, say, act, actor, &in, e);
	buf_release(&in);
	return rc;
}

int
desk_node_report(struct cli *c, const struct desk_node *say, struct err *e)
{
	if (c->argc && !say->node)
		return err_set(e, E_usage, "--as is missing: who reports?");
	return run_report(c, say, report_act, "node_id", e);
}

int
desk_node_strike(struct cli *c, const struct desk_node *say, struct err *e)
{
	return run_report(c, say, strike_act, NULL, e);
}

int
desk_node_reports(struct cli *c, const struct desk_node *say, struct err *e)
{
	struct buf out = BUF_INIT(DESK_RECORD);
	struct reported r;
	struct query q;
	int got;

	(void)say;
	if (cli_store(c, e))
		return -1;
	strike_reports_open(&q, c->store, c->argc ? c->argv[0] : NULL);
	while ((got = strike_reports_next(&q, &r, e)) > 0) {
		strike_reported_write(&out, &r);
		if (cli_emit_buf(c, &out, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	buf_release(&out);
	return got;
}
