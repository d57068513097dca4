/*
 * What TCK costs, and who has bought some: spec/vmp.md 2.13.
 *
 * A purchase is a FIAT_PURCHASE entry, which for now the operator posts once
 * the money is there; its reference is the id of the purchase.  If that is
 * disputed or refunded, an entry of the same reference takes the money back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/trade.h"
#include "base/mem.h"
#include "ledger/moves.h"
#include "node/purse.h"

#define PURCHASES 1000		/* at most, the newest */

/* Prices in cents, of a dollar and of TCK: spec/vmp.md 11.4. */
static const struct package {
	const char *id, *name, *description;
	int64_t usd_cents, base_minor, bonus_minor;
	const char *bonus_pct;		/* or NULL */
} packages[] = {
	{ "starter", "Starter", "500 TCK to begin with", 499, 50000, 0,
	    NULL },
	{ "builder", "Builder", "1,000 TCK, and 200 more", 999, 100000,
	    20000, "20%" },
	{ "pro", "Pro", "2,500 TCK, and 1,000 more", 2499, 250000, 100000,
	    "40%" },
	{ "team", "Team", "5,000 TCK, and 5,000 more", 4999, 500000, 500000,
	    "100%" },
};

#define PACKAGES (sizeof(packages) / sizeof(*packages))

static void
put_tck(struct buf *out, const char *key, int64_t minor)
{
	json_amount(out, key, (struct amount){ minor, unit_named("TCK") });
}

static int64_t
total_of(const struct package *p)
{
	return p->base_minor + p->bonus_minor;
}

static const struct package *
named(const char *id)
{
	size_t i;

	for (i = 0; i < PACKAGES; i++)
		if (!strcmp(packages[i].id, id))
			return packages + i;
	return NULL;
}

/* The package that a credit is the price of; NULL for other amounts. */
static const struct package *
worth(int64_t minor)
{
	size_t i;

	for (i = 0; i < PACKAGES; i++)
		if (total_of(packages + i) == minor)
			return packages + i;
	return NULL;
}

static int
do_packages(struct call *c, struct err *e)
{
	char rate[AMOUNT_TEXT];
	struct buf *out = &c->out;
	struct buf text = BUF_INIT(128);
	const struct package *p;
	size_t n;

	(void)e;
	json_open(out, NULL, '{');
	json_open(out, "packages", '[');
	for (p = packages; p < packages + PACKAGES; p++) {
		json_open(out, NULL, '{');
		json_str(out, "id", p->id);
		json_str(out, "name", p->name);
		put_tck(out, "price_usd", p->usd_cents);
		put_tck(out, "tck_base", p->base_minor);
		put_tck(out, "tck_bonus", p->bonus_minor);
		put_tck(out, "tck_total", total_of(p));
		json_str_or_null(out, "bonus_pct", p->bonus_pct);
		json_str(out, "description", p->description);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_str(out, "currency", "USD");
	n = amount_print(c->params->value[PARAM_tck_usd], 4, rate);
	while (rate[n - 1] == '0' && rate[n - 3] != '.')
		rate[--n] = '\0';
	buf_addf(&text, "1 TCK = $%s", rate);
	json_str(out, "exchange_rate", text.data);
	json_close(out, '}');
	buf_release(&text);
	return 0;
}

/* One purchase, in whichever order its entries are met. */
struct purchase {
	char id[LEAF_ID];
	int64_t minor, made_ms;
	const char *status;
};

struct purchases {
	const char *node_id;
	const char *undone;		/* what an entry says of it; or NULL */
	struct purchase *row;		/* owned */
	size_t n, cap;
	int64_t all_minor;
};

static struct purchase *
find(struct purchases *all, const char *id)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->row[i].id, id))
			return all->row + i;
	return NULL;
}

static int
note(void *arg, const struct move_told *m, struct err *e)
{
	const struct leg *leg = m->entry->legs + m->leg;
	struct purchases *all = arg;
	struct purchase *p;

	(void)e;
	if (strcmp(leg->account, all->node_id) || !m->entry->ref)
		return 0;
	p = find(all, m->entry->ref);
	if (all->undone) {
		if (p)
			p->status = all->undone;
		return 0;
	}
	if (all->n == all->cap) {
		all->cap = 2 * all->cap + 8;
		all->row = mem_grow(all->row, all->cap, sizeof(*all->row));
	}
	p = all->row + all->n++;
	*p = (struct purchase){
		.minor = leg->minor, .made_ms = m->entry->at_ms,
		.status = "completed",
	};
	snprintf(p->id, sizeof(p->id), "%s", m->entry->ref);
	all->all_minor += leg->minor;
	return 0;
}

