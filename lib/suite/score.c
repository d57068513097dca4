/* What came of a run: a function of its tasks, and of the moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/same.h"
#include "base/utf8.h"
#include "escrow/escrow.h"
#include "ledger/ledger.h"
#include "market/market.h"
#include "suite/suite.h"

#define SAME_STEPS 200000
#define SHOWN 200		/* characters of what was there */

/* One task of a trial, and its output as JSON if there is one. */
struct delivery {
	struct task task;
	struct json output;
};

static void
delivery_release(struct delivery *d)
{
	json_release(&d->output);
	escrow_task_release(&d->task);
}

static int
delivery_read(struct delivery *d, struct store *s, const char *task_id,
    struct err *e)
{
	*d = (struct delivery){ 0 };
	if (escrow_task(s, task_id, &d->task, e))
		return -1;
	if (!d->task.output)
		return 0;
	return json_parse(&d->output, d->task.output,
	    strlen(d->task.output), e) ? err_wrap(e, "task '%s'", task_id) :
	    0;
}

static void
say(struct suite_trial *t, enum suite_result result, const char *detail)
{
	t->result = result;
	t->detail = detail ? mem_text(detail) : NULL;
}

/* The value as it was, or if it is long how it begins. */
static char *
shown(const struct json *value)
{
	struct buf text = BUF_INIT(2 * JSON_MAX), cut = BUF_INIT(4096);
	char *out;
	size_t n;

	json_copy(&text, NULL, value);
	n = utf8_first(text.data, text.len, SHOWN);
	if (n < text.len)
		json_strn(&cut, NULL, text.data, n);
	out = mem_text(cut.len ? cut.data : text.data);
	buf_release(&text);
	buf_release(&cut);
	return out;
}

static int
match_field(struct suite_trial *t, const struct json *output, struct err *e)
{
	int64_t work = SAME_STEPS;
	struct json want, is;
	bool good;

	if (json_kind(output) != JSON_OBJECT ||
	    !json_find(&is, output, t->field)) {
		say(t, SUITE_FAIL, "the output has no such member");
		return 0;
	}
	if (json_parse(&want, t->expected, strlen(t->expected), e))
		return -1;
	good = same(&want, &is, &work);
	say(t, good ? SUITE_PASS : SUITE_FAIL,
	    good ? NULL : "it is not what was expected");
	t->actual = shown(&is);
	json_release(&want);
	return 0;
}

/* Does the contract of the task promise a form at all?  1, 0, -1. */
static int
has_schema(struct store *s, const char *task_id, struct err *e)
{
	struct json contract = { 0 }, metadata;
	const char *text;
	struct query q;
	int got;

	query_open(&q, s, SQL_SUITE_PROMISE);
	query_text(&q, task_id);
	got = query_row(&q, e);
	if (got > 0) {
		text = query_get_text(&q, 0);
		got = json_parse(&contract, text, strlen(text), e) ? -1 :
		    json_find(&metadata, &contract, "metadata") &&
		    json_has(&metadata, "output_schema");
		json_release(&contract);
	}
	query_close(&q);
	return got;
}

/* The rules judged it when it came (spec/vmp.md 6.4), and said so. */
static int
fit_schema(struct suite_trial *t, struct store *s, const struct task *task,
    struct err *e)
{
	int got = has_schema(s, task->id, e);
	bool bad = task->verdict && !strcmp(task->verdict, "SCHEMA_MISMATCH");

	if (got >= 0)
		say(t, bad ? SUITE_FAIL : SUITE_PASS, bad ?
		    "the output does not fit the schema of the skill" :
		    got ? NULL : "the skill has no output_schema");
	return got < 0 ? -1 : 0;
}

static char *
member_names(const struct json *output)
{
	struct buf text = BUF_INIT(2 * JSON_MAX);
	struct json it;
	char *out;
	size_t i;

	json_open(&text, NULL, '[');
	for (i = 0; !json_sorted(&it, output, i); i++)
		json_str(&text, NULL, json_key(&it));
	json_close(&text, ']');
	out = mem_text(text.data);
	buf_release(&text);
	return out;
}

static void
compare_keys(struct suite_trial *t, const struct json *a,
    const struct json *b)
{
	char *first = member_names(a), *second = member_names(b);
	struct buf both = BUF_INIT(5 * JSON_MAX);
	bool good = !strcmp(first, second);
	struct json value;
	struct err none;

	say(t, good ? SUITE_PASS : SUITE_FAIL,
	    good ? NULL : "the two outputs have different members");
	if (good)
		buf_adds(&both, first);
	else
		buf_addf(&both, "[%s,%s]", first, second);
	if (!json_parse(&value, both.data, both.len, &none)) {
		t->actual = shown(&value);
		json_release(&value);
	}
	buf_release(&both);
	free(first);
	free(second);
}

