/* The scenarios, and a play from its first day to its last. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cri/audit.h"
#include "cri/cri.h"
#include "lab/impl.h"
#include "node/audit.h"
#include "settle/settle.h"

static const struct {
	const char *name, *brief;
	attack_day *day;
} scenarios[] = {
	{ "market", "honest nodes among themselves", attack_none },
	{ "ring", "5 names of one owner, 50 trades each with the others",
	    attack_ring },
	{ "star", "20 names of one owner trade once with the 21st",
	    attack_star },
	{ "pair", "2 names of one owner, 50 trades with each other",
	    attack_pair },
	{ "whitewash", "cheats, and takes another name when it is found out",
	    attack_whitewash },
	{ "slowburn", "honest for two thirds of the time, and then cheats",
	    attack_slowburn },
	{ "flood", "fresh keys endorse each other, and one more",
	    flood_day },
};

#define SCENARIOS ((int)(sizeof(scenarios) / sizeof(*scenarios)))

const char *
lab_scenario(int i)
{
	return i >= 0 && i < SCENARIOS ? scenarios[i].name : NULL;
}

const char *
lab_brief(int i)
{
	return i >= 0 && i < SCENARIOS ? scenarios[i].brief : NULL;
}

const char *
lab_role_word(enum lab_role r)
{
	return r == LAB_ATTACKER ? "attacker" : "honest";
}

int64_t
lab_cost(const struct lab_money *m)
{
	return m->tax + m->fees + m->confiscated + m->lost;
}

int
lab_check(const struct lab_plan *p, struct err *e)
{
	int i;

	if (p->seed > LEAF_INT_MAX)
		return err_set(e, E_usage, "--seed is 0 to %lld",
		    (long long)LEAF_INT_MAX);
	if (p->days < 1 || p->days > LAB_DAYS)
		return err_set(e, E_usage, "--days is 1 to %d", LAB_DAYS);
	if (p->honest < LAB_HONEST_MIN || p->honest > LAB_HONEST_MAX)
		return err_set(e, E_usage, "--nodes is %d to %d",
		    LAB_HONEST_MIN, LAB_HONEST_MAX);
	if (p->keys < 2 || p->keys > LAB_KEYS)
		return err_set(e, E_usage, "--keys is 2 to %d", LAB_KEYS);
	for (i = 0; i < p->targets; i++)
		if (p->target[i] < 0 || p->target[i] > CRI_MAX)
			return err_set(e, E_usage, "--target is 0 to 100");
	return 0;
}

/* --- the play ------------------------------------------------------------- */

/* How those stand whose scores are followed. */
static int
look(struct world *w, struct err *e)
{
	enum lab_role r;
	struct lab_side *s;

	for (r = 0; r < LAB_ROLES; r++) {
		s = &w->out->side[r];
		if (!w->lead[r])
			continue;
		if (world_score(w, w->lead[r], &s->cri, e))
			return -1;
		s->tenths[w->day] = s->cri.tenths;
		if (!s->there || s->cri.tenths > s->best) {
			s->best = s->cri.tenths;
			s->best_day = w->day;
		}
		s->there = true;
		memcpy(s->node_id, w->lead[r]->id, NODE_ID);
	}
	return 0;
}

static int
play(struct world *w, int scenario, struct err *e)
{
	while (w->day < w->plan->days)
		if (world_dawn(w, e) || world_complain(w, e) ||
		    honest_day(w, e) || scenarios[scenario].day(w, e) ||
		    (!w->day && look(w, e)) ||
		    world_dusk(w, e) || look(w, e))
			return -1;
	return 0;
}

/* --- what came of it ------------------------------------------------------ */

static void
find_targets(struct world *w, struct lab_reach (*by_day)[LAB_DAYS + 1])
{
	enum lab_role r;
	struct lab_side *s;
	int64_t day;
	int i;

	for (r = 0; r < LAB_ROLES; r++) {
		s = &w->out->side[r];
		for (i = 0; i < w->plan->targets; i++) {
			for (day = 0; day < w->plan->days &&
			    s->tenths[day] < w->plan->target[i]; day++)
				;
			s->reach[i] = by_day[r][day];
			s->reach[i].reached =
			    s->tenths[day] >= w->plan->target[i];
		}
	}
}

static int
ignore_record(void *arg, struct buf *record, struct err *e)
{
	(void)arg;
	(void)record;
	(void)e;
	return 0;
}

static int
ignore_fault(void *arg, const struct cri_fault *f, struct err *e)
{
	(void)arg;
	(void)f;
	(void)e;
	return 0;
}

static int
ignore_node_fault(void *arg, const struct node_fault *f, struct err *e)
{
	(void)arg;
	(void)f;
	(void)e;
	return 0;
}

/* Ask those whose business it is whether all is as it should be. */
static int
examine(struct world *w, struct err *e)
{
	const struct reconcile how = {
		.params = w->plan->params, .now_ms = w->now_ms,
		.told = ignore_record,
	};
	struct cri_audit audit;
	struct node_audit nodes;
	bool sound;
	int got = settle_reconcile(w->store, &how, &sound, e);

	if (got < 0 || store_snapshot(w->store, e))
		return -1;
	w->out->books = got && sound;
	got = cri_audit(w->store, ignore_fault, NULL, &audit, e) ||
	    node_audit(w->store, ignore_node_fault, NULL, &nodes, e) ? -1 : 0;
	store_rollback(w->store);
	w->out->counters = !got && !audit.faults && !nodes.faults;
	return got;
}

int
lab_run(const struct lab_plan *plan, int scenario, struct lab_result *out,
    struct err *e)
{
	struct lab_reach (*by_day)[LAB_DAYS + 1] =
	    mem_zero(LAB_ROLES, sizeof(*by_day));
	struct world w;
	int rc;

	*out = (struct lab_result){ .scenario = scenario, .plan = *plan };
	rc = world_open(&w, plan, out, e) || play(&w, scenario, e) ||
	    books_read(&w, by_day, e) || advice_read(&w, e) ||
	    examine(&w, e) ? -1 : 0;
	if (!rc)
		find_targets(&w, by_day);
	out->nodes = (int64_t)w.players;
	world_close(&w);
	free(by_day);
	return rc;
}
