/*
 * Sweeps one after another, in the foreground, for a supervisor: each node
 * at its own interval.  TERM and INT end it once what was found is taken in;
 * bzn.conf and the peers are read before each sweep, and after HUP at once.
 */
#include <signal.h>

#include "cli/stay.h"
#include "health/health.h"
#include "ping/run.h"
#include "ping/second.h"
#include "ping/targets.h"

#define WAIT_LEAST_MS 100

static volatile sig_atomic_t stopped;

static void
stop(int number)
{
	(void)number;
	stopped = 1;
}

/* Held back but while nodes are asked; a flag tells of them then. */
static void
hold(sigset_t *set)
{
	const struct sigaction act = { .sa_handler = stop };

	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	stay_hold(set, true);
}

static int64_t
interval_of(const struct cli *c, const struct target *t)
{
	return t->interval_ms ? t->interval_ms :
	    c->params.value[PARAM_health_check_interval];
}

/*
 * Leave those whose time has come; *next_ms is when that of others will be.
 * Sweeps are a little early or late: a tenth of the interval is no matter.
 */
static int
due(struct cli *c, const struct sweep_plan *plan, struct targets *all,
    int64_t *next_ms, struct err *e)
{
	int64_t now_ms = cli_now(c), at_ms, interval_ms;
	struct health_series h;
	size_t i, n = 0;
	int got = store_snapshot(c->store, e);

	*next_ms = INT64_MAX;
	for (i = 0; got >= 0 && i < all->n; i++) {
		got = health_get(c->store, all->target[i].node_id,
		    plan->family[0], &h, e);
		if (got < 0)
			break;
		interval_ms = interval_of(c, &all->target[i]);
		at_ms = got && h.machine.probed_ms <= now_ms ?
		    h.machine.probed_ms + interval_ms : now_ms;
		if (at_ms - interval_ms / 10 <= now_ms) {
			all->target[n++] = all->target[i];
			at_ms = now_ms + interval_ms;
		}
		if (at_ms < *next_ms)
			*next_ms = at_ms;
	}
	store_rollback(c->store);
	all->n = n;
	return got < 0 ? -1 : 0;
}

static int
once(struct cli *c, const struct ping_sweep *say, struct secret *pass,
    int64_t *next_ms, struct err *e)
{
	struct ping_turn turn = PING_NO_TURN;
	struct targets all = { .target = NULL };
	struct sweep_plan plan;
	struct swept swept;
	struct params params;
	sigset_t set;
	int rc = -1;

	*next_ms = INT64_MAX;
	if (cli_params(c, &params, e))
		return -1;
	c->params = params;
	if (ping_plan(&plan, c, say, e))
		return -1;
	plan.stop = &stopped;
	plan.pass = pass;
	if (cli_store(c, e) ||
	    ping_turn(&turn, c, plan.number, plan.many, e) ||
	    ping_targets(&all, c, &plan, e) ||
	    due(c, &plan, &all, next_ms, e))
		goto out;
	rc = 0;
	if (!all.n)
		goto out;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	rc = ping_run(c, &plan, &all, &swept, e);
	hold(&set);
	if (!rc && !stopped)
		rc = ping_verdict(&swept, e);
	ping_heartbeat(c, &plan, rc ? e->kind : ERR_OK);
out:
	ping_turn_end(&turn);
	targets_release(&all);
	return rc;
}

/* Is it enough?  SIGHUP only ends the wait. */
static bool
wait_until(struct cli *c, int64_t next_ms)
{
	int64_t most_ms = c->params.value[PARAM_health_check_interval];
	int64_t wait_ms = next_ms - cli_now(c);
	sigset_t held;
	int got;

	if (wait_ms > most_ms)
		wait_ms = most_ms;
	if (wait_ms < WAIT_LEAST_MS)
		wait_ms = WAIT_LEAST_MS;
	hold(&held);
	if (stopped)
		return true;
	got = stay_rest(c, &held, wait_ms);
	return got == SIGTERM || got == SIGINT;
}

/* Verdicts are for who asks once: it goes on, and says them. */
static int
go_on(struct cli *c, const struct ping_sweep *say, struct secret *pass,
    struct err *e)
{
	int64_t n, next_ms;

	for (n = 1;; n++) {
		if (once(c, say, pass, &next_ms, e)) {
			if (e->kind != ERR_BUSY && e->kind != ERR_NO)
				return -1;
			cli_complain(c, e);
			*e = (struct err){ 0 };
		}
		if (cli_flush(e))
			return -1;
		if (n == say->sweeps)
			return 0;
		if (wait_until(c, next_ms))
			break;
	}
	c->worst = ERR_OK;	/* it was told of when it happened */
	return 0;
}

int
ping_watch(struct cli *c, const struct ping_sweep *say, struct err *e)
{
	struct secret pass;
	sigset_t set;
	int rc;

	if (c->fixed_ms >= 0 && !say->sweeps)
		return err_set(e, E_usage, "watch does not wait with --now: "
		    "say after how many --sweeps it ends");
	second_ready(c, &say->pass, &pass);
	hold(&set);
	rc = cli_store(c, e) || ping_shut(c, say, true, e) ||
	    go_on(c, say, &pass, e) ? -1 : 0;
	secret_release(&pass);
	return rc;
}
