/* What accounts hold, and how they came to it. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "clerk/impl.h"
#include "ledger/read.h"

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
balances_of(struct cli *c, const struct clerk *say, const char *name,
    const struct ledger_head *head, struct err *e)
{
	struct account a;
	struct query q;
	int got, n = 0;

	ledger_accounts_open(&q, c->store, name);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if ((say->unit && strcmp(say->unit, a.unit.code)) ||
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
no_account(const struct clerk *say, const char *name, struct err *e)
{
	return err_set(e, E_no_account, say->unit ?
	    "no account '%.100s' in %.12s" : "no account '%.100s'", name,
	    say->unit);
}

int
clerk_balance(struct cli *c, const struct clerk *say, struct err *e)
{
	struct ledger_head head;
	char **name;
	int n;

	if (cli_store(c, e) || store_snapshot(c->store, e) ||
	    ledger_head(c->store, &head, e))
		return -1;
	if (!c->argc)
		return balances_of(c, say, NULL, &head, e) < 0 ? -1 : 0;
	for (name = c->argv; *name; name++) {
		n = balances_of(c, say, *name, &head, e);
		if (n <= 0)
			return n ? -1 : no_account(say, *name, e);
	}
	return 0;
}

static int
history_of(struct cli *c, const struct clerk *say, const struct account *a,
    struct err *e)
{
	struct buf out = BUF_INIT(CLERK_RECORD);
	struct leaf parse = { 0 };
	struct history h;
	struct query q;
	int got;

	ledger_history_open(&q, c->store, a, say->limit);
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

int
clerk_history(struct cli *c, const struct clerk *say, struct err *e)
{
	struct account a;
	struct query q;
	int got, n = 0;

	if (cli_store(c, e) || store_snapshot(c->store, e))
		return -1;
	ledger_accounts_open(&q, c->store, c->argv[0]);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0) {
		if (say->unit && strcmp(say->unit, a.unit.code))
			continue;
		n++;
		if (history_of(c, say, &a, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got < 0 ? -1 : n ? 0 : no_account(say, c->argv[0], e);
}
