/*
 * Random requests to the real market and to a model of it (P1 of
 * spec/ledger.md 9, spec/vmp.md 10.2).  Each answer is predicted; after each
 * transaction every balance and every trade is compared; now and then, and at
 * the end, the log has to verify, the books to be equal, and the projections
 * to be what the leaves alone would make.  The operator's clock is of one of
 * four tempers, and log time never goes back.  Transactions are rolled back,
 * stores opened anew, and processes killed in the middle.
 *
 *	test_model [SEED]
 *
 * replays the round of one seed.  BZN_MODEL_SEED is another way to say it;
 * BZN_MODEL_OPS is how many requests there are, 4,000 to a round; of 100,000
 * each must have been answered in each way that it can be.
 */
#include <signal.h>
#include <sys/wait.h>

#include "model_do_bounty.h"
#include "model_do_market.h"
#include "model_do_move.h"
#include "model_do_node.h"
#include "model_do_quote.h"
#include "model_do_realm.h"
#include "model_do_strike.h"
#include "model_do_trade.h"
#include "model_reach.h"
#include "model_same.h"
#include "model_settle.h"

#define ROUND 4000

static const struct request {
	const char *name;
	bool (*ask)(void);
	int weight;
} requests[] = {
	{ "ask", do_ask, 5 }, { "register", do_register, 6 },
	{ "publish", do_publish, 6 }, { "lock", do_lock, 26 },
	{ "claim", do_claim, 6 }, { "complete", do_complete, 13 },
	{ "dispute", do_dispute, 8 }, { "resolve", do_resolve, 5 },
	{ "settle", do_settle, 6 }, { "retry", do_retry, 1 },
	{ "transfer", do_transfer, 12 },
	{ "refund", do_refund, 3 }, { "direct", do_direct, 8 },
	{ "bounty", do_bounty, 5 }, { "submit", do_submit, 6 },
	{ "end of a bounty", do_bounty_end, 4 },
	{ "sandbox", do_sandbox, 1 }, { "signup", do_signup, 1 },
	{ "caps", do_caps, 2 },
	{ "quote", do_quote, 4 }, { "report", do_report, 2 },
	{ "custom", do_custom, 2 }, { "custom gone", do_custom_gone, 1 },
	{ "update", do_update, 3 }, { "retire", do_retire, 1 },
};

static bool
one(void)
{
	size_t i, n = sizeof(requests) / sizeof(*requests);
	int64_t sum = 0;

	for (i = 0; i < n; i++)
		sum += requests[i].weight;
	sum = roll(sum);
	for (i = 0; sum >= requests[i].weight; i++)
		sum -= requests[i].weight;
	run->name = requests[i].name;
	return requests[i].ask();
}

/*
 * What the operator's clock says next: all it can do, or mostly that it
 * stands still, leaps, or goes back.
 */
static int64_t
next_clock(void)
{
	const struct m_task *t = now->n_task ?
	    &now->task[now->n_task - 1 - roll(now->n_task)] : NULL;
	int64_t deadline_ms = !t ? 0 : t->settle_ms && roll(3) ? t->settle_ms :
	    t->refund_ms, ms = run->clock_ms;
	int64_t what = roll(12);

	switch (roll(3) ? run->seed % 4 : 0) {
	case 1:
		return ms;
	case 2:
		what = roll(6);
		break;
	case 3:
		what = roll(4) * 4;
		break;
	}
	switch (what) {
	case 0:
		return now->leaf_ms - roll(2 * DAY_MS);
	case 1:
	case 2:
		if (deadline_ms > ms)
			return deadline_ms - roll(3);
		return ms + roll(60000);
	case 3:
		return ms + roll(DAY_MS);
	case 4:
		return ms - ms % DAY_MS + DAY_MS - roll(3);	/* midnight */
	case 5:
		return ms + roll(roll(6) ? HOUR_MS : 10 * DAY_MS);
	case 6:
	case 7:
		return ms;
	case 8:
	case 9:
		return ms + roll(HOUR_MS);
	default:
		return ms + roll(1000);
	}
}

static void
use(int which)
{
	db.s = db.store[which];
	db.l = db.ledger[which];
}

/* The phases of a sweep, in their order. */
static const enum settle_phase phases[M_PHASES] = {
	[M_SETTLES] = SETTLE_PAY, [M_REFUNDS] = SETTLE_REFUND,
	[M_SHADOWS] = SETTLE_SHADOW, [M_BOUNTIES] = SETTLE_BOUNTY,
	[M_EXPIRES] = SETTLE_SANDBOX,
};

