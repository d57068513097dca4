/* Judging what is delivered, by the task's own copy of the contract. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "escrow/impl.h"
#include "validate/contract.h"
#include "validate/custom.h"
#include "validate/language.h"
#include "validate/proof.h"

#define TEXT_MAX 1024

/* What a task was bought with. */
struct terms {
	char *contract, *customs;	/* JSON */
	struct contract *promise;
	struct custom *custom[ESCROW_CUSTOMS];
	size_t n;
	char unreadable[sizeof(((struct err *)0)->msg)];	/* why, or "" */
};

static void
terms_release(struct terms *t)
{
	while (t->n)
		custom_free(t->custom[--t->n]);
	contract_free(t->promise);
	free(t->contract);
	free(t->customs);
}

static int
load(struct store *s, const char *task_id, struct terms *t, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_ESCROW_SNAPSHOT);
	query_text(&q, task_id);
	got = query_row(&q, e);
	if (got > 0) {
		t->contract = query_copy_text(&q, 0);
		t->customs = query_copy_text(&q, 1);
	}
	query_close(&q);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_store_corrupt,
	    "the task has no row");
}

/*
 * Skills that were published before contracts were checked may promise what
 * nobody can read: that counts against who wrote it.
 */
static int
read_contract(struct terms *t, struct err *e)
{
	struct json doc, metadata;
	struct err why = { 0 };
	int rc = 0;

	if (json_parse(&doc, t->contract, strlen(t->contract), e))
		return err_wrap(e, "the contract");
	if (json_find(&metadata, &doc, "metadata") &&
	    contract_read(&t->promise, &metadata, NULL, NULL, &why)) {
		rc = why.kind == ERR_INPUT ? 0 : -1;
		if (rc)
			*e = why;
		else
			memcpy(t->unreadable, why.msg, sizeof(why.msg));
	}
	json_release(&doc);
	return rc;
}

static int
read_customs(struct terms *t, struct err *e)
{
	const char *id, *name, *type;
	struct json doc, it = { 0 }, config;
	int rc = 0;

	if (!t->customs)
		return 0;
	if (json_parse(&doc, t->customs, strlen(t->customs), e))
		return err_wrap(e, "the validators");
	while (!rc && json_next(&it, &doc)) {
		rc = t->n == ESCROW_CUSTOMS ? err_set(e, E_store_corrupt,
		    "too many validators") : 0;
		if (rc || json_get_str(&it, "id", &id, e) ||
		    json_get_str(&it, "name", &name, e) ||
		    json_get_str(&it, "type", &type, e) ||
		    json_get(&config, &it, "config", JSON_OBJECT, e) ||
		    custom_read(&t->custom[t->n], id, name, type, &config,
		    NULL, e))
			rc = -1;
		t->n += !rc;
	}
	json_release(&doc);
	return rc;
}

/* A verdict of our own making, where there is no contract to go by. */
static void
fail_unread(struct verdict *v, const char *why)
{
	struct buf details = BUF_INIT(TEXT_MAX);

	json_open(&details, NULL, '{');
	json_str(&details, "error", why);
	json_close(&details, '}');
	v->rule = VALIDATE_VALIDATOR_FAILED;
	free(v->details);
	v->details = mem_text(details.data);
	buf_release(&details);
}

static int
judge(struct store *s, const struct task *t, const struct act *a,
    const struct params *p, struct judged *out, struct err *e)
{
	struct language own = LANGUAGE_INIT(LANGUAGE_DIR);
	struct terms terms = { 0 };
	struct validate_case c = {
		.output = a->output, .task_status = "COMPLETED", .params = p,
		.language = a->language ? a->language : &own,
	};
	int rc = -1;

	if (load(s, t->id, &terms, e) || read_contract(&terms, e) ||
	    read_customs(&terms, e))
		goto out;
	c.contract = terms.promise;
	c.customs = (const struct custom *const *)terms.custom;
	c.custom_count = terms.n;
	if (validate_judge(&out->verdict, &c, e))
		goto out;
	out->first_custom = terms.promise ? contract_rules(terms.promise) : 0;
	if (*terms.unreadable &&
	    out->verdict.rule != VALIDATE_PROOF_MISSING)
		fail_unread(&out->verdict, terms.unreadable);
	rc = 0;
out:
	terms_release(&terms);
	language_release(&own);
	return rc;
}

int
escrow_judge_task(struct store *s, const struct task *t, const struct act *a,
    const struct params *p, struct judged *out, struct err *e)
{

	*out = (struct judged){ 0 };
	if (escrow_take_output(a->output, &out->output, out->output_sha256,
	    e))
		return -1;
	if (a->proof_hash)
		out->proof_match = a->output ? proof_match(a->output,
		    a->proof_hash) : "none";
	if (t->kind != TRADE_DIRECT && judge(s, t, a, p, out, e)) {
		escrow_judged_release(out);
		return -1;
	}
	return 0;
}

int
escrow_judge(struct store *s, const struct act *a, const struct params *p,
    struct judged *out, struct err *e)
{
	struct task t;
	int rc;

	if (escrow_task(s, a->task_id, &t, e))
		return -1;
	rc = escrow_judge_task(s, &t, a, p, out, e);
	escrow_task_release(&t);
	return rc;
}

void
escrow_judged_release(struct judged *j)
{
	validate_release(&j->verdict);
	free(j->output);
	*j = (struct judged){ 0 };
}
