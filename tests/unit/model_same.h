/*
 * model_same.h - is the store as the model has it?  Balances and trades after
 * each transaction; now and then all that there is.
 */
#ifndef MODEL_SAME_H
#define MODEL_SAME_H

#include "ledger/read.h"
#include "ledger/rebuild.h"
#include "model_do.h"
#include "model_trade.h"

/* What an account ought to have, or -1 if it ought not to be there. */
static int64_t
balance_due(const struct account *a, int u, bool seen[M_NODES][2])
{
	static int hint;		/* accounts come in the order of ids */
	const struct m_task *t;
	int i;

	if (!strcmp(a->name, "MINT"))
		return now->mint[u];
	if (!strcmp(a->name, "VAULT"))
		return now->vault[u];
	if (!strncmp(a->name, "ESCROW:", 7)) {
		for (i = 0; i < now->n_task; i++, hint++) {
			t = &now->task[hint % now->n_task];
			if (!strcmp(a->name + 7, t->escrow))
				return m_is_open(t) ? t->price : 0;
		}
		return -1;
	}
	for (i = 0; i < now->n_node; i++)
		if (!strcmp(a->name, name_of(i))) {
			seen[i][u] = true;
			return now->node[i].have[u];
		}
	return -1;
}

/* Every balance that the store has is the model's, and the reverse. */
static void
same_balances(void)
{
	bool seen[M_NODES][2] = { { false } };
	int escrows = 0, got, i, u;
	struct err e = { 0 };
	struct account a;
	struct query q;
	int64_t due;
	char text[64];

	ledger_accounts_open(&q, db.s, NULL);
	while ((got = ledger_accounts_next(&q, &a, &e)) > 0) {
		u = !strcmp(a.unit.code, "SBX");
		due = balance_due(&a, u, seen);
		escrows += !strncmp(a.name, "ESCROW:", 7);
		snprintf(text, sizeof(text), "%lld", (long long)due);
		if (a.balance.minor != due)
			fail(a.name, a.unit.code, text);
	}
	if (got < 0)
		home_die("ledger_accounts_next", &e);
	for (i = 0; i < now->n_node; i++)
		for (u = 0; u < 2; u++)
			if (now->node[i].have[u] && !seen[i][u])
				fail(name_of(i), "no account", "a balance");
	for (i = 0; i < now->n_task; i++)
		escrows -= now->task[i].kind != M_SHADOW;
	if (escrows)
		fail("escrows", "more or fewer", "one a trade");
}

static void
same_task(const struct task *t, const struct m_task *m)
{
	static const char *const words[][2] = {
		{ "OPEN", "PENDING" }, { "IN_PROGRESS", "PENDING" },
		{ "COMPLETED", "AWAITING_SETTLEMENT" },
		{ "DISPUTED", "DISPUTED" }, { "COMPLETED", "SETTLED" },
		{ "REFUNDED", "REFUNDED" },
	};

	if (strcmp(t->id, m->id))
		fail("tasks", t->id, m->id);
	if (strcmp(escrow_task_word(t->state), words[m->state][0]) ||
	    strcmp(escrow_state_word(t->escrow), words[m->state][1]))
		fail(t->id, escrow_task_word(t->state), words[m->state][0]);
	if (t->refund_ms != m->refund_ms || t->amount.minor != m->price ||
	    t->settle_ms != m->settle_ms || t->closed_ms != m->closed_ms ||
	    !t->disputed_ms != !m->disputed ||
	    !t->output != (m->output == M_NONE))
		fail(t->id, "other facts", "the model's");
	if (!t->verdict != !m->verdict ||
	    (t->verdict && strcmp(t->verdict, m->verdict)))
		fail(t->id, t->verdict ? t->verdict : "PASS",
		    m->verdict ? m->verdict : "PASS");
}

static void
same_tasks(void)
{
	const struct escrow_filter all = { 0 };
	struct err e = { 0 };
	struct query q;
	struct task t;
	int got, i = 0;

	escrow_list_open(&q, db.s, &all);
	for (; (got = escrow_list_next(&q, &t, &e)) > 0; i++) {
		if (i == now->n_task)
			fail("tasks", t.id, "in the model");
		same_task(&t, &now->task[i]);
		escrow_task_release(&t);
	}
	if (got < 0 || i < now->n_task)
		fail("tasks", "fewer", "all of them");
}

static void
same_all(void)
{
	struct ledger_head head;
	struct err e = { 0 };

	same_balances();
	same_tasks();
	if (ledger_head(db.s, &head, &e))
		home_die("ledger_head", &e);
	if (head.size != now->leaves || head.at_ms != now->leaf_ms)
		fail("head", "other size or time", "the model's");
}

/* The six invariants, and projections that the leaves alone would give. */
static void
prove(void)
{
	struct rebuilt r;
	struct err e = { 0 };

	if (home_verify(db.s))
		fail("verify", "findings", "none");
	if (!home_reconciles(db.s, &run->params, now->now_ms))
		fail("reconcile", "unequal", "equal");
	if (ledger_rebuild(db.s, &r, &e))
		home_die("ledger_rebuild", &e);
	if (!r.same || r.size != now->leaves)
		fail("rebuild", "other projections", "the same");
}

#endif
