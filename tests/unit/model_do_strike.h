/* model_do_strike.h - random reports, and strikes of the operator. */
#ifndef MODEL_DO_STRIKE_H
#define MODEL_DO_STRIKE_H

#include "model_do.h"
#include "model_node.h"
#include "strike/strike.h"

/* Mostly of somebody with whom there was a trade. */
static bool
do_report(void)
{
	int by = roll(8) ? a_member() : -1, of = a_node(), i, rc;
	struct report r = { .reason = roll(2) ? "it lied" : NULL };
	const struct m_task *t;
	struct struck out;
	struct err e = { 0 };
	const char *due;
	bool counted;

	if (now->n_task && by >= 0 && roll(4)) {
		t = &now->task[roll(now->n_task)];
		by = roll(2) ? t->buyer : t->seller;
		of = by == t->buyer ? t->seller : t->buyer;
	}
	/* Who has strikes already is left alone, or nobody would remain. */
	for (i = 0; i < 20 && now->node[of].strikes == 2 && roll(12); i++)
		of = a_node();
	r.target_id = name_of(of);
	r.reporter_id = by < 0 ? NULL : name_of(by);
	rc = strike_report_in(db.l, &r, &run->params, &run->ids, &out, &e);
	due = m_report(now, by, of, &counted);
	if (!compare("report", word(rc, &e), due))
		return false;
	if (out.counted != counted || out.strikes != now->node[of].strikes ||
	    out.banned != now->node[of].banned)
		fail("report", out.counted ? "counted" : "not counted",
		    "the model's");
	return true;
}

#endif
