#include "cri/impl.h"
#include "cri/preview.h"

void
cri_facts_trade(struct cri_facts *f, bool sale, int64_t before,
    int64_t minor)
{
	f->sold += sale;
	f->bought += !sale;
	f->partners += !before;
	if (f->most < before + 1)
		f->most = before + 1;
	f->volume_minor += minor;
	f->idle_days = 0;
}

int
cri_preview(struct store *s, const struct cri_preview *p, int64_t now_ms,
    const struct params *params, int64_t *tenths, struct err *e)
{
	struct cri now, then;
	int64_t before;

	if (cri_score(s, p->node_id, now_ms, params, &now, e) ||
	    cri_times(s, p->node_id, p->other_id, &before, e) < 0)
		return -1;
	then = now;
	then.facts.delivered += p->delivered;
	then.facts.failed += p->failed;
	if (p->settled)
		cri_facts_trade(&then.facts, p->sale, before,
		    p->amount.minor);
	cri_formula(&then, params);
	*tenths = then.tenths - now.tenths;
	return 0;
}
