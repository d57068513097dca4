#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/line.h"
#include "desk/receipt.h"
#include "evidence/whom.h"
#include "key/key.h"
#include "key/token.h"
#include "receipt/exam.h"
#include "receipt/paper.h"

/* The keys that were asked for, and only those. */
struct keys {
	struct sign_key node;
	struct token_key token;
};

static int
open_keys(struct cli *c, struct desk_receipt *say, struct keys *k,
    struct paper *p, struct err *e)
{
	struct pass_asker asker = { c, &say->pass };
	bool node, token;

	if (!say->sign)
		return 0;
	node = !strcmp(say->sign, "both") || !strcmp(say->sign, "ed25519");
	token = !strcmp(say->sign, "both") || !strcmp(say->sign, "rs256");
	if (!node && !token)
		return err_set(e, E_usage, "--sign is both, ed25519 or "
		    "rs256");
	say->pass.of = "the node key";
	if ((token && token_open(c->home, &k->token, e)) ||
	    (node && key_node(c->home, pass_ask, &asker, &k->node, e)))
		return -1;
	p->node = node ? &k->node : NULL;
	p->token = token ? &k->token : NULL;
	return 0;
}

static int
emit(struct cli *c, const struct paper *p, const char *id, struct err *e)
{
	struct buf out = BUF_INIT(PAPER_MAX);
	int rc = paper_write(&out, p, id, e) ||
	    cli_emit_buf(c, &out, e) ? -1 : 0;

	buf_release(&out);
	return rc;
}

/* One record of a trade, such as "bzn-escrow list" prints. */
static int
emit_line(struct cli *c, const struct paper *p, const struct line *in,
    struct err *e)
{
	struct json root = { 0 };
	const char *id = NULL;
	int rc = -1;

	if (!json_parse(&root, in->text.data, in->text.len, e) &&
	    !json_opt_str(&root, "task_id", &id, e) &&
	    (id || !json_opt_str(&root, "escrow_id", &id, e)))
		rc = id ? emit(c, p, id, e) : json_fail(&root, NULL,
		    E_bad_json, "has no task_id and no escrow_id", e);
	json_release(&root);
	return rc;
}

static int
emit_lines(struct cli *c, const struct paper *p, struct err *e)
{
	struct line in;
	int got;

	cli_expect_stdin(c);
	line_init(&in, 0, "stdin");
	while ((got = line_next(&in, e)) != 0) {
		if (got > 0 && !emit_line(c, p, &in, e))
			continue;
		err_wrap(e, "%s:%lu", in.name, in.number);
		if (e->kind == ERR_BUSY || e->kind == ERR_SYSTEM ||
		    e->kind == ERR_UNKNOWN)
			break;
		cli_complain(c, e);
		*e = (struct err){ 0 };
	}
	line_release(&in);
	return got ? -1 : 0;
}

static int
make(struct cli *c, struct desk_receipt *say, struct err *e)
{
	struct keys keys = { 0 };
	struct issuer issuer;
	struct paper p = {
		.issuer = &issuer, .as = say->as, .now_ms = cli_now(c),
		.params = &c->params,
	};
	char **id;
	int rc = -1;

	if (say->vkey || say->policy || say->card || say->jwks)
		return err_set(e, E_usage, "--vkey, --policy, --card and "
		    "--jwks are for --check");
	if (c->dry_run || c->id)
		return err_set(e, E_usage, "--dry-run and --id are not for "
		    "receipts: they change no trade");
	if (cli_store(c, e) || issue_begin(&issuer, c->store, c->home,
	    &c->params, cli_now(c), e) || open_keys(c, say, &keys, &p, e))
		goto out;
	issuer.sane = !c->accept_clock;
	rc = 0;
	for (id = c->argv; *id && !rc; id++)
		rc = strcmp(*id, "-") ? emit(c, &p, *id, e) :
		    emit_lines(c, &p, e);
out:
	sign_key_release(&keys.node);
	rsa_key_release(&keys.token);
	return rc;
}

/* Whom the options say to trust, and where that is kept. */
struct trusted {
	struct exam_trust trust;
	struct policy policy;
	struct sign_public node;
	struct jwks keys;
};

static int
read_keys(struct trusted *t, const char *file, struct err *e)
{
	struct buf text = BUF_INIT(JSON_MAX);
	struct json root = { 0 };
	int rc = json_read_file(&text, file, JSON_OBJECT, e) ||
	    json_parse(&root, text.data, text.len, e) ||
	    jwks_read(&t->keys, &root, e) ? err_wrap(e, "%s", file) : 0;

	if (!rc)
		t->trust.keys = &t->keys;
	json_release(&root);
	buf_release(&text);
	return rc;
}

static int
read_trust(struct cli *c, const struct desk_receipt *say, struct trusted *t,
    struct err *e)
{
	int by_policy, by_card;

	by_policy = whom_policy(&t->policy, say->vkey, say->policy, e);
	if (by_policy < 0)
		return -1;
	by_card = whom_card(&t->node, say->card, cli_now(c), e);
	if (by_card < 0 || (say->jwks && read_keys(t, say->jwks, e)))
		return -1;
	if (!by_policy && !by_card && !say->jwks)
		return err_set(e, E_usage, "say whom to trust: --vkey, "
		    "--policy, --card or --jwks");
	t->trust.policy = by_policy ? &t->policy : NULL;
	t->trust.node = by_card ? &t->node : NULL;
	return 0;
}

static int
check_file(struct cli *c, const struct trusted *t, const char *file,
    struct err *why, struct err *e)
{
	struct buf text = BUF_INIT(PAPER_MAX), out = BUF_INIT(PAPER_MAX);
	struct exam x = { 0 };
	int rc = 0;

	if (file_read(&text, file, why)) {
		;			/* it says which */
	} else if (exam_receipt(&x, text.data, text.len, &t->trust, why)) {
		err_wrap(why, "%s", file);
	} else {
		exam_write(&out, &x, file);
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
		*why = x.why;
	}
	exam_release(&x);
	buf_release(&text);
	buf_release(&out);
	return rc;
}

static int
check(struct cli *c, const struct desk_receipt *say, struct err *e)
{
	struct trusted t = { 0 };
	struct err why;
	char **file;
	int rc = -1;

	if (say->as || say->sign || c->dry_run || c->id)
		return err_set(e, E_usage, "--as, --sign, --dry-run and --id "
		    "are not for --check");
	cli_columns(c, "file result final status >amount unit code");
	if (read_trust(c, say, &t, e))
		goto out;
	for (file = c->argv; *file; file++) {
		why = (struct err){ 0 };
		if (check_file(c, &t, *file, &why, e))
			goto out;
		if (why.kind == ERR_OK)
			continue;
		if (c->argc == 1) {
			*e = why;
			goto out;
		}
		cli_complain(c, &why);
	}
	rc = 0;
out:
	jwks_release(&t.keys);
	return rc;
}

int
desk_receipt(struct cli *c, struct desk_receipt *say, struct err *e)
{
	return say->check ? check(c, say, e) : make(c, say, e);
}
