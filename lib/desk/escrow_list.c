/* The verbs that tell of trades. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "desk/escrow.h"
#include "escrow/escrow.h"
#include "escrow/said.h"
#include "escrow/simulate.h"

#define RECORD_MAX (8 << 20)

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

int
desk_escrow_show(struct cli *c, const struct desk_escrow *say, struct err *e)
{
	struct task t;
	char **id;
	int rc = 0;

	(void)say;
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

/* --as and --role: whose trades, on which side. */
static int
read_role(const struct desk_escrow *say, struct escrow_filter *f,
    struct err *e)
{
	if (say->role && !say->node)
		return err_set(e, E_usage, "--role is of a node: --as NODE");
	if (!say->node)
		return 0;
	if (!say->role || !strcmp(say->role, "any"))
		f->party_id = say->node;
	else if (!strcmp(say->role, "seller") && !say->seller)
		f->seller_id = say->node;
	else if (!strcmp(say->role, "buyer") && !say->buyer)
		f->buyer_id = say->node;
	else
		return err_set(e, E_usage, "--role is seller, buyer or any");
	return 0;
}

int
desk_escrow_list(struct cli *c, const struct desk_escrow *say, struct err *e)
{
	struct escrow_filter f = {
		.buyer_id = say->buyer, .seller_id = say->seller,
		.state = say->state, .due_ms = say->due ? cli_now(c) : 0,
		.limit = say->limit, .offset = say->offset,
	};
	enum task_state known;
	struct query q;
	struct task t;
	int got;

	if (say->state && !escrow_task_named(say->state, &known))
		return err_set(e, E_usage, "no status '%.40s'", say->state);
	if (read_role(say, &f, e) || cli_store(c, e))
		return -1;
	escrow_list_open(&q, c->store, &f);
	while ((got = escrow_list_next(&q, &t, e)) > 0) {
		if (print(c, &t, say->full, e))
			got = -1;
		escrow_task_release(&t);
		if (got < 0)
			break;
	}
	query_close(&q);
	return got;
}

static int
print_rules(struct cli *c, struct query *q, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct escrow_rule r;
	int got;

	while ((got = escrow_rules_next(q, &r, e)) > 0) {
		escrow_rule_write(&out, &r);
		if (cli_emit_buf(c, &out, e)) {
			got = -1;
			break;
		}
	}
	query_close(q);
	buf_release(&out);
	return got;
}

/* A misspelt filter would find nothing, which reads like good news. */
static int
check_word(const char *option, const char *word, const char *const *known,
    struct err *e)
{
	if (!word)
		return 0;
	for (; *known; known++)
		if (!strcmp(word, *known))
			return 0;
	return err_set(e, E_usage, "%s: no '%.40s' is ever logged", option,
	    word);
}

static int
check_words(const struct escrow_rule_filter *f, struct err *e)
{
	static const char *const rules[] = {
		"PROOF_MISSING", "SCHEMA_MISMATCH", "VALIDATOR_FAILED",
		"TIMEOUT_NON_DELIVERY", "BUYER_DISPUTE", NULL
	};
	static const char *const actions[] = {
		"FLAGGED_AUTO", "AUTO_REFUND", "AUTO_SETTLE",
		"FLAGGED_MANUAL", NULL
	};
	const char *states[ESCROW_NONE + 1] = { NULL };
	enum escrow_state s;

	for (s = 0; s < ESCROW_NONE; s++)
		states[s] = escrow_state_word(s);
	return check_word("--rule", f->rule, rules, e) ||
	    check_word("--action", f->action, actions, e) ||
	    check_word("--escrow-status", f->escrow_status, states, e) ?
	    -1 : 0;
}

int
desk_escrow_rules(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	const struct escrow_rule_filter f = {
		.rule = say->rule, .action = say->action,
		.escrow_status = say->status,
		.limit = say->limit, .offset = say->offset,
	};
	struct query q;
	struct task t;
	int rc;

	if (check_words(&f, e) || cli_store(c, e))
		return -1;
	if (!c->argc) {
		escrow_rules_list(&q, c->store, &f);
		return print_rules(c, &q, e);
	}
	if (f.rule || f.action || f.escrow_status || f.limit || f.offset)
		return err_set(e, E_usage, "filters are for the whole log, "
		    "not for one task");
	if (escrow_task(c->store, c->argv[0], &t, e))
		return -1;
	escrow_rules_open(&q, c->store, &t);
	rc = print_rules(c, &q, e);
	escrow_task_release(&t);
	return rc;
}

int
desk_escrow_validations(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct escrow_check check;
	struct query q;
	struct task t;
	int got;

	(void)say;
	if (cli_store(c, e) || escrow_task(c->store, c->argv[0], &t, e))
		return -1;
	escrow_checks_open(&q, c->store, t.id);
	while ((got = escrow_checks_next(&q, &check, e)) > 0) {
		escrow_check_write(&out, &check);
		if (cli_emit_buf(c, &out, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	buf_release(&out);
	escrow_task_release(&t);
	return got;
}

int
desk_escrow_disputes(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct escrow_dispute d;
	struct query q;
	int got, found = 0;

	if (say->open && say->resolved)
		return err_set(e, E_usage, "--open or --resolved, not both");
	if (c->argc && (say->open || say->resolved || say->limit ||
	    say->offset))
		return err_set(e, E_usage, "filters are for all disputes, "
		    "not for one");
	if (cli_store(c, e))
		return -1;
	if (c->argc)
		escrow_dispute_open(&q, c->store, c->argv[0]);
	else
		escrow_disputes_open(&q, c->store, say->open ? DISPUTES_OPEN :
		    say->resolved ? DISPUTES_RESOLVED : DISPUTES_ALL,
		    say->limit, say->offset);
	while ((got = escrow_disputes_next(&q, &d, e)) > 0) {
		escrow_dispute_write(&out, &d);
		found++;
		if (cli_emit_buf(c, &out, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	buf_release(&out);
	if (!got && c->argc && !found)
		return err_set(e, E_dispute_missing, "no dispute '%.80s'",
		    c->argv[0]);
	return got;
}

/* With --as, only a party may ask. */
static int
check_asks(const struct desk_escrow *say, const struct task *t,
    struct err *e)
{
	return !say->node || !strcmp(say->node, t->buyer_id) ||
	    !strcmp(say->node, t->seller_id) ? 0 : err_set(e,
	    E_not_task_party, "'%.80s' is no party of '%s'", say->node,
	    escrow_name(t));
}

int
desk_escrow_simulate(struct cli *c, const struct desk_escrow *say,
    struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct task t;
	int rc;

	if (cli_store(c, e) || escrow_task(c->store, c->argv[0], &t, e))
		return -1;
	rc = check_asks(say, &t, e) || escrow_simulate_write(&out, c->store,
	    &t, &c->params, cli_now(c), e) || cli_emit_buf(c, &out, e) ?
	    -1 : 0;
	buf_release(&out);
	escrow_task_release(&t);
	return rc;
}
