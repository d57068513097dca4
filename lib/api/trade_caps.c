/* What a node has, and what it lets itself spend: spec/vmp.md 8.8. */
#include "api/trade.h"
#include "ledger/ledger.h"
#include "node/caps.h"
#include "node/purse.h"

int
trade_balance(struct call *c, const struct node *n, int64_t *minor,
    struct err *e)
{
	const struct unit *unit = node_unit(n);
	struct balance have;
	struct amount of;

	if (c->ledger) {
		if (ledger_balance_in(c->ledger, n->id, unit, &have, e))
			return -1;
		*minor = have.minor;
		return 0;
	}
	if (purse_balance(c->store, n, &of, e))
		return -1;
	*minor = of.minor;
	return 0;
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
