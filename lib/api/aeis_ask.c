/* The operations of AEIS that move nothing: spec/vmp.md 10. */
#include <string.h>

#include "api/aeis.h"
#include "api/show.h"
#include "api/trade.h"
#include "ledger/ledger.h"
#include "market/permit.h"
#include "validate/trial.h"
#include "validate/validate.h"

/* Who acts: the caller itself, or whoever the operator names. */
int
aeis_agent(struct call *c, const char *member, const char **out,
    struct err *e)
{
	*out = call_str(&c->body, member, "");
	return c->who == CALLER_ADMIN || call_is(c, *out) ? 0 :
	    err_set(e, E_not_agent, "%s is not the one who asks", member);
}

/* --- 5, 6: receipt, reputation_attestation ------------------------------- */

static int
find_paper(struct call *c, const char **id, bool *escrow, struct err *e)
{
	*id = call_str(&c->body, "task_id", NULL);
	*escrow = !*id;
	if (*escrow)
		*id = call_str(&c->body, "escrow_id", NULL);
	return *id ? 0 : call_fault(c, "task_id", "Field required", e);
}

int
aeis_receipt_look(struct call *c, struct err *e)
{
	const char *id;
	bool escrow;

	return find_paper(c, &id, &escrow, e) ? -1 :
	    trade_paper_look(c, id, escrow, e);
}

int
aeis_receipt(struct call *c, struct err *e)
{
	const char *id;
	bool escrow;

	return find_paper(c, &id, &escrow, e) ? -1 :
	    trade_paper(c, id, escrow, e);
}

int
aeis_attest(struct call *c, struct err *e)
{
	return show_certificate(c, call_str(&c->body, "agent_id", ""), e);
}

/* --- 7: verify ----------------------------------------------------------- */

#define ROWS (4 << 20)

/* Of a task it is asked about one's own only. */
static int
check_task(struct call *c, struct err *e)
{
	const char *id = call_str(&c->body, "task_id", NULL);
	struct task t;

	if (!id)
		return 0;
	if (trade_own_task(c, id, &t, e))
		return -1;
	escrow_task_release(&t);
	return 0;
}

static int
take_validators(struct call *c, struct trial *t, struct err *e)
{
	struct buf path = BUF_INIT(4096);
	struct json list;
	int rc;

	(void)json_find(&list, &c->body, "validators");
	rc = trial_validators(t, &list, api_language(c->api), &path, e);
	if (rc && e->kind == ERR_INPUT)
		rc = call_fault_at(c, path.len ? path.data :
		    "[\"validators\"]", e->msg, e);
	buf_release(&path);
	return rc;
}

int
aeis_verify(struct call *c, struct err *e)
{
	struct buf rows = BUF_INIT(ROWS);
	struct trial t = { 0 };
	struct verdict v = { 0 };
	struct json output;
	int rc = -1;

	(void)json_find(&output, &c->body, "output");
	if (check_task(c, e) || take_validators(c, &t, e) ||
	    trial_judge(&t, &output, c->params, api_language(c->api), &rows,
	    &v, e))
		goto out;
	json_open(&c->out, NULL, '{');
	trial_write(&c->out, &v);
	json_raw(&c->out, "results", rows.data, rows.len);
	json_close(&c->out, '}');
	rc = 0;
out:
	validate_release(&v);
	trial_release(&t);
	buf_release(&rows);
	return rc;
}

/* --- 11: policy_gate ----------------------------------------------------- */

static int
read_context(struct call *c, struct permit *p, char amount[AMOUNT_TEXT],
    struct err *e)
{
	struct json context;

	if (!json_has(&c->body, "context") ||
	    !json_find(&context, &c->body, "context"))
		return 0;
	if (json_has(&context, "amount")) {
		if (!call_money_text(&context, "amount", amount))
			return call_fault_at(c, "[\"context\",\"amount\"]",
			    "must be an amount", e);
		p->amount = amount;
	}
	return permit_read(p, &context, e);
}

int
aeis_policy(struct call *c, struct err *e)
{
	struct permit p = { .action = call_str(&c->body, "action", "") };
	struct gate_answer answer;
	char amount[AMOUNT_TEXT];

	if (aeis_agent(c, "agent_id", &p.node_id, e))
		return -1;
	if (read_context(c, &p, amount, e) ||
	    permit_ask_in(c->ledger, &p, c->params, &answer, e))
		return e->kind == ERR_INPUT && e->code != E_validation ?
		    call_fault_at(c, "[\"context\"]", e->msg, e) : -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "agent_id", p.node_id);
	json_str(&c->out, "action", p.action);
	permit_write(&c->out, &answer);
	json_close(&c->out, '}');
	return 0;
}
