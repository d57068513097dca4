#include <float.h>
#include <math.h>
#include <stdio.h>

#include "cri/formula.h"

#define BASE		30.0
#define TX		3.33
#define TX_MAX		20.0
#define DIVERSITY	15.0
#define VOLUME		2.5
#define VOLUME_MAX	10.0
#define AGE		1.25
#define AGE_MAX		10.0
#define BUYER		5.0
#define GENESIS		10.0
#define DISPUTE		25.0
#define CONCENTRATION	20.0
#define STRIKE		15.0
#define IDLE_DAYS	90	/* until a score decays */

_Static_assert(FLT_EVAL_METHOD == 0, "doubles are computed as doubles");

const enum param cri_params[CRI_PARAMS] = {
	PARAM_cri_concentration_min_trades, PARAM_cri_decay,
	PARAM_genesis_cri_floor, PARAM_genesis_window, PARAM_sandbox_cri,
	PARAM_strikes_to_ban,
};

static double
at_most(double x, double most)
{
	return x < most ? x : most;
}

/* What printf makes of it, in tenths: the exact value, ties to even. */
static int64_t
tenths_of(double x)
{
	char text[64];
	int64_t n = 0;
	const char *p;

	snprintf(text, sizeof(text), "%.1f", x);
	for (p = text; *p; p++)
		if (*p >= '0' && *p <= '9')
			n = 10 * n + *p - '0';
	return *text == '-' ? -n : n;
}

static void
take_parts(struct cri *c, const struct params *p)
{
	const struct cri_facts *f = &c->facts;
	int64_t trades = f->sold + f->bought;
	double t = (double)trades, cents = (double)f->volume_minor;

	c->base = BASE;
	c->tx = at_most(log2(t + 1) * TX, TX_MAX);
	c->diversity = trades ?
	    at_most((double)f->partners / t, 1) * DIVERSITY : 0;
	c->volume = at_most(log10(cents / 100 + 1) * VOLUME, VOLUME_MAX);
	c->age = at_most(log2((double)f->days + 1) * AGE, AGE_MAX);
	c->buyer = f->bought ? BUYER : 0;
	c->genesis = f->badge ? GENESIS : 0;
	c->dispute = f->delivered ? at_most((double)f->failed /
	    (double)f->delivered * DISPUTE, DISPUTE) : 0;
	c->ratio = trades ? (double)f->most / t : 0;
	c->concentration =
	    trades >= p->value[PARAM_cri_concentration_min_trades] &&
	    c->ratio > 0.5 ? (c->ratio - 0.5) * CONCENTRATION : 0;
	c->strike = STRIKE * (double)f->strikes;
}

static double
sum(const struct cri *c)
{
	const double part[] = {
		c->tx, c->diversity, c->volume, c->age, c->buyer, c->genesis,
		-c->dispute, -c->concentration, -c->strike,
	};
	double s = c->base;
	size_t i;

	for (i = 0; i < sizeof(part) / sizeof(*part); i++)
		s += part[i];
	return s;
}

double
cri_decay(int64_t idle_days)
{
	double factor = 1 - (double)(idle_days - IDLE_DAYS) / 365;

	if (idle_days <= IDLE_DAYS)
		return 1;
	return factor > 0.5 ? factor : 0.5;
}

void
cri_formula(struct cri *c, const struct params *p)
{
	const struct cri_facts *f = &c->facts;
	int64_t floor = 10 * p->value[PARAM_genesis_cri_floor];

	take_parts(c, p);
	c->decay = p->value[PARAM_cri_decay] ? cri_decay(f->idle_days) : 1;
	c->tenths = tenths_of(sum(c));
	if (c->tenths < 0)
		c->tenths = 0;
	if (c->tenths > CRI_MAX)
		c->tenths = CRI_MAX;
	if (c->decay < 1)
		c->tenths = tenths_of((double)c->tenths / 10 * c->decay);
	if (f->sandbox && !f->sold && !f->bought && !f->strikes)
		c->tenths = 10 * p->value[PARAM_sandbox_cri];
	if (f->sheltered && c->tenths < floor)
		c->tenths = floor;
	if (f->banned)
		c->tenths = 0;
}

int64_t
cri_round(double x, int per)
{
	return (int64_t)rint(x * per);
}
