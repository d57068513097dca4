/*
 * The lock gate: every check in its order, the purse that it reads, and what
 * is taken from who is banned.
 */
#include "tap.h"

#include "actors.h"
#include "gate/gate.h"
#include "ledger/make.h"
#include "node/purse.h"
#include "strike/strike.h"

static struct params params;
static struct chance chance;

static struct amount
tck(int64_t minor)
{
	return (struct amount){ minor, unit_named("TCK") };
}

static void
sql(struct store *s, const char *text)
{
	char *why = NULL;

	if (sqlite3_exec(s->db, text, NULL, NULL, &why))
		printf("Bail out! %s\n", why);
}

/* What the first half of the gate says. */
static const char *
meet(struct ledger *l, struct gate g)
{
	static struct err e;
	struct gated out;

	e = (struct err){ 0 };
	g.params = &params;
	g.asking = true;
	if (gate_parties_in(l, &g, &out, &e))
		return err_word(e.code);
	return out.unit == node_unit(&out.node) ? "ok" : "unit";
}

/* And the second. */
static const char *
pay(struct ledger *l, const char *id, int64_t minor)
{
	static struct err e;

	e = (struct err){ 0 };
	return gate_money_in(l, id, tck(minor), &params, &e) ? e.msg : "ok";
}

static void
parties(struct store *s, struct ledger *l)
{
	struct gate g = { .act = GATE_BUY, .node_id = "alice",
	    .other_id = "bob", .category = "code" };
	struct err e = { 0 };

	IS(meet(l, g), "ok");
	g.node_id = "nobody";
	IS(meet(l, g), "node_missing");
	g.node_id = "alice";
	g.other_id = "nobody";
	IS(meet(l, g), "seller_missing");
	/* From here on each fault hides those behind it. */
	sql(s, "UPDATE node_node SET active = 0 WHERE id = 'bob'");
	g.retired = g.quote_expired = true;
	OK(!param_read(&params, "policy_deny spam,  bob ,code", "x", &e));
	g.other_id = "alice";
	IS(meet(l, g), "self_trade");
	g.other_id = "sand";
	IS(meet(l, g), "realm");
	g.node_id = "sand";
	g.other_id = "bob";
	IS(meet(l, g), "realm");
	g.node_id = "alice";
	IS(meet(l, g), "seller_inactive");
	sql(s, "UPDATE node_node SET active = 1 WHERE id = 'bob'");
	IS(meet(l, g), "skill_retired");
	g.retired = false;
	IS(meet(l, g), "quote_expired");
	g.quote_expired = false;
	IS(meet(l, g), "policy_denied");
	g.other_id = "carol";
	IS(meet(l, g), "policy_denied");
	g.category = "cod";
	IS(meet(l, g), "ok");
	g.category = "";
	IS(meet(l, g), "ok");
	g.category = NULL;
	IS(meet(l, g), "ok");
	/* A bounty is with nobody yet. */
	g.act = GATE_BOUNTY;
	g.other_id = NULL;
	IS(meet(l, g), "ok");
	g.node_id = "bob";
	IS(meet(l, g), "policy_denied");
	sql(s, "UPDATE node_node SET active = 0 WHERE id = 'bob'");
	IS(meet(l, g), "node_unknown_or_banned");
	sql(s, "UPDATE node_node SET active = 1 WHERE id = 'bob'");
	param_defaults(&params);
	g = (struct gate){ .act = GATE_BUY, .node_id = "sand",
	    .other_id = "sandy" };
	IS(meet(l, g), "ok");
}

