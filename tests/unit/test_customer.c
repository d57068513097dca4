/*
 * Customers: that credit is issued once under a key, is never below zero, and
 * that the log names nobody.
 */
#include "tap.h"

#include "home.h"

#include "customer/customer.h"
#include "ledger/read.h"

#define MAIL "Ann@Example.org"

static struct store *store;
static struct ledger *ledger;
static struct chance chance;
static struct err e;

static void
begin(void)
{
	home_begin(store, &ledger, HOME_MS + 1000);
}

/* E_ok, or why not: then nothing of it is left. */
static enum err_code
move(const struct customer_move *m, struct customer *out, char id[LEAF_ID])
{
	e = (struct err){ 0 };
	begin();
	if (customer_move_in(ledger, m, &chance, out, id, &e))
		ledger_rollback(ledger);
	else
		home_commit(ledger);
	return e.code;
}

static enum err_code
credit(const char *email, int64_t minor, const char *key)
{
	const struct customer_move m = {
		.email = email, .minor = minor, .key = key, .reason = "pack",
	};
	struct customer c;
	char id[LEAF_ID];

	return move(&m, &c, id);
}

static enum err_code
deduct(const char *account, int64_t minor, const char *key)
{
	const struct customer_move m = {
		.account = account, .minor = minor, .key = key,
		.deduct = true,
	};
	struct customer c;
	char id[LEAF_ID];

	return move(&m, &c, id);
}

static int64_t
has(const char *email)
{
	struct customer c;
	struct account a;

	e = (struct err){ 0 };
	if (customer_get(store, email, NULL, &c, &e) ||
	    customer_account(store, &c, &a, &e))
		return -1;
	return a.balance.minor;
}

static int64_t
books(const char *account)
{
	int64_t minor;

	begin();
	minor = home_balance(ledger, account, "DZIT");
	ledger_rollback(ledger);
	return minor;
}

static void
is_made_once(void)
{
	struct customer c, again;

	OK(customer_get(store, MAIL, NULL, &c, &e) &&
	    e.code == E_no_account);
	OK(credit(MAIL, 2500, "k1") == E_ok && has(MAIL) == 2500);
	OK(has("ann@example.org") == 2500 && has("ANN@EXAMPLE.ORG") == 2500);
	OK(!customer_get(store, MAIL, NULL, &c, &e));
	IS(c.email, "ann@example.org");
	OK(!strncmp(c.account, "c_", 2) && c.made_ms == HOME_MS + 1000);
	OK(credit("ann@example.org", 100, "k2") == E_ok);
	OK(!customer_get(store, NULL, c.account, &again, &e));
	IS(again.account, c.account);
	OK(has(MAIL) == 2600);
	OK(home_number(store, "SELECT count(*) FROM customer_customer") == 1);
}

/* The same key again does nothing, and something else under it is refused. */
static void
is_moved_once(void)
{
	struct customer c;

	OK(credit(MAIL, 2500, "k1") == E_ok && has(MAIL) == 2600);
	OK(credit(MAIL, 2501, "k1") == E_id_conflict && has(MAIL) == 2600);
	OK(credit("bob@example.org", 2500, "k1") == E_id_conflict);
	/* Nor is somebody made by what was refused. */
	OK(customer_get(store, "bob@example.org", NULL, &c, &e) &&
	    e.code == E_no_account);
}

static void
is_never_below_zero(void)
{
	struct customer c;

	OK(!customer_get(store, MAIL, NULL, &c, &e));
	OK(deduct(c.account, 2601, "d1") == E_insufficient_funds);
	OK(deduct(c.account, 600, "d1") == E_ok && has(MAIL) == 2000);
	OK(deduct(c.account, 600, "d1") == E_ok && has(MAIL) == 2000);
	OK(deduct(c.account, 2000, "d2") == E_ok && has(MAIL) == 0);
	OK(deduct(c.account, 1, "d3") == E_insufficient_funds);
	OK(deduct("c_none", 1, "d4") == E_no_account);
	OK(books("VAULT") == 2600 && books("MINT") == -2600);
}

static void
is_refused(void)
{
	static const char *const bad[] = {
		"", "ann", "@example.org", "ann@", "a b@example.org",
		"ann@example.org\r\nBcc: x@example.org", NULL,
	};
	static char reason[1026];
	struct customer_move m = {
		.email = MAIL, .minor = 1, .key = "r", .reason = reason,
	};
	struct customer c;
	char id[LEAF_ID];
	int i;

	for (i = 0; bad[i]; i++)
		OK(credit(bad[i], 1, "b") == E_bad_email);
	memset(reason, 'x', 1025);
	OK(move(&m, &c, id) == E_bad_json);
	reason[1024] = '\0';
	OK(move(&m, &c, id) == E_ok);
	OK(home_number(store, "SELECT count(*) FROM customer_customer") == 1);
}

/* No address of mail and no reason is in a leaf. */
static void
is_nameless(void)
{
	OK(home_number(store, "SELECT count(*) FROM ledger_entry WHERE "
	    "instr(lower(CAST(leaf AS TEXT)), 'example.org') > 0 OR "
	    "instr(CAST(leaf AS TEXT), 'pack') > 0") == 0);
	OK(home_number(store, "SELECT count(*) FROM ledger_entry") > 4);
	OK(home_verify(store) == 0);
}

int
main(void)
{
	chance_seed(&chance, 7);
	store = home_new("customer.home");
	is_made_once();
	is_moved_once();
	is_never_below_zero();
	is_refused();
	is_nameless();
	store_close(store);
	return DONE();
}
