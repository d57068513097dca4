/*
 * The end of a sandbox node (vmp 8.6, 12.8 S13): when it is due, what it may
 * do no more, and what becomes of its money, once.
 */
#include "tap.h"

#include "actors.h"
#include "node/purse.h"
#include "node/sandbox.h"
#include "strike/strike.h"

static struct params params;
static struct chance chance;

#define END (HOME_MS + 7 * DAY_MS)

static struct node
box(struct ledger *l)
{
	struct err e = { 0 };
	struct node n;

	if (node_sandbox_in(l, NULL, &params, &chance, &n, &e))
		home_die("node_sandbox_in", &e);
	return n;
}

static int
due(struct ledger *l, int64_t now_ms)
{
	char ids[8][NODE_ID], after_id[NODE_ID] = "";
	int64_t after_ms = INT64_MIN;
	struct err e = { 0 };
	int n = 0, got;

	/* By twos, as a sweep that goes on where it stopped. */
	while ((got = node_due_expiry(ledger_store(l), now_ms, &after_ms,
	    after_id, 2, ids, &e)) > 0)
		n += got;
	return got < 0 ? -1 : n;
}

/* "ok" and what was done, or why not. */
static const char *
end(struct ledger *l, const char *id, struct node_end *out)
{
	static struct err e;

	e = (struct err){ 0 };
	return node_expire_in(l, id, out, &e) ? err_word(e.code) :
	    out->burnt ? out->expired ? "both" : "burnt" :
	    out->expired ? "expired" : "nothing";
}

static void
not_yet(struct ledger *l, const struct node *n)
{
	struct node_end out;

	OK(due(l, END - 1) == 0);
	OK(due(l, END) == 4);
	IS(end(l, n->id, &out), "window_open");
	IS(end(l, "alice", &out), "window_open");
	IS(end(l, "nobody", &out), "node_missing");
	OK(node_acts(n, END - 1));
	IS(node_state(n, END - 1), "active");
	/* It may do nothing, whether or not a sweep has come. */
	OK(!node_acts(n, END));
	IS(node_state(n, END), "expired");
}

static void
hold(struct ledger *l, const char *from, const char *seller)
{
	const struct amount a = { 500, unit_named("SBX") };
	struct err e = { 0 };

	if (purse_lock_in(l, from, a, &e) ||
	    purse_sale_in(l, seller, a.unit, 1, &e))
		home_die("purse", &e);
}

static void
let_go(struct ledger *l, const char *from, const char *seller)
{
	const struct amount a = { 500, unit_named("SBX") };
	struct err e = { 0 };

	if (purse_close_in(l, from, a, false, &e) ||
	    purse_sale_in(l, seller, a.unit, -1, &e))
		home_die("purse", &e);
}

/* Nothing is burnt while either side of a trade is open. */
static void
over(struct ledger *l, const struct node *n)
{
	struct node_end out;
	struct err e = { 0 };
	struct node now;

	IS(end(l, n[0].id, &out), "both");
	OK(out.left.minor == 1000000 && out.left.unit == unit_named("SBX"));
	OK(home_balance(l, n[0].id, "SBX") == 0);
	OK(!node_get(ledger_store(l), n[0].id, &now, &e) && !now.active &&
	    now.expired_ms == END && now.burnt_ms == END);
	IS(end(l, n[0].id, &out), "nothing");
	OK(due(l, END) == 3);
	IS(end(l, n[1].id, &out), "expired");
	OK(out.open_minor == 500 && out.sales == 0);
	IS(end(l, n[2].id, &out), "expired");
	OK(out.open_minor == 0 && out.sales == 1);
	IS(end(l, n[1].id, &out), "nothing");
	OK(due(l, END) == 3);
	OK(home_balance(l, n[1].id, "SBX") == 1000000);
	let_go(l, n[1].id, n[2].id);
	IS(end(l, n[1].id, &out), "burnt");
	IS(end(l, n[2].id, &out), "burnt");
	/* Whoever has nothing is over without an entry. */
	IS(end(l, n[3].id, &out), "both");
	OK(out.left.minor == 0);
	OK(due(l, END) == 0);
	OK(home_balance(l, "MINT", "SBX") +
	    home_balance(l, "VAULT", "SBX") == 0);
}

static void
ban(struct ledger *l, const char *id)
{
	const struct report r = { .target_id = id };
	struct err e = { 0 };
	struct struck out;
	int i;

	for (i = 0; i < 3; i++)
		if (strike_report_in(l, &r, &params, &chance, &out, &e))
			home_die("strike_report_in", &e);
	OK(out.banned && out.taken.minor == 1000000);
	OK(home_balance(l, id, "SBX") == 0);
}

int
main(void)
{
	struct store *s = home_new("home-sandbox");
	struct ledger *l = NULL;
	struct node n[4];
	struct err e = { 0 };
	struct node house;
	int i;

	chance_seed(&chance, 1);
	param_defaults(&params);
	home_begin(s, &l, HOME_MS);
	actor_join(l, "alice", &params, &chance);
	for (i = 0; i < 4; i++)
		n[i] = box(l);
	hold(l, n[1].id, n[2].id);
	not_yet(l, &n[0]);
	ban(l, n[3].id);
	home_commit(l);
	home_begin(s, &l, END);
	over(l, n);
	home_commit(l);
	OK(home_verify(s) == 0);
	OK(home_reconciles(s, &params, END));
	OK(!node_get(s, "alice", &house, &e) && node_acts(&house, INT64_MAX));
	ledger_free(l);
	store_close(s);
	return DONE();
}
