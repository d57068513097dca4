/*
 * Random requests to the real market and to a model of it (P1 of
 * spec/ledger.md 9).  Each answer is predicted; after each transaction every
 * balance and every task is compared; now and then, and at the end, the log
 * has to verify and the books to be equal.
 *
 *	test_model [SEED]
 *
 * replays the round of one seed.  BZN_MODEL_SEED is another way to say it;
 * BZN_MODEL_OPS is how many requests there are, 4,000 to a round.
 */
#include "tap.h"

#include "ledger/read.h"
#include "model_do.h"

#define ROUND 4000

/* Every balance that the store has is the model's, and the reverse. */
static void
same_balances(void)
{
	bool seen[M_NODES][2] = { { false } };
	struct err e = { 0 };
	int64_t due = 0, escrows = 0;
	struct account a;
	struct query q;
	char text[64];
	int got, i, u;

	ledger_accounts_open(&q, run.s, NULL);
	while ((got = ledger_accounts_next(&q, &a, &e)) > 0) {
		u = !strcmp(a.unit.code, "SBX");
		due = !strcmp(a.name, "MINT") ? now.mint[u] : now.vault[u];
		for (i = 0; i < M_NODES; i++)
			if (!strcmp(a.name, m_name[i])) {
				seen[i][u] = true;
				due = now.have[i][u];
			}
		if (!strncmp(a.name, "ESCROW:", 7)) {
			for (i = 0; i < now.n_task; i++)
				if (!strcmp(a.name + 7, now.task[i].escrow))
					break;
			due = i == now.n_task ? -1 : now.task[i].state <
			    M_PAID ? now.task[i].price : 0;
			escrows++;
		}
		snprintf(text, sizeof(text), "%lld", (long long)due);
		if (a.balance.minor != due)
			fail(a.name, a.unit.code, text);
	}
	if (got < 0)
		home_die("ledger_accounts_next", &e);
	for (i = 0; i < 2 * M_NODES; i++)
		if (now.have[i / 2][i % 2] && !seen[i / 2][i % 2])
			fail(m_name[i / 2], "no account", "a balance");
	if (escrows != now.n_task)
		fail("escrows", "more or fewer", "one a task");
}

static void
same_tasks(void)
{
	static const char *const words[][2] = {
		{ "OPEN", "PENDING" }, { "IN_PROGRESS", "PENDING" },
		{ "COMPLETED", "AWAITING_SETTLEMENT" },
		{ "DISPUTED", "DISPUTED" }, { "COMPLETED", "SETTLED" },
		{ "REFUNDED", "REFUNDED" },
	};
	const struct escrow_filter all = { 0 };
	const struct m_task *m = now.task;
	struct err e = { 0 };
	struct task t;
	struct query q;
	int got;

	escrow_list_open(&q, run.s, &all);
	for (; (got = escrow_list_next(&q, &t, &e)) > 0; m++) {
		if (m == now.task + now.n_task || strcmp(t.id, m->id))
			fail("tasks", t.id, "in the model");
		if (strcmp(escrow_task_word(t.state), words[m->state][0]) ||
		    strcmp(escrow_state_word(t.escrow), words[m->state][1]))
			fail(t.id, escrow_task_word(t.state),
			    words[m->state][0]);
		if (t.refund_ms != m->refund_ms || t.amount.minor != m->price ||
		    t.settle_ms != m->settle_ms ||
		    !t.closed_ms != (m->state < M_PAID) ||
		    !t.disputed_ms != !m->disputed ||
		    !t.verdict != (m->output != 0) ||
		    !t.output != (m->output < 0))
			fail(t.id, "other facts", "the model's");
		escrow_task_release(&t);
	}
	if (got < 0 || m != now.task + now.n_task)
		fail("tasks", "fewer", "all of them");
}

static void
same_all(void)
{
	struct ledger_head head;
	struct err e = { 0 };

	same_balances();
	same_tasks();
	if (ledger_head(run.s, &head, &e))
		home_die("ledger_head", &e);
	if (head.size != now.leaves || head.at_ms != now.leaf_ms)
		fail("head", "other size or time", "the model's");
}

static void
prove(void)
{
	if (home_verify(run.s))
		fail("verify", "findings", "none");
	if (!home_reconciles(run.s, &run.params, now.now_ms))
		fail("reconcile", "unequal", "equal");
}

static int64_t
next_clock(void)
{
	const struct m_task *t = now.n_task ?
	    &now.task[now.n_task - 1 - roll(now.n_task)] : NULL;
	int64_t deadline_ms = !t ? 0 : t->settle_ms && roll(3) ? t->settle_ms :
	    t->refund_ms;

	switch (roll(10)) {
	case 0:
		return now.leaf_ms - roll(2 * DAY_MS);
	case 1:
	case 2:
		if (deadline_ms > run.clock_ms)
			return deadline_ms - roll(3);
		return run.clock_ms + roll(60000);
	case 3:
		return run.clock_ms + roll(DAY_MS);
	case 4:
	case 5:
		return run.clock_ms + roll(HOUR_MS);
	case 6:
	case 7:
		return run.clock_ms;
	default:
		return run.clock_ms + roll(1000);
	}
}

