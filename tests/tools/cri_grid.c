/*
 * cri_grid - scores and their parts over a grid of facts, a line each.
 *
 * The lines are the same from every compiler, at every level of optimisation
 * and on every machine.  It needs lib/cri/formula.c and libm, and nothing
 * else, so a test can build it in many ways.
 *
 *	cri_grid		all lines
 *	cri_grid near		those that change if a logarithm is wrong in its
 *				last bits; where it is a whole number it is not
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cri/formula.h"

#define N(a) (sizeof(a) / sizeof(*(a)))

static const int64_t trades[] = {
	0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 25, 31, 32, 63, 64, 100, 1000, 65535,
}, bought[] = { 0, 1, 5, 31 }, cents[] = {
	0, 1, 33, 100, 900, 5000, 9900, 30000, 99900, 999900, 12345678,
}, days[] = { 0, 1, 3, 7, 30, 90, 255, 400 }, strikes[] = { 0, 1 },
    rates[][2] = { { 0, 0 }, { 3, 1 }, { 8, 1 }, { 10, 5 } };

static struct params params;

static void
print(const struct cri *c)
{
	const double part[] = {
		c->base, c->tx, c->diversity, c->volume, c->age, c->buyer,
		c->genesis, c->dispute, c->concentration, c->strike, c->ratio,
	};
	size_t i;

	printf("%d", (int)c->tenths);
	for (i = 0; i < N(part); i++)
		printf(" %d", (int)cri_round(part[i], 100));
	putchar('\n');
}

/* The score with these parts in place of its own; none of the other rules. */
static int
rounded(const struct cri *c, double tx, double volume, double age)
{
	double sum = c->base;
	char text[64];

	sum += tx;
	sum += c->diversity;
	sum += volume;
	sum += age;
	sum += c->buyer;
	sum += c->genesis;
	sum -= c->dispute;
	sum -= c->concentration;
	sum -= c->strike;
	snprintf(text, sizeof(text), "%.1f", sum);
	return (int)rint(strtod(text, NULL) * 10);
}

/*
 * Off by some of its last bits, unless the logarithm is a whole number, or so
 * large that the part is what it is at most.
 */
static double
off(double part, double log, double factor, double by)
{
	return log == rint(log) || log * factor > part * (1 + 0x1p-20) ?
	    part : part * (1 + by * 0x1p-50);
}

static void
near(const struct cri *c)
{
	const struct cri_facts *f = &c->facts;
	double tx = log2((double)(f->sold + f->bought) + 1);
	double volume = log10((double)f->volume_minor / 100 + 1);
	double age = log2((double)f->days + 1);
	int is = rounded(c, c->tx, c->volume, c->age), i;

	for (i = 0; i < 8; i++)
		if (rounded(c, off(c->tx, tx, 3.33, i & 1 ? 1 : -1),
		    off(c->volume, volume, 2.5, i & 2 ? 1 : -1),
		    off(c->age, age, 1.25, i & 4 ? 1 : -1)) != is) {
			print(c);
			return;
		}
}

static void
each(void (*tell)(const struct cri *), struct cri_facts f)
{
	struct cri c;
	size_t i, k, m;

	for (i = 0; i < N(rates); i++)
		for (k = 0; k < N(strikes); k++)
			for (m = 0; m < 3; m++) {
				f.delivered = rates[i][0];
				f.failed = rates[i][1];
				f.strikes = strikes[k];
				f.partners = (f.sold + f.bought +
				    (int64_t)m) /
				    (int64_t)(m + 1);
				f.most = (f.sold + f.bought) * (int64_t)m / 3;
				f.badge = f.sheltered = m == 2;
				f.idle_days = m == 1 ? 100 : -1;
				params.value[PARAM_cri_decay] = m == 1;
				c = (struct cri){ .facts = f };
				cri_formula(&c, &params);
				tell(&c);
			}
}

int
main(int argc, char **argv)
{
	bool only = argc > 1 && !strcmp(argv[1], "near");
	size_t i, k, m, n;

	params.value[PARAM_cri_concentration_min_trades] = 5;
	params.value[PARAM_genesis_cri_floor] = 30;
	params.value[PARAM_sandbox_cri] = 50;
	for (i = 0; i < N(trades); i++)
		for (k = 0; k < N(bought); k++)
			for (m = 0; m < N(cents); m++)
				for (n = 0; n < N(days); n++)
					each(only ? near : print,
					    (struct cri_facts){
					    .sold = trades[i],
					    .bought = bought[k],
					    .volume_minor = cents[m],
					    .days = days[n],
					    });
	return 0;
}
