#include "cri/impl.h"
#include "cri/preview.h"

static void
settle(struct cri_facts *f, const struct cri_preview *p, int64_t before)
{
	f->sold += p->sale;
	f->bought += !p->sale;
	f->partners += !before;
	if (f->most < before + 1)
		f->most = before + 1;
	f->volume_minor += p->amount.minor;
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
		settle(&then.facts, p, before);
	cri_formula(&then, params);
	*tenths = then.tenths - now.tenths;
	return 0;
}