/* All of a node, the newest first. */
static int
read_purchases(struct call *c, struct purchases *all, struct err *e)
{
	static const struct { const char *type, *undone; } kinds[] = {
		{ "FIAT_PURCHASE", NULL },
		{ "CHARGEBACK_CLAWBACK", "disputed" },
		{ "REFUND_CLAWBACK", "refunded" },
	};
	struct moves_filter f = {
		.account = c->node.id, .unit = node_unit(&c->node)->code,
		.limit = PURCHASES,
	};
	size_t i;

	*all = (struct purchases){ .node_id = c->node.id };
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		f.type = kinds[i].type;
		all->undone = kinds[i].undone;
		if (moves_read(c->store, &f, note, all, e)) {
			free(all->row);
			return -1;
		}
	}
	return 0;
}

static int
do_balance(struct call *c, struct err *e)
{
	struct purchases all;
	struct amount have;

	if (purse_balance(c->store, &c->node, &have, e) ||
	    read_purchases(c, &all, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", c->node.id);
	json_amount(&c->out, "balance_tck", have);
	json_int(&c->out, "total_purchases", (int64_t)all.n);
	json_close(&c->out, '}');
	free(all.row);
	return 0;
}

static void
put_purchase(struct buf *out, const struct purchase *p)
{
	const struct package *package = worth(p->minor);

	json_open(out, NULL, '{');
	json_str(out, "id", p->id);
	json_str_or_null(out, "package_id", package ? package->id : NULL);
	put_tck(out, "tck_total", p->minor);
	if (package)
		put_tck(out, "price_usd", package->usd_cents);
	else
		json_null(out, "price_usd");
	json_str(out, "status", p->status);
	json_time(out, "created_at", p->made_ms);
	json_time(out, "completed_at", p->made_ms);
	json_close(out, '}');
}

static int
do_purchases(struct call *c, struct err *e)
{
	struct purchases all;
	size_t i;

	if (read_purchases(c, &all, e))
		return -1;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "node_id", c->node.id);
	json_open(&c->out, "purchases", '[');
	for (i = 0; i < all.n; i++)
		put_purchase(&c->out, all.row + i);
	json_close(&c->out, ']');
	put_tck(&c->out, "total_purchased_tck", all.all_minor);
	json_close(&c->out, '}');
	free(all.row);
	return 0;
}

/* No provider of payments is known here yet. */
static int
unconfigured(struct call *c, struct err *e)
{
	(void)c;
	return err_set(e, E_payment_unconfigured, "no provider of payments");
}

static int
do_checkout(struct call *c, struct err *e)
{
	const char *package = call_str(&c->body, "package_id", "");

	if (!call_is(c, call_str(&c->body, "node_id", "")))
		return err_set(e, E_purchase_other, "'%s' is another node",
		    call_str(&c->body, "node_id", ""));
	if (!named(package))
		return err_set(e, E_package_unknown, "Invalid package: %s",
		    package);
	return unconfigured(c, e);
}

#define TAG .tag = "wallet"
const struct route routes_wallet[] = {
	{ "GET", "/v1/wallet/packages", .flags = ROUTE_WALLET,
	    .act = do_packages, TAG, .summary = "What TCK costs",
	    .reply = "{ packages: [{ id, name, price_usd: money, "
		"tck_base: money, tck_bonus: money, tck_total: money, "
		"bonus_pct: text|null, description }], currency: 'USD', "
		"exchange_rate }" },
	{ "GET", "/v1/wallet/balance", .auth = AUTH_NODE,
	    .flags = ROUTE_WALLET, .class = ROUTE_SLOW, .act = do_balance,
	    TAG, .summary = "What a node has",
	    .reply = "{ node_id, balance_tck: money, total_purchases: int }" },
	{ "GET", "/v1/wallet/purchases", .auth = AUTH_NODE,
	    .flags = ROUTE_WALLET, .class = ROUTE_SLOW, .act = do_purchases,
	    TAG, .summary = "What a node has bought",
	    .reply = "{ node_id, purchases: [{ id, package_id: text|null, "
		"tck_total: money, price_usd: money|null, "
		"status: 'pending'|'completed'|'failed'|'disputed'|'refunded', "
		"created_at: time, completed_at: time|null }], "
		"total_purchased_tck: money }" },
	{ "POST", "/v1/wallet/checkout", .auth = AUTH_NODE,
	    .flags = ROUTE_WALLET, .act = do_checkout, TAG,
	    .summary = "Buy TCK",
	    .body = "{\"type\":\"object\",\"properties\":{"
		"\"package_id\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":50},"
		"\"node_id\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":100}},"
		"\"required\":[\"package_id\",\"node_id\"]}",
	    .codes = "purchase_other package_unknown payment_unconfigured",
	    .reply = "{ checkout_url, session_id, package, tck_total: money "
		"}" },
	{ "POST", "/v1/stripe/webhook", .act = unconfigured, TAG,
	    .flags = ROUTE_WALLET | ROUTE_ANY_BODY | ROUTE_EXEMPT,
	    .summary = "What a provider of payments tells",
	    .codes = "payment_unconfigured",
	    .reply = "{ status: 'ok' }" },
	{ 0 }
};
