/* "bzn-market verify": is an output what was promised of it? */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/line.h"
#include "desk/market_impl.h"
#include "validate/language.h"
#include "validate/trial.h"
#include "validate/validate.h"

#define RESULT_MAX (4 << 20)		/* bytes of a record */

/* What outputs are judged by, and how many have been. */
struct bench {
	struct cli *cli;
	struct language language;
	struct trial trial;
	struct buf record, rows;
	int64_t outputs, failed;
};

static int
take_validators(struct bench *b, const struct json *root, struct err *e)
{
	struct json list = *root;

	if (json_kind(root) == JSON_OBJECT &&
	    json_get(&list, root, "validators", JSON_ARRAY, e))
		return -1;
	return json_want(&list, JSON_ARRAY, e) || trial_validators(&b->trial,
	    &list, &b->language, NULL, e) ? -1 : 0;
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
	return json_want(root, JSON_OBJECT, e) || trial_contract(&b->trial,
	    root, &b->language, e) ? -1 : 0;
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
	    trial_contract(&b->trial, &root, &b->language, e) ? -1 : 0;
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
	trial_release(&b->trial);
	language_release(&b->language);
	buf_release(&b->record);
	buf_release(&b->rows);
}

static int
judge_text(struct bench *b, const char *text, size_t n, struct err *e)
{
	struct buf *out = &b->record;
	struct verdict v = { 0 };
	struct json output = { 0 };
	int rc = -1;

	buf_reset(&b->rows);
	if (json_parse(&output, text, n, e) || trial_judge(&b->trial,
	    &output, &b->cli->params, &b->language, &b->rows, &v, e))
		goto out;
	b->outputs++;
	b->failed += v.rule != 0;
	trial_write(out, &v);
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
