/*
 * A flood of endorsements by fresh keys, in the node trust model.
 *
 * The target is an honest node for two thirds of the time.  Then all the
 * identities are made in a day; each buys for 0.01 of the target and of the
 * next, which is what the rules ask of who endorses, and endorses both by
 * signed events as soon as that has settled.  Three epochs later it is seen
 * what it was good for.  In the end a hundred of them also say that what
 * they bought was good.
 */
#include <string.h>

#include "base/buf.h"
#include "crypto/sign.h"
#include "key/ident.h"
#include "lab/impl.h"
#include "trust/event.h"
#include "trust/trust.h"

#define RATERS 100
#define EPOCHS 3
#define PRICE 1
#define FUNDS 100

/* Keys of a play, which are nobody's: made of its seed and a number. */
static void
key_of(const struct world *w, int64_t number, struct sign_key *out)
{
	struct secret seed = { 0 };
	struct chance c;

	chance_seed(&c, w->plan->seed ^ (uint64_t)number << 32);
	secret_init(&seed, SIGN_SEED);
	chance_bytes(&c, seed.data, SIGN_SEED);
	seed.len = SIGN_SEED;
	sign_key_of(out, &seed);
	secret_release(&seed);
}

/* An identity, as a node of that name; its number is that of its coming. */
static int
join(struct world *w, struct player **out, struct err *e)
{
	struct sign_key key = { 0 };
	int64_t number = w->out->side[LAB_ATTACKER].members;
	char id[HASH_HEX];

	key_of(w, number, &key);
	ident_id(id, &key.pub);
	sign_key_release(&key);
	return world_enter(w, id, LAB_ATTACKER, out, e) ||
	    world_fund(w, *out, FUNDS, e) ? -1 : 0;
}

static int
flood(struct world *w, struct err *e)
{
	struct player *target = w->lead[LAB_ATTACKER], *p, **key;
	size_t n = (size_t)w->plan->keys, first = w->players, i;
	struct bargain b = { .minor = PRICE };

	for (i = 0; i < n; i++)
		if (join(w, &p, e))
			return -1;
	key = w->player + first;
	w->step = (int64_t)w->deals;
	for (i = 0; i < n; i++) {
		b.buyer = key[i];
		b.seller = target;
		if (world_trade(w, &b, e) < 0)
			return -1;
		b.seller = key[(i + 1) % n];
		if (world_trade(w, &b, e) < 0)
			return -1;
	}
	return 0;
}

/* The buyer says it of the seller. */
static int
say(struct world *w, const struct deal *d, enum trust_kind kind,
    struct err *e)
{
	struct trust_event x = {
		.kind = kind, .order_id = d->id, .at_ms = -1,
		.good = true, .has_key = true,
	};
	struct buf text = BUF_INIT(TRUST_EVENT_MAX);
	struct sign_key key = { 0 };
	struct trust_taken taken;
	struct json event = { 0 };
	struct err why = { 0 };
	int rc;

	key_of(w, d->buyer->number, &key);
	memcpy(x.node_id, d->seller->id, HASH_HEX);
	rc = ledger_mark_in(w->ledger, e) ||
	    trust_event_make(&text, &x, &key, e) ||
	    json_parse(&event, text.data, text.len, e) ? -1 : 0;
	if (!rc)
		rc = world_judge(w, trust_event_in(w->ledger, &event, NULL,
		    w->plan->params, &taken, &why), &why, e);
	json_release(&event);
	sign_key_release(&key);
	buf_release(&text);
	return rc;
}

static int
endorse(struct world *w, struct err *e)
{
	size_t i;
	int got;

	for (i = (size_t)w->step; i < w->deals; i++) {
		got = w->deal[i]->buyer->role == LAB_ATTACKER ?
		    say(w, w->deal[i], TRUST_ENDORSE, e) : 0;
		if (got < 0)
			return -1;
		w->out->trust.endorsements += got;
	}
	return 0;
}

static int
rate(struct world *w, struct err *e)
{
	const struct player *target = w->lead[LAB_ATTACKER];
	int64_t left = RATERS;
	const struct deal *d;
	size_t i;
	int got;

	for (i = (size_t)w->step; i < w->deals && left; i++) {
		d = w->deal[i];
		if (d->seller != target || d->buyer->role != LAB_ATTACKER)
			continue;
		got = say(w, d, TRUST_QUALITY, e);
		if (got < 0)
			return -1;
		w->out->trust.ratings += got;
		left--;
	}
	return 0;
}

static int
look(struct world *w, int64_t *out, struct err *e)
{
	struct trust_score score;

	if (trust_score(w->store, w->lead[LAB_ATTACKER]->id, w->now_ms,
	    w->plan->params, &score, e))
		return -1;
	*out = score.hundredths;
	return 0;
}

static int
told(void *arg, const struct trust_change *change, struct err *e)
{
	(void)arg;
	(void)change;
	(void)e;
	return 0;
}

static int
epoch(struct world *w, struct err *e)
{
	int64_t scored;

	return trust_epoch_in(w->ledger, w->plan->params, told, NULL, &scored,
	    e);
}

int
flood_day(struct world *w, struct err *e)
{
	struct lab_trust *t = &w->out->trust;
	int64_t day = w->day - attack_turn(w);

	if (!w->day) {
		if (join(w, &w->lead[LAB_ATTACKER], e))
			return -1;
		return world_offer(w, w->lead[LAB_ATTACKER], ATTACK_PRICE,
		    e) < 0 ? -1 : 0;
	}
	if (day < 0)
		return attack_serve(w, 1, false, e);
	if (!day) {
		t->keys = w->plan->keys;
		t->stage = LAB_FLOODED;
		return look(w, &t->before, e) || flood(w, e) ? -1 : 0;
	}
	if (day == 1 && endorse(w, e))
		return -1;
	if (day <= EPOCHS && epoch(w, e))
		return -1;
	if (day != EPOCHS)
		return 0;
	t->stage = LAB_RATED;
	return look(w, &t->after, e) || rate(w, e) || look(w, &t->rated, e) ?
	    -1 : 0;
}