static int
told(void *arg, const struct settled *done, struct err *e)
{
	enum m_phase *phase = arg;
	int which;

	(void)e;
	while ((which = m_next(now, *phase)) < 0)
		if (++*phase == M_PHASES)
			fail("sweep", done->id, "nothing");
	if (done->why && (*phase > M_REFUNDS ||
	    strcmp(now->task[which].escrow, run->poison)))
		fail("sweep", done->why->msg, "ok");
	if (strcmp(m_next_id(now, *phase, which), done->id) ||
	    done->phase != phases[*phase])
		fail("sweep", done->id, m_next_id(now, *phase, which));
	run->swept++;
	if (!done->why) {
		m_sweep(now, *phase, which);
		return 0;
	}
	now->task[which].passed = true;
	if (done->failures != ++now->task[which].failures ||
	    done->parked != m_parked(&now->task[which]))
		fail("sweep", "other failures", "the model's");
	ends[END_FAILED].times++;
	ends[END_PARKED].times += done->parked;
	return 0;
}

/* One that is due, and has failed before if there is one. */
static struct m_task *
to_poison(void)
{
	struct m_task *t = NULL;
	int i;

	for (i = 0; i < 60 && now->n_task; i++) {
		t = &now->task[roll(now->n_task)];
		if ((m_due(now, t, M_DUE_SETTLE) ||
		    m_due(now, t, M_DUE_REFUND)) && (t->failures || i > 40))
			return t;
	}
	return NULL;
}

/* One escrow that cannot be closed, as long as a sweep takes. */
static void
poison(bool on)
{
	struct m_task *t;
	char sql[256];

	if (on) {
		t = roll(3) ? to_poison() : NULL;
		if (!t)
			return;
		snprintf(run->poison, sizeof(run->poison), "%s", t->escrow);
		snprintf(sql, sizeof(sql), "CREATE TRIGGER poison BEFORE "
		    "UPDATE OF closed_ms ON escrow_escrow WHEN OLD.id = '%s' "
		    "BEGIN SELECT RAISE(ABORT, 'poison'); END", run->poison);
	} else {
		if (!*run->poison)
			return;
		*run->poison = '\0';
		snprintf(sql, sizeof(sql), "DROP TRIGGER poison");
		for (t = now->task; t < now->task + now->n_task; t++)
			t->passed = false;
	}
	if (sqlite3_exec(db.s->db, sql, NULL, NULL, NULL))
		fail("poison", sqlite3_errmsg(db.s->db), "ok");
}

static void
sweep(void)
{
	enum m_phase phase = M_SETTLES;
	const struct settle s = {
		.now_ms = run->clock_ms, .sane = true, .params = &run->params,
		.limit = roll(2) ? 0 : 1 + roll(10), .told = told,
		.arg = &phase,
	};
	int which = (int)roll(2), before = run->swept;
	struct err e = { 0 };

	use(which);
	m_clock(now, run->clock_ms);
	poison(true);
	if (settle_sweep(db.s, &db.ledger[which], &s, &e))
		home_die("settle_sweep", &e);
	if (s.limit && run->swept - before > s.limit)
		fail("sweep", "more", "the limit");
	if (!s.limit || run->swept - before < s.limit) {
		for (phase = 0; phase < M_PHASES; phase++)
			if (m_next(now, phase) >= 0)
				fail("sweep", "something left", "nothing");
		m_tidy(now, run->clock_ms);
	}
	poison(false);
	same_all();
}

/* One request under a mark: what it did stands, or does not. */
static void
act(void)
{
	char text[32];
	int n, u;

	m_copy(&run->at_mark, now);
	home_mark(db.l);
	if (!one()) {
		home_undo(db.l);
	} else if (ledger_size_in(db.l) != (uint64_t)now->leaves) {
		snprintf(text, sizeof(text), "%lld leaves",
		    (long long)now->leaves);
		fail(run->name, "more leaves or fewer", text);
	} else if (roll(10)) {
		home_keep(db.l);
	} else {
		home_undo(db.l);
		m_copy(now, &run->at_mark);
		run->undone++;
	}
	for (n = 0; n < now->n_node; n++)
		for (u = 0; u < 2; u++)
			if (home_balance(db.l, name_of(n), UNITS(u)) !=
			    now->node[n].have[u])
				fail(name_of(n), "another balance",
				    "the model's");
}

