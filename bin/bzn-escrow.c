/*
 * bzn-escrow - tasks, and the escrows that hold their price.
 *
 * Over 200 lines because it has seven verbs, whose tables alone are a third.
 */
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/batch.h"
#include "cli/cli.h"
#include "desk/bounty.h"
#include "desk/receipt.h"
#include "escrow/escrow.h"

#define RECORD_MAX (4 << 20)

static const char *buyer, *seller, *skill, *price, *input, *output, *node;
static const char *reason, *resolution, *state;
static int64_t limit;
static bool due, full, all_or_nothing;
static struct desk_receipt paper;

static int
lock_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct json data;
	struct order o;
	struct task t;

	(void)but;
	if (escrow_order_read(&o, &data, in, e) ||
	    escrow_lock_in(l, &o, &c->params, &c->chance, &t, e))
		return -1;
	escrow_task_write(out, &t, false);
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

static int
do_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, enum escrow_event event, struct err *e)
{
	struct act a = { .event = event };
	struct json data;
	struct task t;

	if (escrow_act_read(&a, &data, in, e) ||
	    escrow_act_in(l, &a, &c->params, &t, e))
		return -1;
	escrow_task_write(out, &t, false);
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

#define ACT(name, event) \
static int \
name(struct cli *c, struct ledger *l, const struct json *in, \
    struct buf *out, struct err *but, struct err *e) \
{ \
	(void)but; \
	return do_act(c, l, in, out, event, e); \
}
ACT(claim_act, ESCROW_CLAIM)
ACT(complete_act, ESCROW_COMPLETE)
ACT(dispute_act, ESCROW_DISPUTE)
ACT(resolve_act, ESCROW_RELEASE)

/* A file of JSON under a key, where the option was given. */
static int
put_file(struct buf *in, const char *key, const char *path, struct err *e)
{
	struct buf data = BUF_INIT(JSON_MAX);
	int rc = 0;

	if (path) {
		rc = json_read_file(&data, path, JSON_OBJECT, e);
		if (!rc)
			json_raw(in, key, data.data, data.len);
	}
	buf_release(&data);
	return rc;
}

/* One request from the options, or many from standard input. */
static int
run_batch(struct cli *c, batch_act *act, const char *who, struct err *e)
{
	const struct batch batch = { act, BATCH_KEYED, all_or_nothing, who };
	struct buf in = BUF_INIT(RECORD_MAX);
	int rc = -1;

	if (!c->argc && !skill && (node || output || reason || resolution))
		return err_set(e, E_usage, "which task? without one requests "
		    "come from stdin, and say all that options would");
	if (!c->argc && !skill)
		return batch_stream(c, &batch, e);
	json_open(&in, NULL, '{');
	json_str_if(&in, "task_id", c->argc ? c->argv[0] : NULL);
	json_str_if(&in, "node_id", node);
	json_str_if(&in, "buyer_id", buyer);
	json_str_if(&in, "skill_id", skill);
	json_str_if(&in, "price", price);
	json_str_if(&in, "reason", reason);
	json_str_if(&in, "resolution", resolution);
	if (!put_file(&in, "input", input, e) &&
	    !put_file(&in, "output", output, e))
		rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
lock(struct cli *c, struct err *e)
{
	if ((buyer || skill || input || price) && (!buyer || !skill || !input))
		return err_set(e, E_usage, "--buyer, --skill and --input "
		    "belong together; without them orders come from stdin");
	return run_batch(c, lock_act, "buyer_id", e);
}

static int
claim(struct cli *c, struct err *e)
{
	return run_batch(c, claim_act, "node_id", e);
}

static int
complete(struct cli *c, struct err *e)
{
	if (c->argc && !output)
		return err_set(e, E_usage, "--output is missing");
	return run_batch(c, complete_act, "node_id", e);
}

static int
dispute(struct cli *c, struct err *e)
{
	if (c->argc && !reason)
		return err_set(e, E_usage, "--reason is missing");
	return run_batch(c, dispute_act, "node_id", e);
}

static int
resolve(struct cli *c, struct err *e)
{
	if (c->argc && !resolution)
		return err_set(e, E_usage, "--to is missing: refund_buyer or "
		    "release_to_seller");
	return run_batch(c, resolve_act, NULL, e);
}

static int
receipt(struct cli *c, struct err *e)
{
	return desk_receipt(c, &paper, e);
}

static int
print(struct cli *c, const struct task *t, bool with_data, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	escrow_task_write(&out, t, with_data);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
show(struct cli *c, struct err *e)
{
	struct task t;
	char **id;
	int rc = 0;

	if (cli_store(c, e))
		return -1;
	for (id = c->argv; *id && !rc; id++) {
		if (escrow_task(c->store, *id, &t, e))
			return -1;
		rc = print(c, &t, true, e);
		escrow_task_release(&t);
	}
	return rc;
}

static int
list(struct cli *c, struct err *e)
{
	const struct escrow_filter f = {
		.buyer_id = buyer, .seller_id = seller, .state = state,
		.due_ms = due ? cli_now(c) : 0, .limit = limit,
	};
	enum task_state known;
	struct query q;
	struct task t;
	int got;

	if (state && !escrow_task_named(state, &known))
		return err_set(e, E_usage, "no status '%.40s'", state);
	if (cli_store(c, e))
		return -1;
	escrow_list_open(&q, c->store, &f);
	while ((got = escrow_list_next(&q, &t, e)) > 0) {
		if (print(c, &t, full, e))
			got = -1;
		escrow_task_release(&t);
		if (got < 0)
			break;
	}
	query_close(&q);
	return got;
}

static struct desk_bounty bounty_say = { .days = -1, .limit = -1 };

static int
verb_bounty(struct cli *c, struct err *e)
{
	return desk_bounty(c, &bounty_say, e);
}

#define AS	OPT_STR(0, "as", "NODE", &node, "who acts: seller or buyer")
#define ATOMIC	OPT_FLAG(0, "all-or-nothing", &all_or_nothing, \
		    "of the requests on stdin")

int
main(int argc, char *argv[])
{
	static const struct opt lock_opts[] = {
		OPT_STR('b', "buyer", "NODE", &buyer, "who pays"),
		OPT_STR('s', "skill", "ID", &skill, "what is bought"),
		OPT_STR('i', "input", "FILE", &input,
		    "a JSON object; - is stdin"),
		OPT_STR(0, "price", "TCK", &price, "only at this price"),
		ATOMIC, OPT_END
	};
	static const struct opt claim_opts[] = { AS, ATOMIC, OPT_END };
	static const struct opt complete_opts[] = {
		OPT_STR('o', "output", "FILE", &output,
		    "a JSON object; - is stdin"),
		AS, ATOMIC, OPT_END
	};
	static const struct opt dispute_opts[] = {
		OPT_STR('r', "reason", "TEXT", &reason, "what is wrong"),
		AS, ATOMIC, OPT_END
	};
	static const struct opt resolve_opts[] = {
		OPT_STR(0, "to", "WHOM", &resolution,
		    "refund_buyer or release_to_seller"),
		OPT_STR('r', "reason", "TEXT", &reason, "kept, and hashed"),
		ATOMIC, OPT_END
	};
	static const struct opt receipt_opts[] = {
		OPT_STR(0, "as", "NODE", &paper.as,
		    "with the balances of this party"),
		OPT_STR(0, "sign", "HOW", &paper.sign,
		    "both, ed25519 (the node) or rs256 (the token key)"),
		OPT_FLAG(0, "check", &paper.check, "are these files true?"),
		OPT_STR(0, "vkey", "VKEY", &paper.vkey,
		    "trust this key of a log"),
		OPT_STR(0, "policy", "FILE", &paper.policy,
		    "trust the logs and witnesses named there"),
		OPT_STR(0, "card", "FILE", &paper.card,
		    "trust the node, and the log it certifies"),
		OPT_STR(0, "jwks", "FILE", &paper.jwks,
		    "trust these keys of a node and of its tokens"),
		OPT_PASS(&paper.pass), OPT_END
	};
	static const struct opt list_opts[] = {
		OPT_STR('b', "buyer", "NODE", &buyer, "bought by it"),
		OPT_STR('s', "seller", "NODE", &seller, "sold by it"),
		OPT_STR(0, "status", "WORD", &state, "OPEN, COMPLETED, ..."),
		OPT_FLAG(0, "due", &due, "whose timer has run out"),
		OPT_FLAG(0, "full", &full, "with input and output"),
		OPT_NUM(0, "limit", "N", &limit, "at most so many"),
		OPT_END
	};
	static const struct opt bounty_opts[] = {
		OPT_STR(0, "as", "NODE", &bounty_say.node,
		    "who acts; show: who looks; list: of this creator"),
		OPT_STR('t', "title", "TEXT", &bounty_say.title,
		    "create: 5 to 200 characters"),
		OPT_STR('d', "description", "TEXT", &bounty_say.description,
		    "create: 10 to 5000 characters"),
		OPT_STR('r', "reward", "TCK", &bounty_say.reward,
		    "create: 10.00 to 100000.00"),
		OPT_STR('c', "category", "WORD", &bounty_say.category,
		    "general, code, research, translation, data, ..."),
		OPT_STR(0, "tags", "LIST", &bounty_say.tags,
		    "create: up to 20, parted by commas"),
		OPT_NUM(0, "days", "N", &bounty_say.days,
		    "create: until it expires, 1 to 90; else never"),
		OPT_STR(0, "content", "FILE", &bounty_say.content,
		    "submit: the solution; - is stdin"),
		OPT_STR(0, "proof-url", "URL", &bounty_say.proof_url,
		    "submit: where more is to be seen"),
		OPT_STR('s', "skill", "ID", &bounty_say.skill,
		    "submit: the skill that has made it"),
		OPT_STR(0, "status", "WORD", &bounty_say.status,
		    "list: open, awarded, cancelled, expired or all"),
		OPT_STR(0, "min-reward", "TCK", &bounty_say.min_reward,
		    "list: that or more"),
		OPT_STR(0, "sort", "KEY", &bounty_say.sort,
		    "list: newest, reward or deadline"),
		OPT_STR(0, "realm", "WORD", &bounty_say.realm,
		    "list: production, sandbox or all"),
		OPT_NUM(0, "limit", "N", &bounty_say.limit,
		    "list: at most so many, 1 to 100"),
		OPT_NUM(0, "offset", "N", &bounty_say.offset,
		    "list: after so many"),
		OPT_FLAG(0, "total", &bounty_say.total,
		    "list: only say how many there are"),
		OPT_FLAG(0, "all-or-nothing", &bounty_say.all_or_nothing,
		    "of the requests on stdin"),
		OPT_END
	};
	static const char columns[] = "task_id buyer_id seller_id >amount "
	    "status escrow_status label";
	static const struct verb verbs[] = {
		{ "lock", "", "buy: lock the price of a skill", 0, 0,
		    CLI_WRITE, lock_opts, NULL, lock },
		{ "claim", "[task]", "begin the work", 0, 1, CLI_WRITE,
		    claim_opts, NULL, claim },
		{ "complete", "[task]", "deliver: the dispute window opens",
		    0, 1, CLI_WRITE, complete_opts, NULL, complete },
		{ "dispute", "[task]", "object, within the window", 0, 1,
		    CLI_WRITE, dispute_opts, NULL, dispute },
		{ "resolve", "[task]", "end a dispute", 0, 1, CLI_WRITE,
		    resolve_opts, NULL, resolve },
		{ "receipt", "id|file ...", "what was traded, and the proof",
		    1, 1000, CLI_STRAY, receipt_opts,
		    "receipt_id final summary", receipt },
		{ "show", "task ...", "tasks, with input and output", 1, 1000,
		    CLI_READ, NULL, columns, show },
		{ "list", "", "tasks, oldest first", 0, 0, CLI_READ,
		    list_opts, columns, list },
		{ "bounty", "create|list|show|submit|award|cancel [id ...]",
		    "rewards for who solves a task best", 1, 1001, CLI_WRITE,
		    bounty_opts, "bounty_id creator_node_id >reward status "
		    ">submission_count deadline_at title", verb_bounty },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-escrow",
		.brief = "tasks, and the escrows that hold their price",
		.examples =
		    "  bzn-escrow lock --buyer alice --skill \"$S\" "
		    "--input job.json\n"
		    "  bzn-escrow show \"$T\" | jq .input\n"
		    "  bzn-escrow complete \"$T\" --output out.json\n"
		    "  bzn-escrow list --due | bzn-settle -\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
