/* Receipts: made from the ledger, and checked without one. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "clerk/impl.h"
#include "evidence/judge.h"
#include "evidence/prove.h"

#define OUT_MAX (2 * RECEIPT_MAX)	/* with every quote escaped */

static int
put_file(const struct clerk *say, int64_t seq, const struct buf *text,
    struct err *e)
{
	struct buf path = BUF_INIT(4096);
	int rc;

	buf_addf(&path, "%s/%" PRId64 ".tlog-proof", say->out, seq);
	rc = file_write(path.data, text->data, text->len, 0644, e);
	buf_release(&path);
	return rc;
}

static int
put(struct cli *c, const struct clerk *say, int64_t seq, const char *id,
    const struct buf *text, struct err *e)
{
	struct buf out = BUF_INIT(OUT_MAX);
	int rc;

	if (say->out)
		return put_file(say, seq, text, e);
	if (!c->json)
		return cli_put(text->data, text->len, e);
	json_open(&out, NULL, '{');
	json_int(&out, "seq", seq);
	json_str(&out, "id", id);
	json_strn(&out, "tlog_proof", text->data, text->len);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

static int
put_all(struct cli *c, const struct clerk *say, const int64_t *seq, size_t n,
    struct err *e)
{
	struct issued by = ISSUED_INIT;
	struct buf text = BUF_INIT(RECEIPT_MAX);
	struct issuer i;
	char id[LEAF_ID];
	size_t k;
	int64_t last = 0;
	int rc;

	for (k = 0; k < n; k++)
		last = seq[k] > last ? seq[k] : last;
	rc = clerk_issuer(c, &i, e) ||
	    (say->out && file_mkdir(say->out, 0755, e)) ||
	    prove_against(&i, last, say->size, &by, e) ? -1 : 0;
	for (k = 0; k < n && !rc; k++) {
		buf_reset(&text);
		rc = prove_receipt(&i, seq[k], &by, &text, id, e) ||
		    put(c, say, seq[k], id, &text, e) ? -1 : 0;
	}
	issue_release(&by);
	buf_release(&text);
	return rc;
}

int
clerk_receipts(struct cli *c, const char *dir, const int64_t *seq, size_t n,
    struct err *e)
{
	const struct clerk say = { .out = dir, .size = -1 };

	return put_all(c, &say, seq, n, e);
}

static int
make(struct cli *c, const struct clerk *say, struct err *e)
{
	int64_t *seq = NULL;
	size_t n = 0, k;
	int rc = -1;

	if (!c->argc == !say->prefix)
		return err_set(e, E_usage, "which entry: an id, a seq, or "
		    "--prefix");
	if (say->vkey || say->policy || say->card || say->cert)
		return err_set(e, E_usage, "--vkey, --policy, --card and "
		    "--cert are for --check");
	if (c->dry_run || c->id)
		return err_set(e, E_usage, "--dry-run and --id are not for "
		    "receipts: they change no entry");
	if (cli_store(c, e))
		return -1;
	if (say->prefix) {
		if (prove_find_all(c->store, say->prefix, &seq, &n, e))
			return -1;
	} else {
		n = (size_t)c->argc;
		seq = mem_zero(n, sizeof(*seq));
		for (k = 0; k < n; k++)
			if (prove_find(c->store, c->argv[k], &seq[k], e))
				goto out;
	}
	if (n > 1 && !say->out && !c->json)
		err_set(e, E_usage, "%zu receipts: say --out or --json", n);
	else
		rc = put_all(c, say, seq, n, e);
out:
	free(seq);
	return rc;
}

static int
read_cert(struct judge *j, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json root = { 0 };
	int rc = json_read_file(&text, path, JSON_OBJECT, e) ||
	    json_parse(&root, text.data, text.len, e) ||
	    judge_certificate(j, &root, e) ? err_wrap(e, "%s", path) : 0;

	json_release(&root);
	buf_release(&text);
	return rc;
}

static int
trust(struct cli *c, const struct clerk *say, struct judge *j, struct err *e)
{
	struct sign_public node;
	int by_key = clerk_policy(say, &j->policy, e), by_card;

	if (by_key < 0)
		return -1;
	by_card = clerk_card(c, say, &node, e);
	if (by_card < 0)
		return -1;
	if (!by_key && !by_card)
		return err_set(e, E_usage, "say whom to trust: --vkey, "
		    "--policy or --card");
	if (say->cert && !by_card)
		return err_set(e, E_usage, "--cert needs --card: who has "
		    "signed it?");
	if (by_card)
		judge_node(j, &node);
	return say->cert ? read_cert(j, say->cert, e) : 0;
}

static int
tell(struct cli *c, struct judge *j, struct err *worst, int *bad,
    struct err *e)
{
	struct buf out = BUF_INIT(OUT_MAX);
	struct err why;
	size_t i;
	int rc = 0;

	for (i = 0; i < j->n && !rc; i++) {
		why = (struct err){ 0 };
		judge_write(j, i, &out, &why);
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
		*bad += why.kind != ERR_OK;
		if (judge_worse(worst->kind, why.kind) != worst->kind)
			*worst = why;
	}
	buf_release(&out);
	return rc;
}

static int
check(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf text = BUF_INIT(RECEIPT_MAX);
	struct err worst = { 0 }, why;
	struct judge j;
	char **file;
	int bad = 0, rc = -1;

	if (!c->argc)
		return err_set(e, E_usage, "which receipts?");
	if (say->prefix || say->out || say->size >= 0)
		return err_set(e, E_usage, "--prefix, --out and --size are "
		    "not for --check");
	judge_init(&j);
	if (trust(c, say, &j, e))
		goto out;
	for (file = c->argv; *file; file++) {
		why = (struct err){ 0 };
		buf_reset(&text);
		if (file_read(&text, *file, &why))
			judge_fail(&j, *file, &why);
		else
			judge_add(&j, *file, &text);
	}
	if (judge_learn(&j, e) || tell(c, &j, &worst, &bad, e))
		goto out;
	rc = !bad ? 0 : c->argc == 1 ? err_set(e, worst.code, "%s",
	    worst.msg) : err_set(e, worst.code, "%d of %d receipts are not "
	    "true", bad, c->argc);
out:
	judge_release(&j);
	buf_release(&text);
	return rc;
}

int
clerk_receipt(struct cli *c, const struct clerk *say, struct err *e)
{
	return say->check ? check(c, say, e) : make(c, say, e);
}
