/* Lists: the leaderboard, the snapshots of a node, and the daily refresh. */
#include <assert.h>

#include "cri/impl.h"
#include "ledger/ledger.h"

int
cri_board_total(struct store *s, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_CRI_BOARD_TOTAL);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

void
cri_board_open(struct query *q, struct store *s, int64_t limit,
    int64_t offset)
{
	query_open(q, s, SQL_CRI_BOARD);
	query_int(q, limit);
	query_int(q, offset);
}

int
cri_board_next(struct query *q, struct cri_place *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	*out = (struct cri_place){
		.level.tenths = query_get_int(q, 1),
		.level.spent_minor = query_get_int(q, 2),
		.rank = query_get_int(q, 3),
	};
	query_put_text(q, 0, out->node_id, sizeof(out->node_id));
	cri_level_of(&out->level);
	return 1;
}

static void
take(const struct query *q, struct cri_snapshot *out)
{
	struct cri_facts *f = &out->facts;
	int64_t *const fact[] = {
		&f->sold, &f->bought, &f->partners, &f->most,
		&f->volume_minor, &f->days, &f->delivered, &f->failed,
		&f->strikes, &out->was, &out->tenths, &out->before,
	};
	int at = 0;
	size_t i;

	*out = (struct cri_snapshot){ .at_ms = query_get_int(q, at++) };
	for (i = 0; i < CRI_PARTS; i++)
		out->part[i] = query_get_int(q, at++);
	f->idle_days = query_get_int(q, at++);
	for (i = 0; i < sizeof(fact) / sizeof(*fact); i++)
		*fact[i] = query_get_int(q, at++);
	out->last = !out->before;
}

int
cri_snapshot_next(struct store *s, const char *node_id,
    struct cri_snapshot *out, struct err *e)
{
	struct query q;
	int got;

	if (out->last)
		return 0;
	query_open(&q, s, SQL_CRI_SNAPSHOT_NEXT);
	if (out->before)
		query_int(&q, out->before);
	else
		query_null(&q);
	query_text(&q, node_id);
	got = query_row(&q, e);
	if (got > 0)
		take(&q, out);
	query_close(&q);
	return got;
}

/* It is as it was, and is known to be. */
static int
touch(struct store *s, const char *node_id, int64_t now_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, SQL_CRI_TOUCH);
	query_text(&q, node_id);
	query_int(&q, now_ms);
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

/* 1 if its stored score has changed. */
static int
refresh(struct ledger *l, const struct node *n, const struct params *p,
    struct cri_change *out, struct err *e)
{
	struct store *s = ledger_store(l);
	const struct cri_record *was;
	struct cri_row row;
	struct cri c;

	if (cri_row(s, n->id, &row, e))
		return -1;
	cri_of(&row, n, ledger_now(l), p, &c);
	was = &row.record;
	out->was = was->scored_ms ? was->tenths : cri_first(n, p);
	out->tenths = c.tenths;
	if (was->scored_ms && c.tenths == was->tenths)
		return touch(s, n->id, ledger_now(l), e);
	if (cri_keep_in(l, n, p, e))
		return -1;
	return out->was != out->tenths;
}

int
cri_refresh_in(struct ledger *l, struct cri_change *out, int64_t n,
    const struct params *p, struct err *e)
{
	struct node node = { 0 };
	int got;

	assert(ledger_writing(l));
	memcpy(node.id, out->node_id, sizeof(node.id));
	while (out->looked < n &&
	    (got = node_next(ledger_store(l), &node, e)) != 0) {
		if (got < 0)
			return -1;
		out->looked++;
		memcpy(out->node_id, node.id, sizeof(node.id));
		got = node.active ? refresh(l, &node, p, out, e) : 0;
		if (got)
			return got;
	}
	return 0;
}

int
cri_refresh_one_in(struct ledger *l, const char *node_id,
    struct cri_change *out, const struct params *p, struct err *e)
{
	struct node n;

	assert(ledger_writing(l));
	if (node_get(ledger_store(l), node_id, &n, e))
		return -1;
	memcpy(out->node_id, n.id, sizeof(n.id));
	return refresh(l, &n, p, out, e);
}
