#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "key/logcert.h"
#include "ledger/ledger.h"
#include "tlog/note.h"

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

int
clerk_init(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf name = BUF_INIT(256), vkey = BUF_INIT(512);
	struct logcert cert;
	const struct ledger_node by = {
		cert.node_id, cert.node_key, cert.node_sig
	}, *node = say->no_node ? NULL : &by;
	struct pass_asker asker = { c, &say->pass };
	struct sign_public key;
	struct posted posted;
	int rc = -1;

	if (node && !key_has_node(c->home))
		return err_set(e, E_no_key, "this home has no node identity: "
		    "say --no-node for a log that none certifies");
	if (file_mkdir(c->home, 0700, e) || key_log(c->home, &key, e) ||
	    name_log(c, say, &name, &key, e))
		goto out;
	note_vkey(&vkey, name.data, &key);
	if (node && logcert_get(c->home, name.data, vkey.data, pass_ask,
	    &asker, &cert, e))
		goto out;
	if (cli_store(c, e) || ledger_init_by(c->store, node, name.data,
	    vkey.data, cli_now(c), &posted, e) ||
	    print_init(c, name.data, vkey.data, node, &posted, e))
		goto out;
	rc = 0;
out:
	buf_release(&name);
	buf_release(&vkey);
	return rc;
}
