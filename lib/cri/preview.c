#include "cri/impl.h"
#include "cri/preview.h"

static int
times(struct store *s, const struct cri_preview *p, int64_t *out,
    struct err *e)
{
	struct query q;

	*out = 0;
	query_open(&q, s, SQL_CRI_PAIR_GET);
	query_text(&q, p->node_id);
	query_text(&q, p->other_id);
	return query_run(&q, out, e) < 0 ? -1 : 0;
}

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
	    times(s, p, &before, e))
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
