/*
 * The Composite Reliability Index: the golden table of spec/vmp.md 12.4 with
 * its parts, the requirements R1 to R6 of 10.3, what hooks count, levels,
 * Genesis badges and verifier pioneers.
 */
#include "tap.h"

#include "actors.h"
#include "cri/cri.h"
#include "cri/preview.h"
#include "ledger/make.h"

static struct params params;

/* Parts are in hundredths: tx, div, vol, age, buyer, gen, disp, conc, str. */
struct row {
	int64_t s, b, u, cents, d, m, x, n, strikes;
	bool badge;
	int64_t tenths, part[9];
};

#define PARTS 9

static const struct row golden[] = {
	{ 0, 0, 0, 0, 0, 0, 0, 0, 0, false, 300, { 0 } },
	{ 1, 0, 1, 100, 0, 1, 0, 0, 0, false, 491, { 333, 1500, 75 } },
	{ 0, 1, 1, 100, 0, 1, 0, 0, 0, false, 541,
	    { 333, 1500, 75, 0, 500 } },
	{ 1, 0, 1, 33, 0, 1, 1, 3, 0, false, 403,
	    { 333, 1500, 31, 0, 0, 0, 833 } },
	{ 25, 25, 4, 5000, 0, 13, 0, 0, 0, false, 594,
	    { 1889, 120, 427, 0, 500 } },
	{ 25, 25, 8, 5000, 0, 13, 0, 0, 0, false, 606,
	    { 1889, 240, 427, 0, 500 } },
	{ 15, 15, 20, 30000, 90, 2, 0, 0, 0, false, 758,
	    { 1650, 1000, 620, 813, 500 } },
	{ 64, 0, 64, 1000000, 256, 1, 0, 0, 0, true, 950,
	    { 2000, 1500, 1000, 1000, 0, 1000 } },
	{ 32, 32, 64, 999900, 255, 1, 0, 0, 0, true, 1000,
	    { 2000, 1500, 1000, 1000, 500, 1000 } },
	{ 5, 0, 1, 500, 10, 5, 0, 5, 0, false, 379,
	    { 861, 300, 195, 432, 0, 0, 0, 1000 } },
	{ 4, 0, 1, 400, 10, 4, 0, 0, 0, false, 476,
	    { 773, 375, 175, 432 } },
	{ 10, 0, 2, 10000, 30, 6, 1, 10, 0, false, 512,
	    { 1152, 300, 501, 619, 0, 0, 250, 200 } },
	{ 10, 0, 2, 10000, 30, 6, 5, 10, 2, false, 112,
	    { 1152, 300, 501, 619, 0, 0, 1250, 200, 3000 } },
	{ 0, 0, 0, 0, 400, 0, 0, 0, 3, false, 0,
	    { 0, 0, 0, 1000, 0, 0, 0, 0, 4500 } },
	{ 25, 25, 1, 5000, 0, 50, 0, 0, 0, false, 485,
	    { 1889, 30, 427, 0, 500, 0, 0, 1000 } },
	{ 0, 0, 0, 0, 1, 0, 1, 1, 0, false, 62,
	    { 0, 0, 0, 125, 0, 0, 2500 } },
	{ 63, 0, 63, 10000, 10, 1, 0, 0, 0, false, 743,
	    { 1998, 1500, 501, 432 } },
	{ 0, 0, 0, 0, 0, 0, 0, 0, 1, false, 150,
	    { 0, 0, 0, 0, 0, 0, 0, 0, 1500 } },
	{ 0, 0, 0, 0, 0, 0, 0, 0, 2, false, 0,
	    { 0, 0, 0, 0, 0, 0, 0, 0, 3000 } },
};

static struct cri
of(const struct row *r)
{
	struct cri c = { .facts = {
		.sold = r->s, .bought = r->b, .partners = r->u,
		.most = r->m, .volume_minor = r->cents, .days = r->d,
		.delivered = r->n, .failed = r->x, .strikes = r->strikes,
		.badge = r->badge, .idle_days = -1,
	} };

	cri_formula(&c, &params);
	return c;
}

static int64_t
score_of(struct row r)
{
	return of(&r).tenths;
}

