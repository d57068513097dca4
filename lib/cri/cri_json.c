#include "base/buf.h"
#include "base/json.h"
#include "cri/cri.h"

/* A number with so many decimals, from a whole number of its last one. */
static void
put_fixed(struct buf *out, const char *key, int64_t value, int scale)
{
	char text[AMOUNT_TEXT];
	size_t n = amount_print(value, scale, text);

	json_raw(out, key, text, n);
}

/* Shown as TCK, whichever realm it is of. */
static void
put_tck(struct buf *out, const char *key, int64_t minor)
{
	json_amount(out, key, (struct amount){ minor, unit_named("TCK") });
}

/* Open an object: what a part counts for, and at most. */
static void
open_part(struct buf *out, const char *key, double part, int most)
{
	json_open(out, key, '{');
	put_fixed(out, "value", cri_round(part, 100), 2);
	if (most)
		json_int(out, "max", most);
}

static void
shut_part(struct buf *out, const char *description)
{
	json_str(out, "description", description);
	json_close(out, '}');
}

static void
put_factors(struct buf *out, const struct cri *c)
{
	const struct cri_facts *f = &c->facts;

	open_part(out, "base", c->base, 30);
	shut_part(out, "what every node begins with");
	open_part(out, "transaction_score", c->tx, 20);
	json_int(out, "raw", f->sold + f->bought);
	shut_part(out, "settled trades, by their logarithm");
	open_part(out, "diversity_score", c->diversity, 15);
	json_int(out, "raw_unique", f->partners);
	json_int(out, "raw_total", f->sold + f->bought);
	shut_part(out, "different partners among all trades");
	open_part(out, "volume_score", c->volume, 10);
	put_tck(out, "raw_tck", f->volume_minor);
	shut_part(out, "what was traded, by its logarithm");
	open_part(out, "age_score", c->age, 10);
	json_int(out, "raw_days", f->days);
	shut_part(out, "days on the grid, by their logarithm");
	open_part(out, "buyer_activity", c->buyer, 5);
	json_int(out, "raw_buys", f->bought);
	shut_part(out, "it buys, too");
	open_part(out, "genesis_bonus", c->genesis, 10);
	json_bool(out, "has_badge", f->badge);
	shut_part(out, "one of the first to sell");
}

static void
put_penalties(struct buf *out, const struct cri *c)
{
	const struct cri_facts *f = &c->facts;

	open_part(out, "dispute_penalty", c->dispute, 25);
	json_int(out, "disputed", f->failed);
	json_int(out, "total_tasks", f->delivered);
	shut_part(out, "deliveries that failed or are disputed");
	open_part(out, "concentration_penalty", c->concentration, 10);
	put_fixed(out, "ratio", cri_round(c->ratio, 100), 2);
	shut_part(out, "more than half of the trades with one partner");
	open_part(out, "strike_penalty", c->strike, 0);
	json_int(out, "per_strike", 15);
	json_int(out, "strikes", f->strikes);
	shut_part(out, "counted reports of malfeasance");
}

void
cri_write(struct buf *out, const char *node_id, const struct cri *c,
    int64_t now_ms)
{
	static const char formula[] =
	    "min(100, max(0, base + transaction_score + diversity_score + "
	    "volume_score + age_score + buyer_activity + genesis_bonus - "
	    "dispute_penalty - concentration_penalty - strike_penalty))";

	json_open(out, NULL, '{');
	json_str(out, "node_id", node_id);
	cri_score_write(out, "cri_score", c->tenths);
	json_time(out, "computed_at", now_ms);
	json_open(out, "factors", '{');
	put_factors(out, c);
	json_close(out, '}');
	json_open(out, "penalties", '{');
	put_penalties(out, c);
	json_close(out, '}');
	json_open(out, "adjustments", '{');
	put_fixed(out, "decay_factor", cri_round(c->decay, 10000), 4);
	json_bool(out, "genesis_floor", c->facts.sheltered);
	json_close(out, '}');
	json_str(out, "formula", formula);
}

