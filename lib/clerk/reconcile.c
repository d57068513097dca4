/* The books against themselves, or against a statement of others. */
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "clerk/impl.h"
#include "gate/books.h"
#include "journal/statement.h"
#include "settle/settle.h"

#define STATEMENT_MAX (64 << 20)

static int
told(void *cli, struct buf *record, struct err *e)
{
	return cli_emit_buf(cli, record, e);
}

static int
find_account(struct cli *c, const struct clerk *say, struct account *out,
    struct err *e)
{
	int got = ledger_account_of(c->store, say->account, say->unit, out,
	    e);

	if (got < 0)
		return -1;
	return got ? 0 : err_set(e, E_no_account,
	    "no account '%.100s' in %.12s", say->account, say->unit);
}

static int
with_statement(struct cli *c, const struct clerk *say, struct err *e)
{
	struct buf csv = BUF_INIT(STATEMENT_MAX);
	struct statement_want want = { .days = say->days };
	struct account a;
	int rc = -1;

	if (!say->account || !say->unit)
		return err_set(e, E_usage, "say which --account and --unit "
		    "the statement is of");
	if (say->days > 36500)
		return err_set(e, E_usage, "--days: at most 36500");
	want.account = &a;
	cli_columns(c, "result >line >seq date >amount reference id");
	if (file_read(&csv, c->argv[0], e) || cli_store(c, e) ||
	    store_snapshot(c->store, e) || find_account(c, say, &a, e))
		goto out;
	rc = statement_match(c->store, csv.data, csv.len, &want, told, c, e);
	if (rc < 0 && e->kind == ERR_INPUT)
		err_wrap_(e, "%.200s", c->argv[0]);
	if (!rc)
		rc = err_set(e, E_unmatched,
		    "the statement and the account differ");
	else if (rc > 0)
		rc = 0;
out:
	buf_release(&csv);
	return rc;
}

/*
 * New locks are refused while the books are wrong.  Who reads needs no lock,
 * and this mostly only reads: it writes where the answer is another one.
 */
static int
say_books(struct cli *c, bool sound, struct err *e)
{
	const struct store_how how = {
		.home = c->home, .mode = STORE_WRITE, .wait_ms = c->wait_ms,
		.who = "bzn-ledger reconcile",
	};
	struct store *s = NULL;
	int64_t since_ms;
	int rc = -1;

	if (gate_books(c->store, &since_ms, e))
		return -1;
	if (sound == !since_ms)
		return 0;
	store_close(c->store);
	c->store = NULL;
	if (store_open(&s, &how, e) || store_begin(s, e) ||
	    gate_books_in(s, sound ? 0 : cli_now(c), e))
		goto out;
	rc = store_commit(s, e);
out:
	if (s)
		store_rollback(s);
	store_close(s);
	return rc;
}

int
clerk_reconcile(struct cli *c, const struct clerk *say, struct err *e)
{
	const struct reconcile how = {
		.params = &c->params, .now_ms = cli_now(c), .told = told,
		.arg = c,
	};
	struct err why = { 0 };
	bool sound;
	int all;

	if (c->argc)
		return with_statement(c, say, e);
	if (say->account || say->unit)
		return err_set(e, E_usage, "--account and --unit are of a "
		    "statement: name its file");
	if (cli_store(c, e))
		return -1;
	all = settle_reconcile(c->store, &how, &sound, e);
	if (all >= 0 && say_books(c, sound, &why)) {
		(void)err_wrap(&why, "this cannot be kept");
		cli_complain(c, &why);
	}
	return all < 0 ? -1 : all ? 0 :
	    err_set(e, E_books_unequal, "the books do not balance");
}
