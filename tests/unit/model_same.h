/*
 * model_same.h - is the store as the model has it?  Balances and trades after
 * each transaction; now and then all that there is.
 */
#ifndef MODEL_SAME_H
#define MODEL_SAME_H

#include "cri/cri.h"
#include "cri/tally.h"
#include "ledger/read.h"
#include "ledger/rebuild.h"
#include "model_do.h"
#include "model_do_bounty.h"
#include "model_settle.h"
#include "model_trade.h"
#include "node/purse.h"

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
	if (!strncmp(a->name, "ESCROW:BOUNTY:", 14)) {
		for (i = 0; i < now->n_bounty; i++)
			if (!strcmp(a->name + 14, now->bounty[i].id))
				return now->bounty[i].state == M_B_OPEN ?
				    now->bounty[i].reward : 0;
		return -1;
	}
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
	if (escrows != now->n_bounty)
		fail("escrows", "more or fewer", "one a trade");
}

/* Words of a trade: NULL where it has no task, or no escrow. */
static bool
same_words(const char *is, const char *due)
{
	return is && due ? !strcmp(is, due) : !is && !due;
}

static void
same_task(const struct task *t, const struct m_task *m)
{
	const char *task = escrow_task_word(t->state);
	const char *escrow = escrow_state_word(t->escrow);
	char text[2][160];
	static const char *const words[][2] = {
		{ "OPEN", "PENDING" }, { "IN_PROGRESS", "PENDING" },
		{ "COMPLETED", "AWAITING_SETTLEMENT" },
		{ "DISPUTED", "DISPUTED" }, { "COMPLETED", "SETTLED" },
		{ "REFUNDED", "REFUNDED" },
	};

	if (strcmp(t->id, m->id) || strcmp(t->escrow_id, m->escrow))
		fail("tasks", t->id, m->id);
	if (!same_words(task, m->kind == M_DIRECT ? NULL :
	    words[m->state][0]) || !same_words(escrow, m->kind == M_SHADOW ?
	    NULL : words[m->state][1]))
		fail(escrow_name(t), task ? task : escrow,
		    words[m->state][task ? 0 : 1]);
	snprintf(text[0], 160, "%lld: refund %lld settle %lld closed %lld, "
	    "disputed %d delivered %d", (long long)t->amount.minor,
	    (long long)t->refund_ms, (long long)t->settle_ms,
	    (long long)t->closed_ms, t->disputed_ms != 0, t->output != NULL);
	snprintf(text[1], 160, "%lld: refund %lld settle %lld closed %lld, "
	    "disputed %d delivered %d", (long long)m->price,
	    (long long)m->refund_ms, (long long)m->settle_ms,
	    (long long)m->closed_ms, m->disputed, m->output != M_NONE);
	if (strcmp(text[0], text[1]))
		fail(escrow_name(t), text[0], text[1]);
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

/* What is counted as it happens, beside what there is when added up. */
static void
same_scores(void)
{
	struct err e = { 0 };
	struct m_cri due;
	struct cri is;
	int i, tenths;
	char text[2][128];

	for (i = 0; i < now->n_node; i++) {
		if (!now->node[i].in)
			continue;
		if (cri_score(db.s, name_of(i), now->now_ms, &run->params, &is,
		    &e))
			home_die("cri_score", &e);
		due = m_cri(now, i);
		tenths = m_score(now, i);
		snprintf(text[0], 128, "S %d B %d U %d m %d V %d N %d X %d "
		    "score %d", (int)is.facts.sold, (int)is.facts.bought,
		    (int)is.facts.partners, (int)is.facts.most,
		    (int)is.facts.volume_minor, (int)is.facts.delivered,
		    (int)is.facts.failed, (int)is.tenths);
		snprintf(text[1], 128, "S %d B %d U %d m %d V %d N %d X %d "
		    "score %d", (int)due.s, (int)due.b, (int)due.u,
		    (int)due.most, (int)due.v, (int)due.n, (int)due.x,
		    tenths);
		if (strcmp(text[0], text[1]))
			fail(name_of(i), text[0], text[1]);
	}
}

static void
facts_text(const struct cri *c, int64_t spent, char out[256])
{
	const struct cri_facts *f = &c->facts;

	snprintf(out, 256, "S %d B %d U %d m %d V %d D %d N %d X %d strikes %d "
	    "idle %d %d%d%d%d score %d spent %d", (int)f->sold,
	    (int)f->bought, (int)f->partners, (int)f->most,
	    (int)f->volume_minor, (int)f->days, (int)f->delivered,
	    (int)f->failed, (int)f->strikes, (int)f->idle_days, f->badge,
	    f->sheltered, f->sandbox, f->banned, (int)c->tenths, (int)spent);
}

/* The log alone makes the same of every node, part by part. */
static int
same_node(void *arg, const struct tally_node *t, struct err *e)
{
	struct cri_level level;
	struct cri folded, is;
	char text[2][256];

	(void)arg;
	if (!t->registered)
		fail(t->id, "named", "registered");
	if (cri_score(db.s, t->id, now->now_ms, &run->params, &is, e) ||
	    cri_level(db.s, t->id, now->now_ms, &run->params, &level, e))
		return -1;
	tally_score(t, now->now_ms, &run->params, &folded);
	facts_text(&folded, t->spent_minor, text[0]);
	facts_text(&is, level.spent_minor, text[1]);
	if (strcmp(text[0], text[1]))
		fail(t->id, text[0], text[1]);
	return 0;
}

static void
same_tally(void)
{
	struct tally *t = tally_new();
	struct tally_end end;
	struct err e = { 0 };
	int i, nodes = 0;

	if (tally_read(t, db.s, now->leaves, &e) ||
	    tally_each(t, same_node, NULL, &e))
		home_die("tally", &e);
	for (i = 0; i < now->n_node; i++)
		nodes += now->node[i].in;
	tally_end(t, &end);
	if (end.nodes != nodes || end.size != now->leaves ||
	    end.at_ms != now->leaf_ms)
		fail("tally", "other nodes, size or time", "the model's");
	tally_free(t);
}

/* What is counted as it moves is what there is when it is added up. */
static void
same_purses(void)
{
	struct err e = { 0 };
	struct m_purse due;
	struct purse is;
	char text[2][128];
	int i;

	for (i = 0; i < now->n_node; i++) {
		if (!now->node[i].in)
			continue;
		due = m_purse(now, i);
		if (purse_get(db.s, name_of(i),
		    unit_named(UNITS(now->node[i].unit)), now->now_ms, &is,
		    &e))
			home_die("purse_get", &e);
		snprintf(text[0], 128, "open %lld day %lld spent %lld",
		    (long long)is.open_minor, (long long)is.day_minor,
		    (long long)is.spent_minor);
		snprintf(text[1], 128, "open %lld day %lld spent %lld",
		    (long long)due.open, (long long)due.day,
		    (long long)due.spent);
		if (strcmp(text[0], text[1]))
			fail(name_of(i), text[0], text[1]);
	}
}

static void
same_all(void)
{
	struct ledger_head head;
	struct err e = { 0 };

	same_balances();
	same_tasks();
	same_bounties();
	same_purses();
	if (ledger_head(db.s, &head, &e))
		home_die("ledger_head", &e);
	if (head.size != now->leaves || head.at_ms != now->leaf_ms)
		fail("head", "other size or time", "the model's");
}

/* A refund that failed, and is not parked yet, is one that is late. */
static bool
some_late(void)
{
	const struct m_task *t;

	for (t = now->task; t < now->task + now->n_task; t++)
		if (t->failures && !m_parked(t) && t->state < M_DONE)
			return true;
	return false;
}

/* The six invariants, and projections that the leaves alone would give. */
static void
prove(void)
{
	struct rebuilt r;
	struct err e = { 0 };

	same_scores();
	same_tally();
	if (home_verify(db.s))
		fail("verify", "findings", "none");
	if (home_audit(db.s))
		fail("audit", "other counters", "the log's");
	if (!home_reconciles(db.s, &run->params, now->now_ms) &&
	    !some_late())
		fail("reconcile", "unequal", "equal");
	if (ledger_rebuild(db.s, &r, &e))
		home_die("ledger_rebuild", &e);
	if (!r.same || r.size != now->leaves)
		fail("rebuild", "other projections", "the same");
}

#endif
