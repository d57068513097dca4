/* Single tasks, what waits for a person, and which of it all was asked for. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "desk/sweep.h"
#include "ledger/ledger.h"

#define REQUEST_MAX 65536

static int
read_claim(struct settle_claim *out, const struct json *in, struct err *e)
{
	*out = (struct settle_claim){ 0 };
	return (json_has(in, "task_id") || !json_has(in, "escrow_id") ?
	    json_get_str(in, "task_id", &out->id, e) :
	    json_get_str(in, "escrow_id", &out->id, e)) ||
	    json_opt_str(in, "node_id", &out->node_id, e) ||
	    json_opt_str(in, "proof_hash", &out->proof_hash, e) ? -1 : 0;
}

/* Records of bzn-escrow are good requests: more members are no harm. */
static int
one(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	char receipt[ESCROW_PAPER_ID];
	struct settle_claim claim;
	const char *id;
	struct task t;

	(void)but;
	if (json_has(in, "retry")) {
		if (json_get_str(in, "retry", &id, e) ||
		    settle_retry_in(l, id, &c->params, out, e))
			return -1;
		json_close(out, '}');
		return 0;
	}
	if (read_claim(&claim, in, e) ||
	    settle_one_in(l, &claim, &c->params, &t, e))
		return -1;
	settle_write(out, &t);
	if (claim.node_id)
		json_str(out, "receipt_id", escrow_receipt_id(&t, receipt));
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

static const struct batch batch = { one, BATCH_KEYED, false, "node_id" };

/* One that cannot be closed does not hold up the others. */
static int
each(struct cli *c, const struct desk_settle *say, struct err *e)
{
	struct buf in = BUF_INIT(REQUEST_MAX);
	char **id;
	int rc = 0;

	for (id = c->argv; *id && !rc; id++) {
		buf_reset(&in);
		json_open(&in, NULL, '{');
		json_str(&in, "task_id", *id);
		json_str_if(&in, "node_id", say->node);
		json_str_if(&in, "proof_hash", say->proof_hash);
		rc = batch_one(c, &batch, &in, e);
		if (rc && id[1] && !err_ends_run(e)) {
			cli_complain(c, e);
			*e = (struct err){ 0 };
			rc = 0;
		}
	}
	buf_release(&in);
	return rc;
}

static int
retry(struct cli *c, const struct desk_settle *say, struct err *e)
{
	struct buf in = BUF_INIT(REQUEST_MAX);
	int rc;

	json_open(&in, NULL, '{');
	json_str(&in, "retry", say->retry);
	rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
tasks(struct cli *c, const struct desk_settle *say, struct err *e)
{
	if (strcmp(c->argv[0], "-") || c->argc > 1)
		return each(c, say, e);
	return batch_stream(c, &batch, e);
}

/* What was signed before is no reason to sign again. */
static int
requests(struct cli *c, const struct desk_settle *say, struct err *e)
{
	struct ledger_head was, is;
	int rc;

	if (cli_store(c, e) || ledger_head(c->store, &was, e))
		return -1;
	rc = say->retry ? retry(c, say, e) : tasks(c, say, e);
	if (!rc || !err_ends_run(e)) {
		if (ledger_head(c->store, &is, e))
			return -1;
		if (is.size != was.size)
			sweep_sign(c, say, true, false);
	}
	return rc;
}

static int
found(void *cli, struct buf *record, struct err *e)
{
	return cli_emit_buf(cli, record, e);
}

static int
check(struct cli *c, struct err *e)
{
	int well;

	if (cli_store(c, e))
		return -1;
	well = settle_check(c->store, &c->params, cli_now(c), found, c, e);
	return well < 0 ? -1 : well ? 0 : err_set(e, E_needs_a_person,
	    "something waits for a person");
}

/* Words that do not go together. */
static int
check_words(const struct cli *c, const struct desk_settle *say,
    struct err *e)
{
	bool sweep = !c->argc && !say->check && !say->retry;

	if ((say->check || say->retry) && c->argc)
		return err_set(e, E_usage, "--check and --retry name no task");
	if (say->check + say->watch + !!say->retry > 1)
		return err_set(e, E_usage, "--check, --retry and --watch are "
		    "three different things");
	if (!sweep && say->limit)
		return err_set(e, E_usage, "--limit is for a sweep, which "
		    "names no task");
	if (!sweep && (say->only || say->watch))
		return err_set(e, E_usage, "--only and --watch are for "
		    "sweeps, which name no task");
	if (say->watch && c->dry_run)
		return err_set(e, E_usage, "--watch would see the same for "
		    "ever with --dry-run");
	if (say->sweeps && !say->watch)
		return err_set(e, E_usage, "--sweeps is for --watch");
	if (say->watch && c->fixed_ms >= 0 && !say->sweeps)
		return err_set(e, E_usage, "--watch does not wait with --now: "
		    "say after how many --sweeps it ends");
	if ((say->node || say->proof_hash) &&
	    (!c->argc || !strcmp(c->argv[0], "-")))
		return err_set(e, E_usage, "--as and --proof-hash are for "
		    "tasks that are named");
	if (c->id && c->argc != 1 && !say->retry)
		return err_set(e, E_usage, "--id is for one task; a sweep "
		    "needs none, since what is closed stays closed");
	return 0;
}

int
desk_settle(struct cli *c, const struct desk_settle *say, struct err *e)
{
	if (check_words(c, say, e))
		return -1;
	if (say->check)
		return check(c, e);
	if (say->watch)
		return sweep_watch(c, say, e);
	if (c->argc || say->retry)
		return requests(c, say, e);
	return sweep_once(c, say, NULL, e);
}
