#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/clock.h"
#include "base/enc.h"
#include "base/json.h"
#include "ledger/make.h"
#include "node/impl.h"
#include "node/purse.h"
#include "node/sandbox.h"

#define ALIAS_MAX 100		/* characters */
#define RANDOM 8		/* bytes of an id */

int
node_sandbox_in(struct ledger *l, const char *alias, const struct params *p,
    struct chance *chance, struct node *out, struct err *e)
{
	char hex[ENC_HEX(RANDOM)];
	uint8_t random[RANDOM];

	*out = (struct node){
		.realm = "sandbox", .active = true,
		.made_ms = ledger_now(l), .exposure_pct = -1,
		.expires_ms = ledger_now(l) + p->value[PARAM_sandbox_days] *
		    INT64_C(86400000),
	};
	if (node_check_text("alias", alias, ALIAS_MAX, e))
		return -1;
	snprintf(out->alias, sizeof(out->alias), "%s", alias ? alias : "");
	chance_bytes(chance, random, sizeof(random));
	enc_hex(hex, random, sizeof(random));
	snprintf(out->id, sizeof(out->id), "sandbox-%s", hex);
	return node_enter_in(l, out, e) || node_credit_in(l, out,
	    p->value[PARAM_sandbox_balance], e) ? -1 : 0;
}

int
node_due_expiry(struct store *s, int64_t now_ms, int64_t *after_ms,
    char after_id[NODE_ID], int limit, char (*out)[NODE_ID], struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_NODE_DUE_EXPIRY);
	return query_due(&q, now_ms, after_ms, after_id, limit, NODE_ID, *out,
	    e);
}

/* It may do nothing from now on. */
static int
expire(struct ledger *l, const struct node *n, struct err *e)
{
	struct buf data = BUF_INIT(1024);
	char id[LEAF_ID];
	struct query q;
	int rc;

	ledger_name_id("expired:", n->id, id);
	json_open(&data, NULL, '{');
	json_str(&data, "node", n->id);
	json_close(&data, '}');
	rc = ledger_event_in(l, "node.expired", id, n->id, data.data, e);
	buf_release(&data);
	if (rc)
		return -1;
	query_open(&q, ledger_store(l), SQL_NODE_EXPIRE);
	query_text(&q, n->id);
	query_int(&q, ledger_now(l));
	return node_change(&q, e);
}

static int
burn(struct ledger *l, const struct node *n, struct amount all, struct err *e)
{
	const struct move m = {
		.type = TYPE_SANDBOX_EXPIRY, .ref = n->id, .from = n->id,
		.to = "MINT", .amount = all,
	};
	struct query q;

	if (all.minor && ledger_move_in(l, &m, e))
		return -1;
	query_open(&q, ledger_store(l), SQL_NODE_BURN);
	query_text(&q, n->id);
	query_int(&q, ledger_now(l));
	return node_change(&q, e);
}

int
node_expire_in(struct ledger *l, const char *id, struct node_end *out,
    struct err *e)
{
	char at[CLOCK_TEXT];
	struct balance have;
	struct purse purse;
	struct node n;

	assert(ledger_writing(l));
	*out = (struct node_end){ 0 };
	if (node_get(ledger_store(l), id, &n, e))
		return -1;
	if (!n.expires_ms || ledger_now(l) < n.expires_ms) {
		clock_text(n.expires_ms, at);
		return err_set(e, E_window_open, n.expires_ms ?
		    "'%s' does not expire until %s" : "'%s' does not expire",
		    n.id, at);
	}
	out->left.unit = node_unit(&n);
	if (n.burnt_ms)
		return 0;
	if (!n.expired_ms) {
		if (expire(l, &n, e))
			return -1;
		out->expired = true;
	}
	if (purse_get(ledger_store(l), n.id, out->left.unit, ledger_now(l),
	    &purse, e) ||
	    ledger_balance_in(l, n.id, out->left.unit, &have, e))
		return -1;
	out->left.minor = have.available;
	out->open_minor = purse.open_minor;
	out->sales = purse.sales;
	if (purse.open_minor || purse.sales)
		return 0;
	out->burnt = true;
	return burn(l, &n, out->left, e);
}

void
node_end_write(struct buf *out, const char *id, const struct node_end *end)
{
	json_open(out, NULL, '{');
	json_str(out, "node_id", id);
	json_str(out, "status", end->burnt ? "BURNT" : "EXPIRED");
	json_amount(out, end->burnt ? "burnt" : "left", end->left);
	if (!end->burnt) {
		json_amount(out, "open", (struct amount){ end->open_minor,
		    end->left.unit });
		json_int(out, "sales", end->sales);
	}
}