static void
table(void)
{
	size_t i, k;

	for (i = 0; i < sizeof(golden) / sizeof(*golden); i++) {
		const struct row *r = &golden[i];
		struct cri c = of(r);
		const double part[PARTS] = {
			c.tx, c.diversity, c.volume, c.age, c.buyer,
			c.genesis, c.dispute, c.concentration, c.strike,
		};

		OK(c.tenths == r->tenths);
		OK(c.base == 30);
		for (k = 0; k < PARTS; k++)
			OK(cri_round(part[k], 100) == r->part[k]);
	}
	/* The positive caps sum to 100 exactly. */
	OK(of(&golden[8]).tenths == 1000);
	OK(cri_round(of(&golden[3]).ratio, 100) == 100);
}

/* With decay on: the factor, and a score that is rounded again. */
static void
decays(void)
{
	static const struct { int64_t days, factor; } rows[] = {
		{ -1, 10000 }, { 0, 10000 }, { 90, 10000 }, { 91, 9973 },
		{ 182, 7479 }, { 272, 5014 }, { 273, 5000 }, { 9999, 5000 },
	};
	struct cri c = of(&golden[7]);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		c.facts.idle_days = rows[i].days;
		params.value[PARAM_cri_decay] = 0;
		cri_formula(&c, &params);
		OK(c.decay == 1 && c.tenths == 950);
		params.value[PARAM_cri_decay] = 1;
		cri_formula(&c, &params);
		OK(cri_round(c.decay, 10000) == rows[i].factor);
	}
	OK(c.tenths == 475);
	c.facts.idle_days = 91;			/* 94.7397... */
	cri_formula(&c, &params);
	OK(c.tenths == 947);
	c.facts.sheltered = true;
	c.facts.strikes = 2;
	c.facts.failed = c.facts.delivered = 4;
	c.facts.idle_days = 273;
	cri_formula(&c, &params);		/* 40.0 halved */
	OK(c.tenths == 300);
	c.facts.sheltered = false;
	cri_formula(&c, &params);
	OK(c.tenths == 200);
	params.value[PARAM_cri_decay] = 0;
}

static void
special(void)
{
	struct cri c = { .facts = { .sandbox = true, .idle_days = -1 } };

	cri_formula(&c, &params);
	OK(c.tenths == 500);
	c.facts.delivered = c.facts.failed = 1;
	cri_formula(&c, &params);
	OK(c.tenths == 500);
	c.facts.strikes = 1;
	cri_formula(&c, &params);
	OK(c.tenths == 0);
	c.facts = (struct cri_facts){ .sandbox = true, .sold = 1, .most = 1,
	    .partners = 1, .volume_minor = 5000 };
	cri_formula(&c, &params);
	OK(c.tenths == 526);			/* S2 of 12.8 */
	c.facts.sold = 0;
	c.facts.bought = 1;
	cri_formula(&c, &params);
	OK(c.tenths == 576);
	c.facts.banned = c.facts.sheltered = true;
	cri_formula(&c, &params);
	OK(c.tenths == 0);
}

/* 10.3. */
static void
requirements(void)
{
	const struct row none = { 0 };
	struct row a = { 0 }, b = { 0 };
	int64_t ten, hundred;

	/* R1: 20 points against 11.5, with partners and volume apart. */
	a.s = 10;
	b.s = 100;
	ten = cri_round(of(&a).tx - of(&none).tx, 100);
	hundred = cri_round(of(&b).tx - of(&none).tx, 100);
	OK(ten == 1152 && hundred == 2000 && hundred < 10 * ten);
	/* R2: more partners, all else equal. */
	a = b = (struct row){ .s = 20, .u = 4, .cents = 5000, .m = 5 };
	b.u = 10;
	OK(score_of(b) > score_of(a));
	/* R3: more days never lower it. */
	b = a;
	for (b.d = 1; b.d < 1000; b.d++) {
		if (score_of(b) < score_of(a))
			break;
		a.d = b.d;
	}
	OK(b.d == 1000);
	/* R4: by rate. */
	a = (struct row){ .s = 100, .u = 100, .x = 1, .n = 100 };
	b = a;
	b.n = 2;
	OK(of(&a).dispute < of(&b).dispute);
	OK(cri_round(of(&a).dispute, 100) == 25);
	OK(cri_round(of(&b).dispute, 100) == 1250);
	/* R5: a ring of two, whichever way its 50 trades went. */
	for (a = (struct row){ .u = 1, .m = 50, .cents = 5000 }; a.s <= 50;
	    a.s++) {
		a.b = 50 - a.s;
		if (of(&a).concentration != 10)
			break;
	}
	OK(a.s == 51);
	/* Half of all trades is not over half; four trades are too few. */
	a = (struct row){ .s = 10, .u = 2, .m = 5 };
	OK(of(&a).concentration == 0);
	a = (struct row){ .s = 4, .u = 1, .m = 4 };
	OK(of(&a).concentration == 0);
}

