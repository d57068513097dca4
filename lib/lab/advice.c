/*
 * EigenTrust beside the scores: what those think of each side whom three
 * honest nodes trust.  Advice, and no part of any score.
 */
#include <string.h>

#include "cri/opinion.h"
#include "cri/tally.h"
#include "eigen/web.h"
#include "lab/impl.h"

#define FOUNDERS 3		/* trusted from the start, by a weight of 1 */
#define RATE_ONE 10000		/* of a parameter */

static int
trust_founders(struct world *w, struct web *web, struct err *e)
{
	size_t i;

	for (i = 1; i <= FOUNDERS; i++)
		if (web_prior(web, w->player[i]->id, 1, e))
			return -1;
	return 0;
}

static int
solve(struct world *w, struct web *web, struct err *e)
{
	const struct eigen_alpha alpha = {
		w->plan->params->value[PARAM_eigentrust_alpha], RATE_ONE,
	};
	struct tally *t = tally_new();
	struct ledger_head head;
	int rc;

	rc = ledger_head(w->store, &head, e) ||
	    tally_read(t, w->store, head.size, e) ||
	    opinion_take(web, t, e) || trust_founders(w, web, e) ||
	    web_solve(web, alpha, 1, e) ? -1 : 0;
	tally_free(t);
	return rc;
}

int
advice_read(struct world *w, struct err *e)
{
	struct web *web = web_new();
	const struct web_place *place;
	const struct player *p;
	struct lab_advice *a;
	size_t i, n;
	int rc = solve(w, web, e);

	place = rc ? NULL : web_places(web, &n);
	for (i = 0; !rc && i < n; i++) {
		p = (struct player *)table_find(&w->names, place[i].peer);
		if (!p || p->role == LAB_ROLES)
			continue;
		a = &w->out->side[p->role].advice;
		a->names += (int64_t)place[i].share;
		if (p != w->lead[p->role])
			continue;
		a->peer = true;
		a->trust = (int64_t)place[i].share;
	}
	if (!rc)
		w->out->peers = (int64_t)n;
	web_free(web);
	return rc;
}
