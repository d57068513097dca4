#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "trust/formula.h"

#define RATE 10000		/* of a parameter that is one */
#define TEXT_MAX 65536

static double
at_most(double x, double most)
{
	return x < most ? x : most;
}

/* Within 0 and 1; what is no number is none. */
static double
share(double x)
{
	return x > 0 ? at_most(x, 1) : 0;
}

/* The more, the less each adds; full marks at full. */
static double
growth(double n, int64_t full)
{
	return n > 0 ? at_most(log(1 + n) / log(1 + (double)full), 1) : 0;
}

double
trust_wilson(int64_t ok, int64_t fail, double z)
{
	double n = (double)ok + (double)fail, p, low;

	if (ok <= 0 || fail < 0)
		return 0;
	p = (double)ok / n;
	low = (p + z * z / (2 * n) - z * sqrt(p * (1 - p) / n +
	    z * z / (4 * n * n))) / (1 + z * z / n);
	return share(low);
}

double
trust_decay(int64_t age_ms, int64_t half_life_ms)
{
	return age_ms > 0 ? exp2(-(double)age_ms / (double)half_life_ms) : 1;
}

int64_t
trust_round(double points)
{
	return (int64_t)rint(points * 100);
}

static double
value(const struct params *p, enum param i)
{
	return (double)p->value[i];
}

/* What claims come to, as older registries count them. */
static void
take_compatible(struct trust_score *t, const struct params *p)
{
	const struct trust_inputs *in = &t->in;
	int64_t said = in->endorsed + in->complained;

	t->u = share(in->uptime);
	t->q = share(in->quality);
	t->e = growth((double)in->endorsed, p->value[PARAM_trust_endorse_full]);
	t->c = share((double)in->complained / (double)(said > 0 ? said : 1));
}

/* What was measured; of what was not, the prior is half good. */
static void
take_measured(struct trust_score *t, const struct params *p)
{
	const struct trust_inputs *in = &t->in;
	double rated = value(p, PARAM_trust_quality_prior);
	double orders = value(p, PARAM_trust_complaint_prior);

	t->u = trust_wilson(in->ok, in->fail,
	    value(p, PARAM_trust_wilson_z) / RATE);
	t->q = share((rated / 2 + (double)in->good) /
	    (rated + (double)in->rated));
	t->e = growth((double)in->weight / TRUST_WEIGHT,
	    p->value[PARAM_trust_endorse_full]);
	t->c = share((orders / 2 + in->complaints) / (orders + in->orders));
}

/* What printf makes of it, in hundredths: the exact value, ties to even. */
static int64_t
hundredths_of(double x)
{
	char text[64];
	int64_t n = 0;
	const char *at;

	snprintf(text, sizeof(text), "%.2f", x);
	for (at = text; *at; at++)
		if (*at >= '0' && *at <= '9')
			n = 10 * n + *at - '0';
	return *text == '-' ? -n : n;
}

static enum trust_tier
tier_of(const struct trust_score *t, const struct params *p)
{
	if (t->hundredths >= 100 * p->value[PARAM_trust_enterprise])
		return TRUST_ENTERPRISE;
	if (t->hundredths >= 100 * p->value[PARAM_trust_trusted])
		return TRUST_TRUSTED;
	return t->in.verified &&
	    t->hundredths >= 100 * p->value[PARAM_trust_verified] ?
	    TRUST_VERIFIED : TRUST_UNVERIFIED;
}

void
trust_formula(struct trust_score *t, const struct params *p)
{
	if (t->in.column == TRUST_COMPATIBLE)
		take_compatible(t, p);
	else
		take_measured(t, p);
	t->s = growth(t->in.stake, p->value[PARAM_trust_stake_full]) *
	    value(p, PARAM_trust_stake_points);
	t->u *= value(p, PARAM_trust_uptime_points);
	t->q *= value(p, PARAM_trust_quality_points);
	t->e *= value(p, PARAM_trust_endorse_points);
	t->c *= value(p, PARAM_trust_complaint_points);
	t->v = t->in.verified ? value(p, PARAM_trust_verified_points) : 0;
	t->hundredths = hundredths_of(t->s + t->u + t->q + t->e - t->c + t->v);
	if (t->hundredths < 0)
		t->hundredths = 0;
	if (t->hundredths > TRUST_MAX)
		t->hundredths = TRUST_MAX;
	t->tier = tier_of(t, p);
}

static const struct {
	const char *word, *badge, *colour;
} tiers[] = {
	[TRUST_UNVERIFIED] = { "UNVERIFIED", "SELF DECLARED", "yellow" },
	[TRUST_VERIFIED] = { "VERIFIED", "1BZ VERIFIED", "blue" },
	[TRUST_TRUSTED] = { "TRUSTED", "1BZ TRUSTED NODE", "green" },
	[TRUST_ENTERPRISE] = { "ENTERPRISE", "1BZ ENTERPRISE", "purple" },
};

const char *
trust_tier_word(enum trust_tier tier)
{
	return tiers[tier].word;
}

bool
trust_tier_named(const char *word, enum trust_tier *out)
{
	int i;

	for (i = 0; i < TRUST__TIERS; i++)
		if (!strcmp(word, tiers[i].word)) {
			*out = (enum trust_tier)i;
			return true;
		}
	return false;
}

struct trust_badge
trust_badge_of(enum trust_tier tier, enum trust_seen seen)
{
	static const char *const because[] = {
		[TRUST_SEEN] = "unverified",
		[TRUST_OFFLINE] = "offline",
		[TRUST_UNREACHABLE] = "registry_unreachable",
		[TRUST_BAD_ANSWER] = "bad_answer",
		[TRUST_LOCAL] = "mode_local",
		[TRUST_EXPIRED] = "certificate_expired",
	};
	enum trust_tier shown = seen == TRUST_SEEN ? tier : TRUST_UNVERIFIED;

	return (struct trust_badge){
		tiers[shown].badge, tiers[shown].colour,
		shown == TRUST_UNVERIFIED ? because[seen] : NULL,
	};
}

void
trust_rules(struct hash *out, const struct params *p)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	char was[PARAM_TEXT];
	int i;

	for (i = 0; i < PARAM__COUNT; i++) {
		if (strncmp(param_word((enum param)i), "trust_", 6))
			continue;
		param_text(p, (enum param)i, was);
		buf_addf(&text, "%s=%s\n", param_word((enum param)i), was);
	}
	hash_of(out, text.data, text.len);
	buf_release(&text);
}
