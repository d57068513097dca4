/*
 * Reports, strikes and the ban, under each policy (vmp 2.7, 3.7), and what is
 * left of a reputation.
 */
#include "tap.h"

#include "actors.h"
#include "cri/cri.h"
#include "node/sandbox.h"
#include "strike/strike.h"

static struct params params;
static struct chance chance;

/* One report: the code of its refusal, or what became of it. */
static const char *
report(struct ledger *l, const char *by, const char *of)
{
	const struct report r = {
		.reporter_id = by, .target_id = of, .reason = "it lied",
	};
	static struct err e;
	struct struck s;

	e = (struct err){ 0 };
	if (strike_report_in(l, &r, &params, &chance, &s, &e))
		return err_word(e.code);
	return s.banned ? "banned" : s.counted ? "counted" : "logged";
}

static void
trade(struct ledger *l, const char *seller, const char *buyer)
{
	const struct cri_trade t = {
		.seller_id = seller, .buyer_id = buyer,
		.amount = { 1000, unit_named("TCK") },
	};
	struct err e = { 0 };

	if (cri_settled_in(l, &t, &params, &e))
		home_die("cri_settled_in", &e);
}

static struct node
node_of(struct ledger *l, const char *id)
{
	struct err e = { 0 };
	struct node n;

	if (node_get(ledger_store(l), id, &n, &e))
		home_die("node_get", &e);
	return n;
}

static int64_t
score(struct ledger *l, const char *id)
{
	struct err e = { 0 };
	struct cri c;

	if (cri_score(ledger_store(l), id, ledger_now(l), &params, &c, &e))
		home_die("cri_score", &e);
	return c.tenths;
}

/* vmp 13.27: once a pair, and only of those who have traded. */
static void
counterparty(struct ledger *l, const char *sand, const char *sandy)
{
	IS(report(l, "alice", "alice"), "self_report");
	IS(report(l, "nobody", "bob"), "node_missing");
	IS(report(l, "alice", "nobody"), "node_missing");
	IS(report(l, "alice", sand), "realm");
	IS(report(l, sand, "alice"), "realm");
	IS(report(l, "alice", "bob"), "report_not_eligible");
	IS(report(l, "alice", "bob"), "report_not_eligible");
	IS(report(l, "alice", "bob"), "report_not_eligible");
	OK(node_of(l, "bob").strikes == 0);
	trade(l, "bob", "alice");
	OK(score(l, "bob") > 300);
	IS(report(l, "alice", "bob"), "counted");
	IS(report(l, "alice", "bob"), "logged");
	IS(report(l, "alice", "bob"), "logged");
	OK(node_of(l, "bob").strikes == 1 && node_of(l, "bob").active);
	/* Either side of the trade may report. */
	IS(report(l, "bob", "alice"), "counted");
	OK(home_balance(l, "bob", "TCK") == 10000);
	/* Play is never evidence. */
	IS(report(l, sand, sandy), "report_not_eligible");
	trade(l, "bob", "carol");
	IS(report(l, "carol", "bob"), "counted");
	trade(l, "bob", "dave");
	IS(report(l, "dave", "bob"), "banned");
	OK(node_of(l, "bob").strikes == 3 && !node_of(l, "bob").active);
	OK(node_of(l, "bob").banned_ms == HOME_MS);
	OK(home_balance(l, "bob", "TCK") == 0);
	OK(home_balance(l, "VAULT", "TCK") == 10000);
	OK(score(l, "bob") == 0);
	IS(report(l, "dave", "bob"), "already_banned");
	IS(report(l, NULL, "bob"), "already_banned");
	IS(report(l, "bob", "dave"), "node_unknown_or_banned");
}

static void
admin(struct ledger *l)
{
	params.value[PARAM_strike_policy] = STRIKE_ADMIN;
	IS(report(l, "carol", "dave"), "logged");
	IS(report(l, "carol", "dave"), "logged");
	OK(node_of(l, "dave").strikes == 0);
	IS(report(l, NULL, "dave"), "counted");
	IS(report(l, NULL, "dave"), "counted");
	OK(node_of(l, "dave").strikes == 2);
	OK(home_balance(l, "dave", "TCK") == 10000);
	IS(report(l, NULL, "nobody"), "node_missing");
}

/* The reference's way: whoever says so, as often as he likes. */
static void
open_to_all(struct ledger *l, const char *sand, const char *sandy)
{
	params.value[PARAM_strike_policy] = STRIKE_OPEN;
	params.value[PARAM_strikes_to_ban] = 2;
	IS(report(l, "alice", sand), "realm");
	IS(report(l, sand, sandy), "counted");
	IS(report(l, sand, sandy), "banned");
	OK(home_balance(l, sandy, "SBX") == 0);
	OK(home_balance(l, "VAULT", "SBX") == 1000000);
	IS(report(l, "alice", "carol"), "counted");
	params.value[PARAM_strikes_to_ban] = 1;
	/* One that has enough already is banned by the next. */
	IS(report(l, "alice", "carol"), "banned");
	OK(home_balance(l, "VAULT", "TCK") == 20000);
}

static void
reputations(void)
{
	static const char *const want[] = {
		"1.0", "0.9", "0.81", "0.729", "0.6561", "0.5905", "0.5314",
	};
	char text[STRIKE_TEXT];
	int i;

	param_defaults(&params);
	for (i = 0; i < 7; i++) {
		strike_reputation(i, &params, text);
		IS(text, want[i]);
	}
	strike_reputation(1000000, &params, text);
	IS(text, "0.0");
	params.value[PARAM_strike_factor] = 0;
	strike_reputation(1, &params, text);
	IS(text, "0.0");
	params.value[PARAM_strike_factor] = 10000;
	strike_reputation(9, &params, text);
	IS(text, "1.0");
}

int
main(void)
{
	static const char *const names[] = { "alice", "bob", "carol", "dave" };
	struct store *s = home_new("home-strike");
	struct ledger *l = NULL;
	struct node sand, sandy;
	struct err e = { 0 };
	size_t i;

	chance_seed(&chance, 1);
	param_defaults(&params);
	home_begin(s, &l, HOME_MS);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		actor_join(l, names[i], &params, &chance);
	if (node_sandbox_in(l, NULL, &params, &chance, &sand, &e) ||
	    node_sandbox_in(l, NULL, &params, &chance, &sandy, &e))
		home_die("node_sandbox_in", &e);
	counterparty(l, sand.id, sandy.id);
	admin(l);
	open_to_all(l, sand.id, sandy.id);
	home_commit(l);
	OK(home_verify(s) == 0);
	param_defaults(&params);
	OK(home_reconciles(s, &params, HOME_MS));
	reputations();
	ledger_free(l);
	store_close(s);
	return DONE();
}
