/* Who nodes are, what they may do, and the parameters. */
#include <string.h>

#include "desk/node_impl.h"
#include "gate/gate.h"
#include "node/caps.h"
#include "node/purse.h"

/* What its level would have forbidden it, if anything. */
static int
put_soft(struct cli *c, const char *id, struct buf *out, struct err *e)
{
	struct gate_soft soft;
	struct query q;
	int got;

	json_open(out, "level_warnings", '[');
	gate_soft_open(&q, c->store, id);
	while ((got = gate_soft_next(&q, &soft, e)) > 0) {
		json_open(out, NULL, '{');
		json_str(out, "act", soft.act);
		json_int(out, "level", soft.needed);
		json_int(out, "times", soft.times);
		json_time(out, "first_at", soft.first_ms);
		json_time(out, "last_at", soft.last_ms);
		json_close(out, '}');
	}
	json_close(out, ']');
	return got;
}

static int
print(struct cli *c, const struct node *n, bool with_soft, struct err *e)
{
	struct buf out = BUF_INIT(DESK_RECORD);
	struct amount have;
	int rc = -1;

	if (purse_balance(c->store, n, &have, e))
		goto out;
	node_write(&out, n, cli_now(c));
	desk_node_write(&out, c, n, have.minor);
	json_open(&out, "caps", '{');
	caps_write(&out, n);
	json_close(&out, '}');
	if (with_soft && put_soft(c, n->id, &out, e))
		goto out;
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
out:
	buf_release(&out);
	return rc;
}

int
desk_node_show(struct cli *c, const struct desk_node *say, struct err *e)
{
	struct node n;
	char **id;

	(void)say;
	if (cli_store(c, e))
		return -1;
	for (id = c->argv; *id; id++)
		if (node_get(c->store, *id, &n, e) || print(c, &n, true, e))
			return -1;
	return 0;
}

int
desk_node_list(struct cli *c, const struct desk_node *say, struct err *e)
{
	struct node n = { 0 };
	int got;

	(void)say;
	if (cli_store(c, e))
		return -1;
	while ((got = node_next(c->store, &n, e)) > 0)
		if (print(c, &n, false, e))
			return -1;
	return got;
}

static int
caps_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct caps_change change;
	struct caps_now now;
	struct balance have;
	struct node n;

	(void)but;
	if (caps_change_read(&change, in, e) ||
	    caps_set_in(l, &change, &n, e) ||
	    ledger_balance_in(l, n.id, node_unit(&n), &have, e) ||
	    caps_now(ledger_store(l), &n, have.minor, ledger_now(l),
	    &c->params, &now, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "node_id", n.id);
	caps_write(out, &n);
	json_open(out, "canary", '{');
	caps_write(out, &n);
	caps_now_write(out, &n, &now);
	json_close(out, '}');
	json_close(out, '}');
	return 0;
}

int
desk_node_caps(struct cli *c, const struct desk_node *say, struct err *e)
{
	struct buf in = BUF_INIT(DESK_RECORD);
	int rc;

	if (!c->argc && (say->daily || say->per_task || say->pct))
		return err_set(e, E_usage, "which node? without one requests "
		    "come from stdin, and say all that options would");
	if (!c->argc)
		return desk_node_run(c, say, caps_act, "node_id", NULL, e);
	json_open(&in, NULL, '{');
	json_str(&in, "node_id", c->argv[0]);
	json_str_if(&in, "max_spend_daily", say->daily);
	json_str_if(&in, "max_escrow_per_task", say->per_task);
	rc = caps_put_percent(&in, say->pct, e);
	if (!rc)
		rc = desk_node_run(c, say, caps_act, "node_id", &in, e);
	buf_release(&in);
	return rc;
}

int
desk_node_params(struct cli *c, const struct desk_node *say, struct err *e)
{
	struct params built_in;
	struct buf out = BUF_INIT(DESK_RECORD);
	char text[PARAM_TEXT];
	enum param i;
	int rc = 0;

	(void)say;
	param_defaults(&built_in);
	for (i = 0; i < PARAM__COUNT && !rc; i++) {
		json_open(&out, NULL, '{');
		json_str(&out, "name", param_word(i));
		param_text(&c->params, i, text);
		json_str(&out, "value", text);
		param_text(&built_in, i, text);
		json_str(&out, "default", text);
		json_str(&out, "origin", c->params.line[i] ? "bzn.conf" :
		    "built-in");
		if (c->params.line[i])
			json_int(&out, "line", (int64_t)c->params.line[i]);
		json_str(&out, "meaning", param_meaning(i));
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
	}
	buf_release(&out);
	return rc;
}
