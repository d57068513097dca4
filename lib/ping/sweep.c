/* The verb sweep: whom it asks, and how it ends. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/note.h"
#include "ping/run.h"
#include "ping/second.h"
#include "ping/targets.h"
#include "store/store.h"

/* Of one that nobody has fed, as from cron, nothing is to be expected. */
static bool
fed(void)
{
	struct stat st;

	return !fstat(STDIN_FILENO, &st) && (S_ISFIFO(st.st_mode) ||
	    S_ISREG(st.st_mode));
}

int
ping_targets(struct targets *out, struct cli *c,
    const struct sweep_plan *plan, struct err *e)
{
	const char *file = plan->say->targets;
	size_t lines = 0;
	int rc = store_snapshot(c->store, e);

	if (!file && c->argc && !strcmp(c->argv[0], "-"))
		file = "-";
	if (rc)
		;
	else if (file)
		rc = targets_read(out, c, file, &lines, e);
	else if (c->argc)
		rc = targets_named(out, c, c->argv, e);
	else if (!plan->stop && fed())
		rc = targets_read(out, c, "-", &lines, e);
	if (!rc && !file && !c->argc && !lines)
		rc = targets_known(out, c, e);
	store_rollback(c->store);
	targets_sort(out, plan->number, plan->many);
	return rc;
}

int
ping_sweep(struct cli *c, const struct ping_sweep *say, struct err *e)
{
	struct ping_turn turn = PING_NO_TURN;
	struct targets all = { .target = NULL };
	struct sweep_plan plan;
	struct secret pass;
	struct swept swept;
	int rc = -1;

	if (ping_plan(&plan, c, say, e))
		return -1;
	second_ready(c, &say->pass, &pass);
	plan.pass = &pass;
	/* Whoever feeds it may be slow, and nobody else is to wait for that. */
	if (cli_store(c, e) || ping_shut(c, say, false, e) ||
	    ping_targets(&all, c, &plan, e) ||
	    ping_turn(&turn, c, plan.number, plan.many, e))
		goto out;
	if (!all.n && c->verbose)
		cli_note(c, "there is nobody to ask: 'bzn-card import' takes "
		    "the cards of nodes");
	rc = ping_run(c, &plan, &all, &swept, e);
	if (!rc)
		rc = ping_verdict(&swept, e);
out:
	ping_turn_end(&turn);
	targets_release(&all);
	secret_release(&pass);
	ping_heartbeat(c, &plan, rc ? err_worse(e->kind, c->worst) :
	    c->worst);
	return rc;
}
