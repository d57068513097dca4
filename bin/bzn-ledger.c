/*
 * bzn-ledger - accounts, transfers, history, and whether the books are true.
 *
 * Over 200 lines because it has seven verbs; each opens, does one thing and
 * prints.
 */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/batch.h"
#include "cli/cli.h"
#include "cli/pass.h"
#include "key/logcert.h"
#include "ledger/read.h"
#include "ledger/transfer.h"
#include "ledger/verify.h"
#include "settle/settle.h"
#include "tlog/note.h"
#include "tlog/tlog.h"

#define RECORD_MAX (1 << 20)

static const char *origin, *unit, *type, *ref;
static int64_t limit, max_findings = 100;
static bool no_node;
static struct pass pass = { .of = "the node key" };

/* After the node, or for want of one, after the log's own key. */
static int
name_log(struct cli *c, struct buf *out, const struct sign_public *key,
    struct err *e)
{
	struct sign_public node;
	char hex[HASH_HEX];
	struct hash h;

	if (origin) {
		buf_adds(out, origin);
	} else if (no_node) {
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

static int
init(struct cli *c, struct err *e)
{
	struct buf name = BUF_INIT(256), vkey = BUF_INIT(512);
	struct logcert cert;
	const struct ledger_node by = {
		cert.node_id, cert.node_key, cert.node_sig
	}, *node = no_node ? NULL : &by;
	struct pass_asker asker = { c, &pass };
	struct sign_public key;
	struct posted posted;
	int rc = -1;

	if (node && !key_has_node(c->home))
		return err_set(e, E_no_key, "this home has no node identity: "
		    "say --no-node for a log that none certifies");
	if (file_mkdir(c->home, 0700, e) || key_log(c->home, &key, e) ||
	    name_log(c, &name, &key, e))
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

static int
print_account(struct cli *c, const struct account *a,
    const struct ledger_head *head, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	int rc;

	ledger_account_write(&out, a);
	json_int(&out, "as_of_seq", head->size - 1);
	json_time(&out, "as_of", head->at_ms);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

/* The accounts of a name, or all that are not zero: how many, or -1. */
static int
balances_of(struct cli *c, const char *name, const struct ledger_head *head,
    struct err *e)
{
	struct account a;
	struct query q;
	int got, n = 0;

	ledger_accounts_open(&q, c->store, name);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if ((unit && strcmp(unit, a.unit.code)) ||
		    (!name && !a.balance.minor))
			continue;
		n++;
		if (print_account(c, &a, head, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got < 0 ? -1 : n;
}

static int
no_account(const char *name, struct err *e)
{
	return err_set(e, E_no_account, unit ? "no account '%.100s' in %.12s" :
	    "no account '%.100s'", name, unit);
}

static int
balance(struct cli *c, struct err *e)
{
	struct ledger_head head;
	char **name;
	int n;

	if (cli_store(c, e) || store_snapshot(c->store, e) ||
	    ledger_head(c->store, &head, e))
		return -1;
	if (!c->argc)
		return balances_of(c, NULL, &head, e) < 0 ? -1 : 0;
	for (name = c->argv; *name; name++) {
		n = balances_of(c, *name, &head, e);
		if (n <= 0)
			return n ? -1 : no_account(*name, e);
	}
	return 0;
}

static int
history_of(struct cli *c, const struct account *a, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct leaf parse = { 0 };
	struct history h;
	struct query q;
	int got;

	ledger_history_open(&q, c->store, a, limit);
	while ((got = ledger_history_next(&q, &h, e)) > 0) {
		if (ledger_history_write(&out, a, &h, &parse, e)) {
			got = -1;
			break;
		}
		json_close(&out, '}');
		if (cli_emit_buf(c, &out, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	leaf_release(&parse);
	buf_release(&out);
	return got;
}

static int
history(struct cli *c, struct err *e)
{
	struct account a;
	struct query q;
	int got, n = 0;

	if (cli_store(c, e) || store_snapshot(c->store, e))
		return -1;
	ledger_accounts_open(&q, c->store, c->argv[0]);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if (unit && strcmp(unit, a.unit.code))
			continue;
		n++;
		if (history_of(c, &a, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got < 0 ? -1 : n ? 0 : no_account(c->argv[0], e);
}

static int
post(struct cli *c, struct ledger *l, const struct json *in, struct buf *out,
    struct err *but, struct err *e)
{
	struct transfer t;
	struct posted posted;
	char id[LEAF_ID];

	(void)but;
	if (transfer_read(&t, in, e) ||
	    transfer_in(l, &t, &c->chance, id, &posted, e))
		return -1;
	transfer_write(out, id, &posted);
	json_close(out, '}');
	return 0;
}

static int
transfer(struct cli *c, struct err *e)
{
	static const struct batch batch = { post, BATCH_OWN, false };
	struct buf in = BUF_INIT(4096);
	int rc;

	json_open(&in, NULL, '{');
	json_str(&in, "from", c->argv[0]);
	json_str(&in, "to", c->argv[1]);
	json_str(&in, "amount", c->argv[2]);
	json_str(&in, "unit", c->argv[3]);
	json_str_if(&in, "type", type);
	json_str_if(&in, "ref", ref);
	rc = batch_one(c, &batch, &in, e);
	buf_release(&in);
	return rc;
}

static int
told(void *cli, struct buf *record, struct err *e)
{
	return cli_emit_buf(cli, record, e);
}

static int
reconcile(struct cli *c, struct err *e)
{
	int all;

	if (cli_store(c, e))
		return -1;
	all = settle_reconcile(c->store, &c->params, cli_now(c), told, c, e);
	return all < 0 ? -1 : all ? 0 :
	    err_set(e, E_books_unequal, "the books do not balance");
}

static int
found(void *cli, const struct finding *f, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	int rc;

	verify_finding_write(&out, f);
	json_close(&out, '}');
	rc = cli_emit_buf(cli, &out, e);
	buf_release(&out);
	return rc;
}

static int
verify(struct cli *c, struct err *e)
{
	struct buf out = BUF_INIT(4096);
	struct verified v;
	int rc = 0;

	if (cli_store(c, e) ||
	    verify_run(c->store, max_findings, found, c, &v, e))
		return -1;
	if (!c->quiet || v.findings) {
		verify_write(&out, &v);
		json_close(&out, '}');
		rc = cli_emit_buf(c, &out, e);
		buf_release(&out);
	}
	if (rc || !v.findings)
		return rc;
	return err_set(e, v.first, "the ledger is not true: %" PRId64
	    " finding%s", v.findings, v.findings > 1 ? "s" : "");
}

/* The one form there is: {"seq","leaf_hash","entry"}. */
static int
write_leaf(struct buf *out, const struct stored *s)
{
	char hex[HASH_HEX];
	struct hash h;

	tlog_leaf(&h, s->leaf, s->leaf_n);
	hash_hex(hex, &h);
	json_open(out, NULL, '{');
	json_int(out, "seq", s->seq);
	json_str(out, "leaf_hash", hex);
	json_raw(out, "entry", s->leaf, s->leaf_n);
	json_close(out, '}');
	return 0;
}

static int
export(struct cli *c, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct stored s;
	struct query q;
	int got;

	if (strcmp(c->argv[0], "ndjson"))
		return err_set(e, E_usage, "no format '%.40s': say ndjson",
		    c->argv[0]);
	if (cli_store(c, e))
		return -1;
	ledger_leaves_open(&q, c->store, 0, INT64_MAX);
	while ((got = ledger_leaves_next(&q, &s, e)) > 0)
		if (write_leaf(&out, &s) || cli_emit_buf(c, &out, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	buf_release(&out);
	return got;
}

int
main(int argc, char *argv[])
{
	static const struct opt init_opts[] = {
		OPT_FLAG(0, "no-node", &no_node,
		    "a log that no node identity certifies"),
		OPT_STR(0, "origin", "NAME", &origin,
		    "of the log, for ever: ledger.example.com/main"),
		OPT_PASS(&pass), OPT_END
	};
	static const struct opt unit_opts[] = {
		OPT_STR('u', "unit", "UNIT", &unit, "only in this unit"),
		OPT_END
	};
	static const struct opt history_opts[] = {
		OPT_STR('u', "unit", "UNIT", &unit, "only in this unit"),
		OPT_NUM('l', "limit", "N", &limit, "only the last N entries"),
		OPT_END
	};
	static const struct opt transfer_opts[] = {
		OPT_STR('t', "type", "TYPE", &type, "TRANSFER unless given"),
		OPT_STR('r', "ref", "REF", &ref, "what it is about"),
		OPT_END
	};
	static const struct opt verify_opts[] = {
		OPT_NUM(0, "max-findings", "N", &max_findings,
		    "print at most so many: 100"),
		OPT_END
	};
	static const struct verb verbs[] = {
		{ "init", "", "make a home and its log", 0, 0, CLI_MAKE,
		    init_opts, NULL, init },
		{ "balance", "[account ...]", "what accounts hold", 0, 1000,
		    CLI_READ, unit_opts,
		    "account unit >balance >available >legs", balance },
		{ "history", "account", "entries of an account", 1, 1,
		    CLI_READ, history_opts,
		    ">seq at type ref >amount >balance unit", history },
		{ "transfer", "from to amount unit", "move value", 4, 4,
		    CLI_WRITE, transfer_opts, NULL, transfer },
		{ "reconcile", "", "do the books balance?", 0, 0, CLI_READ,
		    NULL, "unit valid >total_minted >total_in_wallets "
		    ">total_in_vault >total_in_escrow >discrepancy",
		    reconcile },
		{ "verify", "", "is every entry still what it was?", 0, 0,
		    CLI_READ, verify_opts, NULL, verify },
		{ "export", "ndjson", "all entries, with their hashes", 1, 1,
		    CLI_READ, NULL, NULL, export },
		{ 0 }
	};
	static const struct prog prog = {
		.name = "bzn-ledger",
		.brief = "accounts, transfers, and the proof of them",
		.examples =
		    "  bzn-ledger init\n"
		    "  bzn-ledger transfer MINT alice 25 TCK "
		    "--type CREDIT_ISSUE\n"
		    "  bzn-ledger balance alice | jq -r .balance\n"
		    "  bzn-ledger verify -q || page-someone\n",
		.statuses = "0 1 2 3 4 5 6 7 8 9 10",
		.verbs = verbs,
	};

	return cli_main(&prog, argc, argv);
}
