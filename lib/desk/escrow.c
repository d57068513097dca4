/* The verbs that change trades: each a request, or many from stdin. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "desk/escrow.h"
#include "escrow/hire.h"
#include "escrow/record.h"
#include "escrow/said.h"
#include "suite/suite.h"

#define RECORD_MAX (4 << 20)

static int
answer(struct buf *out, struct task *t)
{
	char receipt[ESCROW_PAPER_ID];

	escrow_task_write(out, t, false);
	if (t->closed_ms && t->kind != TRADE_SHADOW)
		json_str(out, "receipt_id", escrow_receipt_id(t, receipt));
	json_close(out, '}');
	escrow_task_release(t);
	return 0;
}

/* Without a skill, or a quote of one, it is a direct escrow. */
static bool
is_direct(const struct json *in)
{
	return (json_has(in, "seller_id") || json_has(in, "amount")) &&
	    !json_has(in, "skill_id") && !json_has(in, "quote_id");
}

static int
lock_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct direct d;
	struct json data;
	struct order o;
	struct task t;

	(void)but;
	if (is_direct(in))
		return escrow_direct_read(&d, in, e) || escrow_direct_in(l,
		    &d, &c->params, &c->chance, &t, e) ? -1 : answer(out, &t);
	return escrow_order_read(&o, &data, in, e) || escrow_lock_in(l, &o,
	    &c->params, &c->chance, &t, e) ? -1 : answer(out, &t);
}

static int
shadow_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct json data;
	struct order o;
	struct task t;

	(void)but;
	return escrow_order_read(&o, &data, in, e) || escrow_shadow_in(l, &o,
	    &c->params, &c->chance, &t, e) ? -1 : answer(out, &t);
}

static int
hire_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct json data;
	struct hire h;
	struct task t;
	int64_t seconds;

	(void)but;
	if (escrow_hire_read(&h, &data, in, e) || escrow_hire_in(l, &h,
	    &c->params, &c->chance, &t, &seconds, e))
		return -1;
	escrow_task_write(out, &t, false);
	json_amount(out, "estimated_cost", t.amount);
	json_int(out, "eta_seconds", seconds);
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

static int
do_act(struct cli *c, struct ledger *l, const struct json *in,
    enum escrow_event event, struct escrow_data *data, struct task *t,
    struct err *e)
{
	struct act a = { .event = event, .chance = &c->chance };

	return escrow_act_read(&a, data, in, e) || escrow_act_in(l, &a,
	    &c->params, t, e) ? -1 : 0;
}

#define ACT(name, event) \
static int \
name(struct cli *c, struct ledger *l, const struct json *in, \
    struct buf *out, struct err *but, struct err *e) \
{ \
	struct escrow_data data; \
	struct task t; \
	(void)but; \
	return do_act(c, l, in, event, &data, &t, e) ? -1 : \
	    answer(out, &t); \
}
ACT(claim_act, ESCROW_CLAIM)
ACT(resolve_act, ESCROW_RELEASE)
ACT(refund_act, ESCROW_REFUND)

static int
complete_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct escrow_data data;
	struct task t;
	int rc = 0;

	(void)but;
	if (do_act(c, l, in, ESCROW_COMPLETE, &data, &t, e))
		return -1;
	escrow_task_write(out, &t, false);
	if (t.kind == TRADE_SHADOW) {
		json_str(out, "settlement_status", "SHADOW_NO_ESCROW");
	} else if (t.escrow == ESCROW_AWAITING) {
		json_str(out, "settlement_status", "PENDING_DISPUTE_WINDOW");
		json_time(out, "eta_tck_release", t.settle_ms);
	}
	if (t.kind != TRADE_DIRECT)
		rc = escrow_rules_write(out, c->store, &t, e);
	if (!rc && t.run_id && suite_close_in(l, t.run_id, e) < 0)
		rc = -1;
	json_close(out, '}');
	escrow_task_release(&t);
	return rc;
}

static int
dispute_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct escrow_data data;
	struct task t;
	int rc;

	(void)but;
	if (do_act(c, l, in, ESCROW_DISPUTE, &data, &t, e))
		return -1;
	escrow_task_write(out, &t, false);
	rc = escrow_disputed_write(out, c->store, &t,
	    data.evidence.node ? &data.evidence : NULL, e);
	json_close(out, '}');
	escrow_task_release(&t);
	return rc;
}

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

/* Ids that are parted by commas, as an array. */
static void
put_ids(struct buf *in, const char *key, const char *ids)
{
	size_t n;

	if (!ids)
		return;
	json_open(in, key, '[');
	for (; *ids; ids += n + (ids[n] == ',')) {
		n = strcspn(ids, ",");
		json_strn(in, NULL, ids, n);
	}
	json_close(in, ']');
}

/* Something that is done to one trade, which an operand names. */
static bool
names_one(const struct cli *c, const struct desk_escrow *say)
{
	return c->argc || say->capability || say->skill || say->quote ||
	    say->dispute || (say->seller && say->amount);
}

