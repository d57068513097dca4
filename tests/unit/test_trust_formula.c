/*
 * The trust score of spec/node.md 6.1, 6.2: the vectors of 22.3 in both
 * columns, Wilson's bounds, and what is shown of each tier.
 */
#include "tap.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "trust/facts.h"

static struct params params;

struct row {
	double stake, uptime, quality;
	int64_t endorsed, complained;
	bool verified;
	int64_t hundredths;
	enum trust_tier tier;
};

static const struct row golden[] = {
	{ 0, 0, 0, 0, 0, false, 0, TRUST_UNVERIFIED },
	{ 1, 0, 0, 0, 0, false, 301, TRUST_UNVERIFIED },
	{ 10, 0, 0, 0, 0, false, 1041, TRUST_UNVERIFIED },
	{ 100, .997, 0, 5, 0, true, 6079, TRUST_VERIFIED },
	{ 1000, 1, 0, 100, 0, false, 7000, TRUST_TRUSTED },
	{ 1000, 1, 0, 100, 0, true, 8000, TRUST_TRUSTED },
	{ 1000, 1, 1, 100, 0, true, 10000, TRUST_ENTERPRISE },
	{ 1000, 1, .5, 100, 0, true, 9000, TRUST_ENTERPRISE },
	{ 0, 1, 0, 100, 0, false, 4000, TRUST_UNVERIFIED },
	{ 0, 1, 0, 100, 0, true, 5000, TRUST_VERIFIED },
	{ 100, .99, .8, 20, 2, true, 7978, TRUST_TRUSTED },
	{ 50, .95, .5, 3, 1, true, 6283, TRUST_VERIFIED },
	{ 0, 0, 0, 0, 5, true, 0, TRUST_UNVERIFIED },
	{ 5000, 1, 1, 500, 0, true, 10000, TRUST_ENTERPRISE },
};

static void
compatible(void)
{
	struct trust_score t;
	size_t i;

	for (i = 0; i < sizeof(golden) / sizeof(*golden); i++) {
		const struct row *r = &golden[i];

		t = (struct trust_score){ .in = {
			.column = TRUST_COMPATIBLE, .stake = r->stake,
			.uptime = r->uptime, .quality = r->quality,
			.endorsed = r->endorsed, .complained = r->complained,
			.verified = r->verified,
		} };
		trust_formula(&t, &params);
		printf("# row %zu: %lld\n", i, (long long)t.hundredths);
		OK(t.hundredths == r->hundredths);
		OK(t.tier == r->tier);
	}
}

