#include <stddef.h>

#include "cri/cri.h"
#include "cri/tally.h"

static const struct cri_rung rungs[CRI_LEVELS] = {
	{ "Spawn",	"egg",			0,	0 },
	{ "Worker",	"gear",		    10000,	0 },
	{ "Artisan",	"hammer",	   100000,    500 },
	{ "Master",	"lightning",	  1000000,    800 },
	{ "Architect",	"temple",	  5000000,    950 },
};

const struct cri_rung *
cri_rung(int id)
{
	return id >= 0 && id < CRI_LEVELS ? &rungs[id] : NULL;
}

/* How far from one to the next, in thousandths; not under 0, not over 1000. */
static int64_t
way(const struct cri_rung *from, const struct cri_rung *to, int64_t minor)
{
	if (minor <= from->spent_minor)
		return 0;
	if (minor >= to->spent_minor)
		return 1000;
	return (minor - from->spent_minor) * 1000 /
	    (to->spent_minor - from->spent_minor);
}

void
cri_level_of(struct cri_level *l)
{
	int id = CRI_LEVELS - 1;

	while (id && (l->spent_minor < rungs[id].spent_minor ||
	    l->tenths < rungs[id].tenths))
		id--;
	l->id = id;
	l->thousandths = id + 1 < CRI_LEVELS ?
	    way(&rungs[id], &rungs[id + 1], l->spent_minor) : 1000;
}

int
cri_level(struct store *s, const char *node_id, int64_t now_ms,
    const struct params *p, struct cri_level *out, struct err *e)
{
	struct tally_node t;

	if (tally_stored(s, node_id, &t, e))
		return -1;
	tally_level(&t, now_ms, p, out);
	return 0;
}
