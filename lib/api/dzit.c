/* Credit of customers: the DZIT routes of spec/node.md 14. */
#include <string.h>

#include "api/show.h"
#include "customer/customer.h"
#include "ledger/history.h"

static int
find(struct call *c, const char *email, struct customer *out,
    struct account *a, struct err *e)
{
	if (!email)
		return call_fault(c, "email", "Field required", e);
	if (customer_get(c->store, email, NULL, out, e))
		return e->code != E_bad_email ? -1 : c->param[0] ?
		    err_set(e, E_no_account, "there is no such customer") :
		    call_fault(c, "email", "must be an address", e);
	return customer_account(c->store, out, a, e);
}

static int
do_balance(struct call *c, struct err *e)
{
	const char *email = c->param[0] ? c->param[0] :
	    call_str(&c->query, "email", NULL);
	const struct history_range last = { 0, INT64_MAX, 1, true };
	struct history_line line;
	struct history *h;
	struct customer who;
	struct account a;
	int got;

	if (find(c, email, &who, &a, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "account", who.account);
	json_amount(&c->out, "balance",
	    (struct amount){ a.balance.minor, &a.unit });
	json_amount(&c->out, "pending_in",
	    (struct amount){ a.balance.pcr, &a.unit });
	json_amount(&c->out, "held_in_escrow",
	    (struct amount){ a.balance.pdr, &a.unit });
	if (!a.id) {
		json_time(&c->out, "updated_at", who.made_ms);
		json_close(&c->out, '}');
		return 0;
	}
	if (history_open(&h, c->store, &a, &last, e))
		return -1;
	got = history_next(h, &line, e);
	json_time(&c->out, "updated_at",
	    got > 0 ? line.entry->at_ms : who.made_ms);
	history_close(h);
	json_close(&c->out, '}');
	return got < 0 ? -1 : 0;
}

static const char *
kind_of(const struct entry *x)
{
	static const char *const refunds[] = {
		"REFUND_CLAWBACK", "CHARGEBACK_CLAWBACK", "ESCROW_REFUND",
		"DISPUTE_REFUND", "BOUNTY_REFUND",
	};
	size_t i;

	if (x->kind == ENTRY_REVERSAL)
		return "refund";
	for (i = 0; i < sizeof(refunds) / sizeof(*refunds); i++)
		if (!strcmp(x->type, refunds[i]))
			return "refund";
	if (!strcmp(x->type, "CREDIT_ISSUE"))
		return "credit";
	return strcmp(x->type, "CREDIT_DEDUCT") ? "transfer" : "debit";
}

static void
put_line(struct buf *out, const struct account *a,
    const struct history_line *line)
{
	const struct entry *x = line->entry;
	const char *other = NULL;
	size_t i;

	for (i = 0; x->n_legs == 2 && i < 2; i++)
		if (strcmp(x->legs[i].account, a->name))
			other = x->legs[i].account;
	json_open(out, NULL, '{');
	json_str(out, "txid", x->id);
	json_str(out, "kind", kind_of(x));
	json_amount(out, "amount", (struct amount){
	    line->minor < 0 ? -line->minor : line->minor, &a->unit });
	json_str(out, "direction", line->minor < 0 ? "out" : "in");
	json_amount(out, "balance_after",
	    (struct amount){ line->balance, &a->unit });
	json_str_or_null(out, "ref", x->ref);
	json_time(out, "at", x->at_ms);
	json_str_or_null(out, "counterparty", other);
	json_close(out, '}');
}

static int
do_history(struct call *c, struct err *e)
{
	const struct history_range range = {
		0, INT64_MAX, call_int(&c->query, "limit", 100), true,
	};
	struct history_line line;
	struct history *h;
	struct customer who;
	struct account a;
	int got = 0;

	if (find(c, c->param[0], &who, &a, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_open(&c->out, "entries", '[');
	if (a.id) {
		if (history_open(&h, c->store, &a, &range, e))
			return -1;
		while ((got = history_next(h, &line, e)) > 0)
			put_line(&c->out, &a, &line);
		history_close(h);
	}
	json_close(&c->out, ']');
	json_int(&c->out, "total", a.balance.legs);
	json_close(&c->out, '}');
	return got;
}

static int
check_move(struct call *c, const struct customer_move *m, struct err *e)
{
	if (!m->email == !m->account)
		return call_fault(c, "email", "either email or account", e);
	return m->minor % 100 ? call_fault(c, "amount",
	    "must be a whole number of DZIT", e) : 0;
}

static int
move(struct call *c, bool deduct, struct err *e)
{
	struct customer_move m = {
		.email = call_str(&c->body, "email", NULL),
		.account = call_str(&c->body, "account", NULL),
		.reason = call_str(&c->body, "reason", NULL),
		.key = c->key, .deduct = deduct,
	};
	struct customer who;
	struct balance have;
	char id[LEAF_ID];

	(void)call_money(&c->body, "amount", &m.minor);
	if (check_move(c, &m, e))
		return -1;
	if (customer_move_in(c->ledger, &m, c->chance, &who, id, e))
		return e->code == E_bad_email ?
		    call_fault(c, "email", "must be an address", e) :
		    e->kind == ERR_INPUT ? show_fault(c, "reason", e) : -1;
	if (ledger_balance_in(c->ledger, who.account, unit_named("DZIT"),
	    &have, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "txid", id);
	json_str(&c->out, "account", who.account);
	json_amount(&c->out, "balance",
	    (struct amount){ have.minor, unit_named("DZIT") });
	json_close(&c->out, '}');
	return 0;
}

static int
do_add(struct call *c, struct err *e)
{
	return move(c, false, e);
}

static int
do_deduct(struct call *c, struct err *e)
{
	return move(c, true, e);
}

#define EMAIL "{\"type\":\"string\",\"maxLength\":254}"
#define MOVE "{\"type\":\"object\",\"properties\":{\"email\":" EMAIL "," \
    "\"account\":{\"type\":\"string\",\"maxLength\":100}," \
    "\"amount\":{\"format\":\"money\",\"x-least\":\"1\"," \
    "\"x-most\":\"1000000000\"}," \
    "\"reason\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":500}," \
    "\"idempotency_key\":{\"type\":\"string\",\"minLength\":1," \
    "\"maxLength\":100}},\"required\":[\"amount\",\"reason\"]}"

#define ROW .auth = AUTH_ADMIN, .flags = ROUTE_FORBIDS, \
    .dialect = DIALECT_ERROR, .tag = "operator"
#define MOVES .auth = AUTH_ADMIN, .flags = ROUTE_FORBIDS | ROUTE_KEY, \
    .dialect = DIALECT_ERROR, .tag = "operator", .body = MOVE, \
    .class = ROUTE_WRITE
const struct route routes_dzit[] = {
	{ "GET", "/api/admin/dzit/balance", .act = do_balance, ROW,
	    .summary = "What a customer has", .codes = "no_account",
	    .query = "{\"type\":\"object\",\"properties\":{\"email\":" EMAIL
		"},\"required\":[\"email\"]}",
	    .reply = "Purse" },
	{ "GET", "/api/admin/dzit/balance/{email}", .act = do_balance, ROW,
	    .summary = "The same", .codes = "no_account",
	    .reply = "Purse" },
	{ "POST", "/api/admin/dzit/add", .act = do_add, MOVES,
	    .summary = "Credit a customer", .codes = "no_account",
	    .reply = "Moved" },
	{ "POST", "/api/admin/dzit/deduct", .act = do_deduct, MOVES,
	    .summary = "Take from a customer",
	    .codes = "no_account insufficient_funds",
	    .reply = "Moved" },
	{ "GET", "/api/admin/dzit/history/{email}", .act = do_history, ROW,
	    .class = ROUTE_SLOW, .summary = "What was done so far",
	    .codes = "no_account",
	    .query = "{\"type\":\"object\",\"properties\":{"
		"\"limit\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":1000}}}",
	    .reply = "{ entries: [{ txid, "
		"kind: 'credit'|'debit'|'transfer'|'refund', "
		"direction: 'in'|'out', amount: money, balance_after: money, "
		"ref: text|null, at: time, counterparty: text|null }], "
		"total: int }" },
	{ 0 }
};
