/* What would change a score: the formula, asked with other facts. */
#include "base/buf.h"
#include "base/json.h"
#include "cri/impl.h"
#include "cri/preview.h"

#define LEAST 100		/* minor units, of a trade */

struct hinting {
	const struct cri *now;
	const struct params *params;
	struct cri_hint *out;
	size_t n;
};

static void
add(struct hinting *h, struct cri_hint hint, const struct cri_facts *facts)
{
	struct cri then = { .facts = *facts };

	cri_formula(&then, h->params);
	hint.tenths = then.tenths;
	hint.gain = then.tenths - h->now->tenths;
	h->out[h->n++] = hint;
}

static void
add_trade(struct hinting *h, bool sale, bool known)
{
	struct cri_facts f = h->now->facts;
	int64_t trades = f.sold + f.bought;
	int64_t mean = trades ? f.volume_minor / trades : LEAST;
	const struct cri_hint hint = {
		.act = sale ? "sale" : "purchase",
		.partner = known ? "known" : "new", .minor = mean,
	};

	if (known && !f.most)
		return;
	f.delivered += sale;
	cri_facts_trade(&f, sale, known ? f.most : 0, mean);
	add(h, hint, &f);
}

static void
add_days(struct hinting *h, int64_t days)
{
	struct cri_facts f = h->now->facts;
	const struct cri_hint hint = { .act = "wait", .days = days };

	f.days += days;
	if (f.idle_days >= 0)
		f.idle_days += days;
	add(h, hint, &f);
}

size_t
cri_hints(const struct cri *now, bool may_get, const struct params *p,
    struct cri_hint out[CRI_HINTS])
{
	struct hinting h = { .now = now, .params = p, .out = out };
	const struct cri_hint badge = { .act = "badge" };
	struct cri_facts f = now->facts;

	if (f.banned)
		return 0;
	add_trade(&h, true, false);
	add_trade(&h, false, false);
	add_trade(&h, true, true);
	add_trade(&h, false, true);
	add_days(&h, 1);
	add_days(&h, 30);
	f.badge = true;
	if (may_get && !now->facts.badge && !f.sandbox)
		add(&h, badge, &f);
	return h.n;
}

void
cri_hints_write(struct buf *out, const char *key,
    const struct cri_hint *hint, size_t n)
{
	json_open(out, key, '[');
	for (; n--; hint++) {
		json_open(out, NULL, '{');
		json_str(out, "act", hint->act);
		json_str_if(out, "partner", hint->partner);
		if (hint->partner)
			json_amount(out, "amount", (struct amount){
			    hint->minor, unit_named("TCK") });
		if (hint->days)
			json_int(out, "days", hint->days);
		cri_score_write(out, "cri_after", hint->tenths);
		cri_score_write(out, "gain", hint->gain);
		json_close(out, '}');
	}
	json_close(out, ']');
}
