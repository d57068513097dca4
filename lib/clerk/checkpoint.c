/* Checkpoints: issued, printed, listed, cosigned; and the log's next key. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "evidence/cosign.h"
#include "evidence/pin.h"
#include "evidence/rotate.h"
#include "ledger/result.h"

static int
issue(struct cli *c, const struct clerk *say, struct err *e)
{
	struct issued made = ISSUED_INIT;
	struct issuer i;
	int rc = -1;

	/* What is stored can be shown where nothing can be written. */
	if (!(say->print >= 0 ? cli_store_read(c, e) : cli_store(c, e)) &&
	    !clerk_issuer(c, &i, e) && !(say->print >= 0 ?
	    issue_stored(&i, say->print, &made, e) :
	    issue_checkpoint(&i, &made, e)))
		rc = cli_put(made.note.data, made.note.len, e);
	issue_release(&made);
	return rc;
}

static int
listed(void *c, struct buf *record, struct err *e)
{
	json_close(record, '}');
	return cli_emit_buf(c, record, e);
}

static int
list(struct cli *c, const struct clerk *say, struct err *e)
{
	(void)say;
	return cli_store_read(c, e) || issue_list(c->store, listed, c, e) ?
	    -1 : 0;
}

/* Only cosignatures are added: the log's own lines are its own. */
static int
add(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf note = BUF_INIT(NOTE_MAX), out = BUF_INIT(CLERK_RECORD);
	struct policy trust;
	struct issuer i;
	int added, got = clerk_policy(say, &trust, e), rc = -1;

	if (!got)
		return err_set(e, E_usage, "say whose: --vkey or --policy");
	if (got < 0 || cli_store(c, e) || clerk_issuer(c, &i, e) ||
	    file_read(&note, c->argv[1], e) || issue_merge(&i, trust.key,
	    trust.keys, note.data, note.len, &added, e))
		goto out;
	json_open(&out, NULL, '{');
	json_int(&out, "added", added);
	if (c->dry_run)
		json_bool(&out, "dry_run", true);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
out:
	buf_release(&note);
	buf_release(&out);
	return rc;
}

static int
read_growth(const struct clerk *say, struct growth *g, struct err *e)
{
	struct buf text = BUF_INIT(GROWTH_MAX);
	int rc = 0;

	if (say->proof && (file_read(&text, say->proof, e) ||
	    growth_read(g, text.data, text.len, e)))
		rc = err_wrap(e, "--proof");
	buf_release(&text);
	return rc;
}

static int
cosign(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf note = BUF_INIT(NOTE_MAX), out = BUF_INIT(2 * NOTE_MAX);
	struct pass_asker asker = { c, &say->pass };
	struct sign_key secret = { 0 };
	struct note_key key;
	struct policy trust;
	struct growth growth = { 0 };
	char pins[PATH_MAX];
	int64_t at_ms = cli_now(c);
	struct cosign how = {
		.pins = pins, .policy = &trust, .key = &key,
		.secret = &secret, .growth = say->proof ? &growth : NULL,
	};
	int got = clerk_policy(say, &trust, e), rc = -1;

	if (!got)
		return err_set(e, E_usage, "say whose log it is: --vkey or "
		    "--policy");
	if (got > 0 && (!say->key || !say->name))
		return err_set(e, E_usage, "cosign needs --key and --name");
	if (got < 0 || (say->at && clock_parse(say->at, &at_ms, e)) ||
	    (c->dry_run && err_set(e, E_usage, "a witness that signs has "
	    "signed: there is no --dry-run")) ||
	    pin_dir(pins, c->home,
	    param_string(&c->params, PARAM_pin_dir), e) ||
	    file_read(&note, c->argv[1], e) || read_growth(say, &growth, e) ||
	    key_open(say->key, pass_ask, &asker, &secret, e) ||
	    note_key_of(&key, say->name, NOTE_COSIGNED, &secret.pub, e))
		goto out;
	how.time_s = at_ms < 0 ? 0 : at_ms / 1000;
	if (cosign_note(&how, note.data, note.len, &out, e))
		goto out;
	rc = cli_put(out.data, out.len, e);
out:
	sign_key_release(&secret);
	buf_release(&note);
	buf_release(&out);
	return rc;
}

/* The new key: that in the file, or one made here. */
static int
new_key(const struct clerk *say, struct pass_asker *asker,
    struct sign_key *out, struct err *e)
{
	if (say->key)
		return key_open(say->key, pass_ask, asker, out, e);
	sign_key_new(out);
	return 0;
}

static int
print_rotation(struct cli *c, const char *id, const struct sign_public *key,
    const struct posted *posted, struct issuer *i, struct err *e)
{
	struct buf out = BUF_INIT(CLERK_RECORD), vkey = BUF_INIT(512);
	struct issued made = ISSUED_INIT;
	int rc = -1;

	if (issue_checkpoint(i, &made, e))
		goto out;
	note_vkey(&vkey, made.at.origin, key);
	result_open(&out, id, posted);
	json_str(&out, "vkey", vkey.data);
	if (c->dry_run)
		json_bool(&out, "dry_run", true);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
out:
	issue_release(&made);
	buf_release(&out);
	buf_release(&vkey);
	return rc;
}

static int
rotate(struct cli *c, const struct clerk *say, struct err *e)
{
	struct pass_asker asker = { c, &say->pass };
	struct sign_key key = { 0 }, node = { 0 };
	struct sign_public certifies, brought;
	char fresh[ID_TEXT];
	struct rotation r = {
		.key = &key, .fresh = !say->key, .id = c->id,
		.sane = !c->accept_clock,
	};
	struct posted posted;
	struct issuer i;
	int got, rc = -1;

	if (!say->reason || !trail_reason_named(say->reason, &r.reason))
		return err_set(e, E_usage, "--reason: scheduled, compromised "
		    "or lost");
	if (!r.id) {
		id_new(fresh, cli_now(c), &c->chance);
		r.id = fresh;
	}
	if (cli_store(c, e) || clerk_issuer(c, &i, e) ||
	    new_key(say, &asker, &key, e))
		goto out;
	got = rotate_node(c->store, &certifies, e);
	if (got < 0 || (got && key_node(c->home, pass_ask, &asker, &node, e)))
		goto out;
	r.node = got ? &node : NULL;
	if (rotate_key(&i, &r, &posted, &brought, e))
		goto out;
	rc = print_rotation(c, r.id, &brought, &posted, &i, e);
out:
	sign_key_release(&key);
	sign_key_release(&node);
	return rc;
}

static const struct {
	const char *word;
	int operands;			/* itself included */
	int (*run)(struct cli *, const struct clerk *, struct err *);
} acts[] = {
	{ "list", 1, list },
	{ "add", 2, add },
	{ "cosign", 2, cosign },
	{ "rotate", 1, rotate },
};

int
clerk_checkpoint(struct cli *c, const struct clerk *say, struct err *e)
{
	size_t i;

	if (c->id && (!c->argc || strcmp(c->argv[0], "rotate")))
		return err_set(e, E_usage, "--id is for rotate; the rest may "
		    "be done again without harm");
	if (!c->argc)
		return issue(c, say, e);
	for (i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		if (!strcmp(c->argv[0], acts[i].word) &&
		    c->argc == acts[i].operands)
			return acts[i].run(c, say, e);
	return err_set(e, E_usage, "usage: bzn-ledger checkpoint [options] "
	    "[list | add file | cosign file | rotate]");
}
