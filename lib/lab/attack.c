/* What those do who want a score that they have not earned. */
#include <string.h>

#include "cri/cri.h"
#include "lab/impl.h"

#define RING 5
#define RING_TRADES 25		/* sales of each; it buys as often */
#define RING_PRICE 100
/* What one needs to lock half of it: canary_exposure_pct. */
#define RING_FUNDS (2 * RING_TRADES * RING_PRICE)
#define STAR 20			/* around the one in the middle */
#define STAR_PRICE 1500
#define LIFT_PRICE 100		/* of a purchase that is only for the score */
#define LONER_FUNDS (3 * ATTACK_PRICE)
#define LEAVE_STRIKES 2		/* one more bans */
#define LEAVE_TENTHS 400
#define BUY_EVERY 6
#define GREED 4			/* customers a day, once it takes all it can */

int
attack_none(struct world *w, struct err *e)
{
	(void)w;
	(void)e;
	return 0;
}

static int
join(struct world *w, const char *name, int64_t n, int64_t funds,
    struct err *e)
{
	struct player *p;
	int64_t i;

	for (i = 0; i < n; i++) {
		if (world_join(w, name, i, LAB_ATTACKER, &p, e) ||
		    world_fund(w, p, funds, e))
			return -1;
		if (!w->lead[LAB_ATTACKER])
			w->lead[LAB_ATTACKER] = p;
	}
	return 0;
}

/* The i-th who came of theirs. */
static struct player *
own(const struct world *w, int64_t i)
{
	return w->player[w->plan->honest + i];
}

/* --- many names of one owner ---------------------------------------------- */

/* The i-th trade of a plan that is carried out as quickly as rules allow. */
typedef void plan(const struct world *, int64_t i, struct bargain *out);

static int
carry_out(struct world *w, plan *next, int64_t n, struct err *e)
{
	struct lab_side *side = &w->out->side[LAB_ATTACKER];
	struct bargain b;
	int got = 1;

	while (w->step < n && got > 0) {
		b = (struct bargain){ 0 };
		next(w, w->step, &b);
		got = world_trade(w, &b, e);
		w->step += got > 0;
	}
	if (w->step == n && !side->done_day)
		side->done_day = w->day + 1;
	return got < 0 ? -1 : 0;
}

/* Each sells to all others in turn: 12.4 has a ring of five, and of two. */
static void
next_of_ring(const struct world *w, int64_t i, struct bargain *out)
{
	int64_t n = w->out->side[LAB_ATTACKER].members;
	int64_t seller = i % n, away = 1 + i / n % (n - 1);

	out->seller = own(w, seller);
	out->buyer = own(w, (seller + away) % n);
	out->minor = RING_PRICE;
}

static int
ring_of(struct world *w, const char *name, int64_t n, struct err *e)
{
	if (!w->day && join(w, name, n, RING_FUNDS, e))
		return -1;
	return carry_out(w, next_of_ring, n * RING_TRADES, e);
}

int
attack_ring(struct world *w, struct err *e)
{
	return ring_of(w, "ring", RING, e);
}

int
attack_pair(struct world *w, struct err *e)
{
	return ring_of(w, "pair", 2, e);
}

/* Everybody trades once with the one in the middle, who also buys once. */
static void
next_of_star(const struct world *w, int64_t i, struct bargain *out)
{
	out->seller = own(w, i ? 0 : 1);
	out->buyer = own(w, i ? i + 1 : 0);
	out->minor = STAR_PRICE;
}

int
attack_star(struct world *w, struct err *e)
{
	if (!w->day && join(w, "star", STAR + 1, 2 * STAR_PRICE, e))
		return -1;
	return carry_out(w, next_of_star, STAR, e);
}

/* --- one who cheats ------------------------------------------------------- */

int
attack_serve(struct world *w, int64_t customers, bool rubbish, struct err *e)
{
	struct bargain b = {
		.seller = w->lead[LAB_ATTACKER], .rubbish = rubbish,
	};
	struct cri cri;

	if (world_score(w, b.seller, &cri, e))
		return -1;
	for (; customers; customers--) {
		if ((int64_t)chance_below(&w->dice, CRI_MAX) >= cri.tenths)
			continue;
		b.buyer = world_anybody(w);
		if (world_trade(w, &b, e) < 0)
			return -1;
	}
	return 0;
}

/* A name, something to sell, and a first purchase for the score's sake. */
static int
begin_anew(struct world *w, const char *name, struct err *e)
{
	int64_t number = w->out->side[LAB_ATTACKER].members;
	struct bargain b = { .minor = LIFT_PRICE };
	struct player *p;

	if (world_join(w, name, number, LAB_ATTACKER, &p, e))
		return -1;
	w->lead[LAB_ATTACKER] = b.buyer = p;
	b.seller = world_anybody(w);
	return world_fund(w, p, LONER_FUNDS, e) ||
	    world_offer(w, p, ATTACK_PRICE, e) < 0 ||
	    world_trade(w, &b, e) < 0 ? -1 : 0;
}

/* The new name sells nothing to the old one, for what that may spend. */
static int
leave(struct world *w, const char *name, struct err *e)
{
	struct bargain b = { .buyer = w->lead[LAB_ATTACKER] };

	b.buyer->gone_day = w->day;
	if (begin_anew(w, name, e) || world_has(w, b.buyer, &b.minor, e))
		return -1;
	b.seller = w->lead[LAB_ATTACKER];
	b.minor /= 2;
	return b.minor && world_trade(w, &b, e) < 0 ? -1 : 0;
}

int
attack_whitewash(struct world *w, struct err *e)
{
	struct cri cri;

	if (!w->day)
		return begin_anew(w, "white", e);
	if (world_score(w, w->lead[LAB_ATTACKER], &cri, e))
		return -1;
	if (cri.facts.strikes >= LEAVE_STRIKES || cri.tenths < LEAVE_TENTHS)
		return leave(w, "white", e);
	return attack_serve(w, 1, true, e);
}

/* When the honest part is over: two thirds of the time. */
int64_t
attack_turn(const struct world *w)
{
	return w->plan->days - w->plan->days / 3;
}

int
attack_slowburn(struct world *w, struct err *e)
{
	struct bargain b = { .minor = ATTACK_PRICE };

	if (!w->day)
		return begin_anew(w, "slow", e);
	if (w->day >= attack_turn(w))
		return attack_serve(w, GREED, true, e);
	b.buyer = w->lead[LAB_ATTACKER];
	b.seller = world_anybody(w);
	if (w->day % BUY_EVERY == 0 && world_trade(w, &b, e) < 0)
		return -1;
	return attack_serve(w, 1, false, e);
}
