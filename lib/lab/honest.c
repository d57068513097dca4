/*
 * Honest nodes: the market, and the one of the whitepaper.
 *
 * That one buys or sells for 10.00 every third day, in turn with each of 20
 * partners: after 90 days 15 sales, 15 purchases, 300.00 (spec/vmp.md 12.4).
 * The others trade among themselves for less, each about once in eight days.
 */
#include "lab/impl.h"

#define PARTNERS 20
#define EVERY 3
#define PRICE 1000
#define LEAST 100
#define STEP 50			/* of prices: 1.00 to 5.00 */
#define STEPS 9
#define ONE_IN 8
#define FUNDS 10000		/* to begin with */

static int
begin(struct world *w, struct err *e)
{
	struct player *p;
	int64_t i, minor;

	for (i = 0; i < w->plan->honest; i++) {
		minor = i ? LEAST + STEP * (int64_t)
		    chance_below(&w->dice, STEPS) : PRICE;
		if (world_join(w, "honest", i, i ? LAB_ROLES : LAB_HONEST, &p,
		    e) || world_fund(w, p, FUNDS, e) ||
		    world_offer(w, p, minor, e) < 0)
			return -1;
	}
	w->lead[LAB_HONEST] = w->player[0];
	return 0;
}

/*
 * The whitepaper's: it sells, and the next time it buys.  What was refused
 * waits for the next day.
 */
static int
paper(struct world *w, struct err *e)
{
	struct player *self = w->player[0], *other;
	struct bargain b;
	int got = 1;

	while (got > 0 && w->turn * EVERY <= w->day) {
		other = w->player[1 + w->turn % PARTNERS];
		b = (struct bargain){ .buyer = other, .seller = self };
		if (w->turn % 2)
			b = (struct bargain){
				.buyer = self, .seller = other, .minor = PRICE,
			};
		got = world_trade(w, &b, e);
		w->turn += got > 0;
	}
	return got < 0 ? -1 : 0;
}

int
honest_day(struct world *w, struct err *e)
{
	struct bargain b = { 0 };
	int64_t i;

	if (!w->day && begin(w, e))
		return -1;
	if (paper(w, e))
		return -1;
	for (i = 1; i < w->plan->honest; i++) {
		if (chance_below(&w->dice, ONE_IN))
			continue;
		b.buyer = w->player[i];
		b.seller = world_anybody(w);
		if (b.buyer != b.seller && world_trade(w, &b, e) < 0)
			return -1;
	}
	return 0;
}
