/* The scores that lists show, made anew: of some nodes, or of all. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "cri/cri.h"
#include "desk/cri.h"
#include "ledger/ledger.h"

#define RECORD_MAX 65536

/* What one transaction has changed; told of after its commit. */
struct changes {
	struct cri_change at;		/* where the next one goes on */
	struct cri_change *change;	/* owned */
	size_t n, cap;
};

static void
add(struct changes *all)
{
	if (all->n == all->cap) {
		all->cap = 2 * all->cap + 16;
		all->change = mem_grow(all->change, all->cap,
		    sizeof(*all->change));
	}
	all->change[all->n++] = all->at;
}

static int
print(struct cli *c, const struct cri_change *change, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	int rc;

	json_open(&out, NULL, '{');
	json_str(&out, "node_id", change->node_id);
	cri_score_write(&out, "cri_before", change->was);
	cri_score_write(&out, "cri_after", change->tenths);
	if (c->dry_run)
		json_bool(&out, "dry_run", true);
	json_close(&out, '}');
	rc = cli_emit_buf(c, &out, e);
	buf_release(&out);
	return rc;
}

/* As many nodes as go into one transaction. */
static int
some(struct cli *c, struct ledger **l, struct changes *all, struct err *e)
{
	int64_t most = c->params.value[PARAM_settle_batch];
	int got;

	all->n = 0;
	all->at.looked = 0;
	if (ledger_begin(c->store, l, cli_now(c), !c->accept_clock, e))
		return -1;
	while ((got = cri_refresh_in(*l, &all->at, most, &c->params, e)) > 0)
		add(all);
	return got ? -1 : ledger_commit(*l, e);
}

/* The nodes that are named, in one transaction. */
static int
named(struct cli *c, struct ledger **l, struct changes *all, struct err *e)
{
	char **id;
	int got;

	if (ledger_begin(c->store, l, cli_now(c), !c->accept_clock, e))
		return -1;
	all->at.looked = 0;
	for (id = c->argv; *id; id++) {
		got = cri_refresh_one_in(*l, *id, &all->at, &c->params, e);
		if (got < 0)
			return -1;
		if (got)
			add(all);
	}
	return ledger_commit(*l, e);
}

int
desk_cri_snapshot(struct cli *c, const struct desk_cri *d, struct err *e)
{
	int64_t most = c->params.value[PARAM_settle_batch];
	struct changes all = { .at.looked = most };
	struct ledger *l = NULL;
	size_t i;
	int rc;

	(void)d;
	if (c->id)
		return err_set(e, E_usage, "a %s needs no --id: what is "
		    "fresh stays as it is", c->verb->name);
	rc = cli_store(c, e);
	while (!rc && all.at.looked == most) {
		rc = c->argc ? named(c, &l, &all, e) : some(c, &l, &all, e);
			for (i = 0; i < all.n && !rc; i++)
			rc = print(c, &all.change[i], e);
	}
	ledger_free(l);
	free(all.change);
	return rc;
}

int
desk_cri_refresh(struct cli *c, const struct desk_cri *d, struct err *e)
{
	return desk_cri_snapshot(c, d, e);
}
