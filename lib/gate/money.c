/* How much: L9 to L12 of the lock gate, and the caps of vmp 8.8. */
#include <assert.h>

#include "base/clock.h"
#include "gate/books.h"
#include "gate/gate.h"
#include "ledger/ledger.h"
#include "node/caps.h"
#include "node/purse.h"

/* Money in words is TCK, whichever realm it is of. */
static int
check_task(const struct node *n, struct amount a, struct err *e)
{
	char texts[2][AMOUNT_TEXT];

	if (!n->per_task_minor || a.minor <= n->per_task_minor)
		return 0;
	amount_text(a, texts[0]);
	amount_text((struct amount){ n->per_task_minor, a.unit }, texts[1]);
	return err_set(e, E_cap_exceeded, "task price %s exceeds your "
	    "per-task cap of %s TCK", texts[0], texts[1]);
}

static int
check_day(const struct node *n, const struct purse *p, struct amount a,
    struct err *e)
{
	char texts[2][AMOUNT_TEXT];

	if (!n->per_day_minor || (amount_wide)p->day_minor + a.minor <=
	    n->per_day_minor)
		return 0;
	amount_text((struct amount){ p->day_minor, a.unit }, texts[0]);
	amount_text((struct amount){ n->per_day_minor, a.unit }, texts[1]);
	return err_set(e, E_cap_exceeded, "daily spend cap reached (%s/%s "
	    "TCK)", texts[0], texts[1]);
}

static int
check_exposure(const struct node *n, const struct purse *p, int64_t have,
    struct amount a, const struct params *params, struct err *e)
{
	int64_t limit = caps_exposure(n, have, p->open_minor, params);
	char texts[2][AMOUNT_TEXT];

	if (limit < 0 || (amount_wide)p->open_minor + a.minor <= limit)
		return 0;
	amount_text((struct amount){ p->open_minor, a.unit }, texts[0]);
	amount_text((struct amount){ limit, a.unit }, texts[1]);
	return err_set(e, E_cap_exposure, "exposure cap reached (%s/%s TCK)",
	    texts[0], texts[1]);
}

/* Whatever was wrong, it must not become more. */
static int
check_books(struct store *s, struct err *e)
{
	int64_t since_ms;
	char at[CLOCK_TEXT];

	if (gate_books(s, &since_ms, e))
		return -1;
	if (!since_ms)
		return 0;
	clock_text(since_ms, at);
	return err_set(e, E_ledger_invalid, "the check of the ledger failed at "
	    "%s: new locks are refused until it succeeds", at);
}

int
gate_money_of_in(struct ledger *l, const struct node *n, struct amount a,
    const struct params *params, struct err *e)
{
	struct store *s = ledger_store(l);
	struct balance have;
	struct purse purse;

	assert(ledger_writing(l));
	if (check_books(s, e) ||
	    purse_get(s, n->id, a.unit, ledger_now(l), &purse, e) ||
	    check_task(n, a, e) || check_day(n, &purse, a, e) ||
	    ledger_balance_in(l, n->id, a.unit, &have, e))
		return -1;
	if (have.available < a.minor)
		return err_set(e, E_insufficient_funds,
		    "'%s' cannot cover it", n->id);
	return check_exposure(n, &purse, have.minor, a, params, e);
}

int
gate_money_in(struct ledger *l, const char *node_id, struct amount a,
    const struct params *params, struct err *e)
{
	struct node n;

	if (check_books(ledger_store(l), e) ||
	    node_get(ledger_store(l), node_id, &n, e))
		return -1;
	return gate_money_of_in(l, &n, a, params, e);
}
