/* Skills tried on what is known: spec/vmp.md 8.5. */
#include <string.h>

#include "api/trade.h"
#include "suite/suite.h"

#define NOTE "The seller delivers these like any other task"

/* As the marketplace calls them; the object stays open. */
static void
put_suite(struct buf *out, const struct suite *s)
{
	json_open(out, NULL, '{');
	json_str(out, "id", s->id);
	json_str(out, "name", s->name);
	json_str(out, "description", s->description);
	json_str_or_null(out, "skill_pattern", s->pattern);
}

static int
do_list(struct call *c, struct err *e)
{
	struct suites all;
	size_t i;

	if (suite_load_home(&all, api_home(c->api), c->params, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "suites", '[');
	for (i = 0; i < all.n; i++) {
		put_suite(&c->out, &all.suite[i]);
		json_int(&c->out, "test_cases", (int64_t)all.suite[i].n);
		json_close(&c->out, '}');
	}
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	suite_free(&all);
	return 0;
}

/* Its id is the caller's text. */
static int
find(struct call *c, struct suites *all, const struct suite **out,
    struct err *e)
{
	if (suite_load_home(all, api_home(c->api), c->params, e))
		return -1;
	if (!suite_find(all, c->param[0], out, e))
		return 0;
	suite_free(all);
	return e->code == E_suite_missing ? err_set(e, E_suite_missing,
	    "Benchmark suite not found: %.60s", c->param[0]) : -1;
}

static int
do_show(struct call *c, struct err *e)
{
	const struct suite *s;
	struct suites all;

	if (find(c, &all, &s, e))
		return -1;
	put_suite(&c->out, s);
	suite_cases_write(&c->out, s);
	json_close(&c->out, '}');
	suite_free(&all);
	return 0;
}

static void
put_trials(struct buf *out, const struct suite_run *r)
{
	const struct suite_trial *t;

	json_open(out, "results", '[');
	for (t = r->trial; t < r->trial + r->n; t++) {
		json_open(out, NULL, '{');
		json_str(out, "case_id", t->case_id);
		json_str(out, "task_id", t->task_id);
		if (*t->repeat_id)
			json_str(out, "repeat_task_id", t->repeat_id);
		json_raw(out, "input", t->input, strlen(t->input));
		json_str(out, "check_type", suite_check_word(t->check));
		json_str(out, "status", "pending");
		json_str(out, "note", NOTE);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static int
start(struct call *c, const struct suite *s, struct err *e)
{
	const struct suite_ask ask = {
		.node_id = c->node.id, .suite = s,
		.skill_id = call_str(&c->query, "skill_id", ""),
	};
	struct suite_run run;

	if (suite_start_in(c->ledger, &ask, c->params, c->chance, &run, e))
		return e->code == E_rate_limited ? err_set(e, E_rate_limited,
		    "Rate limit exceeded for node %s", c->node.id) : -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "benchmark_id", run.id);
	json_str(&c->out, "suite", run.suite);
	json_str(&c->out, "skill_id", run.skill_id);
	json_str(&c->out, "skill_label", run.label);
	json_int(&c->out, "cases_total", (int64_t)run.n);
	json_str(&c->out, "status", "running");
	put_trials(&c->out, &run);
	json_time(&c->out, "expires_at", run.due_ms);
	json_str(&c->out, "note", "It is scored when all tasks are "
	    "delivered; no money moves");
	json_close(&c->out, '}');
	suite_run_release(&run);
	return 0;
}

static int
do_run(struct call *c, struct err *e)
{
	const struct suite *s;
	struct suites all;
	int rc;

	if (find(c, &all, &s, e))
		return -1;
	rc = start(c, s, e);
	suite_free(&all);
	return rc;
}

static int
do_result(struct call *c, struct err *e)
{
	struct suite_run r;

	if (suite_run(c->store, c->param[0], c->now_ms, &r, e))
		return -1;
	suite_run_write(&c->out, &r);
	if (!suite_verified(&r))
		json_null(&c->out, "verified_at");
	json_close(&c->out, '}');
	suite_run_release(&r);
	return 0;
}

#define TAG .tag = "benchmarks"
const struct route routes_bench[] = {
	{ "GET", "/v1/benchmarks", .act = do_list, TAG,
	    .summary = "Suites that skills can be tried on",
	    .reply = "{ suites: [{ id, name, description, "
		"skill_pattern: text|null, test_cases: int }] }" },
	{ "GET", "/v1/benchmarks/{suite}", .act = do_show, TAG,
	    .summary = "A suite, and what it expects",
	    .codes = "suite_missing",
	    .reply = "{ id, name, description, skill_pattern: text|null, "
		"cases: [{ case_id, input: object, check_type, "
		"expected_field: any, expected_value: any }] }" },
	{ "POST", "/v1/benchmarks/{suite}/run", .auth = AUTH_NODE,
	    .class = ROUTE_WRITE, .act = do_run, TAG,
	    .summary = "Try a skill",
	    .query = "{\"type\":\"object\",\"properties\":{\"skill_id\":"
		"{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}},"
		"\"required\":[\"skill_id\"]}",
	    .codes = "suite_missing skill_missing self_trade realm "
		"seller_inactive skill_retired rate_limited",
	    .reply = "{ benchmark_id, suite, skill_id, skill_label, "
		"cases_total: int, status: 'running', results: [{ case_id, "
		"task_id, repeat_task_id: text?, input: object, check_type, "
		"status: 'pending', note }], expires_at: time, note }" },
	{ "GET", "/v1/benchmarks/runs/{run_id}", .act = do_result, TAG,
	    .summary = "What came of it", .codes = "run_missing",
	    .reply = "{ benchmark_id, suite, skill_id, skill_label, node_id, "
		"status: 'running'|'completed'|'expired', total: int, "
		"passed: int, failed: int, verified: bool, "
		"verified_at: time|null, created_at: time, expires_at: time, "
		"cases: [{ case_id, check_type, task_id, "
		"result: 'PASS'|'FAIL'|'PENDING', expected: any?, "
		"actual: any?, detail: any? }] }" },
	{ 0 }
};
