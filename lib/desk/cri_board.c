/* Nodes in an order: by score, and by the rank of their badges. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "cri/cri.h"
#include "desk/facts.h"

#define RECORD_MAX 65536

static int
put_place(struct cli *c, const struct cri_place *p, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);

	cri_place_write(&out, p);
	return cli_emit_object(c, &out, e);
}

/* As the store has them: what was scored last, sorted there. */
static int
stored_board(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct cri_place place;
	struct query q;
	int got;

	if (cli_store(c, e))
		return -1;
	cri_board_open(&q, c->store, d->limit, d->offset);
	while ((got = cri_board_next(&q, &place, e)) > 0)
		if (put_place(c, &place, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	return got;
}

/* Nodes that are to be sorted. */
struct places {
	struct facts facts;
	bool awarded;			/* those with a badge, and no others */
	struct cri_place *place;	/* owned */
	size_t n, cap;
};

static int
add(void *places, const struct tally_node *t, struct err *e)
{
	struct places *all = places;
	struct cri_place *p;

	(void)e;
	if (all->awarded ? !t->rank : !t->active || t->sandbox)
		return 0;
	if (all->n == all->cap) {
		all->cap = 2 * all->cap + 64;
		all->place = mem_grow(all->place, all->cap,
		    sizeof(*all->place));
	}
	p = &all->place[all->n++];
	*p = (struct cri_place){ .rank = t->rank };
	memcpy(p->node_id, t->id, sizeof(p->node_id));
	tally_level(t, all->facts.now_ms, &all->facts.cli->params, &p->level);
	return 0;
}

static int
by_score(const void *a, const void *b)
{
	const struct cri_place *x = a, *y = b;

	if (x->level.tenths != y->level.tenths)
		return x->level.tenths > y->level.tenths ? -1 : 1;
	if (x->level.spent_minor != y->level.spent_minor)
		return x->level.spent_minor > y->level.spent_minor ? -1 : 1;
	return strcmp(x->node_id, y->node_id);
}

static int
by_rank(const void *a, const void *b)
{
	const struct cri_place *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

/* By what a log says, at the moment that is asked about. */
static int
counted_board(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct places all = { .facts = { .cli = c } };
	size_t i, from = (size_t)d->offset;
	int rc;

	rc = facts_open(&all.facts, c, d, NULL, NULL, e) ||
	    facts_each(&all.facts, add, &all, e) ? -1 : 0;
	if (all.n)
		qsort(all.place, all.n, sizeof(*all.place), by_score);
	for (i = from; i < all.n && i - from < (size_t)d->limit && !rc; i++)
		rc = put_place(c, &all.place[i], e);
	free(all.place);
	facts_close(&all.facts);
	return rc;
}

int
desk_cri_leaderboard(struct cli *c, const struct desk_cri *d, struct err *e)
{
	if (d->limit < 1 || d->limit > 100)
		return err_set(e, E_usage, "--limit is 1 to 100");
	return d->facts || d->at ? counted_board(c, d, e) :
	    stored_board(c, d, e);
}

static int
put_badge(const struct facts *f, const char *node_id, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri_award award;
	struct tally_node t;
	struct cri cri;

	if (facts_node(f, node_id, &t, e))
		return -1;
	award = (struct cri_award){
		.rank = t.rank, .made_ms = t.awarded_ms,
	};
	memcpy(award.node_id, t.id, sizeof(award.node_id));
	tally_score(&t, f->now_ms, &f->cli->params, &cri);
	cri_award_write(&out, &award);
	cri_score_write(&out, "cri_score", cri.tenths);
	json_int(&out, "trades_completed", cri.facts.sold + cri.facts.bought);
	return cli_emit_object(f->cli, &out, e);
}

static int
stored_badges(const struct facts *f, struct err *e)
{
	struct cri_award award = { 0 };
	int got;

	while ((got = cri_award_next(f->cli->store, &award, e)) > 0)
		if (put_badge(f, award.node_id, e))
			return -1;
	return got;
}

static int
counted_badges(struct places *all, struct err *e)
{
	size_t i;

	if (facts_each(&all->facts, add, all, e))
		return -1;
	if (all->n)
		qsort(all->place, all->n, sizeof(*all->place), by_rank);
	for (i = 0; i < all->n; i++)
		if (put_badge(&all->facts, all->place[i].node_id, e))
			return -1;
	return 0;
}

int
desk_cri_genesis(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct places all = { .facts = { .cli = c }, .awarded = true };
	int rc;

	rc = facts_open(&all.facts, c, d, NULL, NULL, e) ||
	    (all.facts.tally ? counted_badges(&all, e) :
	    stored_badges(&all.facts, e)) ? -1 : 0;
	free(all.place);
	facts_close(&all.facts);
	return rc;
}
