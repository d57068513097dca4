/* What a node has not grown to yet: the level part of L6 (vmp 5.6). */
#include <stdio.h>

#include "cri/cri.h"
#include "gate/impl.h"
#include "ledger/ledger.h"

/* The acts that a level guards, and the parameter that says which. */
static const struct guard {
	enum gate_act act;
	const char *word;
	enum param level;
} guards[] = {
	{ GATE_PUBLISH, "publish", PARAM_gate_publish },
	{ GATE_BOUNTY, "bounty", PARAM_gate_bounty_create },
	{ GATE_SUBMIT, "submit", PARAM_gate_bounty_submit },
	{ GATE_LISTEN, "listen", PARAM_gate_webhooks },
};

static const struct guard *
guard_of(enum gate_act act)
{
	size_t i;

	for (i = 0; i < sizeof(guards) / sizeof(*guards); i++)
		if (guards[i].act == act)
			return &guards[i];
	return NULL;
}

int
gate_level(enum gate_act act, const struct params *p)
{
	const struct guard *guard = guard_of(act);

	return guard ? (int)p->value[guard->level] : 0;
}

static int
count(struct ledger *l, const char *node_id, const char *word,
    int64_t needed, struct err *e)
{
	struct query q;

	query_open(&q, ledger_store(l), SQL_GATE_SOFT_ADD);
	query_text(&q, node_id);
	query_text(&q, word);
	query_int(&q, needed);
	query_int(&q, ledger_now(l));
	return query_run(&q, NULL, e) < 0 ? -1 : 0;
}

int
gate_level_in(struct ledger *l, const struct gate *g, struct gated *out,
    struct err *e)
{
	const struct guard *guard = guard_of(g->act);
	int64_t needed = gate_level(g->act, g->params);
	struct cri_level is;

	if (!needed)
		return 0;
	if (cri_level(ledger_store(l), g->node_id, ledger_now(l), g->params,
	    &is, e))
		return -1;
	if (is.id >= needed)
		return 0;
	snprintf(out->warning, sizeof(out->warning), "level gate: requires %s "
	    "(level %d), current level is %s (%d)",
	    cri_rung((int)needed)->name, (int)needed, cri_rung(is.id)->name,
	    is.id);
	if (g->params->value[PARAM_enforce_level_gates])
		return err_set(e, E_level_gate, "%s", out->warning);
	return g->asking ? 0 :
	    count(l, g->node_id, guard->word, needed, e);
}

void
gate_soft_open(struct query *q, struct store *s, const char *node_id)
{
	query_open(q, s, SQL_GATE_SOFT_OF);
	query_text(q, node_id);
}

int
gate_soft_next(struct query *q, struct gate_soft *out, struct err *e)
{
	int got = query_row(q, e);

	if (got <= 0)
		return got;
	query_put_text(q, 0, out->node_id, sizeof(out->node_id));
	query_put_text(q, 1, out->act, sizeof(out->act));
	out->needed = query_get_int(q, 2);
	out->times = query_get_int(q, 3);
	out->first_ms = query_get_int(q, 4);
	out->last_ms = query_get_int(q, 5);
	return 1;
}
