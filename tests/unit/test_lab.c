/*
 * The laboratory: plays are what their plans say, whatever the rules of the
 * grid are; books and counters hold at the end of each.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "lab/lab.h"
#include "tap.h"

static struct params params;

static struct lab_plan
plan(uint64_t seed, int64_t days)
{
	return (struct lab_plan){
		.seed = seed, .days = days, .honest = LAB_HONEST_MIN,
		.keys = 20,
		.target = { 300, 550 }, .targets = 2, .params = &params,
	};
}

static int
numbered(const char *name)
{
	int i = 0;

	while (lab_scenario(i) && strcmp(lab_scenario(i), name))
		i++;
	return i;
}

static struct lab_result *
run(const struct lab_plan *p, int scenario)
{
	struct lab_result *r = mem_zero(1, sizeof(*r));
	struct err e = { 0 };

	if (lab_run(p, scenario, r, &e)) {
		printf("Bail out! %s: %s (%s)\n", lab_scenario(scenario),
		    e.msg, err_word(e.code));
		exit(1);
	}
	return r;
}

static void
write_all(struct buf *out, const struct lab_result *r)
{
	enum lab_role role;

	for (role = 0; role < LAB_ROLES; role++) {
		lab_write(out, r, role, 0);
		buf_adds(out, "}\n");
	}
	lab_plot(out, r, 1);
}

/* The same once more; with another seed, something else. */
static void
test_seeds(void)
{
	const struct lab_plan a = plan(3, 20), b = plan(4, 20);
	int slow = numbered("slowburn");
	struct lab_result *one = run(&a, slow), *two = run(&a, slow),
	    *three = run(&b, slow);
	struct buf x = BUF_INIT(1 << 20), y = BUF_INIT(1 << 20),
	    z = BUF_INIT(1 << 20);

	write_all(&x, one);
	write_all(&y, two);
	write_all(&z, three);
	OK(x.len > 1000 && !x.full);
	IS(x.data, y.data);
	OK(strcmp(x.data, z.data) != 0);
	buf_release(&x);
	buf_release(&y);
	buf_release(&z);
	free(one);
	free(two);
	free(three);
}

/* Nothing comes from nowhere, and what is gone is told of. */
static bool
is_sound(const struct lab_result *r)
{
	const struct lab_money *m;
	enum lab_role role;

	for (role = 0; role < LAB_ROLES; role++) {
		m = &r->side[role].money;
		if (lab_cost(m) + m->paid + m->left != m->credited +
		    m->bought + m->earned || m->harm > m->earned ||
		    m->bound < 0)
			return false;
	}
	return r->books && r->counters && r->entries > 0;
}

/* Rules as a grid may have them; each is put back afterwards. */
static void
test_rules(void)
{
	static const struct { int param; int64_t value; } rules[] = {
		{ -1, 0 },
		{ PARAM_protocol_tax_bp, 0 },
		{ PARAM_protocol_tax_bp, 2500 },
		{ PARAM_initial_node_balance, 0 },
		{ PARAM_dispute_window, 3 * INT64_C(86400000) },
		{ PARAM_strike_policy, 2 },
		{ PARAM_strikes_to_ban, 1 },
		{ PARAM_canary_exposure_pct, 0 },
		{ PARAM_cri_decay, 1 },
		{ PARAM_enforce_level_gates, 1 },
		{ PARAM_settle_batch, 1 },
		{ PARAM_listing_fee, 5000000 },
		{ PARAM_dispute_window, 365 * INT64_C(86400000) },
		{ PARAM_pending_escrow_timeout, 1000 },
		{ PARAM_trust_endorse_daily, 1 },
		{ PARAM_eigentrust_alpha, 10000 },
	};
	struct lab_plan p = plan(1, 12);
	struct lab_result *r;
	size_t i;
	int s;

	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		param_defaults(&params);
		if (rules[i].param >= 0)
			params.value[rules[i].param] = rules[i].value;
		for (s = 0; lab_scenario(s); s++) {
			p.seed = i * 16 + (uint64_t)s;
			r = run(&p, s);
			OK(is_sound(r));
			OK(r->side[LAB_HONEST].there &&
			    r->side[LAB_ATTACKER].there ==
			    (strcmp(lab_scenario(s), "market") != 0));
			free(r);
		}
	}
	param_defaults(&params);
}

/* vmp 12.4: 59.4 and 75.8, one a day later than the whitepaper has it. */
static void
test_paper(void)
{
	struct lab_plan p = plan(1, 90);
	struct lab_result *r = run(&p, numbered("ring"));
	const struct lab_side *a = &r->side[LAB_ATTACKER],
	    *h = &r->side[LAB_HONEST];

	OK(h->cri.tenths == 758);
	OK(a->done_day == 1 && a->tenths[1] == 606);
	OK(h->cri.tenths - a->tenths[a->done_day] >= 150);
	OK(a->tenths[0] == 300 && h->tenths[0] == 300);
	OK(a->cri.facts.most == 13 && a->cri.facts.partners == 4);
	OK(a->reach[0].reached && a->reach[0].day == 0 &&
	    a->reach[0].cost == 0);
	OK(a->reach[1].reached && a->reach[1].day == 1 &&
	    a->reach[1].cost == 375);
	free(r);
	r = run(&p, numbered("pair"));
	a = &r->side[LAB_ATTACKER];
	/* 48.5, and a day. */
	OK(a->done_day == 1 && a->tenths[1] == 497);
	OK(a->cri.facts.most == 50 && a->cri.facts.partners == 1);
	free(r);
}

/* node.md 21: fresh keys move what they endorse by less than a point. */
static void
test_flood(void)
{
	struct lab_plan p = plan(1, 90);
	struct lab_result *r;

	p.keys = 200;
	r = run(&p, numbered("flood"));
	OK(r->trust.stage == LAB_RATED && r->trust.keys == 200);
	OK(r->trust.endorsements == 400 && r->trust.ratings == 100);
	OK(r->trust.before > 0);
	OK(r->trust.after - r->trust.before < 100 &&
	    r->trust.before - r->trust.after < 100);
	/* What it does not stop, as the page says. */
	OK(r->trust.rated - r->trust.after > 500);
	OK(is_sound(r));
	free(r);
	p.days = 3;
	r = run(&p, numbered("flood"));
	OK(r->trust.stage == LAB_FLOODED && r->trust.endorsements == 0);
	free(r);
}

static void
test_numbers(void)
{
	struct lab_plan p = plan(1, 1);
	struct err e = { 0 };

	OK(!lab_check(&p, &e));
	p.days = LAB_DAYS + 1;
	OK(lab_check(&p, &e) && e.code == E_usage);
	p = plan(1, 0);
	OK(lab_check(&p, &e) && e.code == E_usage);
	p = plan(1, 1);
	p.honest = LAB_HONEST_MIN - 1;
	OK(lab_check(&p, &e) && e.code == E_usage);
	p = plan(1, 1);
	p.keys = LAB_KEYS + 1;
	OK(lab_check(&p, &e) && e.code == E_usage);
	p = plan(1, 1);
	p.target[1] = CRI_MAX + 1;
	OK(lab_check(&p, &e) && e.code == E_usage);
	OK(!lab_scenario(-1) && !lab_scenario(1000));
}

int
main(void)
{
	param_defaults(&params);
	test_seeds();
	test_rules();
	test_paper();
	test_flood();
	test_numbers();
	return DONE();
}