/* One transaction of some requests, each under a mark. */
static void
transact(int which, int end)
{
	int64_t left = 1 + roll(16);

	use(which);
	m_copy(&run->at_begin, now);
	home_begin(db.s, &db.ledger[which], run->clock_ms);
	use(which);
	m_clock(now, run->clock_ms);
	if (ledger_now(db.l) != now->now_ms)
		fail("log time", "other", "the model's");
	for (; left && run->op < end; left--, run->op++)
		act();
	if (roll(7)) {
		home_commit(db.l);
		run->commits++;
		run->committed = true;
	} else {
		ledger_rollback(db.l);
		m_copy(now, &run->at_begin);
		run->rollbacks++;
	}
}

static void
reopen(int which)
{
	ledger_free(db.ledger[which]);
	store_close(db.store[which]);
	db.ledger[which] = NULL;
	db.store[which] = home_open("home-model", STORE_WRITE);
	use(which);
	run->reopened++;
}

/* Another process does it, and dies before it has committed, or after. */
static void
transact_killed(int end)
{
	int64_t left = 1 + roll(16);
	bool commits = roll(2);
	int status = 0;
	pid_t pid;

	fflush(stdout);
	m_copy(&run->at_begin, now);
	run->committed = false;
	pid = fork();
	if (!pid) {
		db.store[0] = home_open("home-model", STORE_WRITE);
		db.ledger[0] = NULL;
		home_begin(db.store[0], &db.ledger[0], run->clock_ms);
		use(0);
		m_clock(now, run->clock_ms);
		for (; left && run->op < end; left--, run->op++)
			act();
		if (commits)
			home_commit(db.l);
		run->committed = commits;
		raise(SIGKILL);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail("fork", "no child", "one");
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		exit(1);
	if (!run->committed)
		m_copy(now, &run->at_begin);
	run->killed++;
	use(0);
}

static void
play(uint64_t seed, int ops)
{
	int i, proved = 0;

	printf("# seed %llu, %d operations\n", (unsigned long long)seed, ops);
	fflush(stdout);
	run->seed = seed;
	run->op = 0;
	m_begin(now, HOME_MS);
	run->clock_ms = HOME_MS;
	chance_seed(&run->dice, seed);
	chance_seed(&run->ids, ~seed);
	param_defaults(&run->params);
	run->params.value[PARAM_settle_batch] = 7;
	run->params.value[PARAM_validators_per_node] = m_param.customs = 3;
	run->params.value[PARAM_settle_max_failures] = m_param.failures = 2;
	run->params.value[PARAM_genesis_max] = m_param.badges = 3;
	run->params.value[PARAM_pioneer_max] = m_param.pioneers = 2;
	run->params.value[PARAM_pioneer_threshold] = m_param.proofs = 2;
	run->params.value[PARAM_pioneer_bonus] = m_param.bonus = 500;
	db.store[0] = home_new("home-model");
	db.store[1] = home_open("home-model", STORE_WRITE);
	while (run->op < ops) {
		if (roll(40))
			transact((int)roll(2), ops);
		else
			transact_killed(ops);
		same_all();
		run->clock_ms = next_clock();
		if (!roll(5))
			sweep();
		if (!roll(30))
			reopen((int)roll(2));
		if (run->op / 1000 > proved) {
			proved = run->op / 1000;
			prove();
		}
	}
	prove();
	reach_round(ops);
	OK(now->leaves > ops / 8);
	for (i = 0; i < 2; i++) {
		ledger_free(db.ledger[i]);
		db.ledger[i] = NULL;
		store_close(db.store[i]);
	}
}

int
main(int argc, char **argv)
{
	const char *seed = argc > 1 ? argv[1] : getenv("BZN_MODEL_SEED");
	const char *most = getenv("BZN_MODEL_OPS");
	int ops = most ? (int)strtol(most, NULL, 10) : 3 * ROUND, i;

	run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run == MAP_FAILED)
		return 1;
	now = &run->now;
	if (seed)
		play(strtoull(seed, NULL, 10), ops < ROUND ? ops : ROUND);
	for (i = 0; !seed && ops > 0; i++, ops -= ROUND)
		play((uint64_t)i + 1, ops < ROUND ? ops : ROUND);
	printf("# %d commits, %d rollbacks, %d undone, %d reopened, "
	    "%d killed, %d swept\n", run->commits, run->rollbacks,
	    run->undone, run->reopened, run->killed, run->swept);
	reach_tell();
	return DONE();
}