void
cri_score_write(struct buf *out, const char *key, int64_t tenths)
{
	put_fixed(out, key, tenths, 1);
}

void
cri_part_write(struct buf *out, const char *key, double part)
{
	put_fixed(out, key, cri_round(part, 100), 2);
}

/* Over the highest level there is none to come. */
void
cri_progress_write(struct buf *out, const struct cri_level *l)
{
	const struct cri_rung *next = cri_rung(l->id + 1);

	if (!next)
		return;
	json_open(out, "progress", '{');
	json_str(out, "next_level", next->name);
	put_tck(out, "tck_needed", next->spent_minor);
	put_fixed(out, "cri_needed", next->tenths, 1);
	put_fixed(out, "tck_progress", l->thousandths, 3);
	json_bool(out, "cri_met", l->tenths >= next->tenths);
	json_close(out, '}');
}

static void
put_level(struct buf *out, const char *node_id, const struct cri_level *l)
{
	const struct cri_rung *rung = cri_rung(l->id);

	json_open(out, NULL, '{');
	json_str(out, "node_id", node_id);
	json_int(out, "level_id", l->id);
	json_str(out, "level_name", rung->name);
	json_str(out, "emoji", rung->emoji);
	put_fixed(out, "tck_spent", l->spent_minor, 2);
	put_fixed(out, "cri", l->tenths, 1);
}

void
cri_level_write(struct buf *out, const char *node_id,
    const struct cri_level *l)
{
	put_level(out, node_id, l);
	cri_progress_write(out, l);
}

void
cri_place_write(struct buf *out, const struct cri_place *p)
{
	put_level(out, p->node_id, &p->level);
	json_bool(out, "has_genesis_badge", p->rank != 0);
}

/* The names of the facts are those of 5.1. */
void
cri_snapshot_write(struct buf *out, const struct cri_snapshot *s)
{
	static const char *const keys[CRI_PARTS] = {
		"base", "tx", "diversity", "volume", "age", "buyer",
		"genesis", "dispute", "concentration", "strike",
	};
	const struct cri_facts *f = &s->facts;
	size_t i;

	json_open(out, NULL, '{');
	json_time(out, "at", s->at_ms);
	for (i = 0; i < CRI_PARTS; i++)
		put_fixed(out, keys[i], s->part[i], 2);
	put_fixed(out, "decay_factor",
	    cri_round(cri_decay(f->idle_days), 10000), 4);
	json_int(out, "S", f->sold);
	json_int(out, "B", f->bought);
	json_int(out, "U", f->partners);
	json_int(out, "m", f->most);
	put_tck(out, "V", f->volume_minor);
	json_int(out, "D", f->days);
	json_int(out, "N", f->delivered);
	json_int(out, "X", f->failed);
	json_int(out, "strikes", f->strikes);
	put_fixed(out, "cri_before", s->was, 1);
	put_fixed(out, "cri_after", s->tenths, 1);
}

void
cri_rung_write(struct buf *out, int id)
{
	const struct cri_rung *rung = cri_rung(id);

	json_open(out, NULL, '{');
	json_int(out, "id", id);
	json_str(out, "name", rung->name);
	json_str(out, "emoji", rung->emoji);
	put_tck(out, "tck_spent_required", rung->spent_minor);
	put_fixed(out, "cri_min_required", rung->tenths, 1);
}

void
cri_award_write(struct buf *out, const struct cri_award *a)
{
	json_open(out, NULL, '{');
	json_int(out, "rank", a->rank);
	json_str(out, "node_id", a->node_id);
	json_time(out, "awarded_at", a->made_ms);
}

void
cri_pioneer_write(struct buf *out, const struct cri_pioneer *a)
{
	json_open(out, NULL, '{');
	json_int(out, "rank", a->rank);
	json_str(out, "node_id", a->node_id);
	json_str(out, "skill_id", a->skill_id);
	json_int(out, "verifications", a->verified);
	json_time(out, "awarded_at", a->made_ms);
}
