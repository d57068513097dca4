#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "suite/suite.h"

static void
put_raw_if(struct buf *out, const char *key, const char *json)
{
	if (json)
		json_raw(out, key, json, strlen(json));
}

static void
put_case(struct buf *out, const struct suite_case *c)
{
	json_open(out, NULL, '{');
	json_str(out, "case_id", c->id);
	put_raw_if(out, "input", c->input);
	json_str(out, "check_type", suite_check_word(c->check));
	json_str_if(out, "expected_field", c->field);
	put_raw_if(out, "expected_value", c->expected);
	json_close(out, '}');
}

void
suite_cases_write(struct buf *out, const struct suite *s)
{
	size_t i;

	json_open(out, "cases", '[');
	for (i = 0; i < s->n; i++)
		put_case(out, &s->cases[i]);
	json_close(out, ']');
}

void
suite_write(struct buf *out, const struct suite *s, bool with_cases)
{
	json_open(out, NULL, '{');
	json_str(out, "suite", s->id);
	json_str(out, "name", s->name);
	json_str(out, "description", s->description);
	json_str_if(out, "skill_pattern", s->pattern);
	json_int(out, "test_cases", (int64_t)s->n);
	if (with_cases)
		suite_cases_write(out, s);
}

static const char *
state_word(enum suite_state s)
{
	static const char *const words[] = {
		"running", "completed", "expired",
	};

	return words[s];
}

static void
put_head(struct buf *out, const struct suite_run *r)
{
	json_open(out, NULL, '{');
	json_str(out, "benchmark_id", r->id);
	json_str(out, "suite", r->suite);
	json_str(out, "skill_id", r->skill_id);
	json_str(out, "skill_label", r->label);
	json_str(out, "node_id", r->node_id);
	json_str(out, "status", state_word(r->state));
	json_int(out, "total", (int64_t)r->n);
}

static void
put_tasks(struct buf *out, const struct suite_trial *t)
{
	json_str(out, "case_id", t->case_id);
	json_str(out, "check_type", suite_check_word(t->check));
	json_str(out, "task_id", t->task_id);
	json_str_if(out, "repeat_task_id",
	    *t->repeat_id ? t->repeat_id : NULL);
}

void
suite_start_write(struct buf *out, const struct suite_run *r)
{
	size_t i;

	put_head(out, r);
	json_time(out, "created_at", r->made_ms);
	json_time(out, "expires_at", r->due_ms);
	json_open(out, "cases", '[');
	for (i = 0; i < r->n; i++) {
		json_open(out, NULL, '{');
		put_tasks(out, &r->trial[i]);
		put_raw_if(out, "input", r->trial[i].input);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
put_trial(struct buf *out, const struct suite_trial *t)
{
	static const char *const words[] = { "PENDING", "PASS", "FAIL" };

	json_open(out, NULL, '{');
	put_tasks(out, t);
	json_str_if(out, "expected_field", t->field);
	put_raw_if(out, "expected", t->expected);
	put_raw_if(out, "actual", t->actual);
	json_str(out, "result", words[t->result]);
	json_str_if(out, "detail", t->detail);
	json_close(out, '}');
}

void
suite_run_write(struct buf *out, const struct suite_run *r)
{
	bool verified = suite_verified(r);
	size_t i;

	put_head(out, r);
	json_int(out, "passed", (int64_t)r->passed);
	json_int(out, "failed", (int64_t)r->failed);
	json_bool(out, "verified", verified);
	json_time_if(out, "verified_at", verified ? r->closed_ms : 0);
	json_time(out, "created_at", r->made_ms);
	json_time(out, "expires_at", r->due_ms);
	json_open(out, "cases", '[');
	for (i = 0; i < r->n; i++)
		put_trial(out, &r->trial[i]);
	json_close(out, ']');
}

int
suite_closed_write(struct buf *out, struct store *s, const char *id,
    int64_t now_ms, struct err *e)
{
	struct suite_run r;

	if (suite_run(s, id, now_ms, &r, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "benchmark_id", r.id);
	json_str(out, "suite", r.suite);
	json_str(out, "skill_id", r.skill_id);
	json_str(out, "status", state_word(r.state));
	json_int(out, "passed", (int64_t)r.passed);
	json_int(out, "failed", (int64_t)r.failed);
	json_bool(out, "verified", suite_verified(&r));
	json_time(out, "closed_at", r.closed_ms);
	suite_run_release(&r);
	return 0;
}