/* Every sum that lies on a tie goes to the even tenth, and none beyond. */
static void
rounding(void)
{
	struct row r = { .d = 1, .n = 8 };

	OK(score_of(r) == 312);			/* 31.25 */
	r.x = 1;
	OK(score_of(r) == 281);			/* 28.125 */
	r.x = 8;
	OK(score_of(r) == 62);			/* 6.25 */
	r.d = 7;				/* 33.75 */
	r.x = 0;
	OK(score_of(r) == 338);
	r.strikes = 2;				/* 3.75 */
	OK(score_of(r) == 38);
}

static void
levels(void)
{
	static const struct { int64_t spent, tenths; int id, way; } rows[] = {
		{ 0, 300, 0, 0 }, { 9999, 1000, 0, 999 },
		{ 10000, 0, 1, 0 }, { 55000, 300, 1, 500 },
		{ 100000, 499, 1, 1000 }, { 100000, 500, 2, 0 },
		{ 999999, 1000, 2, 999 }, { 1000000, 799, 2, 1000 },
		{ 1000000, 800, 3, 0 }, { 5000000, 949, 3, 1000 },
		{ 5000000, 950, 4, 1000 }, { INT64_MAX, 1000, 4, 1000 },
		{ INT64_MAX, 0, 1, 1000 },
	};
	struct cri_level l;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		l = (struct cri_level){ .spent_minor = rows[i].spent,
		    .tenths = rows[i].tenths };
		cri_level_of(&l);
		OK(l.id == rows[i].id && l.thousandths == rows[i].way);
	}
	IS(cri_rung(4)->name, "Architect");
	OK(!cri_rung(5) && !cri_rung(-1));
}

/* --- with a store --------------------------------------------------------- */

static struct chance chance;

static void
trade(struct ledger *l, const char *seller, const char *buyer, int64_t cents)
{
	const struct cri_trade t = {
		.seller_id = seller, .buyer_id = buyer,
		.amount = { cents, unit_named("TCK") },
	};
	struct err e = { 0 };

	if (cri_delivered_in(l, seller, &params, &e) ||
	    cri_settled_in(l, &t, &params, &e))
		home_die("cri_settled_in", &e);
}

static struct cri
score(struct ledger *l, const char *node)
{
	struct err e = { 0 };
	struct cri c;

	if (cri_score(ledger_store(l), node, ledger_now(l), &params, &c, &e))
		home_die("cri_score", &e);
	return c;
}

static struct cri_record
record(struct ledger *l, const char *node)
{
	struct cri_record r;
	struct err e = { 0 };

	if (cri_record(ledger_store(l), node, &r, &e))
		home_die("cri_record", &e);
	return r;
}