/* vmp 5.6: soft, and counted; or hard. */
static void
levels(struct ledger *l)
{
	static const char low[] = "level gate: requires Worker (level 1), "
	    "current level is Spawn (0)";
	struct gate g = { .act = GATE_PUBLISH, .node_id = "bob",
	    .params = &params };
	struct gate_soft soft;
	struct err e = { 0 };
	struct gated out;
	struct query q;

	OK(!gate_parties_in(l, &g, &out, &e));
	IS(out.warning, low);
	OK(!gate_parties_in(l, &g, &out, &e));
	g.asking = true;
	OK(!gate_parties_in(l, &g, &out, &e));
	IS(out.warning, low);
	g.asking = false;
	gate_soft_open(&q, ledger_store(l), "bob");
	OK(gate_soft_next(&q, &soft, &e) == 1);
	IS(soft.act, "publish");
	OK(soft.times == 2 && soft.needed == 1 && soft.first_ms == HOME_MS);
	OK(gate_soft_next(&q, &soft, &e) == 0);
	params.value[PARAM_enforce_level_gates] = 1;
	OK(gate_parties_in(l, &g, &out, &e) && e.code == E_level_gate);
	IS(e.msg, low);
	IS(meet(l, g), "level_gate");
	/* It comes before the operator's list. */
	OK(!param_read(&params, "policy_deny bob", "x", &e));
	IS(meet(l, g), "level_gate");
	/* To buy needs no level. */
	g.act = GATE_BUY;
	g.other_id = "alice";
	IS(meet(l, g), "policy_denied");
	param_defaults(&params);
	params.value[PARAM_enforce_level_gates] = 1;
	IS(meet(l, g), "ok");
	g.act = GATE_DIRECT;
	IS(meet(l, g), "ok");
	g.act = GATE_SHADOW;
	IS(meet(l, g), "ok");
	g.act = GATE_SUBMIT;
	IS(meet(l, g), "level_gate");
	g.act = GATE_BOUNTY;
	g.other_id = NULL;
	IS(meet(l, g), "level_gate");
	OK(!purse_fee_in(l, "bob", tck(9999), &e));
	g.act = GATE_PUBLISH;
	IS(meet(l, g), "level_gate");
	OK(!purse_fee_in(l, "bob", tck(1), &e));
	IS(meet(l, g), "ok");
	g.act = GATE_SUBMIT;
	IS(meet(l, g), "ok");
	g.act = GATE_BOUNTY;
	IS(meet(l, g), "level_gate");
	params.value[PARAM_gate_bounty_create] = 1;
	IS(meet(l, g), "ok");
	params.value[PARAM_gate_bounty_create] = 0;
	g.node_id = "carol";
	IS(meet(l, g), "ok");
	param_defaults(&params);
}

static struct purse
purse(struct ledger *l, const char *id)
{
	struct err e = { 0 };
	struct purse p;

	if (purse_get(ledger_store(l), id, unit_named("TCK"), ledger_now(l),
	    &p, &e))
		home_die("purse_get", &e);
	return p;
}

static void
money(struct store *s, struct ledger *l)
{
	char account[] = "ESCROW:a";
	struct err e = { 0 };
	int i;

	/* vmp 12.8 S10, as far as the gate judges it. */
	IS(pay(l, "alice", 5001), "exposure cap reached (0.00/50.00 TCK)");
	IS(pay(l, "alice", 10001), "'alice' cannot cover it");
	for (i = 0; i < 5; i++) {
		const struct move m = {
			.type = TYPE_ESCROW_LOCK, .amount = tck(1000),
			.from = "alice", .ref = account + 7, .to = account,
			.data = "{\"auto_refund_ms\":1800000000000,"
			    "\"order\":\"x\",\"seller\":\"bob\","
			    "\"tax_bp\":300}",
		};

		account[7] = (char)('a' + i);
		IS(pay(l, "alice", 1000), "ok");
		OK(!ledger_move_in(l, &m, &e));
		OK(!purse_lock_in(l, "alice", tck(1000), &e));
	}
	IS(pay(l, "alice", 1000), "exposure cap reached (50.00/50.00 TCK)");
	OK(!purse_close_in(l, "alice", tck(1000), false, &e));
	IS(pay(l, "alice", 500), "ok");
	IS(pay(l, "alice", 501), "exposure cap reached (40.00/45.00 TCK)");
	OK(purse(l, "alice").open_minor == 4000);
	OK(purse(l, "alice").day_minor == 5000);
	OK(purse(l, "alice").spent_minor == 5000);
	/* A refund is not spent, but was locked today. */
	OK(!purse_close_in(l, "alice", tck(1000), true, &e));
	OK(purse(l, "alice").open_minor == 3000);
	OK(purse(l, "alice").day_minor == 5000);
	OK(purse(l, "alice").spent_minor == 4000);
	OK(!purse_fee_in(l, "alice", tck(50), &e));
	OK(purse(l, "alice").spent_minor == 4050);
	/* Caps come before the balance, and each before the next. */
	sql(s, "UPDATE node_node SET per_task_minor = 900, "
	    "per_day_minor = 5100, exposure_pct = 0 WHERE id = 'alice'");
	IS(pay(l, "alice", 10001),
	    "task price 100.01 exceeds your per-task cap of 9.00 TCK");
	IS(pay(l, "alice", 900), "daily spend cap reached (50.00/51.00 TCK)");
	IS(pay(l, "alice", 101), "daily spend cap reached (50.00/51.00 TCK)");
	IS(pay(l, "alice", 100), "ok");
	sql(s, "UPDATE node_node SET per_task_minor = NULL, "
	    "per_day_minor = NULL WHERE id = 'alice'");
	IS(pay(l, "alice", 5001), "'alice' cannot cover it");
	IS(pay(l, "alice", 5000), "ok");
	sql(s, "UPDATE node_node SET exposure_pct = 37 WHERE id = 'alice'");
	/* (50.00 + 30.00) * 37 / 100 is 29.60, rounded down. */
	IS(pay(l, "alice", 1), "exposure cap reached (30.00/29.60 TCK)");
	/* More than is out cannot come back. */
	OK(purse_close_in(l, "alice", tck(3001), true, &e));
	OK(purse_close_in(l, "carol", tck(1), true, &e));
	OK(e.code == E_store_corrupt);
	OK(purse(l, "alice").open_minor == 3000);
}

