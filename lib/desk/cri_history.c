/*
 * What of a log stands behind scores: explain, and each entry that changed
 * one.  The log is read once, and after each entry the nodes that are asked
 * about are compared with what they were before it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "cri/cri.h"
#include "cri/preview.h"
#include "desk/facts.h"

#define RECORD_MAX (64 << 20)
#define WATCHED 100		/* nodes at once */

/* What entries are behind, by the name of the part that they count for. */
enum { MADE, TRADE, BOUGHT, BADGE, FAILED, STRIKE, LISTS };

static const char *const lists[LISTS] = {
	"age_score", "transaction_score", "buyer_activity", "genesis_bonus",
	"dispute_penalty", "strike_penalty",
};

struct seqs {
	int64_t *seq;			/* owned */
	size_t n, cap;
};

struct watched {
	const char *node_id;
	struct tally_node was;		/* before the last entry */
	struct seqs list[LISTS];
};

struct watching {
	struct cli *cli;
	struct facts facts;
	struct watched *node;		/* owned */
	size_t n;
	bool prints;			/* each change, as it comes */
};

static void
add(struct seqs *s, int64_t seq)
{
	if (s->n == s->cap) {
		s->cap = 2 * s->cap + 16;
		s->seq = mem_grow(s->seq, s->cap, sizeof(*s->seq));
	}
	s->seq[s->n++] = seq;
}

/* A delivery and what becomes of it are one: both make the rate. */
static void
note(struct watched *w, const struct tally_node *is, int64_t seq)
{
	const struct tally_node *was = &w->was;

	if (is->registered != was->registered)
		add(&w->list[MADE], seq);
	if (is->sold != was->sold || is->bought != was->bought)
		add(&w->list[TRADE], seq);
	if (is->bought != was->bought)
		add(&w->list[BOUGHT], seq);
	if (is->rank != was->rank)
		add(&w->list[BADGE], seq);
	if (is->delivered != was->delivered || is->failed != was->failed)
		add(&w->list[FAILED], seq);
	if (is->strikes != was->strikes || is->banned_ms != was->banned_ms)
		add(&w->list[STRIKE], seq);
}

static int
print(struct watching *all, const struct watched *w,
    const struct tally_node *is, const struct entry *x, struct err *e)
{
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri before, after;
	int rc;

	tally_score(&w->was, x->at_ms, &all->cli->params, &before);
	tally_score(is, x->at_ms, &all->cli->params, &after);
	if (w->was.registered && before.tenths == after.tenths)
		return 0;
	json_open(&out, NULL, '{');
	json_int(&out, "seq", x->seq);
	json_time(&out, "at", x->at_ms);
	json_str(&out, "node_id", is->id);
	json_str(&out, "type", x->type);
	json_str_if(&out, "ref", x->ref);
	if (w->was.registered)
		cri_score_write(&out, "cri_before", before.tenths);
	cri_score_write(&out, "cri_after", after.tenths);
	json_close(&out, '}');
	rc = cli_emit_buf(all->cli, &out, e);
	buf_release(&out);
	return rc;
}

static int
seen(void *watching, const struct tally *t, const struct entry *x,
    struct err *e)
{
	struct watching *all = watching;
	const struct tally_node *is;
	struct watched *w;

	for (w = all->node; w < all->node + all->n; w++) {
		is = tally_find(t, w->node_id);
		if (!is || !memcmp(is, &w->was, sizeof(*is)))
			continue;
		if (!all->prints)
			note(w, is, x->seq);
		else if (is->registered && print(all, w, is, x, e))
			return -1;
		memcpy(&w->was, is, sizeof(*is));
	}
	return 0;
}

static int
watch(struct watching *all, struct cli *c, const struct desk_cri *d,
    struct err *e)
{
	size_t i;

	if (c->argc > WATCHED)
		return err_set(e, E_usage, "at most %d nodes at once",
		    WATCHED);
	all->n = (size_t)c->argc;
	all->node = mem_zero(all->n + 1, sizeof(*all->node));
	for (i = 0; i < all->n; i++)
		all->node[i].node_id = c->argv[i];
	return facts_open(&all->facts, c, d, seen, all, e);
}

static void
end(struct watching *all)
{
	size_t i, k;

	for (i = 0; i < all->n; i++)
		for (k = 0; k < LISTS; k++)
			free(all->node[i].list[k].seq);
	free(all->node);
	facts_close(&all->facts);
}

int
desk_cri_history(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct watching all = {
		.cli = c, .facts = { .cli = c }, .prints = true,
	};
	struct tally_node t;
	size_t i;
	int rc = watch(&all, c, d, e);

	for (i = 0; i < all.n && !rc; i++)
		rc = facts_node(&all.facts, all.node[i].node_id, &t, e);
	end(&all);
	return rc;
}

static void
put_lists(struct buf *out, const struct watched *w)
{
	size_t i, k;

	json_open(out, "entries", '{');
	for (k = 0; k < LISTS; k++) {
		json_open(out, lists[k], '[');
		for (i = 0; i < w->list[k].n; i++)
			json_int(out, NULL, w->list[k].seq[i]);
		json_close(out, ']');
	}
	json_close(out, '}');
}

static int
explain(void *watching, const struct tally_node *t, struct err *e)
{
	struct watching *all = watching;
	struct buf out = BUF_INIT(RECORD_MAX);
	struct cri_hint hint[CRI_HINTS];
	const struct watched *w;
	struct cri cri;
	size_t n;
	int rc;

	tally_score(t, all->facts.now_ms, &all->cli->params, &cri);
	cri_write(&out, t->id, &cri, all->facts.now_ms);
	n = cri_hints(&cri, t->early, &all->cli->params, hint);
	cri_hints_write(&out, "hints", hint, n);
	for (w = all->node; w < all->node + all->n; w++)
		if (!strcmp(w->node_id, t->id)) {
			put_lists(&out, w);
			break;
		}
	json_close(&out, '}');
	rc = cli_emit_buf(all->cli, &out, e);
	buf_release(&out);
	return rc;
}

int
desk_cri_explain(struct cli *c, const struct desk_cri *d, struct err *e)
{
	struct watching all = { .cli = c, .facts = { .cli = c } };
	int rc;

	if (facts_check(c, d, e))
		return -1;
	if (d->entries && d->all)
		return err_set(e, E_usage, "--entries is for nodes that are "
		    "named");
	rc = (d->entries ? watch(&all, c, d, e) :
	    facts_open(&all.facts, c, d, NULL, NULL, e)) ||
	    facts_named(&all.facts, d, explain, &all, e) ? -1 : 0;
	end(&all);
	return rc;
}