static void
use(int which)
{
	run.s = run.store[which];
	run.l = run.ledger[which];
}

static int
told(void *arg, const struct settled *done, struct err *e)
{
	struct m_task *t = m_next_due(&now, *(bool *)arg);

	(void)e;
	if (!t && *(bool *)arg) {
		*(bool *)arg = false;
		t = m_next_due(&now, false);
	}
	if (done->why)
		fail("sweep", done->why->msg, "ok");
	if (!t || strcmp(t->escrow, done->escrow_id))
		fail("sweep", done->escrow_id, t ? t->escrow : "nothing");
	m_settle(&now, t);
	run.swept++;
	return 0;
}

static void
sweep(void)
{
	bool settle = true;
	const struct settle s = {
		.now_ms = run.clock_ms, .sane = true, .params = &run.params,
		.limit = roll(2) ? 0 : 1 + roll(10), .told = told,
		.arg = &settle,
	};
	int which = (int)roll(2), before = run.swept;
	struct err e = { 0 };

	use(which);
	m_clock(&now, run.clock_ms);
	if (settle_sweep(run.s, &run.ledger[which], &s, &e))
		home_die("settle_sweep", &e);
	if (s.limit && run.swept - before > s.limit)
		fail("sweep", "more", "the limit");
	if ((!s.limit || run.swept - before < s.limit) &&
	    (m_next_due(&now, true) || m_next_due(&now, false)))
		fail("sweep", "something left", "nothing");
	same_all();
}

/* One transaction of some requests, each under a mark. */
static void
transact(int which, int end)
{
	int64_t left = 1 + roll(16);
	int n, u;

	use(which);
	m_copy(&at_begin, &now);
	home_begin(run.s, &run.ledger[which], run.clock_ms);
	use(which);
	m_clock(&now, run.clock_ms);
	if (ledger_now(run.l) != now.now_ms)
		fail("log time", "other", "the model's");
	for (; left && run.op < end; left--, run.op++) {
		m_copy(&at_mark, &now);
		home_mark(run.l);
		if (!one()) {
			home_undo(run.l);
		} else if (roll(10)) {
			home_keep(run.l);
		} else {
			home_undo(run.l);
			m_copy(&now, &at_mark);
			run.undone++;
		}
		for (n = 0; n < M_NODES; n++)
			for (u = 0; u < 2; u++)
				if (home_balance(run.l, m_name[n], UNITS(u))
				    != now.have[n][u])
					fail(m_name[n], "another balance",
					    "the model's");
	}
	if (roll(7)) {
		home_commit(run.l);
		run.commits++;
	} else {
		ledger_rollback(run.l);
		m_copy(&now, &at_begin);
		run.rollbacks++;
	}
	same_all();
}

static void
reopen(int which)
{
	ledger_free(run.ledger[which]);
	store_close(run.store[which]);
	run.ledger[which] = NULL;
	run.store[which] = home_open("home-model", STORE_WRITE);
	use(which);
	run.reopened++;
}

static void
play(uint64_t seed, int ops)
{
	int i, proved = 0;

	printf("# seed %llu, %d operations\n", (unsigned long long)seed, ops);
	fflush(stdout);
	run.seed = seed;
	run.op = 0;
	memset(&now, 0, offsetof(struct model, task));
	now.leaves = 1;
	run.clock_ms = now.leaf_ms = HOME_MS;
	chance_seed(&run.dice, seed);
	chance_seed(&run.ids, ~seed);
	param_defaults(&run.params);
	run.params.value[PARAM_settle_batch] = 7;
	run.store[0] = home_new("home-model");
	run.store[1] = home_open("home-model", STORE_WRITE);
	while (run.op < ops) {
		transact((int)roll(2), ops);
		run.clock_ms = next_clock();
		if (!roll(5))
			sweep();
		if (!roll(30))
			reopen((int)roll(2));
		if (run.op / 1000 > proved) {
			proved = run.op / 1000;
			prove();
		}
	}
	prove();
	OK(now.leaves > ops / 4);
	for (i = 0; i < 2; i++) {
		ledger_free(run.ledger[i]);
		run.ledger[i] = NULL;
		store_close(run.store[i]);
	}
}

int
main(int argc, char **argv)
{
	const char *seed = argc > 1 ? argv[1] : getenv("BZN_MODEL_SEED");
	const char *most = getenv("BZN_MODEL_OPS");
	int ops = most ? (int)strtol(most, NULL, 10) : 3 * ROUND, i;

	if (seed)
		play(strtoull(seed, NULL, 10), ops < ROUND ? ops : ROUND);
	for (i = 0; !seed && ops > 0; i++, ops -= ROUND)
		play((uint64_t)i + 1, ops < ROUND ? ops : ROUND);
	printf("# %d commits, %d rollbacks, %d undone, %d reopened, %d swept\n",
	    run.commits, run.rollbacks, run.undone, run.reopened, run.swept);
	for (i = 0; i < E__COUNT; i++)
		if (run.answers[i])
			printf("# %6d %s\n", run.answers[i],
			    err_word((enum err_code)i));
	return DONE();
}
