/*
 * Receipts: spec/vmp.md 8.1.
 *
 * One is made of what is stored, and of a checkpoint that covers it.  The
 * newest mostly does; only where the log has grown since is the writer asked
 * for another.
 */
#include "api/trade.h"
#include "evidence/issue.h"
#include "receipt/paper.h"
#include "store/store.h"

static int
write_paper(struct call *c, const char *id, bool stored, struct err *e)
{
	struct issuer issuer;
	struct paper p = {
		.issuer = &issuer, .params = c->params,
		.as = c->who == CALLER_NODE ? c->node.id : NULL,
		.token = call_token_key(c), .now_ms = c->now_ms,
	};
	struct err without;		/* it is signed by one key less */

	(void)!call_node_key(c, &p.node, &without);
	if (issue_begin(&issuer, c->store, api_home(c->api), c->params,
	    c->now_ms, e))
		return -1;
	issuer.sane = call_clock_sane(c);
	issuer.stored = stored;
	return paper_write(&c->out, &p, id, e);
}

/* It reads states of its own. */
static int
write_stored(struct call *c, const char *id, struct err *e)
{
	store_rollback(c->store);
	if (!write_paper(c, id, true, e)) {
		c->done = true;
		return 0;
	}
	if (e->code != E_no_checkpoint)
		return -1;
	*e = (struct err){ 0 };
	return 0;
}

static int
check_party(struct call *c, const char *id, bool escrow, struct err *e)
{
	struct task t;

	if (escrow ? trade_own_escrow(c, id, &t, e) :
	    trade_own_task(c, id, &t, e))
		return -1;
	escrow_task_release(&t);
	return 0;
}

int
trade_paper_look(struct call *c, const char *id, bool escrow, struct err *e)
{
	return check_party(c, id, escrow, e) ? -1 : write_stored(c, id, e);
}

int
trade_paper(struct call *c, const char *id, bool escrow, struct err *e)
{
	return check_party(c, id, escrow, e) ? -1 :
	    write_paper(c, id, false, e);
}

static int
look_task(struct call *c, struct err *e)
{
	return trade_paper_look(c, c->param[0], false, e);
}

static int
look_escrow(struct call *c, struct err *e)
{
	return trade_paper_look(c, c->param[0], true, e);
}

static int
do_task(struct call *c, struct err *e)
{
	return trade_paper(c, c->param[0], false, e);
}

static int
do_escrow(struct call *c, struct err *e)
{
	return trade_paper(c, c->param[0], true, e);
}

#define TAG .tag = "receipts"
const struct route routes_receipt[] = {
	{ "GET", "/v1/tasks/{task_id}/receipt", .auth = AUTH_NODE,
	    .class = ROUTE_ALONE, .before = look_task, .act = do_task, TAG,
	    .summary = "All that can be proven of a task",
	    .codes = "task_missing not_task_party",
	    .reply = "Receipt" },
	{ "GET", "/v1/trade/escrow/{escrow_id}/receipt", .auth = AUTH_NODE,
	    .class = ROUTE_ALONE, .before = look_escrow, .act = do_escrow,
	    TAG, .summary = "All that can be proven of an escrow",
	    .codes = "escrow_missing not_escrow_party",
	    .reply = "Receipt" },
	{ 0 }
};
