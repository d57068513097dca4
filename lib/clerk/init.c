#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "evidence/issue.h"
#include "key/logcert.h"
#include "ledger/ledger.h"
#include "tlog/note.h"
#include "tlog/policy.h"

/* After the node, or for want of one, after the log's own key. */
static int
name_log(struct cli *c, const struct clerk *say, struct buf *out,
    const struct sign_public *key, struct err *e)
{
	struct sign_public node;
	char hex[HASH_HEX];
	struct hash h;

	if (say->origin) {
		buf_adds(out, say->origin);
	} else if (say->no_node) {
		hash_of(&h, key->b, sizeof(key->b));
		hash_hex(hex, &h);
		buf_addf(out, "%s.bzn/ledger", hex);
	} else {
		if (key_node_public(c->home, &node, e))
			return -1;
		logcert_origin(out, &node);
	}
	return note_check_name(out->data, e);
}

static int
print_init(struct cli *c, const char *name, const char *vkey,
    const struct ledger_node *node, const struct posted *posted,
    struct err *e)
{
	struct buf out = BUF_INIT(4096);
	struct ledger_head head;
	int rc = ledger_head(c->store, &head, e);

	json_open(&out, NULL, '{');
	json_str(&out, "result", posted->existed ? "exists" : "made");
	json_str(&out, "origin", name);
	json_str(&out, "vkey", vkey);
	if (node)
		json_str(&out, "node_id", node->id);
	json_int(&out, "size", rc ? 0 : head.size);
	json_close(&out, '}');
	if (!rc)
		rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

/*
 * What the log says of itself, once it has been given another key: the first
 * one, and who certified that.  1, or 0 if the key in use is still the first.
 */
static int
was_rotated(struct cli *c, struct trail *t, struct err *e)
{
	const struct store_how how = {
		.home = c->home, .mode = STORE_WRITE, .wait_ms = c->wait_ms,
		.who = c->prog->name,
	};
	struct ledger_head head;
	struct store *s = NULL;
	struct err why = { 0 };
	int rc = 0;

	*t = (struct trail){ 0 };
	if (store_open(&s, &how, &why) || ledger_head(s, &head, &why) ||
	    !head.size) {
		rc = !why.kind || why.code == E_no_ledger ? 0 : -1;
		*e = rc ? why : *e;
	} else {
		rc = trail_load(t, s, head.size, e) ? -1 : t->n > 1;
	}
	store_close(s);
	return rc;
}

/* The first vkey and its certificate: what leaf 0 says. */
static void
prepare_again(const struct clerk *say, const struct trail *t,
    struct buf *name, struct buf *vkey, struct logcert *cert)
{
	buf_adds(name, say->origin ? say->origin : t->origin);
	note_key_write(vkey, &t->key[0].key);
	*cert = t->cert;
}

static int
prepare(struct cli *c, const struct clerk *say, struct buf *name,
    struct buf *vkey, struct logcert *cert, struct err *e)
{
	struct pass_asker asker = { c, &say->pass };
	struct sign_public key;

	if (!say->no_node && !key_has_node(c->home))
		return err_set(e, E_no_key, "this home has no node identity: "
		    "say --no-node for a log that none certifies");
	if (file_mkdir(c->home, 0700, e) || key_log(c->home, &key, e) ||
	    name_log(c, say, name, &key, e))
		return -1;
	note_vkey(vkey, name->data, &key);
	return say->no_node ? 0 : logcert_get(c->home, name->data,
	    vkey->data, pass_ask, &asker, cert, e);
}

/*
 * The last checkpoint of the log that this one continues.  It must be signed
 * by a key that was named, or that is in this home.
 */
static int
read_prior(struct cli *c, const struct clerk *say, struct buf *text,
    struct checkpoint *at, struct err *e)
{
	struct sign_public key;
	struct policy trust;
	struct note note;
	int got = clerk_policy(say, &trust, e);

	if (got < 0 || file_read(text, say->successor, e) ||
	    note_parse(&note, text->data, text->len, e) ||
	    checkpoint_read(at, note.text, note.text_n, e))
		return -1;
	if (!got && (key_log(c->home, &key, e) || note_key_of(&trust.key[0],
	    at->origin, NOTE_PLAIN, &key, e)))
		return -1;
	trust.keys = got ? trust.keys : 1;
	return policy_open(&trust, text->data, text->len, at, &note, e) ?
	    err_wrap(e, "%s", say->successor) : 0;
}

static int
make(struct cli *c, const struct clerk *say, const char *name,
    const char *vkey, const struct ledger_node *node, struct posted *posted,
    struct err *e)
{
	struct buf text = BUF_INIT(LEAF_MAX / 2);
	struct ledger_prior prior = { 0 };
	struct checkpoint at;
	int rc = -1;

	if (say->successor) {
		if (read_prior(c, say, &text, &at, e))
			goto out;
		if (!strcmp(at.origin, name)) {
			err_set(e, E_bad_origin, "a successor needs an origin "
			    "of its own: '%.80s' is that of the log before",
			    name);
			goto out;
		}
		prior = (struct ledger_prior){
			.origin = at.origin, .note = text.data,
			.note_n = text.len, .size = (int64_t)at.size,
		};
	}
	if (cli_store(c, e))
		goto out;
	rc = ledger_init_by(c->store, node, say->successor ? &prior : NULL,
	    name, vkey, cli_now(c), posted, e);
out:
	buf_release(&text);
	return rc;
}

/* The first checkpoint and the pin: also if they are missing. */
static int
issue_first(struct cli *c, struct err *e)
{
	struct issued made = ISSUED_INIT;
	struct issuer i;
	int rc = clerk_issuer(c, &i, e) || issue_checkpoint(&i, &made, e) ?
	    -1 : 0;

	issue_release(&made);
	return rc;
}

int
clerk_init(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf name = BUF_INIT(256), vkey = BUF_INIT(512);
	struct logcert cert;
	const struct ledger_node by = {
		cert.node_id, cert.node_key, cert.node_sig
	}, *node = say->no_node ? NULL : &by;
	struct posted posted;
	struct trail t;
	int rc = -1, again = was_rotated(c, &t, e);

	if (again > 0)
		prepare_again(say, &t, &name, &vkey, &cert);
	if (again < 0 || (!again &&
	    prepare(c, say, &name, &vkey, &cert, e)))
		goto out;
	if (again && node && !t.certified)
		node = NULL;
	if (make(c, say, name.data, vkey.data, node, &posted, e) ||
	    issue_first(c, e))
		goto out;
	if (again) {
		buf_reset(&vkey);
		note_key_write(&vkey, &t.key[t.n - 1].key);
	}
	if (print_init(c, name.data, vkey.data, node, &posted, e))
		goto out;
	rc = 0;
out:
	trail_release(&t);
	buf_release(&name);
	buf_release(&vkey);
	return rc;
}
