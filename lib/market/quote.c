#include <string.h>

#include "base/buf.h"
#include "gate/gate.h"
#include "ledger/ledger.h"
#include "market/capability.h"
#include "market/impl.h"
#include "market/quote.h"
#include "market/stats.h"

#define SECONDS 30	/* that a skill takes of which nothing is known */

/* What is looked for, in the terms of the store. */
struct search {
	const struct ask *ask;
	const struct unit *unit;
	const struct capability *capability;	/* or NULL */
	const char *id;				/* of one skill, or NULL */
	struct buf pattern;
	int64_t least, most;			/* price */
	int64_t tenths;
	int64_t now_ms;
	bool verified;
};

void
market_quote_release(struct quote *q)
{
	market_skill_release(&q->skill);
	*q = (struct quote){ 0 };
}

int
market_quote(struct store *s, const char *id, const char *buyer_id,
    struct quote *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct quote){ 0 };
	query_open(&q, s, SQL_MARKET_QUOTE_GET);
	query_text(&q, id);
	query_text(&q, buyer_id);
	got = query_row(&q, e);
	if (got > 0) {
		market_skill_take(&q, &out->skill);
		query_put_text(&q, SKILL_COLUMNS, out->id, sizeof(out->id));
		query_put_text(&q, SKILL_COLUMNS + 1, out->node_id,
		    sizeof(out->node_id));
		out->made_ms = query_get_int(&q, SKILL_COLUMNS + 2);
		out->valid_ms = query_get_int(&q, SKILL_COLUMNS + 3);
		out->used_ms = query_get_int(&q, SKILL_COLUMNS + 4);
	}
	query_close(&q);
	if (!got)
		return err_set(e, E_quote_missing, "no quote '%.80s'", id);
	return got < 0 ? -1 : 0;
}

static int
read_quality(struct search *w, struct err *e)
{
	const char *quality = w->ask->quality;

	w->verified = quality && !strcmp(quality, "verified");
	if (!quality || w->verified)
		return 0;
	return amount_digits(quality, 1, &w->tenths, e) ? err_set(e,
	    E_bad_quality, "a quality of '%.40s' is neither verified nor a "
	    "score", quality) : 0;
}

/* One skill, a capability, or a part of the label. */
static int
read_capability(struct store *s, struct search *w, struct err *e)
{
	const char *name = w->ask->capability;
	char label[CAPABILITY_LABEL];
	struct skill k;

	w->capability = capability_named(name);
	if (w->capability) {
		capability_label(w->capability, label);
		market_pattern(&w->pattern, label);
		return 0;
	}
	if (!*name)
		return err_set(e, E_skill_missing, "no skill is without a "
		    "name");
	if (!market_skill(s, name, &k, e)) {
		w->id = name;
		w->least = k.price.minor;
		if (w->most > w->least)
			w->most = w->least;
		market_skill_release(&k);
		market_pattern(&w->pattern, NULL);
		return 0;
	}
	if (e->code != E_skill_missing)
		return -1;
	*e = (struct err){ 0 };
	market_pattern(&w->pattern, name);
	return 0;
}

static int
search_init(struct store *s, const struct ask *a, const struct unit *unit,
    struct search *w, struct err *e)
{
	struct amount most = { INT64_MAX, unit };

	*w = (struct search){
		.ask = a, .unit = unit, .pattern = BUF_INIT(1),
	};
	if (a->most && amount_parse(&most, a->most, e))
		return -1;
	w->most = most.minor;
	return read_quality(w, e) || read_capability(s, w, e) ? -1 : 0;
}

static int
expect(struct store *s, const struct search *w, const struct skill *k,
    int64_t *seconds, struct err *e)
{
	if (w->capability) {
		*seconds = w->capability->seconds;
		return 0;
	}
	if (stats_took(s, k->id, seconds, e))
		return -1;
	if (*seconds < 0)
		*seconds = SECONDS;
	return 0;
}

