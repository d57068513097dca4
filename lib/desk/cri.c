/* What trades say of nodes: reports on each. */
#include "base/buf.h"
#include "base/json.h"
#include "cri/cri.h"
#include "desk/facts.h"

#define RECORD_MAX 65536

/* A report on nodes: those that are named, or all. */
struct saying {
	struct cli *cli;
	struct facts facts;
	const struct desk_cri *said;
	struct buf out;
};

static int
begin(struct saying *s, struct cli *c, const struct desk_cri *d,
    struct err *e)
{
	*s = (struct saying){
		.cli = c, .said = d, .out = BUF_INIT(RECORD_MAX),
		.facts = { .cli = c },
	};
	return facts_open(&s->facts, c, d, NULL, NULL, e);
}

static void
end(struct saying *s)
{
	facts_close(&s->facts);
	buf_release(&s->out);
}

static int
each(struct cli *c, const struct desk_cri *d, tally_told *say, struct err *e)
{
	struct saying s;
	int rc;

	if (facts_check(c, d, e))
		return -1;
	rc = begin(&s, c, d, e) || facts_named(&s.facts, d, say, &s, e) ?
	    -1 : 0;
	end(&s);
	return rc;
}

static int
score(void *saying, const struct tally_node *t, struct err *e)
{
	struct saying *s = saying;
	struct cri cri;

	tally_score(t, s->facts.now_ms, &s->cli->params, &cri);
	json_open(&s->out, NULL, '{');
	json_str(&s->out, "node_id", t->id);
	cri_score_write(&s->out, "cri_score", cri.tenths);
	return cli_emit_object(s->cli, &s->out, e);
}

int
desk_cri_score(struct cli *c, const struct desk_cri *d, struct err *e)
{
	return each(c, d, score, e);
}

static int
level(void *saying, const struct tally_node *t, struct err *e)
{
	struct saying *s = saying;
	struct cri_level l;

	tally_level(t, s->facts.now_ms, &s->cli->params, &l);
	cri_level_write(&s->out, t->id, &l);
	return cli_emit_object(s->cli, &s->out, e);
}

int
desk_cri_level(struct cli *c, const struct desk_cri *d, struct err *e)
{
	return each(c, d, level, e);
}

int
desk_cri_levels(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int id, rc = 0;

	(void)d;
	for (id = 0; id < CRI_LEVELS && !rc; id++) {
		cri_rung_write(&out, id);
		rc = cli_emit_object(c, &out, e);
	}
	return rc;
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
		if (cli_emit_object(c, &out, e))
			return -1;
	}
	return got;
}

int
desk_cri_snapshots(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri_snapshot snapshot = { 0 };
	int64_t left = d->limit ? d->limit : INT64_MAX;
	struct node n;
	int got = 1;

	if (cli_store(c, e) || store_snapshot(c->store, e) ||
	    node_get(c->store, c->argv[0], &n, e))
		return -1;
	while (left-- > 0 && (got = cri_snapshot_next(c->store, n.id,
	    &snapshot, e)) > 0) {
		cri_snapshot_write(&out, &snapshot);
		if (cli_emit_object(c, &out, e))
			return -1;
	}
	return got < 0 ? -1 : 0;
}
