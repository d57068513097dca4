/* What trades say of nodes: reports, and stored scores made anew. */
#include "base/buf.h"
#include "base/json.h"
#include "cri/cri.h"
#include "desk/cri.h"
#include "ledger/ledger.h"

#define RECORD_MAX 65536

static int
emit(struct cli *c, struct buf *out, struct err *e)
{
	int rc;

	json_close(out, '}');
	rc = cli_emit_buf(c, out, e);
	buf_release(out);
	return rc;
}

/* One node after another, in the order in which they are named. */
typedef int say(struct cli *, const char *node_id, struct buf *out,
    struct err *);

static int
each(struct cli *c, say *write, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	char **id;
	int rc = cli_store(c, e);

	for (id = c->argv; *id && !rc; id++) {
		rc = write(c, *id, &out, e);
		if (!rc)
			rc = emit(c, &out, e);
	}
	buf_release(&out);
	return rc;
}

static int
explain(struct cli *c, const char *node_id, struct buf *out, struct err *e)
{
	struct cri cri;

	if (cri_score(c->store, node_id, cli_now(c), &c->params, &cri, e))
		return -1;
	cri_write(out, node_id, &cri, cli_now(c));
	return 0;
}

int
desk_cri_explain(struct cli *c, const struct desk_cri *d, struct err *e)
{
	(void)d;
	return each(c, explain, e);
}

static int
score(struct cli *c, const char *node_id, struct buf *out, struct err *e)
{
	struct cri cri;

	if (cri_score(c->store, node_id, cli_now(c), &c->params, &cri, e))
		return -1;
	json_open(out, NULL, '{');
	json_str(out, "node_id", node_id);
	cri_score_write(out, "cri_score", cri.tenths);
	return 0;
}

int
desk_cri_score(struct cli *c, const struct desk_cri *d, struct err *e)
{
	(void)d;
	return each(c, score, e);
}

static int
level(struct cli *c, const char *node_id, struct buf *out, struct err *e)
{
	struct cri_level l;

	if (cri_level(c->store, node_id, cli_now(c), &c->params, &l, e))
		return -1;
	cri_level_write(out, node_id, &l);
	return 0;
}

int
desk_cri_level(struct cli *c, const struct desk_cri *d, struct err *e)
{
	(void)d;
	return each(c, level, e);
}

int
desk_cri_levels(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int id, rc = 0;

	(void)d;
	for (id = 0; id < CRI_LEVELS && !rc; id++) {
		cri_rung_write(&out, id);
		rc = emit(c, &out, e);
	}
	return rc;
}

static int
check_limit(const struct desk_cri *d, struct err *e)
{
	return d->limit >= 1 && d->limit <= 100 ? 0 : err_set(e, E_usage,
	    "--limit is 1 to 100");
}

int
desk_cri_leaderboard(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri_place place;
	struct query q;
	int got;

	if (check_limit(d, e) || cli_store(c, e))
		return -1;
	cri_board_open(&q, c->store, d->limit, d->offset);
	while ((got = cri_board_next(&q, &place, e)) > 0) {
		cri_place_write(&out, &place);
		if (emit(c, &out, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got;
}

int
desk_cri_genesis(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri_award award = { 0 };
	struct cri cri;
	int got;

	(void)d;
	if (cli_store(c, e))
		return -1;
	while ((got = cri_award_next(c->store, &award, e)) > 0) {
		if (cri_score(c->store, award.node_id, cli_now(c), &c->params,
		    &cri, e))
			return -1;
		cri_award_write(&out, &award);
		cri_score_write(&out, "cri_score", cri.tenths);
		json_int(&out, "trades_completed", cri.facts.sold +
		    cri.facts.bought);
		if (emit(c, &out, e))
			return -1;
	}
	return got;
}

int
desk_cri_pioneers(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri_pioneer pioneer = { 0 };
	int got;

	(void)d;
	if (cli_store(c, e))
		return -1;
	while ((got = cri_pioneer_next(c->store, &pioneer, e)) > 0) {
		cri_pioneer_write(&out, &pioneer);
		if (emit(c, &out, e))
			return -1;
	}
	return got;
}

int
desk_cri_snapshots(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri_snapshot snapshot;
	struct query q;
	struct node n;
	int got;

	if (cli_store(c, e) || node_get(c->store, c->argv[0], &n, e))
		return -1;
	cri_snapshots_open(&q, c->store, n.id, d->limit);
	while ((got = cri_snapshots_next(&q, &snapshot, e)) > 0) {
		cri_snapshot_write(&out, &snapshot);
		if (emit(c, &out, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got;
}
