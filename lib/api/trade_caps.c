/* What a node has, and what it lets itself spend: spec/vmp.md 8.8. */
#include <string.h>

#include "api/trade.h"
#include "ledger/ledger.h"
#include "ledger/read.h"
#include "node/caps.h"

int
trade_balance(struct call *c, const struct node *n, int64_t *minor,
    struct err *e)
{
	const struct unit *unit = node_unit(n);
	struct balance have;
	struct account a;
	struct query q;
	int got;

	*minor = 0;
	if (c->ledger) {
		if (ledger_balance_in(c->ledger, n->id, unit, &have, e))
			return -1;
		*minor = have.minor;
		return 0;
	}
	ledger_accounts_open(&q, c->store, n->id);
	while ((got = ledger_accounts_next(&q, &a, e)) > 0)
		if (!strcmp(a.unit.code, unit->code))
			*minor = a.balance.minor;
	query_close(&q);
	return got;
}

int
trade_canary_write(struct call *c, const struct node *n, const char *key,
    struct err *e)
{
	struct caps_now now;
	int64_t have;

	if (trade_balance(c, n, &have, e) || caps_now(c->store, n, have,
	    c->now_ms, c->params, &now, e))
		return -1;
	json_open(&c->out, key, '{');
	caps_write(&c->out, n);
	caps_now_write(&c->out, n, &now);
	json_close(&c->out, '}');
	return 0;
}
