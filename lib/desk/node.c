/* How nodes come to be. */
#include <string.h>

#include "desk/node_impl.h"
#include "node/sandbox.h"
#include "node/signup.h"
#include "node/sync.h"
#include "strike/strike.h"

int
desk_node_run(struct cli *c, const struct desk_node *say, batch_act *act,
    const char *actor, struct buf *request, struct err *e)
{
	const struct batch batch = {
		act, BATCH_KEYED, say->all_or_nothing, actor,
	};

	return request ? batch_one(c, &batch, request, e) :
	    batch_stream(c, &batch, e);
}

void
desk_node_write(struct buf *out, struct cli *c, const struct node *n,
    int64_t minor)
{
	char text[STRIKE_TEXT];

	strike_reputation(n->strikes, &c->params, text);
	json_raw(out, "reputation", text, strlen(text));
	json_amount(out, "balance", (struct amount){ minor, node_unit(n) });
}

int
desk_node_write_in(struct buf *out, struct cli *c, struct ledger *l,
    const struct node *n, struct err *e)
{
	struct balance have;

	if (ledger_balance_in(l, n->id, node_unit(n), &have, e))
		return -1;
	node_write(out, n, ledger_now(l));
	desk_node_write(out, c, n, have.minor);
	return 0;
}

static int
ask(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", "signup_token", NULL,
	};
	const char *id, *token = NULL;
	struct node_challenge asked;

	(void)but;
	if (json_only(in, keys, e) || json_get_str(in, "node_id", &id, e) ||
	    json_opt_str(in, "signup_token", &token, e) ||
	    node_challenge_in(l, id, &c->params, &c->chance, &asked, e) ||
	    (token && node_challenge_signup_in(l, &asked, token, e)))
		return -1;
	node_challenge_write(out, &asked, &c->params);
	json_close(out, '}');
	return 0;
}

static int
enter(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	struct node_answer answer;
	struct node n;

	if (node_answer_read(&answer, in, e) ||
	    node_register_in(l, &answer, &c->params, &n, but, e))
		return -1;
	if (but->kind)
		return 0;
	if (desk_node_write_in(out, c, l, &n, e))
		return -1;
	json_str(out, "status", "NODE_ACTIVE");
	json_close(out, '}');
	return 0;
}

/* Options of a verb about one node, which is an operand. */
static int
run_one(struct cli *c, const struct desk_node *say, batch_act *act,
    struct err *e)
{
	struct buf in = BUF_INIT(DESK_RECORD);
	int rc;

	if (!c->argc && (say->solution || say->challenge_id ||
	    say->signup_token))
		return err_set(e, E_usage, "--solution, --challenge and "
		    "--signup-token need a node; without one requests come "
		    "from stdin");
	if (!c->argc)
		return desk_node_run(c, say, act, "node_id", NULL, e);
	json_open(&in, NULL, '{');
	json_str(&in, "node_id", c->argv[0]);
	json_str_if(&in, "solution", say->solution);
	json_str_if(&in, "challenge_id", say->challenge_id);
	json_str_if(&in, "signup_token", say->signup_token);
	rc = desk_node_run(c, say, act, "node_id", &in, e);
	buf_release(&in);
	return rc;
}

int
desk_node_challenge(struct cli *c, const struct desk_node *say,
    struct err *e)
{
	return run_one(c, say, ask, e);
}

int
desk_node_register(struct cli *c, const struct desk_node *say, struct err *e)
{
	if (c->argc && !say->solution)
		return err_set(e, E_usage, "--solution is missing");
	return run_one(c, say, enter, e);
}

static int
make_sandbox(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	static const char *const keys[] = { "id", "alias", NULL };
	const char *alias = NULL;
	struct node n;

	(void)but;
	if (json_only(in, keys, e) || json_opt_str(in, "alias", &alias, e) ||
	    node_sandbox_in(l, alias, &c->params, &c->chance, &n, e) ||
	    desk_node_write_in(out, c, l, &n, e))
		return -1;
	json_close(out, '}');
	return 0;
}

int
desk_node_sandbox(struct cli *c, const struct desk_node *say, struct err *e)
{
	struct buf in = BUF_INIT(DESK_RECORD);
	int rc;

	if (c->argc && strcmp(c->argv[0], "-"))
		return err_set(e, E_usage, "say - for lines on stdin, or "
		    "nothing");
	if (c->argc && say->alias)
		return err_set(e, E_usage, "--alias is for one node; lines "
		    "say their own");
	if (c->argc)
		return desk_node_run(c, say, make_sandbox, NULL, NULL, e);
	json_open(&in, NULL, '{');
	json_str_if(&in, "alias", say->alias);
	rc = desk_node_run(c, say, make_sandbox, NULL, &in, e);
	buf_release(&in);
	return rc;
}

static int
sync_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct sync s;
	struct node n;
	bool made;
	size_t i;

	(void)but;
	if (sync_read(&s, in, e) || sync_in(l, &s, &n, &made, e) ||
	    desk_node_write_in(out, c, l, &n, e))
		return -1;
	json_str(out, "status", "success");
	json_bool(out, "made", made);
	json_open(out, "ignored", '[');
	for (i = 0; s.ignored[i]; i++)
		json_str(out, NULL, s.ignored[i]);
	json_close(out, ']');
	json_close(out, '}');
	return 0;
}

int
desk_node_add(struct cli *c, const struct desk_node *say, struct err *e)
{
	struct buf in = BUF_INIT(DESK_RECORD);
	int rc;

	if (say->active && say->inactive)
		return err_set(e, E_usage, "--active or --inactive?");
	if (!c->argc && (say->realm || say->created_at || say->active ||
	    say->inactive))
		return err_set(e, E_usage, "which node? without one requests "
		    "come from stdin, and say all that options would");
	if (!c->argc)
		return desk_node_run(c, say, sync_act, NULL, NULL, e);
	json_open(&in, NULL, '{');
	json_str(&in, "node_id", c->argv[0]);
	json_str_if(&in, "realm", say->realm);
	json_str_if(&in, "created_at", say->created_at);
	if (say->active || say->inactive)
		json_bool(&in, "active", say->active);
	rc = desk_node_run(c, say, sync_act, NULL, &in, e);
	buf_release(&in);
	return rc;
}

static int
signup_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	char token[NODE_TOKEN];
	struct signup s;

	(void)but;
	if (signup_read(&s, in, e) || signup_in(l, &s, &c->chance, token, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "signup_token", token);
	json_str(out, "status", "pre_eligible");
	json_close(out, '}');
	return 0;
}

int
desk_node_signup(struct cli *c, const struct desk_node *say, struct err *e)
{
	struct buf in = BUF_INIT(DESK_RECORD);
	int rc;

	if (!say->email && (say->node_name || say->agent_type ||
	    say->capability || say->why))
		return err_set(e, E_usage, "--email is missing; without it "
		    "requests come from stdin");
	if (!say->email)
		return desk_node_run(c, say, signup_act, NULL, NULL, e);
	json_open(&in, NULL, '{');
	json_str(&in, "email", say->email);
	json_str_if(&in, "node_name", say->node_name);
	json_str_if(&in, "agent_type", say->agent_type);
	json_str_if(&in, "primary_capability", say->capability);
	json_str_if(&in, "why_joining", say->why);
	rc = desk_node_run(c, say, signup_act, NULL, &in, e);
	buf_release(&in);
	return rc;
}
