/* The grid as a whole, and the page of a skill: spec/vmp.md 2.12. */
#include <stdlib.h>
#include <string.h>

#include "api/show.h"
#include "api/trade.h"
#include "base/mem.h"
#include "cri/cri.h"
#include "escrow/count.h"
#include "market/market.h"
#include "market/stats.h"

#define WORDS 100		/* protocols, and providers, at most */

/* How often each word occurs, the most frequent first. */
struct tallied {
	char *word;			/* owned */
	int64_t n;
};

struct words {
	struct tallied word[WORDS];
	size_t n;
};

/* Sellers name their providers as they like: those beyond are not told. */
static void
add(struct words *w, const char *word, int64_t n)
{
	size_t i;

	for (i = 0; i < w->n && strcmp(w->word[i].word, word); i++)
		;
	if (i == WORDS || !*word)
		return;
	if (i == w->n) {
		w->word[i] = (struct tallied){ mem_text(word), 0 };
		w->n++;
	}
	w->word[i].n += n;
}

static void
release(struct words *w)
{
	while (w->n)
		free(w->word[--w->n].word);
}

static void
put_names(struct buf *out, const char *key, const struct words *w)
{
	size_t i;

	json_open(out, key, '[');
	for (i = 0; i < w->n; i++)
		json_str(out, NULL, w->word[i].word);
	json_close(out, ']');
}

static void
put_counts(struct buf *out, const char *key, const struct words *w)
{
	size_t i;

	json_open(out, key, '{');
	for (i = 0; i < w->n; i++)
		json_int(out, w->word[i].word, w->word[i].n);
	json_close(out, '}');
}

/* What has settled for real money. */
static int
count(struct call *c, int64_t *trades, struct words *protocols,
    struct words *providers, struct err *e)
{
	struct escrow_settled s;
	struct query q;
	int got;

	escrow_settled_open(&q, c->store, "TCK");
	while ((got = escrow_settled_next(&q, &s, e)) > 0) {
		*trades += s.trades;
		add(protocols, s.protocol, s.trades);
		add(providers, s.provider, s.trades);
	}
	query_close(&q);
	return got;
}

static int
do_network(struct call *c, struct err *e)
{
	struct words protocols = { .n = 0 }, providers = { .n = 0 };
	int64_t trades = 0, nodes;
	struct buf *out = &c->out;
	struct stats skills;
	int rc = count(c, &trades, &protocols, &providers, e) ||
	    cri_board_total(c->store, &nodes, e) ||
	    stats_prices(c->store, unit_named("TCK"), &skills, e) ? -1 : 0;

	if (!rc) {
		json_open(out, NULL, '{');
		json_open(out, "overview", '{');
		json_int(out, "total_trades", trades);
		json_int(out, "total_nodes", nodes);
		json_int(out, "total_skills", skills.skills);
		put_names(out, "protocols_active", &protocols);
		put_names(out, "llm_providers_active", &providers);
		json_close(out, '}');
		put_counts(out, "by_protocol", &protocols);
		put_counts(out, "by_provider", &providers);
		json_time(out, "generated_at", c->now_ms);
		json_close(out, '}');
	}
	release(&protocols);
	release(&providers);
	return rc;
}

/* What the provider says of it, if that is a text. */
static int
put_description(struct call *c, const struct skill *k, struct err *e)
{
	struct json metadata = { 0 };

	if (json_parse(&metadata, k->metadata, strlen(k->metadata), e))
		return -1;
	json_str_or_null(&c->out, "description",
	    call_str(&metadata, "description", NULL));
	json_release(&metadata);
	return 0;
}

static int
put_seller(struct call *c, const char *node_id, struct err *e)
{
	struct cri_level level;

	if (cri_level(c->store, node_id, c->now_ms, c->params, &level, e))
		return -1;
	json_open(&c->out, "seller", '{');
	json_str(&c->out, "node_id", node_id);
	cri_score_write(&c->out, "cri_score", level.tenths);
	show_level(&c->out, "level", &level);
	json_close(&c->out, '}');
	json_close(&c->out, '}');
	return 0;
}

static int
put_record(struct call *c, const char *skill_id, struct err *e)
{
	struct stats_skill s;

	if (stats_skill(c->store, skill_id, &s, e))
		return -1;
	json_open(&c->out, "stats", '{');
	json_int(&c->out, "tasks_completed", s.delivered);
	show_number(&c->out, "dispute_rate_pct", s.delivered ?
	    cri_round(100.0 * (double)s.failed / (double)s.delivered, 10) : 0,
	    1);
	json_close(&c->out, '}');
	return 0;
}

static int
do_page(struct call *c, struct err *e)
{
	const struct skill *k;
	struct listing l;
	int rc;

	if (market_listing(c->store, c->param[0], c->params, &l, e))
		return -1;
	k = &l.skill;
	json_open(&c->out, NULL, '{');
	json_str(&c->out, "skill_id", k->id);
	json_str(&c->out, "label", k->label);
	json_amount(&c->out, "price_tck", k->price);
	json_str_or_null(&c->out, "category", k->category);
	rc = put_description(c, k, e) || put_seller(c, k->node_id, e) ||
	    put_record(c, k->id, e) ? -1 : 0;
	json_raw(&c->out, "verified", l.verified ? l.verified : "[]",
	    l.verified ? strlen(l.verified) : 2);
	json_bool(&c->out, "retired", k->retired_ms != 0);
	json_time_or_null(&c->out, "retired_at", k->retired_ms);
	json_close(&c->out, '}');
	market_listing_release(&l);
	return rc;
}

#define TAG .tag = "network"
const struct route routes_network[] = {
	{ "GET", "/v1/network/stats", .class = ROUTE_SLOW, .act = do_network,
	    TAG, .summary = "What the grid has done so far",
	    .reply = "{ overview: { total_trades: int, total_nodes: int, "
		"total_skills: int, protocols_active: [text], "
		"llm_providers_active: [text] }, by_protocol: { *: int }, "
		"by_provider: { *: int }, generated_at: time }" },
	{ "GET", "/v1/skills/{skill_id}/page", .act = do_page, TAG,
	    .summary = "A skill, as its page shows it",
	    .codes = "skill_missing",
	    .reply = "{ skill_id, label, price_tck: money, category, "
		"description, seller: { node_id, cri_score: number, "
		"level: Level }, stats: { tasks_completed: int, "
		"dispute_rate_pct: number }, verified: [text], retired: bool, "
		"retired_at: time|null }" },
	{ 0 }
};
