/* "bzn-market verify": is an output what was promised of it? */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/line.h"
#include "base/mem.h"
#include "desk/market_impl.h"
#include "validate/contract.h"
#include "validate/language.h"
#include "validate/validate.h"

#define RESULT_MAX (4 << 20)		/* bytes of a record */

/*
 * What outputs are judged by: one contract, up to the first of its rules that
 * fails, as when work is delivered; or a list of validators, each by itself.
 */
struct bench {
	struct cli *cli;
	struct language language;
	struct contract **contract;	/* owned, as what it points to */
	size_t n;
	struct buf record, rows;
	int64_t outputs, failed;
};

/* {"type","config":{…}}, as requests have it, as a contract has it. */
static void
flatten(struct buf *out, const struct json *item)
{
	struct json it = { 0 }, config;

	if (json_kind(item) != JSON_OBJECT ||
	    !json_find(&config, item, "config") ||
	    json_kind(&config) != JSON_OBJECT) {
		json_copy(out, NULL, item);
		return;
	}
	json_open(out, NULL, '{');
	while (json_next(&it, item))
		if (strcmp(json_key(&it), "config") &&
		    !json_find(&(struct json){ 0 }, &config, json_key(&it)))
			json_copy(out, json_key(&it), &it);
	it = (struct json){ 0 };
	while (json_next(&it, &config))
		json_copy(out, json_key(&it), &it);
	json_close(out, '}');
}

static int
take_contract(struct bench *b, const struct json *metadata, struct err *e)
{
	b->contract = mem_grow(b->contract, b->n + 1, sizeof(*b->contract));
	if (contract_read(&b->contract[b->n], metadata, &b->language, NULL,
	    e))
		return -1;
	b->n++;
	return 0;
}

/* One contract for each, so that none hides what the next has to say. */
static int
take_one(struct bench *b, const struct json *item, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json one = { 0 };
	int rc;

	json_open(&text, NULL, '{');
	json_open(&text, "validators", '[');
	flatten(&text, item);
	json_close(&text, ']');
	json_close(&text, '}');
	if (text.full)
		rc = err_set(e, E_too_long, "the validator is too long");
	else
		rc = json_parse(&one, text.data, text.len, e) ||
		    take_contract(b, &one, e) ? -1 : 0;
	json_release(&one);
	buf_release(&text);
	return rc;
}

static int
take_validators(struct bench *b, const struct json *root, struct err *e)
{
	struct json list = *root, it = { 0 };

	if (json_kind(root) == JSON_OBJECT &&
	    json_get(&list, root, "validators", JSON_ARRAY, e))
		return -1;
	if (json_want(&list, JSON_ARRAY, e))
		return -1;
	if (!json_count(&list) || json_count(&list) > CONTRACT_RULES)
		return err_set(e, E_bad_contract, "1 to %d validators are "
		    "wanted", CONTRACT_RULES);
	while (json_next(&it, &list))
		if (take_one(b, &it, e))
			return err_wrap(e, "validator %zu", b->n);
	return 0;
}

static int
take_file(struct bench *b, const char *path,
    int (*take)(struct bench *, const struct json *, struct err *),
    struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json root = { 0 };
	int rc = -1;

	if (file_read(&text, path, e))
		goto out;
	if (json_parse(&root, text.data, text.len, e) || take(b, &root, e)) {
		err_wrap(e, "%s", path);
		goto out;
	}
	rc = 0;
out:
	json_release(&root);
	buf_release(&text);
	return rc;
}

static int
take_metadata(struct bench *b, const struct json *root, struct err *e)
{
	return json_want(root, JSON_OBJECT, e) || take_contract(b, root, e) ?
	    -1 : 0;
}

static int
take_skill(struct bench *b, const char *id, struct err *e)
{
	struct json root = { 0 };
	struct skill k;
	int rc;

	if (!b->cli->home)
		return err_set(e, E_no_ledger, "no home to look for the "
		    "skill in");
	if (cli_store_read(b->cli, e) ||
	    market_skill(b->cli->store, id, &k, e))
		return -1;
	rc = json_parse(&root, k.metadata, strlen(k.metadata), e) ||
	    take_contract(b, &root, e) ? -1 : 0;
	json_release(&root);
	market_skill_release(&k);
	return rc;
}

static int
bench_open(struct bench *b, const struct desk_market *say, struct err *e)
{
	if (!!say->skill + !!say->contract + !!say->validators != 1)
		return err_set(e, E_usage, "one of --skill, --contract and "
		    "--validators is needed");
	if (say->skill)
		return take_skill(b, say->skill, e);
	return say->contract ? take_file(b, say->contract, take_metadata, e) :
	    take_file(b, say->validators, take_validators, e);
}

static void
bench_close(struct bench *b)
{
	while (b->n)
		contract_free(b->contract[--b->n]);
	free(b->contract);
	language_release(&b->language);
	buf_release(&b->record);
	buf_release(&b->rows);
}

/* What went wrong, out of the details. */
static void
put_error(struct buf *out, const char *details)
{
	struct json root = { 0 };
	const char *error;
	struct err ignored;

	if (!details)
		return;
	if (!json_parse(&root, details, strlen(details), &ignored) &&
	    !json_get_str(&root, "error", &error, &ignored))
		json_str(out, "error", error);
	json_release(&root);
}