/* U is of both sides together, and m as well. */
static void
counters(struct ledger *l)
{
	struct store *s = ledger_store(l);
	struct err e = { 0 };
	struct cri c;

	OK(cri_score(s, "nobody", HOME_MS, &params, &c, &e) &&
	    e.code == E_node_missing);
	OK(score(l, "alice").tenths == 300);
	OK(record(l, "alice").scored_ms == 0);
	trade(l, "bob", "alice", 100);
	c = score(l, "bob");
	OK(c.tenths == 491 && c.facts.sold == 1 && c.facts.bought == 0);
	OK(score(l, "alice").tenths == 541);
	OK(record(l, "bob").tenths == 491 && record(l, "alice").tenths == 541);
	OK(record(l, "bob").first_ms == ledger_now(l));
	OK(record(l, "alice").first_ms == 0);
	OK(record(l, "alice").last_ms == ledger_now(l));
	OK(cri_traded(s, "alice", "bob", &e) == 1);
	OK(cri_traded(s, "bob", "alice", &e) == 1);
	OK(cri_traded(s, "alice", "carol", &e) == 0);
	trade(l, "alice", "bob", 50);
	trade(l, "alice", "carol", 33);
	c = score(l, "alice");
	OK(c.facts.sold == 2 && c.facts.bought == 1);
	OK(c.facts.partners == 2 && c.facts.most == 2);
	OK(c.facts.volume_minor == 183 && c.facts.delivered == 2);
	c = score(l, "bob");
	OK(c.facts.partners == 1 && c.facts.most == 2);
	OK(home_number(s, "SELECT count(*) FROM cri_snapshot") == 6);
	OK(home_number(s, "SELECT was_tenths FROM cri_snapshot "
	    "ORDER BY key LIMIT 1") == 300);
	OK(home_number(s, "SELECT count(*) FROM cri_snapshot a "
	    "WHERE a.was_tenths <> coalesce((SELECT b.tenths "
	    "FROM cri_snapshot b WHERE b.key = a.was_key), 300)") == 0);
	OK(home_number(s, "SELECT count(*) FROM cri_node c JOIN cri_snapshot "
	    "ON key = snapshot "
	    "WHERE c.tenths <> cri_snapshot.tenths") == 0);
}

/* What is said of a trade to come is what it makes of the score. */
static void
hints(struct ledger *l)
{
	static const struct { const char *act, *partner, *other; } rows[] = {
		{ "sale", "new", "grace" }, { "purchase", "known", "alice" },
		{ "sale", "known", "alice" }, { "purchase", "new", "dave" },
	};
	struct cri_hint hint[CRI_HINTS];
	struct cri c;
	size_t i, k, n;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		c = score(l, "bob");
		n = cri_hints(&c, false, &params, hint);
		OK(n == 6);
		for (k = 0; strcmp(hint[k].act, rows[i].act) ||
		    strcmp(hint[k].partner, rows[i].partner); k++)
			;
		OK(hint[k].gain == hint[k].tenths - c.tenths);
		home_mark(l);
		if (*rows[i].act == 's')
			trade(l, "bob", rows[i].other, hint[k].minor);
		else
			trade(l, rows[i].other, "bob", hint[k].minor);
		OK(score(l, "bob").tenths == hint[k].tenths);
		home_undo(l);
	}
	c = (struct cri){ .facts.banned = true };
	OK(cri_hints(&c, true, &params, hint) == 0);
	c = score(l, "carol");
	OK(cri_hints(&c, true, &params, hint) == 7 &&
	    !strcmp(hint[6].act, "badge") && hint[6].gain == 100);
}

/* vmp 13.40: one partner, both directions, 50 trades. */
static void
ring(struct ledger *l)
{
	struct cri c;
	int i;

	for (i = 0; i < 25; i++) {
		trade(l, "ring-a", "ring-b", 100);
		trade(l, "ring-b", "ring-a", 100);
	}
	c = score(l, "ring-a");
	OK(c.facts.partners == 1 && c.facts.most == 50);
	OK(c.concentration == 10 && c.tenths == 485);
	OK(score(l, "ring-b").tenths == 485);
}

/* vmp 13.38: what a dispute takes, a release gives back. */
static void
disputes(struct ledger *l)
{
	struct err e = { 0 };
	struct cri c;

	OK(!cri_delivered_in(l, "dave", &params, &e));
	OK(score(l, "dave").tenths == 300);
	OK(!cri_disputed_in(l, "dave", 1, &params, &e));
	c = score(l, "dave");
	OK(c.facts.failed == 1 && c.dispute == 25 && c.tenths == 50);
	OK(record(l, "dave").tenths == 50);
	OK(!cri_disputed_in(l, "dave", -1, &params, &e));
	OK(score(l, "dave").tenths == 300 && record(l, "dave").tenths == 300);
	OK(!cri_withdrawn_in(l, "dave", &params, &e));
	OK(score(l, "dave").facts.delivered == 0);
	/* What was never counted is not taken back. */
	OK(cri_withdrawn_in(l, "dave", &params, &e) &&
	    e.code == E_store_corrupt);
}