/* One request from the options, or many from standard input. */
static int
run_batch(struct cli *c, const struct desk_escrow *say, batch_act *act,
    const char *node, struct err *e)
{
	const struct batch batch = {
		.act = act, .key = BATCH_KEYED,
		.all_or_nothing = say->all_or_nothing, .node = node,
	};
	struct buf in = BUF_INIT(RECORD_MAX);
	int rc = -1;

	if (!names_one(c, say) && (say->node || say->output || say->reason ||
	    say->resolution || say->proof_hash || say->evidence || say->by ||
	    say->provider))
		return err_set(e, E_usage, "which task? without one requests "
		    "come from stdin, and say all that options would");
	if (!names_one(c, say))
		return batch_stream(c, &batch, e);
	json_open(&in, NULL, '{');
	json_str_if(&in, "task_id", c->argc ? c->argv[0] : NULL);
	json_str_if(&in, "dispute_id", say->dispute);
	json_str_if(&in, "node_id", say->node);
	json_str_if(&in, "buyer_id", say->buyer);
	json_str_if(&in, "seller_id", say->seller);
	json_str_if(&in, "skill_id", say->skill);
	json_str_if(&in, "quote_id", say->quote);
	json_str_if(&in, "price", say->price);
	json_str_if(&in, "amount", say->amount);
	json_str_if(&in, "protocol", say->protocol);
	json_str_if(&in, "proof_hash", say->proof_hash);
	json_str_if(&in, "llm_provider", say->provider);
	json_str_if(&in, "reason", say->reason);
	json_str_if(&in, "resolution", say->resolution);
	json_str_if(&in, "resolved_by", say->by);
	json_str_if(&in, "integration", say->integration);
	json_str_if(&in, "capability", say->capability);
	json_str_if(&in, "max_price", say->most);
	if (say->deadline >= 0)
		json_int(&in, "deadline_seconds", say->deadline);
	put_ids(&in, "validator_ids", say->validators);
	if (!put_file(&in, say->capability ? "payload" : "input", say->input,
	    e) &&
	    !put_file(&in, "output", say->output, e) &&
	    !put_file(&in, "verification_evidence", say->evidence, e))
		rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

/* Options that say what is ordered, all or none of them. */
static int
check_order(const struct desk_escrow *say, struct err *e)
{
	bool any = say->buyer || say->skill || say->quote || say->input ||
	    say->price || say->validators || say->protocol;

	return !any || (say->buyer && (say->skill || say->quote) &&
	    say->input) ? 0 : err_set(e, E_usage, "--buyer, --skill and "
	    "--input belong together; without them orders come from stdin");
}

int
desk_escrow_lock(struct cli *c, const struct desk_escrow *say, struct err *e)
{
	bool direct = say->seller || say->amount;

	if (direct && (!say->seller || !say->amount || !say->buyer ||
	    say->skill || say->quote || say->input || say->price ||
	    say->validators || say->protocol))
		return err_set(e, E_usage, "--buyer, --seller and --amount "
		    "belong together, and to no skill");
	if (!direct && check_order(say, e))
		return -1;
	return run_batch(c, say, lock_act, "buyer_id", e);
}

int
desk_escrow_shadow(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	return check_order(say, e) ? -1 :
	    run_batch(c, say, shadow_act, "buyer_id", e);
}

int
desk_escrow_claim(struct cli *c, const struct desk_escrow *say, struct err *e)
{
	return run_batch(c, say, claim_act, "node_id", e);
}

int
desk_escrow_complete(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	if (c->argc && !say->output && !say->proof_hash)
		return err_set(e, E_usage, "--output is missing");
	return run_batch(c, say, complete_act, "node_id", e);
}

int
desk_escrow_dispute(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	if (c->argc && !say->reason)
		return err_set(e, E_usage, "--reason is missing");
	return run_batch(c, say, dispute_act, "node_id", e);
}

int
desk_escrow_resolve(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	if (c->argc && say->dispute)
		return err_set(e, E_usage, "a task, or --dispute, not both");
	if ((c->argc || say->dispute) && !say->resolution)
		return err_set(e, E_usage, "--to is missing: refund_buyer or "
		    "release_to_seller");
	return run_batch(c, say, resolve_act, NULL, e);
}

int
desk_escrow_refund(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	return run_batch(c, say, refund_act, "node_id", e);
}

int
desk_escrow_hire(struct cli *c, const struct desk_escrow *say, struct err *e)
{
	bool any = say->buyer || say->capability || say->integration ||
	    say->input || say->most || say->deadline >= 0;

	if (any && (!say->buyer || !say->capability || !say->integration ||
	    !say->input))
		return err_set(e, E_usage, "--buyer, --capability, "
		    "--integration and --input belong together; without them "
		    "requests come from stdin");
	return run_batch(c, say, hire_act, "buyer_id", e);
}