/* Is it there?  A rule that calls it no delivery is believed. */
static bool
is_there(struct suite_trial *t, const struct delivery *d, int64_t now_ms)
{
	if (!d->output.node) {
		t->late = now_ms >= d->task.refund_ms ||
		    d->task.state == TASK_REFUNDED;
		if (t->late)
			say(t, SUITE_FAIL, "it was not delivered in time");
		return false;
	}
	if (!d->task.verdict || strcmp(d->task.verdict, "PROOF_MISSING"))
		return true;
	say(t, SUITE_FAIL, "the output is empty");
	return false;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int
judge(struct suite_trial *t, struct store *s, int64_t now_ms,
    int64_t *closed_ms, struct err *e)
{
	struct delivery one = { 0 }, two = { 0 };
	bool twice = *t->repeat_id;
	int rc = -1;

	if (delivery_read(&one, s, t->task_id, e) ||
	    (twice && delivery_read(&two, s, t->repeat_id, e)))
		goto out;
	rc = 0;
	t->input = mem_text(one.task.input);
	*closed_ms = later(*closed_ms, later(one.task.completed_ms,
	    two.task.completed_ms));
	if (!is_there(t, &one, now_ms))
		goto out;
	if (twice && !is_there(t, &two, now_ms))
		goto out;
	switch (t->check) {
	case SUITE_FIELD_MATCH:
		rc = match_field(t, &one.output, e);
		break;
	case SUITE_SCHEMA_VALID:
		rc = fit_schema(t, s, &one.task, e);
		break;
	case SUITE_CONSISTENT_KEYS:
		compare_keys(t, &one.output, &two.output);
		break;
	case SUITE__CHECKS:
		break;
	}
out:
	delivery_release(&one);
	delivery_release(&two);
	return rc;
}

static void
take_trial(const struct query *q, struct suite_trial *t)
{
	*t = (struct suite_trial){ 0 };
	t->case_id = query_copy_text(q, 0);
	while (t->check < SUITE_CONSISTENT_KEYS &&
	    strcmp(suite_check_word(t->check), query_get_text(q, 1)))
		t->check++;
	t->field = query_copy_text(q, 2);
	t->expected = query_copy_text(q, 3);
	query_put_text(q, 4, t->task_id, sizeof(t->task_id));
	query_put_text(q, 5, t->repeat_id, sizeof(t->repeat_id));
}

static int
read_run(struct store *s, const char *id, struct suite_run *out,
    struct err *e)
{
	struct query q;
	int got;

	*out = (struct suite_run){ 0 };
	query_open(&q, s, SQL_SUITE_RUN_GET);
	query_text(&q, id);
	got = query_row(&q, e);
	if (got > 0) {
		query_put_text(&q, 0, out->id, sizeof(out->id));
		query_put_text(&q, 1, out->suite, sizeof(out->suite));
		query_put_text(&q, 2, out->skill_id, sizeof(out->skill_id));
		query_put_text(&q, 3, out->node_id, sizeof(out->node_id));
		out->label = query_copy_text(&q, 4);
		out->made_ms = query_get_int(&q, 5);
		out->due_ms = query_get_int(&q, 6);
	}
	query_close(&q);
	return got > 0 ? 0 : got < 0 ? -1 : err_set(e, E_run_missing,
	    "no benchmark run '%.100s'", id);
}

static int
read_trials(struct store *s, struct suite_run *run, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_SUITE_CASE_LIST);
	query_text(&q, run->id);
	while ((got = query_row(&q, e)) > 0) {
		run->trial = mem_grow(run->trial, run->n + 1,
		    sizeof(*run->trial));
		take_trial(&q, &run->trial[run->n++]);
	}
	return got;
}

int
suite_run(struct store *s, const char *id, int64_t now_ms,
    struct suite_run *out, struct err *e)
{
	int64_t closed_ms = 0;
	bool late = false;
	size_t i, pending;

	if (read_run(s, id, out, e) || read_trials(s, out, e))
		goto bad;
	for (i = 0; i < out->n; i++) {
		if (judge(&out->trial[i], s, now_ms, &closed_ms, e))
			goto bad;
		out->passed += out->trial[i].result == SUITE_PASS;
		out->failed += out->trial[i].result == SUITE_FAIL;
		late |= out->trial[i].late;
	}
	pending = out->n - out->passed - out->failed;
	if (!pending) {
		out->state = late ? SUITE_EXPIRED : SUITE_COMPLETED;
		out->closed_ms = late ? out->due_ms : closed_ms;
	}
	return 0;
bad:
	suite_run_release(out);
	return -1;
}

void
suite_run_release(struct suite_run *r)
{
	struct suite_trial *t;

	while (r->n) {
		t = &r->trial[--r->n];
		free(t->case_id);
		free(t->field);
		free(t->expected);
		free(t->input);
		free(t->actual);
		free(t->detail);
	}
	free(r->trial);
	free(r->label);
	*r = (struct suite_run){ 0 };
}

bool
suite_verified(const struct suite_run *r)
{
	return r->state == SUITE_COMPLETED && r->passed == r->n;
}

int
suite_close_in(struct ledger *l, const char *id, struct err *e)
{
	struct store *s = ledger_store(l);
	struct suite_run run;
	struct query q;
	int got = 0;

	if (suite_run(s, id, ledger_now(l), &run, e))
		return -1;
	if (run.state != SUITE_RUNNING) {
		query_open(&q, s, SQL_SUITE_RUN_CLOSE);
		query_text(&q, id);
		query_text(&q, run.state == SUITE_EXPIRED ? "expired" :
		    "completed");
		query_int(&q, run.closed_ms);
		got = query_run(&q, NULL, e);
	}
	if (got > 0 && suite_verified(&run) &&
	    market_verified_in(l, run.skill_id, run.suite, e))
		got = -1;
	suite_run_release(&run);
	return got;
}

int
suite_due(struct store *s, int64_t now_ms, int64_t *after_ms,
    char after_id[SUITE_RUN], int limit, char (*out)[SUITE_RUN],
    struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_SUITE_RUN_DUE);
	return query_due(&q, now_ms, after_ms, after_id, limit, SUITE_RUN, *out,
	    e);
}