/* A badge needs a signup: so does who sold before they had one. */
static void
early(struct ledger *l, const char *node)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "INSERT INTO node_signup (token, email, "
	    "made_ms, node_id) VALUES ('ea_%s', 'a@b.c', 0, '%s')", node,
	    node);
	OK(!sqlite3_exec(ledger_store(l)->db, sql, NULL, NULL, NULL));
}

static void
genesis(struct ledger *l)
{
	struct cri_award a = { 0 };
	struct err e = { 0 };
	int64_t mint;

	params.value[PARAM_genesis_max] = 2;
	early(l, "eve");
	early(l, "frank");
	early(l, "grace");
	mint = home_balance(l, "MINT", "TCK");
	trade(l, "carol", "eve", 100);		/* as the buyer: no badge */
	OK(record(l, "eve").rank == 0 && record(l, "carol").rank == 0);
	trade(l, "eve", "carol", 100);
	OK(record(l, "eve").rank == 1 && record(l, "carol").rank == 0);
	OK(home_balance(l, "eve", "TCK") == 40000);
	OK(score(l, "eve").genesis == 10);
	OK(record(l, "eve").tenths == score(l, "eve").tenths);
	trade(l, "eve", "carol", 100);		/* once */
	OK(home_balance(l, "eve", "TCK") == 40000);
	/* vmp 13.42: one is left, and two have sold. */
	trade(l, "grace", "carol", 100);
	trade(l, "frank", "carol", 100);
	OK(record(l, "grace").rank == 2 && record(l, "frank").rank == 0);
	OK(record(l, "frank").waits && !record(l, "grace").waits);
	OK(home_balance(l, "frank", "TCK") == 10000);
	OK(home_balance(l, "MINT", "TCK") == mint - 60000);
	/* There are more: who waited comes first, at anybody's trade. */
	params.value[PARAM_genesis_max] = 200;
	trade(l, "bob", "alice", 100);
	OK(record(l, "frank").rank == 3 && !record(l, "frank").waits);
	OK(record(l, "frank").tenths == score(l, "frank").tenths);
	OK(cri_award_next(ledger_store(l), &a, &e) == 1 && a.rank == 1 &&
	    !strcmp(a.node_id, "eve"));
	a.rank = 3;
	OK(cri_award_next(ledger_store(l), &a, &e) == 0);
	OK(home_number(ledger_store(l), "SELECT count(*) FROM ledger_entry "
	    "WHERE id LIKE 'node.genesis:%'") == 3);
}

/* The floor: a badge, a first sale, under three strikes, 180 days. */
static void
shelter(struct ledger *l)
{
	struct store *s = ledger_store(l);
	int64_t end_ms = record(l, "eve").first_ms + 180 * DAY_MS;
	struct err e = { 0 };
	struct cri c;

	OK(!sqlite3_exec(s->db, "UPDATE node_node SET strikes = 2 "
	    "WHERE id = 'eve'", NULL, NULL, NULL));
	OK(!cri_disputed_in(l, "eve", 2, &params, &e));
	OK(!cri_score(s, "eve", end_ms, &params, &c, &e));
	OK(c.facts.sheltered && c.tenths == 300);
	OK(!cri_score(s, "eve", end_ms + 1, &params, &c, &e));
	OK(!c.facts.sheltered && c.tenths < 300);
	OK(!sqlite3_exec(s->db, "UPDATE node_node SET strikes = 3 "
	    "WHERE id = 'eve'", NULL, NULL, NULL));
	OK(!cri_score(s, "eve", end_ms, &params, &c, &e));
	OK(!c.facts.sheltered && c.tenths == 0);
	OK(!sqlite3_exec(s->db, "UPDATE node_node SET strikes = 0, "
	    "banned_ms = 1, active = 0 WHERE id = 'eve'", NULL, NULL, NULL));
	OK(!cri_struck_in(l, "eve", &params, &e));
	OK(score(l, "eve").tenths == 0 && record(l, "eve").tenths == 0);
}