/* 1, and the first in their order that is fast enough; 0: there is none. */
static int
find(struct store *s, const struct search *w, const struct params *p,
    struct skill *out, int64_t *seconds, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, SQL_MARKET_SKILL_CHEAPEST);
	query_text(&q, w->unit->code);
	query_int(&q, w->least);
	query_int(&q, w->most);
	query_text(&q, w->id);
	query_text(&q, w->pattern.data);
	query_text(&q, w->ask->node_id);
	query_int(&q, w->tenths);
	market_bind_first(&q, p);
	query_int(&q, w->verified);
	query_int(&q, w->now_ms);
	while ((got = query_row(&q, e)) > 0) {
		market_skill_take(&q, out);
		if (expect(s, w, out, seconds, e)) {
			got = -1;
			break;
		}
		if (!w->ask->deadline_s || *seconds <= w->ask->deadline_s)
			break;
		market_skill_release(out);
	}
	query_close(&q);
	return got;
}

static int
add(struct store *s, const struct quote *quote, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_MARKET_QUOTE_ADD);
	query_text(&q, quote->id);
	query_text(&q, quote->node_id);
	query_text(&q, quote->skill.id);
	query_int(&q, quote->skill.version);
	query_int(&q, quote->made_ms);
	query_int(&q, quote->valid_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
market_quote_in(struct ledger *l, const struct ask *a,
    const struct params *p, struct chance *chance, struct quote *out,
    int64_t *seconds, struct err *e)
{
	const struct gate gate = {
		.act = GATE_BUY, .node_id = a->node_id, .params = p,
	};
	struct store *s = ledger_store(l);
	struct search w = { .pattern = BUF_INIT(1) };
	struct gated gated;
	int got, rc = -1;

	*out = (struct quote){ .made_ms = ledger_now(l) };
	if (gate_parties_in(l, &gate, &gated, e) ||
	    search_init(s, a, gated.unit, &w, e))
		goto out;
	w.now_ms = out->made_ms;
	got = find(s, &w, p, &out->skill, seconds, e);
	if (!got)
		err_set(e, E_skill_missing, "no skill on offer fits '%.80s'",
		    a->capability);
	if (got <= 0)
		goto out;
	memcpy(out->node_id, gated.node.id, sizeof(out->node_id));
	out->valid_ms = out->made_ms + p->value[PARAM_quote_ttl];
	id_new(out->id, out->made_ms, chance);
	rc = add(s, out, e);
out:
	buf_release(&w.pattern);
	if (rc)
		market_quote_release(out);
	return rc;
}

bool
market_quote_over(const struct quote *q, int64_t now_ms)
{
	return q->used_ms || now_ms >= q->valid_ms;
}

int
market_quote_use_in(struct ledger *l, const struct quote *quote,
    struct err *e)
{
	int64_t now_ms = ledger_now(l);
	struct query q;
	int got;

	if (market_quote_over(quote, now_ms))
		return err_set(e, E_quote_expired, "quote '%s' %s", quote->id,
		    quote->used_ms ? "was used before" : "has expired");
	query_open(&q, ledger_store(l), SQL_MARKET_QUOTE_USE);
	query_text(&q, quote->id);
	query_int(&q, now_ms);
	got = query_run(&q, NULL, e);
	if (!got)
		return err_set(e, E_quote_expired, "quote '%s' was used "
		    "before", quote->id);
	return got < 0 ? -1 : 0;
}

int
market_quote_take_in(struct ledger *l, const char *quote_id,
    const char *buyer_id, struct skill *out, struct err *e)
{
	struct quote quote;

	if (market_quote(ledger_store(l), quote_id, buyer_id, &quote, e))
		return -1;
	if (market_quote_use_in(l, &quote, e)) {
		market_quote_release(&quote);
		return -1;
	}
	*out = quote.skill;
	return 0;
}
