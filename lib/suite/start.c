/* A run begins: a shadow task of each case. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "escrow/escrow.h"
#include "ledger/ledger.h"
#include "suite/suite.h"

#define HOUR_MS INT64_C(3600000)

/* One more task: the input again for one that compares two outputs. */
static int
order_task(struct ledger *l, const struct suite_ask *ask,
    const struct suite_case *c, const struct params *p,
    struct chance *chance, struct suite_run *run, char id[ID_TEXT],
    struct err *e)
{
	struct order o = {
		.buyer_id = ask->node_id, .skill_id = ask->skill_id,
		.protocol = "benchmark", .run_id = run->id,
	};
	struct json input;
	struct task t;

	if (json_parse(&input, c->input, strlen(c->input), e))
		return -1;
	o.input = &input;
	if (escrow_shadow_in(l, &o, p, chance, &t, e)) {
		json_release(&input);
		return -1;
	}
	memcpy(id, t.id, ID_TEXT);
	if (!run->label)
		run->label = mem_text(t.label);
	if (t.refund_ms > run->due_ms)
		run->due_ms = t.refund_ms;
	escrow_task_release(&t);
	json_release(&input);
	return 0;
}

static int
try_case(struct ledger *l, const struct suite_ask *ask,
    const struct suite_case *c, const struct params *p,
    struct chance *chance, struct suite_run *run, struct err *e)
{
	struct suite_trial *t = &run->trial[run->n++];

	t->case_id = mem_text(c->id);
	t->check = c->check;
	t->input = mem_text(c->input);
	t->field = c->field ? mem_text(c->field) : NULL;
	t->expected = c->expected ? mem_text(c->expected) : NULL;
	if (order_task(l, ask, c, p, chance, run, t->task_id, e))
		return -1;
	return c->check == SUITE_CONSISTENT_KEYS ?
	    order_task(l, ask, c, p, chance, run, t->repeat_id, e) : 0;
}

/* Over an hour that ends now. */
static int
check_rate(struct ledger *l, const char *node_id, const struct params *p,
    struct err *e)
{
	int64_t most = p->value[PARAM_bench_rate], n;
	struct query q;

	if (!most)
		return 0;
	query_open(&q, ledger_store(l), SQL_SUITE_RUN_RECENT);
	query_text(&q, node_id);
	query_int(&q, ledger_now(l) - HOUR_MS);
	if (query_run(&q, &n, e) < 0)
		return -1;
	return n < most ? 0 : err_set(e, E_rate_limited, "'%s' has run "
	    "%" PRId64 " benchmarks within the hour", node_id, n);
}

static int
add_trial(struct store *s, const struct suite_run *run, size_t i,
    struct err *e)
{
	const struct suite_trial *t = &run->trial[i];
	struct query q;

	query_open(&q, s, SQL_SUITE_CASE_ADD);
	query_text(&q, run->id);
	query_int(&q, (int64_t)i);
	query_text(&q, t->case_id);
	query_text(&q, suite_check_word(t->check));
	query_text(&q, t->field);
	query_text(&q, t->expected);
	query_text(&q, t->task_id);
	query_text(&q, *t->repeat_id ? t->repeat_id : NULL);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

static int
add(struct store *s, const struct suite_run *run, struct err *e)
{
	struct query q;
	size_t i;

	query_open(&q, s, SQL_SUITE_RUN_ADD);
	query_text(&q, run->id);
	query_text(&q, run->suite);
	query_text(&q, run->skill_id);
	query_text(&q, run->node_id);
	query_int(&q, run->made_ms);
	query_int(&q, run->due_ms);
	if (query_run(&q, NULL, e) < 0)
		return -1;
	for (i = 0; i < run->n; i++)
		if (add_trial(s, run, i, e))
			return -1;
	return 0;
}

int
suite_start_in(struct ledger *l, const struct suite_ask *ask,
    const struct params *p, struct chance *chance, struct suite_run *out,
    struct err *e)
{
	const struct suite *s = ask->suite;
	char id[ID_TEXT];
	size_t i;
	int rc = 0;

	static_assert(SUITE_RUN >= sizeof("bench__") + SUITE_ID + ID_TEXT,
	    "a run has a name");
	assert(ledger_writing(l));
	*out = (struct suite_run){
		.made_ms = ledger_now(l),
		.trial = mem_zero(s->n, sizeof(*out->trial)),
	};
	id_new(id, out->made_ms, chance);
	snprintf(out->id, sizeof(out->id), "bench_%s_%s", s->id, id);
	memcpy(out->suite, s->id, sizeof(out->suite));
	snprintf(out->skill_id, ID_TEXT, "%s", ask->skill_id);
	snprintf(out->node_id, sizeof(out->node_id), "%s", ask->node_id);
	for (i = 0; i < s->n && !rc; i++)
		rc = try_case(l, ask, &s->cases[i], p, chance, out, e);
	/* Whatever the gate says comes first (2.11): nothing is kept then. */
	if (!rc && !check_rate(l, ask->node_id, p, e) &&
	    !add(ledger_store(l), out, e))
		return 0;
	suite_run_release(out);
	return -1;
}