static void
verify(struct ledger *l, const char *verifier, const char *task,
    bool settled, bool disputed, const char *buyer)
{
	const struct cri_verification v = {
		.verifier_id = verifier, .buyer_id = buyer,
		.skill_id = "skill-1", .task_id = task,
		.of_seller_id = "bob", .of_buyer_id = "alice",
		.settled = settled, .disputed = disputed,
	};
	struct err e = { 0 };

	if (cri_pioneer_in(l, &v, &params, &e))
		home_die("cri_pioneer_in", &e);
}

/* vmp 13.16: VAULT cannot pay yet, and is asked again. */
static void
pioneers(struct ledger *l)
{
	const struct move cent = {
		.type = TYPE_LISTING_FEE, .ref = "skill-9", .from = "bob",
		.to = "VAULT", .amount = { 1, unit_named("TCK") },
	};
	struct cri_pioneer a = { 0 };
	struct err e = { 0 };
	char task[16];
	int i;

	verify(l, "vera", "t0", false, false, "alice");
	verify(l, "vera", "t0", true, true, "alice");
	verify(l, "vera", "t0", true, false, "carol");	/* a stranger */
	verify(l, "bob", "t0", true, false, "alice");	/* its own work */
	OK(record(l, "vera").verified == 0 && record(l, "bob").verified == 0);
	for (i = 0; i < 9; i++) {
		snprintf(task, sizeof(task), "t%d", i);
		verify(l, "vera", task, true, false, i % 2 ? "alice" : "bob");
		verify(l, "vera", task, true, false, "alice");
	}
	OK(record(l, "vera").verified == 9);
	params.value[PARAM_pioneer_bonus] = home_balance(l, "VAULT", "TCK") +
	    1;
	verify(l, "vera", "t9", true, false, "alice");
	OK(record(l, "vera").verified == 10);
	OK(cri_pioneer_next(ledger_store(l), &a, &e) == 0);
	OK(!cri_pioneer_in(l, NULL, &params, &e));
	OK(cri_pioneer_next(ledger_store(l), &a, &e) == 0);
	/* Who waits keeps its place, whatever it verifies meanwhile. */
	OK(!sqlite3_exec(ledger_store(l)->db, "UPDATE cri_node "
	    "SET pioneer_ms = 5 WHERE node_id = 'vera'", NULL, NULL, NULL));
	verify(l, "vera", "t9a", true, false, "alice");
	OK(home_number(ledger_store(l), "SELECT pioneer_ms FROM cri_node "
	    "WHERE node_id = 'vera'") == 5);
	OK(record(l, "vera").verified == 11);
	OK(!ledger_move_in(l, &cent, &e));
	OK(!cri_pioneer_in(l, NULL, &params, &e));
	OK(cri_pioneer_next(ledger_store(l), &a, &e) == 1 && a.rank == 1 &&
	    !strcmp(a.node_id, "vera") && a.verified == 11);
	OK(home_balance(l, "VAULT", "TCK") == 0);
	OK(home_balance(l, "vera", "TCK") == 10000 +
	    params.value[PARAM_pioneer_bonus]);
	/* Once. */
	verify(l, "vera", "t10", true, false, "alice");
	params.value[PARAM_pioneer_bonus] = 0;
	OK(!cri_pioneer_in(l, NULL, &params, &e));
	OK(cri_pioneer_next(ledger_store(l), &a, &e) == 0);
}

int
main(void)
{
	static const char *const names[] = {
		"alice", "bob", "carol", "dave", "eve", "frank", "grace",
		"vera", "ring-a", "ring-b",
	};
	struct store *s = home_new("home-cri");
	struct ledger *l = NULL;
	size_t i;

	param_defaults(&params);
	chance_seed(&chance, 7);
	table();
	decays();
	special();
	requirements();
	rounding();
	levels();
	home_begin(s, &l, HOME_MS);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		actor_join(l, names[i], &params, &chance);
	counters(l);
	hints(l);
	ring(l);
	disputes(l);
	genesis(l);
	shelter(l);
	home_commit(l);
	home_begin(s, &l, HOME_MS + DAY_MS);
	pioneers(l);
	home_commit(l);
	OK(home_verify(s) == 0);
	ledger_free(l);
	store_close(s);
	return DONE();
}
