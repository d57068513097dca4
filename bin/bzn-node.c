/*
 * bzn-node - the registry of this grid, and its parameters.
 *
 * Over 200 lines because it has five verbs, whose tables alone are a quarter.
 */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "cli/cli.h"
#include "ledger/read.h"
#include "node/node.h"

#define RECORD_MAX 65536

static const char *solution, *challenge_id;
static bool all_or_nothing;

static int
ask(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	static const char *const keys[] = { "id", "node_id", NULL };
	struct node_challenge asked;
	const char *id;

	(void)but;
	if (json_only(in, keys, e) || json_get_str(in, "node_id", &id, e) ||
	    node_challenge_in(l, id, &c->params, &c->chance, &asked, e))
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
	struct balance have;
	struct node n;

	if (node_answer_read(&answer, in, e) ||
	    node_register_in(l, &answer, &c->params, &n, but, e))
		return -1;
	if (but->kind)
		return 0;
	if (ledger_balance_in(l, n.id, unit_named("TCK"), &have, e))
		return -1;
	node_write(out, &n);
	json_str(out, "status", "NODE_ACTIVE");
	json_amount(out, "balance",
	    (struct amount){ have.minor, unit_named("TCK") });
	json_close(out, '}');
	return 0;
}

/* From the options where a node is named, else from standard input. */
static int
run_batch(struct cli *c, batch_act *act, struct err *e)
{
	const struct batch batch = { act, BATCH_KEYED, all_or_nothing,
	    "node_id" };
	struct buf in = BUF_INIT(RECORD_MAX);
	int rc;

	if (!c->argc && (solution || challenge_id))
		return err_set(e, E_usage, "--solution and --challenge need "
		    "a node; without one requests come from stdin");
	if (!c->argc)
		return batch_stream(c, &batch, e);
	json_open(&in, NULL, '{');
	json_str(&in, "node_id", c->argv[0]);
	json_str_if(&in, "solution", solution);
	json_str_if(&in, "challenge_id", challenge_id);
	rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
challenge(struct cli *c, struct err *e)
{
	return run_batch(c, ask, e);
}

static int
enroll(struct cli *c, struct err *e)
{
	if (c->argc && !solution)
		return err_set(e, E_usage, "--solution is missing");
	return run_batch(c, enter, e);
}

static int
print(struct cli *c, const struct node *n, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct amount have = { 0, unit_named("TCK") };
	struct account a;
	struct query q;
	int got, rc;

	ledger_accounts_open(&q, c->store, n->id);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0)
		if (!strcmp(a.unit.code, have.unit->code))
			have.minor = a.balance.minor;
	query_close(&q);
	node_write(&out, n);
	json_amount(&out, "balance", have);
	json_close(&out, '}');
	rc = got ? -1 : cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
show(struct cli *c, struct err *e)
{
	struct node n;
	char **id;

	if (cli_store(c, e))
		return -1;
	for (id = c->argv; *id; id++)
		if (node_get(c->store, *id, &n, e) || print(c, &n, e))
			return -1;
	return 0;
}

static int
list(struct cli *c, struct err *e)
{
	struct node n = { 0 };
	int got;

	if (cli_store(c, e))
		return -1;
	while ((got = node_next(c->store, &n, e)) > 0)
		if (print(c, &n, e))
			return -1;
	return got;
}

static int
params(struct cli *c, struct err *e)
{
	struct params built_in;
	struct buf out = BUF_INIT(RECORD_MAX);
	char text[PARAM_TEXT];
	enum param i;
	int rc = 0;

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

int
main(int argc, char *argv[])
{
	static const struct opt ask_opts[] = {
		OPT_FLAG(0, "all-or-nothing", &all_or_nothing,
		    "of the requests on stdin"),
		OPT_END
	};
	static const struct opt register_opts[] = {
		OPT_STR('s', "solution", "N", &solution,
		    "half the sum of the primes"),
		OPT_STR(0, "challenge", "ID", &challenge_id,
		    "the one that is answered"),
		OPT_FLAG(0, "all-or-nothing", &all_or_nothing,
		    "of the requests on stdin"),
		OPT_END
	};
	static const char columns[] =
	    "node_id realm active member_since >balance";
	static const struct verb verbs[] = {
		{ "challenge", "[node]", "ask a node to prove that it computes",
		    0, 1, CLI_WRITE, ask_opts, NULL, challenge },
		{ "register", "[node]", "answer, and be credited", 0, 1,
		    CLI_WRITE, register_opts, NULL, enroll },
		{ "show", "node ...", "nodes by name", 1, 1000, CLI_READ,
		    NULL, columns, show },
		{ "list", "", "all nodes", 0, 0, CLI_READ, NULL, columns,
		    list },
		{ "params", "", "every tunable, and where it comes from", 0,
		    0, CLI_READ, NULL, "name >value >default origin meaning",
		    params },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-node",
		.brief = "the registry of nodes on this grid",
		.examples =
		    "  bzn-node challenge alice | jq .payload\n"
		    "  bzn-node register alice --solution 40.0\n"
		    "  bzn-node list | jq -r .node_id\n"
		    "  bzn-node params\n",
		.statuses = "0 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