static void
sales(struct ledger *l)
{
	const struct unit *unit = unit_named("TCK");
	struct err e = { 0 };

	OK(purse_sale_in(l, "carol", unit, -1, &e));
	OK(!purse_sale_in(l, "carol", unit, 1, &e));
	OK(!purse_sale_in(l, "carol", unit, 1, &e));
	OK(!purse_sale_in(l, "carol", unit, -1, &e));
	OK(purse(l, "carol").sales == 1 && !purse(l, "carol").open_minor);
	OK(!purse_sale_in(l, "carol", unit, -1, &e));
	OK(purse_sale_in(l, "carol", unit, -1, &e));
}

/* A day begins at 00:00 UTC, and what was locked the day before is done. */
static void
days(struct ledger *l)
{
	struct err e = { 0 };
	struct purse p;
	int64_t end = purse_resets_ms(ledger_now(l));

	OK(end % DAY_MS == 0 && end - ledger_now(l) <= DAY_MS);
	OK(!purse_get(ledger_store(l), "alice", unit_named("TCK"), end - 1,
	    &p, &e) && p.day_minor == 5000);
	OK(!purse_get(ledger_store(l), "alice", unit_named("TCK"), end, &p,
	    &e) && p.day_minor == 0 && p.open_minor == 3000);
	OK(purse_resets_ms(end) == end + DAY_MS);
}

static void
next_day(struct ledger *l)
{
	struct err e = { 0 };

	OK(purse(l, "alice").day_minor == 0);
	OK(!purse_lock_in(l, "alice", tck(7), &e));
	OK(purse(l, "alice").day_minor == 7);
	OK(purse(l, "alice").open_minor == 3007);
}

static void
confiscation(struct store *s, struct ledger *l)
{
	const struct unit *unit = unit_named("TCK");
	const struct move again = {
		.type = TYPE_GENESIS_BONUS, .ref = "carol", .from = "MINT",
		.to = "carol", .amount = tck(300),
	};
	int64_t vault = home_balance(l, "VAULT", "TCK");
	struct err e = { 0 };

	OK(!strike_confiscate_in(l, "carol", unit, &e));
	OK(home_balance(l, "carol", "TCK") == 10000);
	sql(s, "UPDATE node_node SET active = 0, banned_ms = 1 "
	    "WHERE id = 'carol'");
	OK(!strike_confiscate_in(l, "carol", unit, &e));
	OK(home_balance(l, "carol", "TCK") == 0);
	OK(!strike_confiscate_in(l, "carol", unit, &e));
	OK(!ledger_move_in(l, &again, &e));
	OK(!strike_confiscate_in(l, "carol", unit, &e));
	OK(home_balance(l, "carol", "TCK") == 0);
	OK(home_balance(l, "VAULT", "TCK") == vault + 10300);
	OK(strike_confiscate_in(l, "nobody", unit, &e) &&
	    e.code == E_node_missing);
}

int
main(void)
{
	static const char *const names[] = {
		"alice", "bob", "carol", "sand", "sandy",
	};
	struct store *s = home_new("home-gate");
	struct ledger *l = NULL;
	size_t i;

	chance_seed(&chance, 1);
	param_defaults(&params);
	home_begin(s, &l, HOME_MS);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		actor_join(l, names[i], &params, &chance);
	sql(s, "UPDATE node_node SET realm = 'sandbox' WHERE id LIKE 'sand%'");
	parties(s, l);
	levels(l);
	money(s, l);
	sales(l);
	days(l);
	home_commit(l);
	home_begin(s, &l, HOME_MS + DAY_MS);
	next_day(l);
	confiscation(s, l);
	home_commit(l);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
	return DONE();
}
