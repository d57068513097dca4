/* Benchmarks: which there are, running one, and what came of it. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "batch/batch.h"
#include "desk/suite.h"
#include "suite/suite.h"

#define RECORD_MAX (16 << 20)

/* Read once: a file that is wrong stops whatever wants suites. */
static struct suites *
load(struct cli *c, struct suites *all, struct err *e)
{
	return suite_load_home(all, c->home, &c->params, e) ? NULL : all;
}

static int
print(struct cli *c, const struct suite *s, bool full, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	suite_write(&out, s, full);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
list(struct cli *c, const struct desk_suite *say, struct err *e)
{
	struct suites all;
	size_t i;
	int rc = 0;

	(void)say;
	if (!load(c, &all, e))
		return -1;
	for (i = 0; i < all.n && !rc; i++)
		rc = print(c, &all.suite[i], false, e);
	suite_free(&all);
	return rc;
}

static int
show(struct cli *c, const struct desk_suite *say, struct err *e)
{
	const struct suite *s;
	struct suites all;
	char **id;
	int rc = 0;

	(void)say;
	if (!load(c, &all, e))
		return -1;
	for (id = c->argv + 1; *id && !rc; id++)
		rc = suite_find(&all, *id, &s, e) || print(c, s, true, e) ?
		    -1 : 0;
	suite_free(&all);
	return rc;
}

static int
start(struct cli *c, struct ledger *l, const struct json *in,
    const struct suites *all, struct buf *out, struct err *e)
{
	static const char *const keys[] = {
		"id", "node_id", "suite", "skill_id", NULL,
	};
	struct suite_ask ask;
	struct suite_run run;
	const char *suite;

	if (json_only(in, keys, e) ||
	    json_get_str(in, "node_id", &ask.node_id, e) ||
	    json_get_str(in, "suite", &suite, e) ||
	    json_get_str(in, "skill_id", &ask.skill_id, e) ||
	    suite_find(all, suite, &ask.suite, e) ||
	    suite_start_in(l, &ask, &c->params, &c->chance, &run, e))
		return -1;
	suite_start_write(out, &run);
	json_close(out, '}');
	suite_run_release(&run);
	return 0;
}

static int
run_act(struct cli *c, struct ledger *l, const struct json *in,
    struct buf *out, struct err *but, struct err *e)
{
	struct suites all;
	int rc;

	(void)but;
	if (!load(c, &all, e))
		return -1;
	rc = start(c, l, in, &all, out, e);
	suite_free(&all);
	return rc;
}

static int
run(struct cli *c, const struct desk_suite *say, struct err *e)
{
	const struct batch batch = { run_act, BATCH_KEYED,
	    say->all_or_nothing, "node_id" };
	struct buf in = BUF_INIT(RECORD_MAX);
	int rc;

	if (c->argc == 2 || (c->argc == 3) != (say->node != NULL))
		return err_set(e, E_usage, "a suite, a skill and --as belong "
		    "together; without them requests come from stdin");
	if (c->argc == 1)
		return batch_stream(c, &batch, e);
	json_open(&in, NULL, '{');
	json_str(&in, "node_id", say->node);
	json_str(&in, "suite", c->argv[1]);
	json_str(&in, "skill_id", c->argv[2]);
	rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
result(struct cli *c, const struct desk_suite *say, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct suite_run r;
	char **id;
	int rc = 0;

	(void)say;
	if (cli_store_read(c, e))
		return -1;
	for (id = c->argv + 1; *id && !rc; id++) {
		if (suite_run(c->store, *id, cli_now(c), &r, e)) {
			rc = -1;
			break;
		}
		suite_run_write(&out, &r);
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
		suite_run_release(&r);
	}
	buf_release(&out);
	return rc;
}

int
desk_suite(struct cli *c, const struct desk_suite *say, struct err *e)
{
	static const struct {
		const char *word, *columns;
		int least, most;
		int (*run)(struct cli *, const struct desk_suite *,
		    struct err *);
	} words[] = {
		{ "list", "suite name >test_cases skill_pattern", 1, 1,
		    list },
		{ "show", "suite name >test_cases skill_pattern description",
		    2, 1000, show },
		{ "run", NULL, 1, 3, run },
		{ "result", "benchmark_id skill_label status >passed >failed "
		    ">total verified", 2, 1000, result },
	};
	size_t i;

	c->word = c->argv[0];
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(c->word, words[i].word) ||
		    c->argc < words[i].least || c->argc > words[i].most)
			continue;
		if (words[i].run != run && (say->node || say->all_or_nothing))
			return err_set(e, E_usage, "--as and "
			    "--all-or-nothing are for run");
		if (words[i].columns)
			cli_columns(c, words[i].columns);
		return words[i].run(c, say, e);
	}
	return err_set(e, E_usage, "say list, show suite, run suite skill or "
	    "result run");
}
