/* Records of the model "biznode"; none has a number of the other index. */
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "trust/trust.h"

#define SHOWN 100		/* entries behind a component: the newest */

static const char model[] = "biznode";

void
trust_points_write(struct buf *out, const char *key, int64_t hundredths)
{
	char text[TRUST_TEXT + 1] = "-";
	bool below = hundredths < 0;

	trust_points_text(below ? -hundredths : hundredths, text + below);
	json_raw(out, key, text, strlen(text));
}

static void
put_number(struct buf *out, const char *key, double x)
{
	char text[NUM_TEXT];

	num_text(x, text);
	json_raw(out, key, text, strlen(text));
}

/* What is known in a store is what its registry says: nothing hides it. */
static void
put_standing(struct buf *out, const struct trust_score *t)
{
	trust_points_write(out, "trust_score", t->hundredths);
	json_str(out, "tier", trust_tier_word(t->tier));
	json_str(out, "badge", trust_badge_of(t->tier, TRUST_SEEN).words);
}

void
trust_score_write(struct buf *out, const char *node_id,
    const struct trust_score *t)
{
	json_open(out, NULL, '{');
	json_str(out, "node_id", node_id);
	json_str(out, "model", model);
	put_standing(out, t);
}

void
trust_taken_write(struct buf *out, const struct trust_taken *t)
{
	json_open(out, NULL, '{');
	json_str(out, "node_id", t->node_id);
	json_str(out, "model", model);
	json_str(out, "type", t->binding ? "wallet" :
	    trust_kind_word(t->kind));
	json_str(out, "from", t->from_id);
	json_str(out, "entry", t->id);
	put_standing(out, &t->score);
	if (t->existed)
		json_bool(out, "existed", true);
}

void
trust_badge_write(struct buf *out, const char *node_id, enum trust_tier tier,
    enum trust_seen seen)
{
	struct trust_badge b = trust_badge_of(tier, seen);

	json_open(out, NULL, '{');
	json_str(out, "node_id", node_id);
	json_str(out, "model", model);
	json_str(out, "badge", b.words);
	json_str(out, "colour", b.colour);
	json_str_if(out, "because", b.because);
}

/* --- an explanation ------------------------------------------------------- */

struct account {
	struct buf *out;
	const struct trust_facts *facts;
	const struct trust_score *score;
	int64_t now_ms;
	const struct params *params;
};

/* Which facts are behind which component, as bits of 1 << kind. */
static bool
behind(const struct account *a, const struct trust_fact *x, unsigned kinds)
{
	if (!(kinds & 1U << x->kind) ||
	    !trust_fact_counts(x, a->now_ms, a->params))
		return false;
	if (x->kind != TRUST_ORDER)
		return true;
	return kinds & 1U << TRUST_QUALITY ? x->sold && x->disputed :
	    x->good;
}

static void
put_entries(const struct account *a, unsigned kinds)
{
	const struct trust_facts *f = a->facts;
	int64_t n = 0, skip;
	size_t i;

	for (i = 0; i < f->n; i++)
		n += behind(a, &f->fact[i], kinds);
	json_int(a->out, "entries_total", n);
	skip = n > SHOWN ? n - SHOWN : 0;
	json_open(a->out, "entries", '[');
	for (i = 0; i < f->n; i++)
		if (behind(a, &f->fact[i], kinds) && skip-- <= 0)
			json_str(a->out, NULL, f->fact[i].id);
	json_close(a->out, ']');
}

static void
open_part(const struct account *a, const char *key, double points,
    enum param of)
{
	double sign = of == PARAM_trust_complaint_points ? -1 : 1;

	json_open(a->out, key, '{');
	trust_points_write(a->out, "points", trust_round(sign * points));
	json_int(a->out, "of", (int64_t)sign * a->params->value[of]);
}

static void
put_endorsements(const struct account *a)
{
	const struct trust_facts *f = a->facts;
	int64_t skip = a->score->in.endorsers - SHOWN;
	size_t i;

	open_part(a, "endorsements", a->score->e, PARAM_trust_endorse_points);
	json_int(a->out, "endorsers", a->score->in.endorsers);
	put_number(a->out, "weight",
	    (double)a->score->in.weight / TRUST_WEIGHT);
	json_int(a->out, "entries_total", a->score->in.endorsers);
	json_open(a->out, "entries", '[');
	for (i = 0; i < f->n; i++)
		if (f->fact[i].kind == TRUST_ENDORSE && skip-- <= 0) {
			json_open(a->out, NULL, '{');
			json_str(a->out, "entry", f->fact[i].id);
			json_str(a->out, "from", f->fact[i].from_id);
			put_number(a->out, "weight",
			    (double)f->fact[i].weight / TRUST_WEIGHT);
			json_close(a->out, '}');
		}
	json_close(a->out, ']');
	json_close(a->out, '}');
}

static void
put_measured(const struct account *a)
{
	const struct trust_inputs *in = &a->score->in;

	open_part(a, "uptime", a->score->u, PARAM_trust_uptime_points);
	json_int(a->out, "ok", in->ok);
	json_int(a->out, "fail", in->fail);
	put_entries(a, 1U << TRUST_UPTIME);
	json_close(a->out, '}');
	open_part(a, "quality", a->score->q, PARAM_trust_quality_points);
	json_int(a->out, "rated", in->rated);
	json_int(a->out, "good", in->good);
	put_entries(a, 1U << TRUST_QUALITY | 1U << TRUST_ORDER);
	json_close(a->out, '}');
	put_endorsements(a);
	open_part(a, "complaints", a->score->c, PARAM_trust_complaint_points);
	put_number(a->out, "complaints", in->complaints);
	put_number(a->out, "orders", in->orders);
	put_entries(a, 1U << TRUST_COMPLAIN | 1U << TRUST_ORDER);
	json_close(a->out, '}');
}

void
trust_explain_write(struct buf *out, const struct trust_facts *f,
    const struct trust_score *t, int64_t now_ms, const struct params *p)
{
	const struct account a = { out, f, t, now_ms, p };
	char hex[HASH_HEX];
	struct hash rules;

	trust_rules(&rules, p);
	hash_hex(hex, &rules);
	trust_score_write(out, f->node_id, t);
	json_time(out, "at", now_ms);
	json_int(out, "formula", TRUST_FORMULA);
	json_str(out, "rules", hex);
	json_open(out, "components", '{');
	open_part(&a, "stake", t->s, PARAM_trust_stake_points);
	json_str(out, "stake_wei", t->in.stake_wei);
	put_entries(&a, 1U << TRUST_STAKE);
	json_close(out, '}');
	put_measured(&a);
	open_part(&a, "verified", t->v, PARAM_trust_verified_points);
	json_bool(out, "verified", t->in.verified);
	put_entries(&a, 1U << TRUST_VERIFY);
	json_close(out, '}');
	json_close(out, '}');
}