static void
put_rows(struct buf *out, const struct verdict *v)
{
	const struct validate_row *r;
	size_t i;

	for (i = 0; i < v->count; i++) {
		r = &v->rows[i];
		json_open(out, NULL, '{');
		json_str(out, "validator_type", r->type);
		json_bool(out, "passed", r->result != VALIDATE_FAIL);
		json_str(out, "result", validate_result_word(r->result));
		put_error(out, r->details);
		json_close(out, '}');
	}
}

/* The first rule that fails decides. */
static int
judge(struct bench *b, const struct json *output, struct verdict *first,
    struct err *e)
{
	struct validate_case c = {
		.output = output, .params = &b->cli->params,
		.language = &b->language, .task_status = "COMPLETED",
	};
	struct verdict v;
	size_t i;

	*first = (struct verdict){ 0 };
	buf_reset(&b->rows);
	json_open(&b->rows, NULL, '[');
	for (i = 0; i < b->n; i++) {
		c.contract = b->contract[i];
		if (validate_judge(&v, &c, e))
			return -1;
		put_rows(&b->rows, &v);
		if (v.rule && !first->rule)
			*first = v;
		else
			validate_release(&v);
	}
	json_close(&b->rows, ']');
	return 0;
}

static int
judge_text(struct bench *b, const char *text, size_t n, struct err *e)
{
	struct buf *out = &b->record;
	struct verdict v = { 0 };
	struct json output = { 0 };
	int rc = -1;

	if (json_parse(&output, text, n, e) || judge(b, &output, &v, e))
		goto out;
	b->outputs++;
	json_bool(out, "passed", !v.rule);
	if (v.rule) {
		json_str(out, "rule", validate_rule_word(v.rule));
		json_raw(out, "details", v.details, strlen(v.details));
		b->failed++;
	}
	json_raw(out, "results", b->rows.data, b->rows.len);
	json_close(out, '}');
	rc = cli_emit_buf(b->cli, out, e);
out:
	validate_release(&v);
	json_release(&output);
	return rc;
}

/* One that is malformed is complained of, and the others are judged. */
static int
skip(struct bench *b, struct err *e)
{
	if (err_ends_run(e))
		return -1;
	cli_complain(b->cli, e);
	*e = (struct err){ 0 };
	buf_reset(&b->record);
	return 0;
}

static int
judge_lines(struct bench *b, struct err *e)
{
	struct line in;
	int got;

	cli_expect_stdin(b->cli);
	line_init(&in, STDIN_FILENO, "stdin");
	while ((got = line_next(&in, e)) != 0) {
		buf_reset(&b->record);
		json_open(&b->record, NULL, '{');
		json_int(&b->record, "line", (int64_t)in.number);
		if (got > 0 && !judge_text(b, in.text.data, in.text.len, e))
			continue;
		err_wrap(e, "%s:%lu", in.name, in.number);
		if (skip(b, e))
			break;
	}
	line_release(&in);
	return got ? -1 : 0;
}

static int
judge_file(struct bench *b, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	int rc = -1;

	buf_reset(&b->record);
	json_open(&b->record, NULL, '{');
	json_str(&b->record, "file", path);
	if (!file_read(&text, path, e)) {
		rc = judge_text(b, text.data, text.len, e);
		if (rc)
			err_wrap(e, "%s", path);
	}
	buf_release(&text);
	return rc;
}

static int
judge_files(struct bench *b, struct err *e)
{
	char **path;

	for (path = b->cli->argv; *path; path++)
		if (judge_file(b, *path, e) && skip(b, e))
			return -1;
	return 0;
}

int
desk_market_verify(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	struct bench b = {
		.cli = c, .language = LANGUAGE_INIT(LANGUAGE_DIR),
		.record = BUF_INIT(RESULT_MAX), .rows = BUF_INIT(RESULT_MAX),
	};
	int rc = -1;

	if (!bench_open(&b, say, e))
		rc = c->argc ? judge_files(&b, e) : judge_lines(&b, e);
	if (!rc && b.failed)
		rc = err_set(e, E_rule_failed, "%lld of %lld outputs %s not "
		    "what was promised", (long long)b.failed,
		    (long long)b.outputs, b.failed == 1 ? "is" : "are");
	bench_close(&b);
	return rc;
}

static int
print_language(struct cli *c, const struct language *l, const char *code,
    bool alias, struct err *e)
{
	struct buf out = BUF_INIT(1024);
	int rc;

	json_open(&out, NULL, '{');
	json_str(&out, "language", code);
	json_bool(&out, "alias", alias);
	json_str(&out, "version", language_version(l));
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

int
desk_market_languages(struct cli *c, const struct desk_market *say,
    struct err *e)
{
	struct language l = LANGUAGE_INIT(LANGUAGE_DIR);
	const char *code;
	int rc = language_load(&l, e);
	size_t i;

	(void)say;
	for (i = 0; !rc && (code = language_code(&l, i)) != NULL; i++)
		rc = print_language(c, &l, code, false, e);
	for (i = 0; !rc && (code = language_alias(i)) != NULL; i++)
		rc = print_language(c, &l, code, true, e);
	language_release(&l);
	return rc;
}
