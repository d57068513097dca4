/* bzn-settle - pay what is due, refund what is late. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "cli/cli.h"
#include "evidence/issue.h"
#include "ledger/ledger.h"
#include "settle/settle.h"

#define RECORD_MAX 65536

static int64_t limit;
static bool no_checkpoint;
static bool changed;			/* was anything closed? */

static void
write_record(struct buf *out, const struct cli *c, const struct task *t)
{
	settle_write(out, t);
	if (c->dry_run)
		json_bool(out, "dry_run", true);
	json_close(out, '}');
}

static int
told(void *cli, const struct settled *s, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct err why;
	int rc = 0;

	if (s->task) {
		changed = true;
		write_record(&out, cli, s->task);
		rc = cli_emit_buf(cli, &out, e);
	} else {
		why = *s->why;
		(void)err_wrap(&why, "escrow '%s'", s->escrow_id);
		cli_complain(cli, &why);
	}
	buf_release(&out);
	return rc;
}

static int
sweep(struct cli *c, struct err *e)
{
	const struct settle s = {
		.now_ms = cli_now(c), .sane = !c->accept_clock,
		.limit = limit, .params = &c->params, .told = told, .arg = c,
	};
	struct ledger *l = NULL;
	int rc;

	rc = cli_store(c, e) || settle_sweep(c->store, &l, &s, e) ? -1 : 0;
	ledger_free(l);
	return rc;
}

/* Records of bzn-escrow are good requests: more members are no harm. */
static int
one(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	const char *id;
	struct task t;

	(void)but;
	if (json_get_str(in, "task_id", &id, e) ||
	    settle_one_in(l, id, &c->params, &t, e))
		return -1;
	changed = true;
	settle_write(out, &t);
	json_close(out, '}');
	escrow_task_release(&t);
	return 0;
}

/* One that cannot be closed does not hold up the others. */
static int
each(struct cli *c, const struct batch *batch, struct err *e)
{
	struct buf in = BUF_INIT(RECORD_MAX);
	char **id;
	int rc = 0;

	for (id = c->argv; *id && !rc; id++) {
		buf_reset(&in);
		json_open(&in, NULL, '{');
		json_str(&in, "task_id", *id);
		rc = batch_one(c, batch, &in, e);
		if (rc && id[1] && !err_ends_run(e)) {
			cli_complain(c, e);
			*e = (struct err){ 0 };
			rc = 0;
		}
	}
	buf_release(&in);
	return rc;
}

/*
 * What was paid is to be provable: a sweep that closed something signs the
 * log, others only now and then; also a sweep that found nothing to do, since
 * the one before may have been killed before it could sign.  The money has
 * moved, so that this fails is told of, and is no reason to say that it has
 * not.
 */
static void
sign_log(struct cli *c, bool sweep, bool done)
{
	struct issued made = ISSUED_INIT;
	struct err why = { 0 };
	struct issuer i;
	int rc;

	if ((!changed && !(sweep && done)) || no_checkpoint || c->dry_run)
		return;
	rc = issue_begin(&i, c->store, c->home, &c->params, cli_now(c), &why);
	i.sane = !c->accept_clock;
	if (!rc && changed && sweep)
		rc = issue_checkpoint(&i, &made, &why);
	else if (!rc)
		rc = issue_due(&i,
		    c->params.value[PARAM_checkpoint_every_ms], &why);
	if (rc < 0) {
		(void)err_wrap(&why, changed ? "it is settled, but not signed" :
		    "nothing was due, and the log is not signed");
		cli_complain(c, &why);
	}
	issue_release(&made);
}

static int
settle(struct cli *c, struct err *e)
{
	static const struct batch batch = { one, BATCH_KEYED, false,
	    "node_id" };

	if (c->argc && limit)
		return err_set(e, E_usage, "--limit is for a sweep, which "
		    "names no task");
	if (c->argc != 1 && c->id)
		return err_set(e, E_usage, "--id is for one task; a sweep "
		    "needs none, since what is closed stays closed");
	if (!c->argc)
		return sweep(c, e);
	if (!strcmp(c->argv[0], "-") && c->argc == 1)
		return batch_stream(c, &batch, e);
	return each(c, &batch, e);
}

static int
run(struct cli *c, struct err *e)
{
	int rc = settle(c, e);

	if (!rc || !err_ends_run(e))
		sign_log(c, !c->argc, !rc);
	return rc;
}

int
main(int argc, char *argv[])
{
	static const struct opt opts[] = {
		OPT_NUM('l', "limit", "N", &limit, "close at most so many"),
		OPT_FLAG(0, "no-checkpoint", &no_checkpoint,
		    "do not sign what the log is then"),
		OPT_END
	};
	static const struct verb verbs[] = {
		{ NULL, "[task ... | -]", NULL, 0, 1000, CLI_WRITE, opts,
		    NULL, run },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-settle",
		.brief = "pay what is due, refund what is late",
		.examples =
		    "  bzn-settle                          # from cron\n"
		    "  bzn-settle --dry-run | jq -r .payout\n"
		    "  bzn-escrow list --due | bzn-settle -\n",
		.statuses = "0 2 3 4 5 6 7 8 9",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