static void
wilson(void)
{
	static const struct { int64_t ok, n; double low; } rows[] = {
		{ 1, 1, 0.206543 }, { 10, 10, 0.722460 },
		{ 95, 100, 0.888248 }, { 8600, 8640, 0.993702 },
		{ 8640, 8640, 0.999556 }, { 0, 1, 0 }, { 0, 8640, 0 },
		{ 0, 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		OK(fabs(trust_wilson(rows[i].ok, rows[i].n - rows[i].ok,
		    1.96) - rows[i].low) < 0.0000005);
}

static struct trust_score
of(struct trust_inputs in)
{
	struct trust_score t = { .in = in };

	trust_formula(&t, &params);
	return t;
}

/* The example of 22.3, term by term. */
static void
measured(void)
{
	const struct trust_inputs in = {
		.stake = 100, .ok = 8600, .fail = 40, .rated = 42, .good = 40,
		.weight = 10500, .complaints = 1, .orders = 42,
		.verified = true,
	};
	struct trust_score t = of(in);

	OK(t.hundredths == 7485);
	OK(t.tier == TRUST_TRUSTED);
	OK(trust_round(t.s) == 2004);
	OK(trust_round(t.u) == 2484);
	OK(trust_round(t.q) == 1809);
	OK(trust_round(t.e) == 233);
	OK(trust_round(t.c) == 45);
	OK(trust_round(t.v) == 1000);
}

/* Unknown is neither good nor clean. */
static void
unknown(void)
{
	struct trust_score t = of((struct trust_inputs){ 0 });

	OK(trust_round(t.c) == 500);
	OK(trust_round(t.q) == 1000);
	OK(t.u == 0 && t.s == 0 && t.e == 0 && t.v == 0);
	OK(t.hundredths == 500 && t.tier == TRUST_UNVERIFIED);
	t = of((struct trust_inputs){ .orders = 10 });
	OK(trust_round(t.c) == 83);
	t = of((struct trust_inputs){ .ok = 1 });
	OK(trust_round(t.u) == 516);
	/* Late complaints about old orders cost what all do, not more. */
	t = of((struct trust_inputs){ .complaints = 50, .orders = 0.01 });
	OK(trust_round(t.c) == 1000);
	/* What is no number is nothing. */
	t = of((struct trust_inputs){ .column = TRUST_COMPATIBLE,
	    .uptime = NAN, .quality = -1, .stake = -5 });
	OK(t.hundredths == 0);
}

static void
decays(void)
{
	int64_t half = params.value[PARAM_trust_half_life];

	OK(half == 90 * CLOCK_DAY_MS);
	OK(trust_decay(0, half) == 1);
	OK(trust_decay(-5, half) == 1);
	OK(trust_decay(half, half) == 0.5);
	OK(trust_decay(2 * half, half) == 0.25);
}

/* Both sides of each threshold, and what is verified or not below 70. */
static void
tiers(void)
{
	static const struct {
		int64_t verified_at; bool verified; enum trust_tier tier;
	} rows[] = {
		{ 41, true, TRUST_UNVERIFIED }, { 40, true, TRUST_VERIFIED },
		{ 40, false, TRUST_UNVERIFIED },
	};
	struct params p = params;
	struct trust_score t;
	enum trust_tier tier;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		p.value[PARAM_trust_verified] = rows[i].verified_at;
		p.value[PARAM_trust_verified_points] = 0;
		t = (struct trust_score){ .in = {
			.column = TRUST_COMPATIBLE, .uptime = 1,
			.endorsed = 100, .verified = rows[i].verified,
		} };
		trust_formula(&t, &p);
		OK(t.hundredths == 4000 && t.tier == rows[i].tier);
	}
	for (i = 0; i < TRUST__TIERS; i++)
		OK(trust_tier_named(trust_tier_word((enum trust_tier)i),
		    &tier) && tier == (enum trust_tier)i);
	OK(!trust_tier_named("SELF DECLARED", &tier));
}

static void
badges(void)
{
	static const struct { const char *words, *colour; } rows[] = {
		[TRUST_UNVERIFIED] = { "SELF DECLARED", "yellow" },
		[TRUST_VERIFIED] = { "1BZ VERIFIED", "blue" },
		[TRUST_TRUSTED] = { "1BZ TRUSTED NODE", "green" },
		[TRUST_ENTERPRISE] = { "1BZ ENTERPRISE", "purple" },
	};
	struct trust_badge b;
	int i, k;

	for (i = 0; i < TRUST__TIERS; i++) {
		b = trust_badge_of((enum trust_tier)i, TRUST_SEEN);
		IS(b.words, rows[i].words);
		IS(b.colour, rows[i].colour);
		OK(!b.because == (i != TRUST_UNVERIFIED));
		for (k = TRUST_SEEN + 1; k < TRUST__SEEN; k++) {
			b = trust_badge_of((enum trust_tier)i,
			    (enum trust_seen)k);
			IS(b.words, "SELF DECLARED");
			IS(b.colour, "yellow");
			OK(b.because && *b.because);
		}
	}
}

/* --- facts ---------------------------------------------------------------- */

static const char *
id_of(int n)
{
	static char id[8][HASH_HEX];

	snprintf(id[n % 8], HASH_HEX, "%064d", n);
	return id[n % 8];
}

static void
endorsed(struct trust_facts *f, int by, int64_t weight)
{
	struct trust_fact *x = trust_facts_add(f);

	x->kind = TRUST_ENDORSE;
	x->weight = weight;
	memcpy(x->from_id, id_of(by), HASH_HEX);
	snprintf(x->id, sizeof(x->id), "e%d", by);
}

static void
bound(struct trust_facts *f, int who, const char *wallet, bool proven)
{
	struct trust_bond *b = trust_facts_bond(f);

	memcpy(b->node_id, id_of(who), HASH_HEX);
	snprintf(b->wallet, sizeof(b->wallet), "%s", wallet);
	b->proven = proven;
}

static int64_t
weight(struct trust_facts *f)
{
	struct trust_score t;

	trust_facts_score(f, 0, &params, &t);
	return t.in.weight;
}

/*
 * The node is 0; 1, 2, 3 and 4 endorse it, with 10, 20, 40 and 80.  Whoever
 * shares a wallet counts once.
 */
static void
wallets(void)
{
	struct trust_facts f = { 0 };
	int i;

	memcpy(f.node_id, id_of(0), HASH_HEX);
	OK(weight(&f) == 0);
	for (i = 1; i <= 4; i++)
		endorsed(&f, i, 5 << i);
	OK(weight(&f) == 150);
	bound(&f, 1, "a", true);
	OK(weight(&f) == 150);
	bound(&f, 2, "a", true);		/* with each other */
	OK(weight(&f) == 140);
	bound(&f, 3, "b", true);
	bound(&f, 0, "b", true);		/* with the node */
	OK(weight(&f) == 140);
	bound(&f, 0, "a", true);		/* both of them with it */
	OK(weight(&f) == 120);
	/* A claim moves who makes it: 2 and 3 stay, apart from 4. */
	bound(&f, 4, "b", false);
	OK(weight(&f) == 80);
	bound(&f, 5, "a", false);		/* nobody who endorses */
	OK(weight(&f) == 80);
	trust_facts_release(&f);
}

/* With claims, and with wallets of its own, one ties no two others. */
static void
claims(void)
{
	struct trust_facts f = { 0 };
	int i;

	memcpy(f.node_id, id_of(0), HASH_HEX);
	for (i = 1; i <= 4; i++)
		endorsed(&f, i, 5 << i);
	bound(&f, 3, "honest", true);
	bound(&f, 4, "other", true);
	bound(&f, 1, "mine", true);
	bound(&f, 2, "mine", true);
	OK(weight(&f) == 20 + 40 + 80);
	bound(&f, 1, "honest", false);
	OK(weight(&f) == 20 + 40 + 80);
	bound(&f, 2, "other", false);
	OK(weight(&f) == 40 + 80);
	trust_facts_release(&f);
	/* What nobody has proven binds those who claim it. */
	memcpy(f.node_id, id_of(0), HASH_HEX);
	for (i = 1; i <= 4; i++)
		endorsed(&f, i, 5 << i);
	for (i = 4; i >= 2; i--)
		bound(&f, i, "same", false);
	OK(weight(&f) == 10 + 80);
	trust_facts_release(&f);
}

static void
wei(void)
{
	static const char *const bad[] = {
		"", "-1", "01", "00", "1.0", "1e3", " 1", "1 ", "+1", "0x1",
		("1000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000"),
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		OK(!trust_wei_ok(bad[i]));
	OK(trust_wei_ok("0") && trust_wei_ok("1157920892373161954235709850086"
	    "87907853269984665640564039457584007913129639935"));
	OK(trust_wei_compare("9", "10") < 0);
	OK(trust_wei_compare("100", "99") > 0);
	OK(!trust_wei_compare("70", "70"));
}

/* Each parameter of this model changes the hash, and no other does. */
static void
rules(void)
{
	struct hash h, was;
	struct params p = params;
	char hex[HASH_HEX];
	int i, n = 0;

	trust_rules(&was, &params);
	hash_hex(hex, &was);
	printf("# rules %s\n", hex);
	for (i = 0; i < PARAM__COUNT; i++) {
		bool ours = !strncmp(param_word((enum param)i), "trust_", 6);

		p.value[i] += ours || p.value[i] > 1;
		trust_rules(&h, &p);
		OK((memcmp(&h, &was, sizeof(h)) != 0) == ours);
		p = params;
		n += ours;
	}
	OK(n == 19);
}

int
main(void)
{
	param_defaults(&params);
	compatible();
	wilson();
	measured();
	unknown();
	decays();
	tiers();
	badges();
	rules();
	wallets();
	claims();
	wei();
	return DONE();
}
